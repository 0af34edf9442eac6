-- Ce que chaque édition couvre de Saint-Quentin-en-Yvelines, et ce qui y manque.
-- Un jeu par IRIS se compte en communes : une commune absente n'y est pas publiée, jamais à 0.
with unites as (
    select
        zonage,
        code_territoire as unite,
        nom
    from {{ ref('territoires') }}
    where zonage not in ('EPCI', 'QVA')
    union all
    -- Un jeu par IRIS couvre des communes.
    select
        'IRIS' as zonage,
        code_territoire as unite,
        nom
    from {{ ref('territoires') }}
    where zonage = 'COMMUNE'
    union all
    select
        'EPCI' as zonage,
        '{{ var("code_epci") }}' as unite,
        'Saint-Quentin-en-Yvelines' as nom
),

editions as (
    select
        loads.dataset,
        loads.millesime,
        datasets.zonage
    from {{ source('audit', 'loads') }} as loads
    inner join {{ source('audit', 'datasets') }} as datasets
        on loads.dataset = datasets.dataset
    where
        loads.verdict = 'charge'
        -- Une liste dont la présence n'est pas comptée ne manque de rien.
        and (
            exists (
                select 1
                from {{ source('audit', 'mesures') }} as mesures
                where mesures.dataset = loads.dataset
            )
            or exists (
                select 1
                from {{ ref('int_presences__territoires') }} as listes
                where listes.dataset = loads.dataset
            )
        )
)

select
    editions.dataset,
    editions.millesime as edition,
    editions.zonage,
    count(*) as territoires_attendus,
    count(presences.unite) as territoires_couverts,
    string_agg(unites.nom, ', ' order by unites.nom) filter (
        where presences.unite is null
    ) as territoires_manquants
from editions
inner join unites
    on editions.zonage = unites.zonage
left join {{ ref('int_presences__territoires') }} as presences
    on
        editions.dataset = presences.dataset
        and editions.millesime = presences.millesime
        and unites.zonage = presences.zonage
        and unites.unite = presences.unite
group by editions.dataset, editions.millesime, editions.zonage
