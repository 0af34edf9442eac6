-- Cumulés depuis l'habilitation : ni un mois ni une année, un stock au jour de l'export.
with organisations as (
    select
        operateur,
        coalesce(organisation, 'Organisation non renseignée') as structure,
        ville,
        left(exporte_le, 7) as periode,
        sum(mandats) as mandats_cumules,
        sum(mandats_distance) as mandats_distance_cumules,
        sum(mandats_revoques) as mandats_revoques_cumules,
        sum(mandats_renouveles) as mandats_renouveles_cumules,
        sum(demarches) as demarches_cumulees,
        count(*) filter (actif) as aidants_actifs,
        -- Répété à chaque aidant de l'organisation.
        max(usagers_organisation) as usagers_cumules,
        list_sort(array_agg(distinct load_id)) as load_ids
    from {{ ref('stg_operateurs__aidants_connect') }}
    group by all
)

{% for mesure in [
    'mandats_cumules', 'mandats_distance_cumules', 'mandats_revoques_cumules',
    'mandats_renouveles_cumules', 'demarches_cumulees', 'aidants_actifs', 'usagers_cumules'
] %}
    select
        operateur,
        structure,
        ville,
        periode,
        '{{ mesure }}' as mesure,
        cast({{ mesure }} as double) as valeur,
        load_ids
    from organisations
    where {{ mesure }} is not null
    {{ 'union all' if not loop.last }}
{% endfor %}
