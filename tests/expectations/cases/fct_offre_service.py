"""Good rows of `fct_offre_service`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, Rows, first, last

NOTHING: Row = {
    "label": None,
    "mode_presence": None,
    "structure_ids": [],
    "heures_hebdo": None,
    "heures_soir": None,
    "heures_samedi": None,
    "part_horaires_non_lus": None,
    "precision_localisation": None,
}
REPORT: Rows = [
    NOTHING
    | {
        "code_territoire": f"Q{quartier}",
        "zonage": "QPV2015",
        "type_structure": kind,
        "date_offre": "2022-07-05",
        "dataset": "rapport_2022",
        "presence": "inconnu",
        "statut_horaires": "non_communique",
        "load_ids": [],
    }
    for quartier in range(8)
    for kind in ("mfs", "mjd", "t2", "t3", "t4", "t5", "t6", "t7")
]
LIST: Rows = [
    NOTHING
    | {
        "code_territoire": f"Q{quartier}",
        "zonage": "QPV2015",
        "type_structure": "mfs",
        "date_offre": "2023-07",
        "dataset": "operateurs.france_services",
        "presence": "absent",
        "statut_horaires": "sans_objet",
        "load_ids": ["c1"],
    }
    for quartier in range(8)
]
OPEN: Row = {
    "presence": "present",
    "label": "MFS",
    "mode_presence": "site_dans_quartier",
    "structure_ids": ["france_services:458"],
    "heures_hebdo": 40.0,
    "heures_soir": 1.5,
    "heures_samedi": 3.5,
    "statut_horaires": "observe",
    "part_horaires_non_lus": 0.0,
    "precision_localisation": "point",
}

CASE = Case(
    [*REPORT, *LIST[:-1], LIST[-1] | OPEN],
    {
        "cle_unique": lambda rows: [*rows[:-2], rows[-1], rows[-1]],
        "matrice_du_rapport": lambda rows: rows[1:],
        "liste_face_a_tous_les_quartiers": lambda rows: [*REPORT, *rows[-7:]],
        "absent_selon_une_liste": first(presence="absent"),
        "rien_sans_offre": first(mode_presence="couvre_quartier"),
        "heures_et_statut": last(statut_horaires="non_communique"),
        "heures_plausibles": last(heures_soir=41.0),
    },
    dict.fromkeys(
        [
            "code_territoire",
            "zonage",
            "type_structure",
            "date_offre",
            "dataset",
            "presence",
            "label",
            "mode_presence",
            "statut_horaires",
            "precision_localisation",
        ],
        "varchar",
    )
    | dict.fromkeys(
        ["heures_hebdo", "heures_soir", "heures_samedi", "part_horaires_non_lus"], "double"
    )
    | {"structure_ids": "varchar[]", "load_ids": "varchar[]"},
)
