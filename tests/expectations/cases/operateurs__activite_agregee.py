"""Good rows of `operateurs__activite_agregee`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, first, last, twice

ACTIVITY = {
    "structure": "MJD",
    "periode": "2021",
    "territoire": "Trappes",
    "theme": "Santé",
    "sexe": "Ensemble",
    "classe_age": "Ensemble",
    "precision": "exact",
}
CASE = dataset(
    "operateurs__activite_agregee",
    [
        ACTIVITY | {"beneficiaires": 10, "beneficiaires_bas": 10, "beneficiaires_haut": 10},
        ACTIVITY | {"theme": "Emploi", "etp": 0.0},
        ACTIVITY | {"theme": "Violences", "territoire": "SQY", "etp": 1.0},
        ACTIVITY | {"periode": "2021-01", "beneficiaires_bas": 3},
    ],
    {
        "cle_unique": twice,
        "un_nombre_par_ligne": last(beneficiaires_bas=None),
        "nombres_positifs": last(participants=-1),
        "nombres_plausibles": last(entretiens=612345699),
        "bornes_ordonnees": first(beneficiaires=11),
        "violences_en_agregat": lambda rows: [
            *rows[:2],
            rows[2] | {"territoire": "Valibout"},
            rows[3],
        ],
        "precision_renseignee": first(precision=None),
        "une_seule_structure": first(structure="ISCG"),
    },
)
