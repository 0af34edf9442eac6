{{ config(severity = 'warn') }}
-- Un thème d'outil qui n'est pas dans la nomenclature commune n'est compté que dans l'ensemble.
with ecrits as (
    select
        'coop' as outil,
        unnest(thematiques) as libelle
    from {{ ref('stg_operateurs__coop_accompagnements') }}
    union all
    select
        'coop_v1' as outil,
        libelle
    from {{ ref('stg_operateurs__coop_v1_statistiques') }}
    where starts_with(bloc, 'Thèmes')
    union all
    select
        'administration_plus' as outil,
        unnest(groupes_invites) as libelle
    from {{ ref('stg_operateurs__administration_plus') }}
)

select distinct
    ecrits.outil,
    ecrits.libelle
from ecrits
left join {{ ref('themes_outils') }} as connus
    on
        ecrits.outil = connus.outil
        -- « CAF 78 » : l'organisme, puis le département.
        and (
            trim(ecrits.libelle) = connus.libelle_outil
            or (
                ecrits.outil = 'administration_plus'
                and starts_with(ecrits.libelle, connus.libelle_outil || ' ')
            )
        )
where connus.libelle_outil is null
