-- Un lieu est décrit par la dernière des listes qui le situent le mieux.
with observes as (
    select
        lieux.*,
        communes.nom_commune
    from {{ ref('int_structures__lieux') }} as lieux
    inner join {{ ref('territoires') }} as communes
        on lieux.code_commune = communes.code_territoire and communes.zonage = 'COMMUNE'
),

derniers as (
    select *
    from observes
    qualify
        row_number() over (
            partition by structure_id
            -- Le lieu d'accueil plutôt que le siège, et un point plutôt que rien.
            order by siege asc, latitude is null asc, arretee_le desc, code_structure asc
        ) = 1
),

reunis as (
    select
        structure_id,
        list(distinct type_structure order by type_structure) as types_structure,
        list(distinct identifiant order by identifiant) as identifiants,
        min(edition) as premiere_date,
        max(edition) as derniere_date,
        list(distinct load_id order by load_id) as load_ids
    from observes
    group by all
)

select
    derniers.structure_id,
    derniers.libelle as nom,
    derniers.adresse,
    derniers.code_commune,
    derniers.nom_commune,
    derniers.longitude,
    derniers.latitude,
    derniers.itinerant,
    reunis.types_structure,
    reunis.identifiants,
    reunis.premiere_date,
    reunis.derniere_date,
    datasets.citation as source,  -- noqa: RF04
    reunis.load_ids
from derniers
inner join reunis
    on derniers.structure_id = reunis.structure_id
inner join {{ source('audit', 'datasets') }} as datasets
    on derniers.dataset = datasets.dataset
