-- Le fichier modèle compte par thème, et détaille au plus par sexe et par âge.
with lignes as (
    select
        activite.*,
        split_part(activite.livraison, '_', 1) as operateur,
        themes_outils.code_theme
    from {{ ref('stg_operateurs__activite_agregee') }} as activite
    left join {{ ref('themes_outils') }} as themes_outils
        on themes_outils.outil = 'modele' and activite.theme = themes_outils.libelle_outil
)

{% for mesure in ['beneficiaires', 'entretiens', 'ateliers', 'participants', 'etp'] %}
    select
        operateur,
        structure,
        periode,
        territoire_declare,
        code_territoire,
        zonage,
        'theme'
        || case when sexe <> 'Ensemble' then ' × sexe' else '' end
        || case when classe_age <> 'Ensemble' then ' × classe_age' else '' end as ventilation,
        code_theme as theme,
        nullif(sexe, 'Ensemble') as sexe,
        nullif(classe_age, 'Ensemble') as classe_age,
        '{{ mesure }}' as mesure,
        cast({{ mesure }} as double) as valeur,
        {% if mesure == 'beneficiaires' %}
            cast(beneficiaires_bas as double) as valeur_basse,
            cast(beneficiaires_haut as double) as valeur_haute,
        {% endif %}
        qualificatif,
        statut,
        [load_id] as load_ids
    from lignes
    where
        {% if mesure == 'beneficiaires' %}
            coalesce(beneficiaires, beneficiaires_bas, beneficiaires_haut) is not null
        {% else %}
            {{ mesure }} is not null
        {% endif %}
    {{ 'union all by name' if not loop.last }}
{% endfor %}
