-- A word that means no territory must not be the spelling of one.
select mots.libelle
from {{ ref('lieux_sans_territoire') }} as mots
inner join {{ ref('alias_territoires') }} as graphies
    on {{ cle_libelle('mots.libelle') }} = {{ cle_libelle('graphies.alias') }}
