-- Ce que chaque liste dit de chaque quartier : ses lieux les plus proches, ou aucun.
with listes as (
    select
        dataset,
        edition,
        arretee_le,
        type_structure,
        label,
        exhaustive,
        min(load_id) as load_id
    from {{ ref('int_structures__lieux') }}
    group by all
),

departements as (
    select distinct left(code_commune, 2) as code_departement
    from {{ ref('int_territoires__observes') }}
    where niveau = 'quartier'
),

-- Un lieu que rien ne situe peut être n'importe où dans son département, et une ligne écartée
-- n'importe où : là, ne pas être dans la liste ne prouve rien.
douteux as (
    select
        dataset,
        edition,
        code_departement
    from {{ ref('int_structures__lieux') }}
    where code_commune is null and latitude is null
    union
    select
        listes.dataset,
        listes.edition,
        departements.code_departement
    from listes
    inner join {{ source('audit', 'loads') }} as loads
        on listes.load_id = loads.load_id and loads.lignes_ecartees > 0
    cross join departements
),

quartiers as (
    select
        code_territoire,
        zonage,
        code_commune
    from {{ ref('int_territoires__observes') }}
    where niveau = 'quartier'
),

lieux as (
    select
        quartiers.code_territoire,
        quartiers.zonage,
        lieux.dataset,
        lieux.edition,
        lieux.type_structure,
        lieux.structure_id,
        lieux.presence,
        case
            when lieux.itinerant then 'itinerant'
            when places.dans_quartier then 'site_dans_quartier'
            else 'site_dans_commune'
        end as mode_presence,
        case
            when lieux.latitude is null then 'commune'
            when lieux.siege then 'siege'
            when places.distance_limite_m < {{ var('incertitude_limite_m') }}
                then 'point_proche_limite'
            else 'point'
        end as precision_localisation,
        semaines.heures_hebdo,
        semaines.heures_soir,
        semaines.heures_samedi,
        coalesce(semaines.statut_horaires, 'non_disponible') as statut_horaires,
        semaines.part_horaires_non_lus,
        lieux.load_id
    from quartiers
    cross join {{ ref('int_structures__lieux') }} as lieux
    left join {{ ref('int_structures__quartiers') }} as places
        on
            quartiers.code_territoire = places.code_territoire
            and quartiers.zonage = places.zonage
            and lieux.dataset = places.dataset
            and lieux.edition = places.edition
            and lieux.code_structure = places.code_structure
    left join {{ ref('int_horaires__semaines') }} as semaines
        on
            lieux.dataset = semaines.dataset
            and lieux.edition = semaines.edition
            and lieux.code_structure = semaines.code_structure
    where quartiers.code_commune = lieux.code_commune or places.dans_quartier
    -- Un lieu ouvert avant un lieu prévu, dans le quartier avant la commune, fixe avant itinérant.
    qualify
        dense_rank() over (
            partition by
                quartiers.code_territoire,
                quartiers.zonage,
                lieux.dataset,
                lieux.edition,
                lieux.type_structure
            order by
                list_position(['present', 'prevu'], lieux.presence),
                list_position(
                    ['site_dans_quartier', 'site_dans_commune', 'itinerant'], mode_presence
                )
        ) = 1
),

retenus as (
    select
        code_territoire,
        zonage,
        dataset,
        edition,
        type_structure,
        presence,
        mode_presence,
        list(distinct structure_id order by structure_id) as structure_ids,
        -- La moins bonne des précisions est celle de la case.
        max_by(
            precision_localisation,
            list_position(
                ['point', 'point_proche_limite', 'siege', 'commune'], precision_localisation
            )
        ) as precision_localisation,
        sum(heures_hebdo) as heures_hebdo,
        sum(heures_soir) as heures_soir,
        sum(heures_samedi) as heures_samedi,
        case
            when count(distinct statut_horaires) = 1 then any_value(statut_horaires)
            when count(heures_hebdo) > 0 then 'borne_basse'
            else 'non_disponible'
        end as statut_horaires,
        avg(part_horaires_non_lus) as part_horaires_non_lus,
        list(distinct load_id order by load_id) as load_ids
    from lieux
    group by all
)

select
    quartiers.code_territoire,
    quartiers.zonage,
    listes.type_structure,
    listes.edition as date_offre,
    listes.dataset,
    coalesce(
        retenus.presence,
        if(listes.exhaustive and douteux.dataset is null, 'absent', 'inconnu')
    ) as presence,
    if(retenus.presence is not null, listes.label, null) as label,
    retenus.mode_presence,
    coalesce(retenus.structure_ids, []) as structure_ids,
    retenus.heures_hebdo,
    retenus.heures_soir,
    retenus.heures_samedi,
    coalesce(
        retenus.statut_horaires,
        if(listes.exhaustive and douteux.dataset is null, 'sans_objet', 'non_disponible')
    ) as statut_horaires,
    retenus.part_horaires_non_lus,
    retenus.precision_localisation,
    coalesce(retenus.load_ids, [listes.load_id]) as load_ids
from quartiers
cross join listes
left join retenus
    on
        quartiers.code_territoire = retenus.code_territoire
        and quartiers.zonage = retenus.zonage
        and listes.dataset = retenus.dataset
        and listes.edition = retenus.edition
        and listes.type_structure = retenus.type_structure
left join douteux
    on
        listes.dataset = douteux.dataset
        and listes.edition = douteux.edition
        and left(quartiers.code_commune, 2) = douteux.code_departement
