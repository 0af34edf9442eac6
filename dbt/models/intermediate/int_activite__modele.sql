-- Le fichier modèle compte par thème, et détaille au plus par sexe et par âge.
with lignes as (
    select
        split_part(livraison, '_', 1) as operateur,
        structure,
        periode,
        territoire_declare,
        code_territoire,
        zonage,
        themes.code_theme as theme,
        nullif(sexe, 'Ensemble') as sexe,
        nullif(classe_age, 'Ensemble') as classe_age,
        'theme'
        || case when sexe <> 'Ensemble' then ' × sexe' else '' end
        || case when classe_age <> 'Ensemble' then ' × classe_age' else '' end as ventilation,
        beneficiaires,
        beneficiaires_bas,
        beneficiaires_haut,
        entretiens,
        ateliers,
        participants,
        etp,
        statut,
        [load_id] as load_ids
    from {{ ref('stg_operateurs__activite_agregee') }}
    left join {{ ref('correspondance_themes') }} as themes
        on themes.outil = 'modele' and theme = themes.libelle_outil
)

select
    operateur, structure, periode, territoire_declare, code_territoire, zonage,
    ventilation, theme, sexe, classe_age, mesure, additive,
    valeur, valeur_basse, valeur_haute, statut, load_ids
from (
    select
        operateur, structure, periode, territoire_declare, code_territoire, zonage,
        ventilation, theme, sexe, classe_age, statut, load_ids,
        unnest([
            {'mesure': 'beneficiaires', 'additive': false,
                'valeur': cast(beneficiaires as double),
                'valeur_basse': cast(beneficiaires_bas as double),
                'valeur_haute': cast(beneficiaires_haut as double)},
            {'mesure': 'entretiens', 'additive': true, 'valeur': cast(entretiens as double),
                'valeur_basse': null, 'valeur_haute': null},
            {'mesure': 'ateliers', 'additive': true, 'valeur': cast(ateliers as double),
                'valeur_basse': null, 'valeur_haute': null},
            {'mesure': 'participants', 'additive': false, 'valeur': cast(participants as double),
                'valeur_basse': null, 'valeur_haute': null},
            {'mesure': 'etp', 'additive': true, 'valeur': cast(etp as double),
                'valeur_basse': null, 'valeur_haute': null}
        ], recursive := true)
    from lignes
)
where coalesce(valeur, valeur_basse, valeur_haute) is not null
