-- Un indicateur est disponible si une valeur au moins est dans la table où il se lit.
with valeurs as (
    select
        code_indicateur,
        arg_min(periode, {{ annee_de('periode') }} || periode) as premiere_periode,
        arg_max(periode, {{ annee_de('periode') }} || periode) as derniere_periode
    from {{ ref('fct_indicateur') }}
    where valeur is not null
    group by code_indicateur
),

-- Les tables qui ne sont pas faites de valeurs par territoire et période.
autres_tables as (
    select
        'fct_offre_service' as table_publiee,
        min(date_offre) as premiere_periode,
        max(date_offre) as derniere_periode
    from {{ ref('fct_offre_service') }}
    where presence <> 'inconnu'
    union all
    select
        'fct_activite' as table_publiee,
        min(periode) as premiere_periode,
        max(periode) as derniere_periode
    from {{ ref('fct_activite') }}
    where ventilation = 'theme' and valeur is not null
    union all
    -- Le rapport ne date pas toutes ses dépenses : au plus tard l'année où il paraît.
    select
        'mart_ratios_action' as table_publiee,
        '../2022' as premiere_periode,
        '../2022' as derniere_periode
    from {{ ref('mart_ratios_action') }}
    where ratio like 'cout%' and valeur is not null
    union all
    select
        'fct_financement' as table_publiee,
        '../2022' as premiere_periode,
        '../2022' as derniere_periode
    from {{ ref('fct_financement') }}
    where perimetre = 'cofinancement' and part_pct is not null
),

lisibles as (
    select
        table_publiee,
        min(premiere_periode) as premiere_periode,
        max(derniere_periode) as derniere_periode
    from autres_tables
    where premiere_periode is not null
    group by table_publiee
)

select
    catalogue.code_indicateur,
    catalogue.famille,
    catalogue.socle,
    catalogue.libelle,
    catalogue.definition,
    catalogue.formule,
    catalogue.mesure_numerateur,
    catalogue.mesure_denominateur,
    catalogue.facteur,
    catalogue.unite,
    catalogue.sens,
    catalogue.periodicite,
    catalogue.regle_secret,
    catalogue.additivite,
    catalogue.recul_comparaison_ans,
    catalogue.niveaux,
    catalogue.table_publiee,
    catalogue.modele,
    catalogue.fiche_methode,
    case
        when coalesce(valeurs.premiere_periode, lisibles.premiere_periode) is null
            then 'non_disponible'
        else 'publie'
    end as disponibilite,
    coalesce(valeurs.premiere_periode, lisibles.premiere_periode) as premiere_periode,
    coalesce(valeurs.derniere_periode, lisibles.derniere_periode) as derniere_periode,
    case
        when coalesce(valeurs.premiere_periode, lisibles.premiere_periode) is null
            then coalesce(
                catalogue.motif_non_disponible,
                'Les fichiers reçus ne donnent pas, pour un territoire suivi, '
                || if(
                    catalogue.mesure_denominateur is null,
                    'la mesure ' || catalogue.mesure_numerateur,
                    'les mesures ' || catalogue.mesure_numerateur
                    || ' et ' || catalogue.mesure_denominateur
                ) || '.'
            )
    end as motif_non_disponible,
    catalogue.mise_en_garde,
    catalogue.sources,
    catalogue.responsable
from {{ ref('catalogue_indicateurs') }} as catalogue
left join valeurs
    on catalogue.code_indicateur = valeurs.code_indicateur
left join lisibles
    on catalogue.table_publiee = lisibles.table_publiee
