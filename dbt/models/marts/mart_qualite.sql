with derniere_nature as (
    -- Démonstration et données réelles ne se mêlent pas : seules comptent les dernières reçues.
    select arg_max(demonstration, recu_le) as demonstration
    from {{ source('audit', 'loads') }}
),

decisions as (
    select loads.*
    from {{ source('audit', 'loads') }} as loads
    inner join derniere_nature
        on loads.demonstration = derniere_nature.demonstration
    where loads.decide_par is null
),

en_place as (
    select
        dataset,
        max(millesime) as dernier_millesime,
        max(charge_le) as dernier_chargement,
        count(*) as fichiers_en_place,
        sum(lignes_chargees) as lignes_en_place,
        sum(lignes_ecartees) as lignes_ecartees,
        sum(avertissements) as avertissements
    from decisions
    where verdict = 'charge'
    group by dataset
),

derniers as (
    select
        dataset,
        arg_max(verdict, recu_le) as dernier_verdict,
        arg_max(fichier, recu_le) as dernier_fichier
    from decisions
    group by dataset
),

refus as (
    select
        decisions.dataset,
        count(*) as fichiers_refuses,
        string_agg(decisions.fichier || ' : ' || decisions.motif, ' | ' order by decisions.fichier)
            as motif_refus,
        -- Refuser une seconde livraison d'une édition en place ne met rien en retard.
        bool_or(not exists (
            select 1
            from {{ source('audit', 'loads') }} as meilleure
            where
                meilleure.dataset = decisions.dataset
                and meilleure.millesime = decisions.millesime
                and meilleure.verdict = 'charge'
                and meilleure.livraison < decisions.livraison
        )) as met_en_retard
    from decisions
    where
        decisions.verdict in ('refuse', 'erreur')
        and not exists (
            select 1
            from {{ source('audit', 'loads') }} as suite
            where
                suite.dataset = decisions.dataset
                and suite.demonstration = decisions.demonstration
                and (
                    (
                        suite.sha256 = decisions.sha256
                        and suite.decide_par is null
                        and suite.recu_le > decisions.recu_le
                        -- Un fichier non reçu n'a pas d'empreinte : seul son nom le distingue.
                        and (suite.sha256 <> '' or suite.fichier = decisions.fichier)
                        -- Deux copies refusées sous deux éditions sont deux refus.
                        and (
                            suite.millesime = decisions.millesime
                            or suite.verdict not in ('refuse', 'erreur')
                        )
                    )
                    or (
                        suite.millesime = decisions.millesime
                        and suite.charge_le > decisions.recu_le
                    )
                    -- D'autres octets ont pris ce nom : le fichier remis, ou une correction.
                    -- Pour un fichier non reçu, tout octet de son édition.
                    or (
                        suite.millesime = decisions.millesime
                        and (suite.fichier = decisions.fichier or decisions.sha256 = '')
                        and suite.sha256 <> decisions.sha256
                        and suite.recu_le > decisions.recu_le
                    )
                )
        )
    group by decisions.dataset
),

revisions as (
    select
        dataset,
        count(*) as fichiers_remplaces
    from decisions
    where verdict = 'remplace'
    group by dataset
),

couverture as (
    select
        dataset,
        arg_max(territoires_couverts, edition) as territoires_sqy,
        arg_max(territoires_attendus, edition) as territoires_attendus,
        arg_max(coalesce(territoires_manquants, ''), edition) as territoires_manquants
    from {{ ref('mart_couverture') }}
    group by dataset
)

select
    datasets.dataset,
    datasets.titre,
    datasets.producteur,
    datasets.licence,
    en_place.dernier_millesime,
    en_place.dernier_chargement,
    coalesce(en_place.fichiers_en_place, 0) as fichiers_en_place,
    cast(coalesce(en_place.lignes_en_place, 0) as bigint) as lignes_en_place,
    cast(coalesce(en_place.lignes_ecartees, 0) as bigint) as lignes_ecartees,
    cast(coalesce(en_place.avertissements, 0) as bigint) as avertissements,
    coalesce(revisions.fichiers_remplaces, 0) as fichiers_remplaces,
    derniers.dernier_verdict,
    derniers.dernier_fichier,
    coalesce(refus.fichiers_refuses, 0) as fichiers_refuses,
    refus.motif_refus,
    datasets.millesime_attendu,
    datasets.attendu_le,
    couverture.territoires_sqy,
    couverture.territoires_attendus,
    nullif(couverture.territoires_manquants, '') as territoires_manquants,
    datasets.a_confirmer,
    case
        when en_place.dataset is null and datasets.a_confirmer is not null then 'a_confirmer'
        when en_place.dataset is null then 'absent'
        when refus.met_en_retard then 'en_retard'
        when
            datasets.attendu_le < current_date
            and en_place.dernier_millesime < datasets.millesime_attendu
            then 'en_retard'
        else 'a_jour'
    end as etat
from {{ source('audit', 'datasets') }} as datasets
left join en_place on datasets.dataset = en_place.dataset
left join derniers on datasets.dataset = derniers.dataset
left join refus on datasets.dataset = refus.dataset
left join revisions on datasets.dataset = revisions.dataset
left join couverture on datasets.dataset = couverture.dataset
