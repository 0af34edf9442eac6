"""Good rows of `operateurs__mediation_numerique`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, every, first, last, quantity, twice

ROW = {"lieu": "Valibout", "mois": "2022-01"}
AT_LEAST = {"qualificatif": "au_moins", "unite": "%"}
CASE = dataset(
    "operateurs__mediation_numerique",
    [
        ROW | {"indicateur": "Ateliers", "nombre": quantity(4)},
        ROW | {"indicateur": "Participants", "nombre": quantity(12.5, qualificatif="moyenne")},
        ROW | {"indicateur": "Ateliers", "mois": "2022-02", "nombre": None},
        ROW | {"indicateur": "Part de femmes", "nombre": quantity(100, unite="%")},
        ROW
        | {"indicateur": "Part de femmes", "mois": "2022-02"}
        | {"nombre": quantity(valeur_basse=50, **AT_LEAST)},
    ],
    {
        "cle_unique": twice,
        "quelque_chose_de_compte": every(nombre=None),
        "comptes_entiers": first(nombre=quantity(4.5)),
        "unite_de_la_mesure": last(nombre=quantity(valeur_basse=50, qualificatif="au_moins")),
        "parts_dans_0_100": last(nombre=quantity(valeur_basse=100.5, **AT_LEAST)),
    },
)
