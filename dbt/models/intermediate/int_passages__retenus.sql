-- Le meilleur passage connu de chaque source vers chaque zonage : les habitants, puis les foyers,
-- qu'un partenaire a comptés ; puis l'inclusion ; enfin la surface.
with partenaires as (
    select * from {{ ref('passages') }}
    -- La dernière version d'un même compte.
    qualify rank() over (
        partition by code_source, zonage_source, zonage_cible, type_poids
        order by millesime desc
    ) = 1
),

-- Ce qu'un partenaire ne rattache à rien est dehors.
completes as (
    select * from partenaires
    union all by name
    select
        code_source,
        zonage_source,
        'HORS_ZONAGE' as code_cible,
        zonage_cible,
        1 - sum(poids) as poids,
        type_poids,
        millesime,
        any_value(source) as source  -- noqa: RF04
    from partenaires
    group by code_source, zonage_source, zonage_cible, type_poids, millesime
    having 1 - sum(poids) > 1e-9 and not bool_or(code_cible = 'HORS_ZONAGE')
),

candidats as (
    select * from completes
    union all by name
    select * from {{ ref('int_passages__inclusions') }}
    union all by name
    select * from {{ ref('int_passages__surfaces') }}
),

retenus as (
    select
        *,
        max(poids) over (
            partition by code_source, zonage_source, zonage_cible, type_poids, millesime
        ) as poids_principal
    from candidats
    qualify
        rank() over (
            partition by code_source, zonage_source, zonage_cible
            order by list_position(['population', 'foyers', 'inclusion', 'surface'], type_poids)
        ) = 1
),

-- Un partenaire qui ne dit pas ce que ses sources couvrent laisse parler les surfaces.
surfaces as (
    select distinct
        code_cible,
        zonage_cible,
        zonage_source,
        part_cible_couverte
    from {{ ref('int_passages__surfaces') }}
),

-- Une rupture sépare deux zonages qui se succèdent : le premier jour du second.
zonages as (
    select
        zonage,
        min(valide_du) as valide_du,
        max(valide_au) as valide_au
    from {{ ref('territoires') }}
    where niveau = 'quartier'
    group by zonage
)

select
    retenus.code_source,
    retenus.zonage_source,
    retenus.code_cible,
    retenus.zonage_cible,
    -- Arrondis : une somme de surfaces n'a pas deux fois les mêmes derniers chiffres.
    round(retenus.poids, 12) as poids,
    retenus.type_poids,
    retenus.source,
    retenus.millesime,
    case
        when retenus.code_cible <> 'HORS_ZONAGE'
            then round(coalesce(retenus.part_cible_couverte, surfaces.part_cible_couverte), 12)
    end as part_cible_couverte,
    {{ qualite_de_passage(
        'retenus.type_poids', 'retenus.poids_principal', var('poids_franc')
    ) }} as qualite,
    case
        when z_source.valide_au < z_cible.valide_du then z_cible.valide_du
        when z_cible.valide_au < z_source.valide_du then z_source.valide_du
    end as rupture_le
from retenus
left join surfaces
    on
        retenus.code_cible = surfaces.code_cible
        and retenus.zonage_cible = surfaces.zonage_cible
        and retenus.zonage_source = surfaces.zonage_source
left join zonages as z_source
    on retenus.zonage_source = z_source.zonage
left join zonages as z_cible
    on retenus.zonage_cible = z_cible.zonage
