-- Les cellules reçues dont est faite chaque mesure composée : convertie d'un zonage à l'autre,
-- sommée des IRIS à la commune, ou lue dans une ligne de contrôle. Les sommes partent d'ici.
with longues as (
    select * from {{ ref('int_mesures__longues') }}
),

passages as (
    select * from {{ ref('int_passages__retenus') }}
    where code_cible <> 'HORS_ZONAGE'
),

conversions as (
    select passages.* from passages
    where (passages.zonage_source, passages.zonage_cible) in (
        {%- for source, cible in var('passages_convertis') %}
            ('{{ source }}', '{{ cible }}'){{ '' if loop.last else ',' }}
        {%- endfor %}
    )
),

sommes as (
    select passages.* from passages
    where passages.zonage_source = 'IRIS' and passages.zonage_cible = 'COMMUNE'
),

iris as (
    select * from longues
    where dataset = 'caf.allocataires_iris'
)

select * from ({{ cellules_de_passage('longues', 'conversions', 'conversion') }}) as converties
union all by name
select * from ({{ cellules_de_passage('iris', 'sommes', 'somme') }}) as sommees
union all by name
select
    'reference' as composition,
    *,
    zonage as zonage_source,
    code_territoire as code_source,
    1.0 as poids
from {{ ref('int_mesures__references') }}
