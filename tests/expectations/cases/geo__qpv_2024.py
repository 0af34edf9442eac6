"""Good rows of `geo__qpv_2024`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS_2024, Rows, dataset, last, twice, without_first
from tests.fixtures.geometries import point, square

GOOD = [
    {
        "code_territoire": code,
        "code_departement": code[3:5],
        "contour": square(1.9 + rank / 50, 48.75),
    }
    for rank, code in enumerate([*QUARTIERS_2024, "QN07801M", "QN02A01I"])
]
# La Réunion.
ISLAND = {"code_territoire": "QN97401M", "code_departement": "974", "contour": square(55.5, -21.1)}


def blurred(rows: Rows) -> Rows:
    """Every outline shrunk, none below what a quartier may have."""
    return [row | {"contour": square(1.9 + n / 50, 48.75, 0.001)} for n, row in enumerate(rows)]


CASE = dataset(
    "geo__qpv_2024",
    [
        *[row | {"code_departement": row["code_territoire"][3:5]} for row in GOOD[:-1]],
        GOOD[-1] | {"code_departement": "02A"},
        ISLAND,
    ],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": without_first,
        "polygones": last(contour=point(55.5, -21.1)),
        "contours_en_france": last(contour=square(-21.1, 55.5)),
        "code_et_departement": last(code_departement="975"),
        "contours_distincts": last(contour=square(1.9, 48.75)),
        "surface_mediane": blurred,
        "surfaces_plausibles": last(contour=square(2.0, 48.0, 0.05)),
        "contours_absents": last(contour=None),
    },
    along={"cle_unique": ["contours_distincts"], "polygones": ["surfaces_plausibles"]},
)
