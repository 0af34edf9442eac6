-- Une ligne par action, poste de dépense et financeur, telle que le rapport l'imprime.
with montants as (
    select
        mesures.code_action,
        fiches.titre,
        fiches.operateur,
        fiches.code_territoire,
        mesures.annee,
        mesures.mesure as poste,
        mesures.libelle as libelle_poste,
        case
            when mesures.mesure = 'subvention_ville' then 'Ville'
            when mesures.mesure = 'part_cofinancement_fipd' then 'FIPD'
        end as financeur,
        case when mesures.unite like '€%' then mesures.valeur end as montant_eur,
        case when mesures.unite = '%' then mesures.valeur end as part_pct,
        -- Un salaire n'est pas le coût d'une action : il en exclut les charges de structure.
        case
            when mesures.mesure = 'salaire_agent' then 'salaire'
            when mesures.mesure in ('prestation_cidff', 'adhesion_reconnect') then 'achat'
            when mesures.mesure = 'subvention_ville' then 'subvention'
            when mesures.mesure = 'part_cofinancement_fipd' then 'cofinancement'
            else 'cout_declare'
        end as perimetre,
        mesures.statut,
        mesures.texte_imprime,
        mesures.remarque,
        'Rapport du groupe de travail « Accès au droit et au service public », 05/07/2022, p. '
        || fiches.page as source  -- noqa: RF04
    from {{ ref('mesures_fiches_action') }} as mesures
    inner join {{ ref('fiches_action') }} as fiches
        on mesures.code_action = fiches.code_action
    where mesures.unite like '€%' or mesures.mesure = 'part_cofinancement_fipd'
)

select * from montants
