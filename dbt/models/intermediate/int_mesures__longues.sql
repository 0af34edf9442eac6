-- Les mesures des territoires observés. La France entière reste en staging.
with mesures as (
    select * from {{ ref('stg_insee__demo_qpv') }}
    union all by name
    select * from {{ ref('stg_insee__revn_qpv') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_epci') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_iris') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_communes') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_departements') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_regions') }}
    union all by name
    select * from {{ ref('stg_insee__filosofi_france') }}
    union all by name
    select * from {{ ref('stg_caf__allocataires_iris') }}
)

select mesures.*
from mesures
semi join {{ ref('int_territoires__observes') }} as territoires
    on
        mesures.code_territoire = territoires.code_territoire
        and mesures.zonage = territoires.zonage
