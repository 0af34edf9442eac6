{% set seuil = 3 * var('seuil_operateurs') %}
-- Part d'âges, de sexes et de résidences renseignés, parmi les accompagnements des exports de la
-- Coop, dans l'EPCI entier. Comptée avant le secret, donc arrondie à l'unité, et sans ses deux
-- termes : un lieu masqué se retrouverait par différence.
with champs as (
    select
        left(activite.periode, 4) as annee,
        activite.valeur,
        activite.load_ids,
        coalesce(activite.sexe, activite.classe_age, activite.residence) is not null as rempli
    from {{ ref('int_activite__unie') }} as activite
    semi join {{ ref('territoires') }} as communes
        on activite.code_territoire = communes.code_territoire and communes.zonage = 'COMMUNE'
    where
        activite.ventilation in ('sexe', 'classe_age', 'residence')
        and activite.mesure = 'accompagnements'
        and activite.outil = 'coop'
),

sommes as (
    select
        annee,
        sum(valeur) as attendus,
        coalesce(sum(valeur) filter (rempli), 0) as remplis,
        list_sort(list_distinct(flatten(list(load_ids)))) as load_ids
    from champs
    group by annee
)

select
    'operateurs' as dataset,
    annee as millesime,
    'EPCI' as zonage,
    '{{ var("code_epci") }}' as code_territoire,
    'act_completude_pct' as mesure,
    annee,
    case when attendus >= {{ seuil }} then round(100 * remplis / attendus) end as valeur,
    if(attendus >= {{ seuil }}, 'arrondi', 'secret') as statut,
    load_ids
from sommes
