"""Good rows of `mart_qualite`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, first, twice

CASE = Case(
    [{"dataset": "a", "etat": "a_jour"}, {"dataset": "b", "etat": "en_retard"}],
    {"cle_unique": twice, "jeux_en_place": first(etat="absent")},
    {"dataset": "varchar", "etat": "varchar"},
)
