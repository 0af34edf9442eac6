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
    -- Un export compte : ses nombres sont exacts.
    case
        when coalesce(unie.valeur, unie.valeur_basse, unie.valeur_haute) is not null
            then coalesce(unie.qualificatif, 'exact')
    end as qualificatif,
    -- Dans les exports des outils, une activité a plusieurs thèmes : leurs nombres dépassent le total.
    mesures.additive and not (unie.ventilation = 'theme' and unie.outil not in ('modele', 'classeur')) as additive,
    mesures.libelle as libelle_mesure,
    mesures.unite,
    mesures.secret,
    mesures.cumul
from unie
inner join {{ ref('mesures_activite') }} as mesures
    on unie.mesure = mesures.mesure
