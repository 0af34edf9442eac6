"""Good rows of `operateurs__bilan_bailleur`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, every, first, last, quantity, twice

ROW = {"secteur": "Friches", "action": "Ateliers budget"}
CASE = dataset(
    "operateurs__bilan_bailleur",
    [
        ROW | {"mesure": "Personnes accompagnées", "quantite": quantity(17)},
        ROW | {"mesure": "Ateliers", "quantite": None},
        ROW | {"mesure": "ETP", "quantite": quantity(0.5)},
        ROW | {"mesure": "Coût annuel", "quantite": quantity(1800.5, unite="€")},
        ROW | {"mesure": "Part de femmes", "quantite": quantity(71, unite="%")},
    ],
    {
        "cle_unique": twice,
        "quelque_chose_de_compte": every(quantite=None),
        "comptes_entiers": first(quantite=quantity(17.5)),
        "unite_de_la_mesure": last(quantite=quantity(71)),
        "parts_dans_0_100": last(quantite=quantity(101, unite="%")),
    },
)
