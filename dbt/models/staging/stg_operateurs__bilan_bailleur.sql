with alias as (
    {{ alias_par_cle() }}
),

mesures (libelle, mesure, additive) as (
    values
    ('Personnes accompagnées', 'beneficiaires', false),
    ('Part de femmes', 'part_femmes_pct', false),
    ('Ateliers', 'ateliers', true),
    ('ETP', 'etp', true),
    ('Coût annuel', 'cout_eur', true)
),

themes (action, theme) as (
    values
    ('Prévention des impayés', 'Logement'),
    ('Médiation de voisinage', 'Logement'),
    ('Ateliers budget', 'Consommation'),
    ('Point d''accueil numérique', 'Numérique')
)

select
    'Bailleur La Clairière (inventé)' as operateur,
    'Bailleur La Clairière (inventé)' as structure,
    bilan.secteur as territoire_declare,
    alias.code_territoire,
    alias.zonage,
    -- Dans un dépôt, le millésime commence par le dossier de l'opérateur.
    right(bilan._millesime, 4) as periode,
    themes.theme,
    cast(null as varchar) as canal,
    bilan.action as type_activite,
    cast(null as varchar) as sexe,
    cast(null as varchar) as classe_age,
    cast(null as varchar) as residence,
    mesures.mesure,
    mesures.additive,
    {{ quantite_dite('bilan', 'quantite') }},
    bilan._load_id as load_id,
    bilan._row_number as ligne,
    bilan._cellule as cellule
from {{ source('raw', 'operateurs__bilan_bailleur') }} as bilan
inner join mesures on bilan.mesure = mesures.libelle
left join themes on bilan.action = themes.action
left join alias
    on {{ cle_libelle('bilan.secteur') }} = alias.cle
