-- Une faute de frappe dans le nom d'une mesure laisserait un indicateur sans valeur, sans le dire.
with citees as (
    select
        code_indicateur,
        unnest([mesure_numerateur, mesure_denominateur]) as mesure
    from {{ ref('catalogue_indicateurs') }}
),

connues as (
    select mesure
    from {{ source('audit', 'mesures') }}
    union
    -- Mesures qu'aucun fichier ne porte : comptées par nos modèles.
    select unnest([
        -- De la matrice de l'offre : types de structure, et heures lues.
        'off_types',
        'off_types_inconnus',
        'off_types_connus',
        'off_types_presents',
        'off_types_finance_connu',
        'off_types_finances_pdv',
        'off_heures_hebdo',
        'off_heures_soir_samedi',
        -- Des relevés d'opérateurs, de toutes formes, après masquage des petits nombres.
        'act_beneficiaires',
        'act_beneficiaires_residents',
        'act_entretiens',
        'act_participants',
        'act_mandats',
        'act_etp',
        'act_femmes',
        'act_sexe_connu',
        'act_60_ans_plus',
        'act_age_connu',
        'act_completude_pct'
    ]) as mesure
)

select citees.*
from citees
anti join connues
    on citees.mesure = connues.mesure
where citees.mesure is not null
