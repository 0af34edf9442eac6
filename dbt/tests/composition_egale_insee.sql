-- Là où l'Insee dit la composition d'une année, celle de la graine est la même ce 1er janvier.
with editions as (
    select distinct millesime
    from {{ ref('stg_insee__composition_epci') }}
),

graine as (
    select
        editions.millesime,
        communes.code_commune
    from editions
    inner join {{ ref('communes_epci') }} as communes
        on
            communes.code_epci = '{{ var("code_epci") }}'
            and make_date(cast(editions.millesime as integer), 1, 1)
            between communes.valide_du and coalesce(communes.valide_au, date '9999-12-31')
),

insee as (
    select
        millesime,
        code_territoire as code_commune
    from {{ ref('stg_insee__composition_epci') }}
    where code_epci = '{{ var("code_epci") }}'
)

select
    coalesce(graine.millesime, insee.millesime) as millesime,
    coalesce(graine.code_commune, insee.code_commune) as code_commune
from graine
full outer join insee
    on graine.millesime = insee.millesime and graine.code_commune = insee.code_commune
where graine.code_commune is null or insee.code_commune is null
