-- Âge, sexe et résidence renseignés, parmi les accompagnements des exports d'outils, dans l'EPCI.
-- Avant le secret : une part de champs remplis ne dit rien de personne.
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
),

mesures as (
    select
        annee,
        load_ids,
        attendus,
        unnest(['act_champs_attendus', 'act_champs_remplis']) as mesure,
        unnest([attendus, remplis]) as valeur
    from sommes
)

select
    'operateurs' as dataset,
    annee as millesime,
    'EPCI' as zonage,
    '{{ var("code_epci") }}' as code_territoire,
    mesure,
    annee,
    case when attendus >= {{ var('seuil_operateurs') }} then valeur end as valeur,
    if(attendus >= {{ var('seuil_operateurs') }}, 'observe', 'secret') as statut,
    load_ids
from mesures
