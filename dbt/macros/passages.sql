{# Du recouvrement de deux zonages aux poids de passage de chaque source, dont la somme vaut 1, avec
   la cible explicite HORS_ZONAGE. SQL seul, sans ref : les tests l'exécutent sur des tables à eux.

   `parts` : code_source, zonage_source, code_cible, zonage_cible, part_source, part_cible ;
   `sources` : code_source, zonage_source, zonage_cible, une ligne par source, même sans recouvrement.

   Des contours simplifiés se chevauchent d'un liseré le long d'une limite commune : moins de
   `negligeable` de l'un ET de l'autre n'est pas un passage (un petit quartier dans un grand IRIS en
   est un). De même, moins de `negligeable` d'une source hors de tout n'en est pas sorti. Ce qui
   reste est ramené à une somme de 1. #}
{% macro poids_de_passage(parts, sources, negligeable) %}
select
    gardees.code_source,
    gardees.zonage_source,
    gardees.code_cible,
    gardees.zonage_cible,
    gardees.part / sum(gardees.part) over (
        partition by gardees.code_source, gardees.zonage_source, gardees.zonage_cible
    ) as poids
from (
    select
        code_source,
        zonage_source,
        code_cible,
        zonage_cible,
        part_source as part
    from {{ parts }}
    where greatest(part_source, part_cible) >= {{ negligeable }}
    union all
    select
        origines.code_source,
        origines.zonage_source,
        'HORS_ZONAGE' as code_cible,
        origines.zonage_cible,
        1 - coalesce(sum(communes.part_source), 0) as part
    from {{ sources }} as origines
    left join {{ parts }} as communes
        on
            origines.code_source = communes.code_source
            and origines.zonage_source = communes.zonage_source
            and origines.zonage_cible = communes.zonage_cible
            and greatest(communes.part_source, communes.part_cible) >= {{ negligeable }}
    group by origines.code_source, origines.zonage_source, origines.zonage_cible
    having 1 - coalesce(sum(communes.part_source), 0) >= {{ negligeable }}
) as gardees
{% endmacro %}

{# Note d'un passage, de A (observé) à D (illustratif) : celle de la nature du poids, un degré plus
   bas si aucune cible n'a `poids_franc` de la source. #}
{% macro qualite_de_passage(type_poids, poids_principal, poids_franc) -%}
    substr(
        'ABCD',
        case {{ type_poids }}
            when 'inclusion' then 1
            when 'population' then 2
            when 'foyers' then 2
            else 3
        end + if({{ poids_principal }} < {{ poids_franc }}, 1, 0),
        1
    )
{%- endmacro %}
