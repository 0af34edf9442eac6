-- Le fichier écrit « 78005_0101 » un IRIS, et « 78003 » une commune non divisée.
select
    case
        when contains(code_iris, '_') then replace(code_iris, '_', '')
        else code_iris || '0000'
    end as code_territoire,
    code_iris as code_recu,
    code_commune,
    type_equipement,
    annee as periode,
    nombre_equipements,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__bpe') }}
