select
    siret,
    code_territoire,
    est_siege = 'true' as est_siege,
    cast(date_creation as date) as date_creation,
    etat_administratif = 'A' as actif,
    activite_principale,
    nomenclature_activite,
    tranche_effectifs,
    caractere_employeur = 'O' as employeur,
    _millesime as millesime,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'insee__sirene_etablissements') }}
