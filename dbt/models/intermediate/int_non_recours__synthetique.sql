-- Une estimation par stratification : NR = Σ R t / (1 - t), taux = NR / (R + NR). Deux
-- stratifications ne se multiplient jamais, et aucun taux moyen n'est appliqué. Où il n'y a pas
-- d'estimation, la ligne dit pourquoi.
with calcules as (
    select
        prestation,
        code_territoire,
        zonage,
        periode,
        stratification,
        variante,
        sum(beneficiaires) as beneficiaires,
        sum({{ non_recourants('beneficiaires', 'taux') }}) as non_recourants,
        max(annee_taux) as annee_taux,
        max(qualite) as qualite
    from {{ ref('int_non_recours__strates') }}
    group by all
),

stratifications as (
    select distinct
        prestation,
        stratification,
        annee
    from {{ ref('taux_non_recours') }}
    where
        taux is not null
        and stratification in ('logement', 'famille', 'aide_logement', 'sexe', 'age')
),

-- Sans compte de bénéficiaires, l'estimation attendue est celle de l'année des taux.
attendus as (
    select
        beneficiaires.prestation,
        beneficiaires.code_territoire,
        beneficiaires.zonage,
        beneficiaires.periode,
        beneficiaires.beneficiaires,
        beneficiaires.statut
    from {{ ref('int_non_recours__beneficiaires') }} as beneficiaires
    union all
    select distinct
        stratifications.prestation,
        territoires.code_territoire,
        territoires.zonage,
        stratifications.annee as periode,
        cast(null as double) as beneficiaires,
        'sans_compte' as statut
    from stratifications
    anti join {{ ref('int_non_recours__beneficiaires') }} as comptes
        on stratifications.prestation = comptes.prestation
    cross join {{ ref('territoires') }} as territoires
    where
        territoires.niveau = 'quartier'
        and year(territoires.valide_du) <= cast(stratifications.annee as integer)
)

select
    attendus.prestation,
    attendus.code_territoire,
    attendus.zonage,
    attendus.periode,
    stratifications.stratification,
    calcules.variante,
    attendus.beneficiaires,
    round(calcules.non_recourants, 6) as non_recourants,
    round(
        100 * calcules.non_recourants / (calcules.beneficiaires + calcules.non_recourants), 6
    ) as taux_pct,
    calcules.annee_taux,
    calcules.qualite,
    case
        when calcules.non_recourants is not null then 'estime'
        when attendus.beneficiaires < {{ var('seuil_beneficiaires') }} then 'non_significatif'
        when attendus.statut not in ('observe', 'arrondi', 'sans_compte') then attendus.statut
        else 'non_disponible'
    end as statut,
    case
        when calcules.non_recourants is not null then null
        when attendus.beneficiaires < {{ var('seuil_beneficiaires') }}
            then 'Moins de {{ var("seuil_beneficiaires") }} bénéficiaires.'
        when attendus.statut = 'sans_compte'
            then 'Aucun compte de bénéficiaires par quartier.'
        when attendus.statut not in ('observe', 'arrondi')
            then 'Le compte de bénéficiaires n''est pas diffusé.'
        when stratifications.stratification = 'famille'
            then 'Une partie seulement des situations de famille a un taux publié.'
        when stratifications.stratification = 'aide_logement'
            then 'Les bénéficiaires avec et sans aide au logement ne sont pas comptés.'
        else 'La part du parc social, ou un taux assez proche en date, manque.'
    end as motif
from attendus
inner join stratifications
    on attendus.prestation = stratifications.prestation
left join calcules
    on
        attendus.prestation = calcules.prestation
        and attendus.code_territoire = calcules.code_territoire
        and attendus.zonage = calcules.zonage
        and attendus.periode = calcules.periode
        and stratifications.stratification = calcules.stratification
