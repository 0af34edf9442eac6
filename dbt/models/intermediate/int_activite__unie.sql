{#-
  Une seule table pour tous les outils. Un export situe des lieux, presque jamais des personnes :
  `territoire_designe` dit de quoi parle le territoire. Une dimension vide n'est pas détaillée.
-#}
with communes as (
    select
        code_territoire,
        {{ cle_libelle('nom') }} as cle
    from {{ ref('territoires') }}
    where zonage = 'COMMUNE'
),

unie as (
    select
        * exclude (code_commune_lieu),
        'coop' as outil,
        code_commune_lieu as code_territoire,
        case when code_commune_lieu is not null then 'COMMUNE' end as zonage,
        'lieu' as territoire_designe,
        'observe' as statut
    from {{ ref('int_activite__coop') }}
    union all by name
    select
        *,
        'coop_v1' as outil,
        operateur as structure,
        'lieu' as territoire_designe,
        'observe' as statut
    from {{ ref('int_activite__coop_v1') }}
    union all by name
    select
        *,
        'administration_plus' as outil,
        operateur as structure,
        '78' as code_territoire,
        'DEPARTEMENT' as zonage,
        'lieu' as territoire_designe,
        'observe' as statut
    from {{ ref('int_activite__administration_plus') }}
    union all by name
    select
        organisations.operateur,
        organisations.structure,
        organisations.periode,
        organisations.mesure,
        organisations.valeur,
        organisations.load_ids,
        'aidants_connect' as outil,
        communes.code_territoire,
        case when communes.code_territoire is not null then 'COMMUNE' end as zonage,
        'lieu' as territoire_designe,
        'ensemble' as ventilation,
        'observe' as statut
    from {{ ref('int_activite__aidants_connect') }} as organisations
    left join communes
        on {{ cle_libelle('organisations.ville') }} = communes.cle
    union all by name
    select
        *,
        'modele' as outil,
        'residence' as territoire_designe
    from {{ ref('int_activite__modele') }}
    union all by name
    select
        *,
        'classeur' as outil,
        'residence' as territoire_designe
    from {{ ref('int_activite__classeurs') }}
)

select
    unie.* exclude (qualificatif),
    case
        when unie.zonage in ('QPV2015', 'QPV2024', 'QVA') then unie.code_territoire
        else quartiers.code_quartier
    end as code_quartier,
    coalesce(quartiers.pres_d_une_limite, false) as pres_d_une_limite,
    case
        when unie.zonage in ('QPV2015', 'QPV2024', 'QVA') then 'quartier'
        when quartiers.code_quartier is not null then 'adresse'
        else lower(unie.zonage)
    end as precision_territoire,
    -- Un export compte : ses nombres sont exacts.
    case
        when coalesce(unie.valeur, unie.valeur_basse, unie.valeur_haute) is not null
            then coalesce(unie.qualificatif, 'exact')
    end as qualificatif,
    -- Un outil donne plusieurs thèmes à une activité : leurs nombres dépassent le total.
    mesures.additive
    and (unie.ventilation <> 'theme' or unie.outil in ('modele', 'classeur')) as additive,
    mesures.libelle as libelle_mesure,
    mesures.unite,
    mesures.secret,
    mesures.cumul
from unie
inner join {{ ref('mesures_activite') }} as mesures
    on unie.mesure = mesures.mesure
left join {{ ref('int_activite__quartiers') }} as quartiers
    on
        unie.outil = 'coop'
        and unie.structure = quartiers.structure
        and unie.code_territoire = quartiers.code_commune
        -- Les quartiers en vigueur dans la période.
        and quartiers.zonage_quartier
        = case when unie.periode < '2024' then 'QPV2015' else 'QPV2024' end
