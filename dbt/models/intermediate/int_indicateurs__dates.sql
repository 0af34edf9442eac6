-- Toutes les valeurs, calculées, estimées ou citées, avec les bornes de leur période : « 2019 »,
-- « 2019/2020 », « ../2022 ».
with ensemble as (
    select * from {{ ref('int_indicateurs__calcules') }}
    union all by name
    select
        *,
        if(statut = 'estime', 'estime', 'calcule') as origine
    from {{ ref('int_indicateurs__estimes') }}
    union all by name
    select * from {{ ref('int_indicateurs__cites') }}
)

select
    *,
    try_cast(left(split_part(periode, '/', 1), 4) as integer) as annee_debut,
    try_cast(left(split_part(periode, '/', -1), 4) as integer) as annee_fin
from ensemble
