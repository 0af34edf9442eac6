-- Cumulés depuis l'habilitation : ni un mois ni une année, un stock au jour de l'export.
with organisations as (
    select
        operateur,
        coalesce(organisation, 'Organisation non renseignée') as structure,
        ville,
        left(exporte_le, 7) as periode,
        sum(mandats) as mandats,
        sum(mandats_distance) as mandats_distance,
        sum(mandats_revoques) as mandats_revoques,
        sum(mandats_renouveles) as mandats_renouveles,
        sum(demarches) as demarches,
        count(*) filter (actif) as aidants,
        -- Répété à chaque aidant de l'organisation.
        max(usagers_organisation) as usagers,
        array_agg(distinct load_id) as load_ids
    from {{ ref('stg_operateurs__aidants_connect') }}
    group by all
)

select
    operateur,
    structure,
    ville,
    periode,
    mesure,
    additive,
    valeur,
    load_ids
from (
    select
        operateur, structure, ville, periode, load_ids,
        unnest([
            {'mesure': 'mandats_cumules', 'additive': true, 'valeur': cast(mandats as double)},
            {'mesure': 'mandats_distance_cumules', 'additive': true,
                'valeur': cast(mandats_distance as double)},
            {'mesure': 'mandats_revoques_cumules', 'additive': true,
                'valeur': cast(mandats_revoques as double)},
            {'mesure': 'mandats_renouveles_cumules', 'additive': true,
                'valeur': cast(mandats_renouveles as double)},
            {'mesure': 'demarches_cumulees', 'additive': true,
                'valeur': cast(demarches as double)},
            {'mesure': 'aidants_actifs', 'additive': true, 'valeur': cast(aidants as double)},
            {'mesure': 'usagers_cumules', 'additive': false, 'valeur': cast(usagers as double)}
        ], recursive := true)
    from organisations
)
where valeur is not null
