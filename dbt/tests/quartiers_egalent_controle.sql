-- Les quartiers prioritaires de la graine sont ceux de la liste de contrôle, aux mêmes dates.
with quartiers as (
    select *
    from {{ ref('territoires') }}
    where zonage in ('QPV2015', 'QPV2024') and exists (from {{ ref('stg_geo__quartiers_sqy') }})
)

select
    coalesce(territoires.code_territoire, controle.code_territoire) as code_territoire,
    coalesce(territoires.zonage, controle.zonage) as zonage
from {{ ref('stg_geo__quartiers_sqy') }} as controle
full outer join quartiers as territoires
    on
        controle.code_territoire = territoires.code_territoire
        and controle.zonage = territoires.zonage
        and controle.code_commune = territoires.code_commune
        and controle.code_epci = territoires.code_epci
        and controle.valide_du = territoires.valide_du
        and controle.valide_au is not distinct from territoires.valide_au
where territoires.code_territoire is null or controle.code_territoire is null
