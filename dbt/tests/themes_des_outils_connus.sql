{{ config(severity = 'warn') }}
-- Un thème d'outil qui n'est pas dans la nomenclature commune n'est compté que dans l'ensemble.
select distinct
    'coop' as outil,
    trim(t.thematique) as libelle
from {{ ref('stg_operateurs__coop_accompagnements') }}
cross join unnest(thematiques) as t (thematique)
where trim(t.thematique) not in (
    select libelle_outil from {{ ref('themes_outils') }}
    where outil = 'coop'
)
union all
select distinct
    'coop_v1' as outil,
    libelle
from {{ ref('stg_operateurs__coop_v1_statistiques') }}
where starts_with(bloc, 'Thèmes') and libelle not in (
    select libelle_outil from {{ ref('themes_outils') }}
    where outil = 'coop_v1'
)
union all
select distinct
    'administration_plus' as outil,
    g.groupe as libelle
from {{ ref('stg_operateurs__administration_plus') }}
cross join unnest(groupes_invites) as g (groupe)
where not exists (
    select 1 from {{ ref('themes_outils') }} as themes_outils
    where
        themes_outils.outil = 'administration_plus'
        and starts_with(g.groupe || ' ', themes_outils.libelle_outil || ' ')
)
