-- Tout ce que le catalogue peut rapporter : les mesures reçues, et celles que nous en composons.
select
    *,
    [load_id] as load_ids
from {{ ref('int_mesures__longues') }}
union all by name
select
    *,
    [load_id] as load_ids
from {{ ref('int_mesures__populations_communes') }}
{% for composees in ['references', 'sommes', 'converties'] %}
    union all by name
    select
        *,
        [load_id] as load_ids
    from {{ ref('int_mesures__' ~ composees) }}
    -- Ce qu'aucun fichier ne porte n'est pas une mesure.
    where load_id is not null
{% endfor %}
union all by name
select * from {{ ref('int_mesures__activite') }}
union all by name
select * from {{ ref('int_mesures__completude') }}
union all by name
select * from {{ ref('int_mesures__offre') }}
