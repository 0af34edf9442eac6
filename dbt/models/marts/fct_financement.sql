-- Une ligne par action (ou groupe de postes), poste de dépense, année et financeur.
with rapport as (
    select
        'rapport_2022' as dataset,
        mesures.code_action,
        fiches.titre,
        fiches.operateur,
        fiches.operateur as structure,
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
        {{ page_du_rapport('fiches.page') }} as source,  -- noqa: RF04
        cast([] as varchar[]) as load_ids
    from {{ ref('mesures_fiches_action') }} as mesures
    inner join {{ ref('fiches_action') }} as fiches
        on mesures.code_action = fiches.code_action
    where mesures.unite like '€%' or mesures.mesure = 'part_cofinancement_fipd'
),

classeurs as (
    select
        dataset,
        code_action,
        action || ' (' || territoire_declare || ')' as titre,
        operateur,
        structure,
        code_territoire,
        annee,
        case when periode like '%-%' then 'cout_' || periode else 'cout_annuel' end as poste,
        'Coût déclaré' as libelle_poste,
        valeur as montant_eur,
        valeur_basse as montant_bas_eur,
        valeur_haute as montant_haut_eur,
        'cout_declare' as perimetre,
        statut,
        'Classeur de l''opérateur, cellule ' || cellule as source,  -- noqa: RF04
        [load_id] as load_ids
    from {{ ref('int_financement__classeurs') }}
),

postes as (
    select
        'operateurs.' || dispositif as dataset,
        dispositif || ':' || code_porteur as code_action,
        case dispositif
            when 'adultes_relais' then 'Postes d''adultes-relais'
            else 'Postes FONJEP de la politique de la ville'
        end as titre,
        porteur as operateur,
        porteur as structure,
        try_cast(annee as integer) as annee,
        dispositif as poste,
        'Postes financés' as libelle_poste,
        'État' as financeur,
        -- Des adultes-relais, le taux national n'est pas ce qui est versé à la structure.
        case when dispositif = 'postes_fonjep' then total_eur end as montant_eur,
        nb_postes,
        montant_par_poste_eur,
        contrats,
        'subvention' as perimetre,
        case
            when dispositif = 'adultes_relais' then 'non_communique'
            when total_eur is null then 'non_disponible'
            else 'observe'
        end as statut,
        case
            when dispositif = 'adultes_relais' and annee = '2025'
                then
                    'Taux national annuel par poste, et non le montant versé. Celui de 2025 est '
                    || 'le taux du FONJEP : sans doute une erreur du fichier publié.'
            when dispositif = 'adultes_relais'
                then
                    'Taux national annuel par poste, et non le montant versé, qui n''est pas '
                    || 'publié.'
            else 'Subvention publiée pour l''année ; un poste ouvert en cours d''année en a moins.'
        end as remarque,
        'ANCT, liste des postes de l''année' as source,  -- noqa: RF04
        load_ids
    from {{ ref('int_postes__porteurs') }}
),

-- La liste nationale, réduite à l'agglomération : le siège de la structure y est.
conseillers as (
    select
        postes.dataset,
        'conseillers_numeriques:' || postes.siret as code_action,
        'Postes de conseillers numériques' as titre,
        postes.libelle as operateur,
        postes.libelle as structure,
        cast(null as integer) as annee,
        'conseillers_numeriques' as poste,
        'Investissement estimatif de l''État' as libelle_poste,
        'État' as financeur,
        postes.montant_eur,
        postes.postes_attribues as nb_postes,
        'subvention' as perimetre,
        case when postes.montant_eur is null then 'non_disponible' else 'estime' end as statut,
        'Montant estimé par le producteur pour l''ensemble des postes attribués ; la liste ne dit '
        || 'pas sur combien d''années.' as remarque,
        'ANCT, conseillers numériques, liste de ' || postes.edition as source,  -- noqa: RF04
        [postes.load_id] as load_ids
    from {{ ref('stg_operateurs__conseillers_numeriques_postes') }} as postes
    semi join {{ ref('territoires') }} as communes
        on postes.code_commune = communes.code_territoire and communes.zonage = 'COMMUNE'
    -- Une structure compte dans la dernière liste seulement.
    where postes.edition = (
        select max(listes.edition)
        from {{ ref('stg_operateurs__conseillers_numeriques_postes') }} as listes
    )
),

montants as (
    select * from rapport
    union all by name
    select * from classeurs
    union all by name
    select * from postes
    union all by name
    select * from conseillers
)

select
    code_action,
    titre,
    operateur,
    code_territoire,
    annee,
    poste,
    libelle_poste,
    financeur,
    montant_eur,
    part_pct,
    perimetre,
    statut,
    texte_imprime,
    remarque,
    source,
    dataset,
    structure,
    montant_bas_eur,
    montant_haut_eur,
    cast(nb_postes as bigint) as nb_postes,
    montant_par_poste_eur,
    contrats,
    load_ids
from montants
