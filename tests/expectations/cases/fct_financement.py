"""Good rows of `fct_financement`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, last, twice

AMOUNT = {
    "code_action": "iscg",
    "poste": "cout",
    "annee": None,
    "montant_eur": 0.0,
    "part_pct": None,
    "montant_bas_eur": None,
    "montant_haut_eur": None,
    "nb_postes": None,
    "montant_par_poste_eur": None,
    "statut": "observe",
}
POSTS = AMOUNT | {
    "code_action": "postes_fonjep:x",
    "poste": "postes_fonjep",
    "annee": 2024,
    "montant_eur": 14328.0,
    "nb_postes": 2,
    "montant_par_poste_eur": 7164.0,
}
CASE = Case(
    [
        AMOUNT,
        AMOUNT | {"poste": "fipd", "montant_eur": None, "part_pct": 100.0},
        AMOUNT
        | {"poste": "salaire", "montant_eur": None, "statut": "approche"}
        | {"montant_bas_eur": 10.0, "montant_haut_eur": 20.0},
        POSTS,
        POSTS | {"annee": 2025},
    ],
    {
        "cle_unique": twice,
        "montants_positifs": last(part_pct=100.1),
        "bornes_ordonnees": last(montant_bas_eur=2.0, montant_haut_eur=1.0),
        "postes_comptes": last(nb_postes=0),
        "vide_explique": last(montant_eur=None),
    },
    {
        "code_action": "varchar",
        "poste": "varchar",
        "annee": "integer",
        "montant_eur": "double",
        "part_pct": "double",
        "montant_bas_eur": "double",
        "montant_haut_eur": "double",
        "nb_postes": "bigint",
        "montant_par_poste_eur": "double",
        "statut": "varchar",
    },
)
