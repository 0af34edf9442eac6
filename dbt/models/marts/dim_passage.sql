select
    code_source,
    zonage_source,
    code_cible,
    zonage_cible,
    poids,
    type_poids,
    source,  -- noqa: RF04
    millesime,
    part_cible_couverte,
    qualite,
    rupture_le
from {{ ref('int_passages__retenus') }}
