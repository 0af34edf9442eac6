-- Aucune estimation sans cellule d'un fichier.
select estimes.*
from {{ ref('int_indicateurs__estimes') }} as estimes
where estimes.valeur is not null and len(estimes.load_ids) = 0
