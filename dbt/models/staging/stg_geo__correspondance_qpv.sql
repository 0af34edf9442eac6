select
    code_qpv_2015,
    code_qpv_2024,
    code_commune,
    dans_sqy = 'oui' as dans_sqy,
    lien,
    surface_2015_m2,
    surface_2024_m2,
    surface_commune_m2,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'geo__correspondance_qpv') }}
