"""Good rows of `operateurs__suivi_centre_social`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, every, first, quantity, twice

ROW = {"quartier": "Valibout", "action": "Accès aux droits", "mois": "2022-01"}
CASE = dataset(
    "operateurs__suivi_centre_social",
    [
        ROW | {"mesure": "Usagers", "nombre": quantity(12)},
        ROW | {"mesure": "Entretiens", "nombre": quantity(12.5, qualificatif="moyenne")},
        ROW | {"mesure": "Usagers", "mois": "2022-02", "nombre": None},
        ROW | {"mesure": "Entretiens", "mois": "2022-02", "nombre": quantity(0)},
    ],
    {
        "cle_unique": twice,
        "quelque_chose_de_compte": every(nombre=None),
        "comptes_entiers": first(nombre=quantity(12.5)),
        "sans_unite": first(nombre=quantity(12, unite="%")),
    },
)
