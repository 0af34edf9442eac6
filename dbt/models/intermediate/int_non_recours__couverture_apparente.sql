-- Bénéficiaires du RSA rapportés aux personnes pauvres. Des personnes sur des personnes, sinon des
-- foyers, et l'approche est dite. Ni les années ni les publics ne sont les mêmes : ce n'est pas la
-- part de ceux qui ont droit.
with constructions (rang, methode, mesure_beneficiaires, mesure_base, statut, qualite) as (
    values
    (1, 'couverture_personnes', 'personnes_rsa', 'personnes_menages_fiscaux', 'estime', 'B'),
    (2, 'couverture_foyers_menages', 'foyers_rsa_socle', 'menages_fiscaux', 'approche', 'C'),
    (3, 'couverture_foyers_habitants', 'foyers_rsa_socle', 'population', 'approche', 'D')
),

mesures as (
    select mesures.*
    from {{ ref('int_mesures__longues') }} as mesures
    semi join {{ ref('territoires') }} as territoires
        on
            mesures.code_territoire = territoires.code_territoire
            and mesures.zonage = territoires.zonage
    where
        mesures.mesure in (
            'personnes_rsa', 'foyers_rsa_socle', 'taux_pauvrete_pct',
            'personnes_menages_fiscaux', 'menages_fiscaux', 'population'
        )
        and cast(mesures.annee as integer) >= coalesce(mesures.comparable_depuis, 0)
    qualify
        row_number() over (
            partition by mesures.code_territoire, mesures.zonage, mesures.mesure, mesures.annee
            order by mesures.millesime desc, mesures.dataset asc
        ) = 1
),

-- Chaque compte de bénéficiaires avec le taux de pauvreté et la base les plus proches en date.
rapproches as (
    select
        constructions.rang,
        constructions.methode,
        constructions.qualite,
        constructions.statut as statut_construction,
        beneficiaires.code_territoire,
        beneficiaires.zonage,
        beneficiaires.annee as periode,
        beneficiaires.valeur as beneficiaires,
        beneficiaires.statut as statut_beneficiaires,
        beneficiaires.dataset as dataset_beneficiaires,
        beneficiaires.millesime as edition_beneficiaires,
        beneficiaires.mesure as mesure_beneficiaires,
        pauvrete.valeur as taux_pauvrete_pct,
        pauvrete.statut as statut_pauvrete,
        pauvrete.annee as annee_pauvrete,
        pauvrete.dataset as dataset_pauvrete,
        pauvrete.millesime as edition_pauvrete,
        base.valeur as base,
        base.statut as statut_base,
        base.annee as annee_base,
        base.dataset as dataset_base,
        base.millesime as edition_base,
        base.mesure as mesure_base
    from constructions
    inner join mesures as beneficiaires
        on constructions.mesure_beneficiaires = beneficiaires.mesure
    left join mesures as pauvrete
        on
            pauvrete.mesure = 'taux_pauvrete_pct'
            and beneficiaires.code_territoire = pauvrete.code_territoire
            and beneficiaires.zonage = pauvrete.zonage
            and abs(cast(beneficiaires.annee as integer) - cast(pauvrete.annee as integer))
            <= {{ var('ecart_max_annees') }}
    left join mesures as base
        on
            constructions.mesure_base = base.mesure
            and beneficiaires.code_territoire = base.code_territoire
            and beneficiaires.zonage = base.zonage
            and abs(cast(beneficiaires.annee as integer) - cast(base.annee as integer))
            <= {{ var('ecart_max_annees') }}
    qualify
        row_number() over (
            partition by
                beneficiaires.code_territoire, beneficiaires.zonage, beneficiaires.annee
            order by
                base.valeur is null asc,
                constructions.rang asc,
                abs(cast(beneficiaires.annee as integer) - cast(pauvrete.annee as integer)) asc,
                pauvrete.annee asc,
                abs(cast(beneficiaires.annee as integer) - cast(base.annee as integer)) asc,
                base.annee asc
        ) = 1
),

valeurs as (
    select
        *,
        round(taux_pauvrete_pct / 100 * base, 6) as pauvres,
        case
            when statut_beneficiaires not in ('observe', 'arrondi') then statut_beneficiaires
            when beneficiaires < {{ var('seuil_beneficiaires') }} then 'non_significatif'
            when statut_pauvrete not in ('observe', 'arrondi') then statut_pauvrete
            when statut_base not in ('observe', 'arrondi') then statut_base
            when taux_pauvrete_pct is null or base is null then 'non_disponible'
            when taux_pauvrete_pct * base = 0 then 'sans_objet'
            else statut_construction
        end as statut
    from rapproches
),

rapports as (
    select
        *,
        case
            when statut in ('estime', 'approche') then round(beneficiaires / pauvres, 6)
        end as couverture
    from valeurs
)

-- L'EPCI se compare à la même période et par la même construction, ou pas du tout.
select
    rapports.*,
    round(rapports.couverture / epci.couverture, 6) as indice_epci
from rapports
left join rapports as epci
    on
        epci.zonage = 'EPCI'
        and epci.code_territoire = '{{ var("code_epci") }}'
        and rapports.zonage <> 'EPCI'
        and rapports.periode = epci.periode
        and rapports.methode = epci.methode
