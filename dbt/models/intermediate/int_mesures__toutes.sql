-- Tout ce que le catalogue peut rapporter : les mesures reçues, et celles que nous en composons.
select
    *,
    [load_id] as load_ids,
    false as converti,
    cast(null as varchar) as qualite,
    cast(null as double) as valeur_partielle,
    cast(null as double) as part_cible_couverte
from {{ ref('int_mesures__longues') }}
union all by name
select
    *,
    [load_id] as load_ids
from {{ ref('int_mesures__populations_communes') }}
union all by name
select * from {{ ref('int_mesures__activite') }}
union all by name
select * from {{ ref('int_mesures__completude') }}
union all by name
select * from {{ ref('int_mesures__offre') }}
