-- Chaque lieu de chaque liste, sous une forme commune. Une liste exhaustive est celle de tous les
-- lieux de son label : ce qui n'y est pas n'existe pas. D'un conseiller numérique, seul le siège de
-- sa structure est situé.
with reseaux as (
    -- Les réseaux de data·inclusion qui sont un type de structure ; les autres n'en disent pas un.
    select *
    from (
        values
        ('france-service', 'mfs', 'MFS'),
        ('mission-locale', 'mission_locale', null),
        ('reseau-information-jeunesse', 'pij', null),
        ('conseillers-numeriques', 'conseiller_numerique', null)
    ) as connus (reseau, type_structure, label)
),

lieux as (
    select
        dataset,
        edition,
        code_structure,
        'france_services:' || code_structure as identifiant,
        'mfs' as type_structure,
        'MFS' as label,
        true as exhaustive,
        false as siege,
        libelle,
        adresse,
        code_commune,
        code_departement,
        longitude,
        latitude,
        itinerant,
        labellise_le,
        cast(null as integer) as postes_accordes,
        cast(null as integer) as postes_pourvus,
        load_id,
        ligne
    from {{ ref('stg_operateurs__france_services') }}
    union all by name
    -- Plusieurs décisions pour une structure font un seul lieu.
    select
        dataset,
        edition,
        coalesce('siret:' || siret, 'conseillers_numeriques:' || code_structure) as identifiant,
        identifiant as code_structure,
        'conseiller_numerique' as type_structure,
        false as exhaustive,
        true as siege,
        min_by(libelle, ligne) as libelle,
        min_by(adresse, ligne) as adresse,
        min_by(code_commune, ligne) as code_commune,
        min_by(code_departement, ligne) as code_departement,
        min_by(longitude, ligne) as longitude,
        min_by(latitude, ligne) as latitude,
        false as itinerant,
        cast(sum(postes_accordes) as integer) as postes_accordes,
        min(load_id) as load_id,
        min(ligne) as ligne
    from {{ ref('stg_operateurs__conseillers_numeriques_structures') }}
    group by all
    union all by name
    select
        dataset,
        edition,
        'siret:' || siret as identifiant,
        identifiant as code_structure,
        'conseiller_numerique' as type_structure,
        false as exhaustive,
        true as siege,
        libelle,
        code_commune,
        code_departement,
        false as itinerant,
        cast(postes_attribues as integer) as postes_accordes,
        cast(postes_pourvus as integer) as postes_pourvus,
        load_id,
        ligne
    from {{ ref('stg_operateurs__conseillers_numeriques_postes') }}
    where postes_attribues + postes_pourvus > 0
    union all by name
    -- Un SIRET peut y être celui du siège de plusieurs lieux : il n'en identifie aucun.
    select
        structures.dataset,
        structures.edition,
        structures.code_structure,
        'data_inclusion:' || structures.code_structure as identifiant,
        reseaux.type_structure,
        reseaux.label,
        false as exhaustive,
        false as siege,
        structures.libelle,
        structures.adresse,
        structures.code_commune,
        structures.longitude,
        structures.latitude,
        false as itinerant,
        structures.load_id,
        structures.ligne
    from {{ ref('stg_operateurs__data_inclusion_structures') }} as structures
    inner join reseaux
        on list_contains(structures.reseaux_porteurs, reseaux.reseau)
),

-- Un lieu sans commune est situé par son point, s'il en a un.
communes as (
    select
        code_territoire as code_commune,
        st_geomfromwkb(contour_wkb) as contour
    from {{ ref('int_contours__observes') }}
    where zonage = 'COMMUNE'
    qualify row_number() over (partition by code_territoire order by millesime_contour desc) = 1
),

situes as (
    select
        lieux.dataset,
        lieux.edition,
        lieux.code_structure,
        any_value(communes.code_commune) as code_commune
    from lieux
    inner join communes
        on
            lieux.code_commune is null
            and st_contains(communes.contour, st_point(lieux.longitude, lieux.latitude))
    group by all
),

dates as (
    select
        *,
        -- Le dernier jour dont la liste parle : celui de son nom, ou le dernier de son mois.
        case
            when length(edition) = 10 then cast(edition as date)
            else last_day(cast(edition || '-01' as date))
        end as arretee_le
    from lieux
)

select
    dates.* replace (coalesce(dates.code_commune, situes.code_commune) as code_commune),
    coalesce(alias.structure_id, dates.identifiant) as structure_id,
    -- Un poste accordé n'est pas un poste pourvu, et un label à venir n'est pas encore là.
    case
        when dates.labellise_le > dates.arretee_le then 'prevu'
        when dates.postes_accordes is not null and coalesce(dates.postes_pourvus, 0) = 0
            then 'prevu'
        else 'present'
    end as presence
from dates
left join situes
    on
        dates.dataset = situes.dataset
        and dates.edition = situes.edition
        and dates.code_structure = situes.code_structure
left join {{ ref('alias_structures') }} as alias
    on dates.identifiant = alias.identifiant
