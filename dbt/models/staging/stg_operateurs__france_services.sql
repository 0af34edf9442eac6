select
    code_structure,
    _millesime as edition,
    libelle,
    concat_ws(', ', adresse, complement_adresse) as adresse,
    -- Un code qui n'est pas du département n'est celui d'aucune commune (« 00699 », « 2B14 »).
    case
        when
            regexp_full_match(code_commune, '(\d{2}|2[AB])\d{3}')
            and starts_with(code_commune, lpad(code_departement, 2, '0'))
            then code_commune
    end as code_commune,
    lpad(code_departement, 2, '0') as code_departement,
    lpad(code_postal, 5, '0') as code_postal,
    nom_commune,
    latitude,
    longitude,
    horaires_lundi,
    horaires_mardi,
    horaires_mercredi,
    horaires_jeudi,
    horaires_vendredi,
    horaires_samedi,
    -- Les premières listes écrivent « - » un jour de fermeture ; les suivantes ne l'écrivent plus.
    _millesime >= '2022' as vide_vaut_ferme,
    coalesce(format_anct = 'Mobile' or itinerance = 'Oui', false) as itinerant,
    -- Un mois, quand le jour manque : « Espace labellisé 01/2020 ».
    cast(try_strptime(
        regexp_extract(labellisation, '(\d{2}/)?\d{2}/\d{4}$'), ['%d/%m/%Y', '%m/%Y']
    ) as date) as labellise_le,
    'operateurs.france_services' as dataset,
    _load_id as load_id,
    _row_number as ligne
from {{ source('raw', 'operateurs__france_services') }}
