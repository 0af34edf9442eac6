-- Chaque lieu de chaque liste, sous une forme commune. Une liste exhaustive est celle de tous les
-- lieux de son label : ce qui n'y est pas n'existe pas.
with lieux as (
    select
        dataset,
        edition,
        code_structure,
        'mfs' as type_structure,
        'MFS' as label,
        true as exhaustive,
        libelle,
        adresse,
        code_commune,
        code_departement,
        longitude,
        latitude,
        itinerant,
        labellise_le,
        load_id,
        ligne
    from {{ ref('stg_operateurs__france_services') }}
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
)

select
    lieux.* replace (coalesce(lieux.code_commune, situes.code_commune) as code_commune),
    coalesce(
        alias.structure_id,
        split_part(lieux.dataset, '.', 2) || ':' || lieux.code_structure
    ) as structure_id,
    -- Le dernier jour dont la liste parle : celui de son nom, ou le dernier de son mois.
    case
        when length(lieux.edition) = 10 then cast(lieux.edition as date)
        else last_day(cast(lieux.edition || '-01' as date))
    end as arretee_le
from lieux
left join situes
    on
        lieux.dataset = situes.dataset
        and lieux.edition = situes.edition
        and lieux.code_structure = situes.code_structure
left join {{ ref('alias_structures') }} as alias
    on lieux.dataset = alias.dataset and lieux.code_structure = alias.code_structure
