-- Ce que le rapport de 2022 imprime et qu'aucun fichier ne permet de calculer :
-- cité, jamais calculé.
select
    rapport.code_indicateur,
    rapport.code_territoire,
    rapport.zonage,
    rapport.periode,
    rapport.valeur,
    rapport.statut,
    'cite' as origine,
    case when rapport.valeur is not null then 'B' end as qualite,
    cast([] as varchar[]) as load_ids
from {{ ref('chiffres_rapport') }} as rapport
where not exists (
    select 1
    from {{ ref('int_indicateurs__calcules') }} as calcules
    where
        calcules.code_indicateur = rapport.code_indicateur
        and calcules.code_territoire = rapport.code_territoire
        and calcules.zonage = rapport.zonage
        -- Une citation de plusieurs années cède devant toute valeur calculée.
        and (calcules.periode = rapport.periode or rapport.periode like '%/%')
)
