"""Good rows of `mart_fiches_action`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last

SHEET: Row = {
    "code_action": "A1",
    "titre": "Titre",
    "valeur": 5.0,
    "valeur_basse": 5.0,
    "valeur_haute": 5.0,
    "statut": "observe",
}
CASE = Case(
    [SHEET, SHEET | {"valeur": None, "valeur_basse": 1.0}, SHEET | {"valeur_haute": None}],
    {
        "action_renseignee": last(titre=None),
        "bornes_ordonnees": first(valeur=5.1),
        "statut_renseigne": first(statut=None),
    },
    dict.fromkeys(SHEET, "varchar")
    | dict.fromkeys(["valeur", "valeur_basse", "valeur_haute"], "double"),
)
