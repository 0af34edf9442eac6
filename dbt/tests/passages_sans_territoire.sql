-- Un passage va d'un territoire connu à un territoire connu, ou hors de tout.
select passages.*
from {{ ref('dim_passage') }} as passages
left join {{ ref('dim_territoire') }} as sources
    on
        passages.code_source = sources.code_territoire
        and passages.zonage_source = sources.zonage
left join {{ ref('dim_territoire') }} as cibles
    on
        passages.code_cible = cibles.code_territoire
        and passages.zonage_cible = cibles.zonage
where
    sources.code_territoire is null
    or (cibles.code_territoire is null and passages.code_cible <> 'HORS_ZONAGE')
