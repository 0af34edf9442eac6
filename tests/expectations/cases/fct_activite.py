"""Good rows of `fct_activite`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Rows, Spoil, first, last, twice

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
# Of 40 people, 29 are over 26, of whom 18 are 60 or more: 11 apart at each step.
PEOPLE = COUNT | {"outil": "modele", "mesure": "beneficiaires", "unite": "personnes"}
PEOPLE |= {"ventilation": "theme", "theme": "sante", "valeur": 40.0}
BY_AGE = PEOPLE | {"ventilation": "theme × classe_age"}


def of_age(label: str, number: float) -> Spoil:
    def spoil(rows: Rows) -> Rows:
        return [row | {"valeur": number} if row["classe_age"] == label else row for row in rows]

    return spoil


CASE = Case(
    [
        COUNT,
        PEOPLE,
        BY_AGE | {"classe_age": "Plus de 26 ans", "valeur": 29.0},
        BY_AGE | {"classe_age": "60 ans ou plus", "valeur": 18.0},
        COUNT
        | {"ventilation": "sexe", "sexe": "Femmes", "valeur": None, "statut": "secret"}
        | {"theme": "sante"},
    ],
    {
        "cle_unique": twice,
        "secret_jamais_chiffre": last(valeur_haute=30.0),
        "petits_nombres_masques": first(valeur=10.0),
        "complements_masques": of_age("Plus de 26 ans", 30.0),
        "ages_emboites_masques": of_age("60 ans ou plus", 19.0),
        "valeurs_positives": first(valeur=-1.0, unite="heures"),
        "ensemble_sans_detail": first(canal="À distance"),
    },
    dict.fromkeys(COUNT, "varchar")
    | dict.fromkeys(["valeur", "valeur_basse", "valeur_haute"], "double"),
)
