select
    lignes.territoire,
    lignes.niveau,
    lignes.tranche_age,
    lignes.mesure,
    lignes.periode,
    lignes.unite,
    lignes.valeur,
    case
        when lignes.valeur is not null then 'observe'
        else coalesce(
            contrat.statuts_note[lignes.statut_confidentialite],
            contrat.statut_vide
        )
    end as statut,
    lignes._millesime as millesime,
    lignes._load_id as load_id,
    lignes._row_number as ligne
from {{ source('raw', 'insee__melodi_filosofi_age') }} as lignes
inner join {{ source('audit', 'mesures') }} as contrat
    on
        contrat.dataset = 'insee.melodi_filosofi_age'
        and lignes._millesime = contrat.millesime
        and contrat.mesure = 'valeur'
