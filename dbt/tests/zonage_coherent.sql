-- A seed that repeats the zoning of a territory must repeat it right.
with citations as (
    select
        'alias_territoires' as graine,
        code_territoire,
        zonage
    from {{ ref('alias_territoires') }}
    union all
    select
        'chiffres_rapport' as graine,
        code_territoire,
        zonage
    from {{ ref('chiffres_rapport') }}
    union all
    select
        'offre_rapport' as graine,
        code_territoire,
        zonage
    from {{ ref('offre_rapport') }}
)

select
    citations.graine,
    citations.code_territoire,
    citations.zonage
from citations
left join {{ ref('territoires') }} as territoires
    on
        citations.code_territoire = territoires.code_territoire
        and citations.zonage = territoires.zonage
where territoires.code_territoire is null
