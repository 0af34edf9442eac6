-- Une ligne par couple : un quartier de 2024 peut venir de trois quartiers de 2015.
with origines as (
    select
        code_territoire,
        statut,
        _millesime,
        _load_id,
        _row_number,
        unnest([code_qpv_2015_1, code_qpv_2015_2, code_qpv_2015_3]) as code_qpv_2015
    from {{ source('raw', 'insee__correspondance_qpv2015_2024') }}
)

select
    code_territoire as code_qpv_2024,
    code_qpv_2015,
    statut,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from origines
where code_qpv_2015 is not null
