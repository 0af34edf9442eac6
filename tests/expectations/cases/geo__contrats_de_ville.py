"""Good rows of `geo__contrats_de_ville`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, last, twice, without_first
from tests.fixtures.geometries import point, square

SQY: Row = {
    "code_territoire": "CN07801I",
    "code_porteur": "200058782",
    "libelle": "78 - CA Saint-Quentin-en-Yvelines",
    "code_departement": "78",
    "population_quartiers": 30000.0,
    "point": point(2.0, 48.78),
}
CASE = dataset(
    "geo__contrats_de_ville",
    [
        SQY,
        SQY | {"code_territoire": "CN00101I", "code_departement": "01", "point": point(5.7, 45.8)},
        SQY
        | {
            "code_territoire": "CN97401I",
            "code_departement": "974",
            "point": point(55.5, -21.1),
        },
    ],
    {
        "cle_unique": twice,
        "contrats_de_sqy": without_first,
        "points": first(point=square(2.0, 48.78)),
        "points_en_metropole": first(point=point(48.78, 2.0)),
        "points_en_cartouche": last(point=point(-4.0, 42.0)),
        "points_absents": first(point=None),
        "departement_renseigne": first(code_departement=None),
        "population_renseignee": first(population_quartiers=0.0),
    },
)
