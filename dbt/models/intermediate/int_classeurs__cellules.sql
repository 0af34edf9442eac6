-- Les cellules des classeurs tenus à la main, avec leur jeu : un de plus est un nom de plus.
{% for classeur in ['suivi_centre_social', 'mediation_numerique', 'bilan_bailleur'] %}
    select
        *,
        '{{ classeur }}' as classeur
    from {{ ref('stg_operateurs__' ~ classeur) }}
    {{ 'union all by name' if not loop.last }}
{% endfor %}
