-- L'estimation d'un quartier : la variante où le reste du parc est loué, et un intervalle qui
-- couvre toutes les stratifications et tous les tirages.
with estimations as (
    select
        synthetique.*,
        tirages.borne_basse,
        tirages.borne_haute,
        row_number() over (
            partition by
                synthetique.prestation,
                synthetique.code_territoire,
                synthetique.zonage,
                synthetique.periode
            order by
                synthetique.statut = 'estime' desc,
                synthetique.stratification = 'logement' desc,
                synthetique.variante = 'locataires_prives' desc nulls last,
                synthetique.stratification asc,
                synthetique.variante asc
        ) as rang
    from {{ ref('int_non_recours__synthetique') }} as synthetique
    left join {{ ref('int_non_recours__tirages') }} as tirages
        on
            synthetique.prestation = tirages.prestation
            and synthetique.code_territoire = tirages.code_territoire
            and synthetique.zonage = tirages.zonage
            and synthetique.periode = tirages.periode
            and synthetique.stratification = tirages.stratification
            and synthetique.variante = tirages.variante
)

select
    prestation,
    code_territoire,
    zonage,
    periode,
    max(stratification) filter (where rang = 1) as stratification,
    max(beneficiaires) as beneficiaires,
    max(non_recourants) filter (where rang = 1) as non_recourants,
    max(taux_pct) filter (where rang = 1) as taux_pct,
    min(taux_pct) as enveloppe_basse,
    max(taux_pct) as enveloppe_haute,
    least(min(borne_basse), min(taux_pct)) as borne_basse,
    greatest(max(borne_haute), max(taux_pct)) as borne_haute,
    max(annee_taux) as annee_taux,
    max(qualite) filter (where rang = 1) as qualite,
    max(statut) filter (where rang = 1) as statut,
    max(motif) filter (where rang = 1) as motif
from estimations
group by prestation, code_territoire, zonage, periode
