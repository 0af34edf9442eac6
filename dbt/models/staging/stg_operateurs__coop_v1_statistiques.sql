select
    _millesime as livraison,
    split_part(_millesime, '_', 1) as operateur,
    debut,
    fin,
    bloc,
    libelle,
    -- Un pourcentage n'est pas un nombre de personnes, une durée est en heures.
    case
        when contains(valeur, '%') then 'part_pct'
        when contains(valeur, 'h') then 'heures'
        else 'nombre'
    end as nature,
    try_cast(replace(rtrim(valeur, ' %h'), ',', '.') as double) as valeur,
    try_cast(replace(rtrim(part, ' %'), ',', '.') as double) as part_pct,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__coop_v1_statistiques') }}
-- Deux exports de la même période : le dernier chargé compte.
qualify _load_id = max(_load_id) over (partition by operateur, debut, fin)
