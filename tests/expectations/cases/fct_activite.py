"""Good rows of `fct_activite`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, first, last, twice

COUNT = {
    "outil": "coop",
    "operateur": "ccas",
    "structure": "CCAS",
    "territoire_declare": None,
    "code_territoire": "78621",
    "periode": "2024-01",
    "ventilation": "ensemble",
    "theme": None,
    "canal": None,
    "type_activite": None,
    "sexe": None,
    "classe_age": None,
    "residence": None,
    "mesure": "accompagnements",
    "unite": "accompagnements",
    "valeur": 11.0,
    "valeur_basse": None,
    "valeur_haute": None,
    "statut": "observe",
}
CASE = Case(
    [
        COUNT,
        COUNT
        | {"ventilation": "sexe", "sexe": "Femmes", "valeur": None, "statut": "secret"}
        | {"theme": "sante"},
    ],
    {
        "cle_unique": twice,
        "secret_jamais_chiffre": last(valeur_haute=30.0),
        "petits_nombres_masques": first(valeur=10.0),
        "valeurs_positives": first(valeur=-1.0, unite="heures"),
        "ensemble_sans_detail": first(canal="À distance"),
    },
    dict.fromkeys(COUNT, "varchar")
    | dict.fromkeys(["valeur", "valeur_basse", "valeur_haute"], "double"),
)
