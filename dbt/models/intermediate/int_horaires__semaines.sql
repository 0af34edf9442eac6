-- La semaine d'un lieu. Un nombre d'heures où des jours manquent est une borne basse ; une semaine
-- dont aucun jour ne dit d'heure n'en a pas.
with semaines as (
    select
        dataset,
        edition,
        code_structure,
        count(*) filter (where statut = 'ouvert') as jours_ouverts,
        count(*) filter (where statut = 'non_lu') as jours_non_lus,
        count(*) filter (where statut = 'non_communique') as jours_non_communiques,
        sum(minutes) / 60 as heures_hebdo,
        sum(minutes_soir) / 60 as heures_soir,
        sum(case statut when 'ouvert' then minutes / 60 when 'ferme' then 0 end) filter (
            where jour = 'samedi'
        ) as heures_samedi
    from {{ ref('int_horaires__jours') }}
    group by all
)

select
    dataset,
    edition,
    code_structure,
    heures_hebdo,
    heures_soir,
    case when jours_ouverts > 0 then heures_samedi end as heures_samedi,
    case
        when jours_ouverts = 0 and jours_non_lus = 0 then 'non_communique'
        when jours_ouverts = 0 then 'non_disponible'
        when jours_non_lus + jours_non_communiques > 0 then 'borne_basse'
        else 'observe'
    end as statut_horaires,
    jours_non_lus,
    jours_non_lus / 6 as part_horaires_non_lus
from semaines
