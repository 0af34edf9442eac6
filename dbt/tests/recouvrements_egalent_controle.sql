-- Avertissement seulement : une couche révisée ne doit pas arrêter la publication.
{{ config(severity='warn') }}

-- Nos surfaces sont celles des deux tables de contrôle, à 1 m² ou un millième près, et rien ne
-- manque d'un côté ou de l'autre. Les tables laissent de côté ce qui est petit.
with controle as (
    select
        code_qpv_2015 as code_source,
        code_qpv_2024 as code_cible,
        surface_2015_m2 as surface_source_m2,
        surface_2024_m2 as surface_cible_m2,
        surface_commune_m2
    from {{ ref('stg_geo__correspondance_qpv') }}
    where dans_sqy and lien = 'modifie'
    union all
    select
        code_territoire as code_source,
        code_iris as code_cible,
        surface_qpv_m2 as surface_source_m2,
        surface_iris_m2 as surface_cible_m2,
        surface_commune_m2
    from {{ ref('stg_geo__recouvrement_qpv_iris') }}
),

calcul as (
    select *
    from {{ ref('int_contours__recouvrements') }}
    where
        if(
            zonage_cible = 'IRIS',
            surface_commune_m2 >= 100,
            greatest(part_source_dans_cible, part_cible_dans_source) >= 0.05
        )
        and exists (from controle)
)

select
    coalesce(calcul.code_source, controle.code_source) as code_source,
    coalesce(calcul.code_cible, controle.code_cible) as code_cible,
    calcul.surface_commune_m2 as surface_calculee_m2,
    controle.surface_commune_m2 as surface_controle_m2
from calcul
full outer join controle
    on calcul.code_source = controle.code_source and calcul.code_cible = controle.code_cible
where
    calcul.code_source is null
    or controle.code_source is null
    or {{ surfaces_differentes('calcul.surface_commune_m2', 'controle.surface_commune_m2') }}
    or {{ surfaces_differentes('calcul.surface_source_m2', 'controle.surface_source_m2') }}
    or {{ surfaces_differentes('calcul.surface_cible_m2', 'controle.surface_cible_m2') }}
