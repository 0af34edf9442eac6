select * from {{ ref('stg_insee__demo_qpv') }}
union all by name
select * from {{ ref('stg_insee__revn_qpv') }}
union all by name
select * from {{ ref('stg_insee__filosofi_epci') }}
union all by name
select * from {{ ref('stg_caf__allocataires_iris') }}
