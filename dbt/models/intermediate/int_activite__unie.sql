{#-
  Une seule table pour tous les outils. Un export situe des lieux, presque jamais des personnes :
  `territoire_designe` dit de quoi parle le territoire. Une dimension vide n'est pas détaillée.
-#}
with communes as (
    select code_territoire, {{ cle_libelle('nom') }} as cle
    from {{ ref('territoires') }}
    where zonage = 'COMMUNE'
),

unie as (
    select
        'coop' as outil, operateur, structure,
        code_commune_lieu as code_territoire,
        case when code_commune_lieu is not null then 'COMMUNE' end as zonage,
        'lieu' as territoire_designe, periode, ventilation,
        theme, canal, type_activite, sexe, classe_age, residence,
        mesure, additive, valeur,
        cast(null as double) as valeur_basse, cast(null as double) as valeur_haute,
        'observe' as statut, load_ids
    from {{ ref('int_activite__coop') }}
    union all
    select
        'coop_v1', operateur, operateur, null, null,
        'lieu', periode, ventilation,
        theme, canal, null, null, classe_age, null,
        mesure, additive, valeur, null, null, 'observe', load_ids
    from {{ ref('int_activite__coop_v1') }}
    union all
    select
        'administration_plus', operateur, operateur, '78', 'DEPARTEMENT',
        'lieu', periode, ventilation,
        theme, null, null, null, null, null,
        mesure, additive, valeur, null, null, 'observe', load_ids
    from {{ ref('int_activite__administration_plus') }}
    union all
    select
        'aidants_connect', organisations.operateur, organisations.structure,
        communes.code_territoire,
        case when communes.code_territoire is not null then 'COMMUNE' end,
        'lieu', organisations.periode, 'ensemble',
        null, null, null, null, null, null,
        organisations.mesure, organisations.additive, organisations.valeur, null, null,
        'observe', organisations.load_ids
    from {{ ref('int_activite__aidants_connect') }} as organisations
    left join communes
        on {{ cle_libelle('organisations.ville') }} = communes.cle
    union all
    select
        'modele', operateur, structure, code_territoire, zonage,
        'residence', periode, ventilation,
        theme, null, null, sexe, classe_age, null,
        mesure, additive, valeur, valeur_basse, valeur_haute, statut, load_ids
    from {{ ref('int_activite__modele') }}
)

select
    unie.*,
    mesures.libelle as libelle_mesure,
    mesures.unite,
    mesures.secret,
    mesures.cumul
from unie
inner join {{ ref('mesures_activite') }} as mesures
    using (mesure)
