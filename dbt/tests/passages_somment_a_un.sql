-- Chaque source est tout entière quelque part, hors zonage compris.
select
    code_source,
    zonage_source,
    zonage_cible,
    millesime,
    sum(poids) as somme
from {{ ref('dim_passage') }}
group by code_source, zonage_source, zonage_cible, millesime
having abs(sum(poids) - 1) > 1e-9 or min(poids) <= 0
