"""Good rows of `geo__communes`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import COMMUNES, dataset, first, last, twice, without_first
from tests.fixtures.geometries import point, square

GOOD = [
    {"code_territoire": code, "contour": square(1.9 + rank / 100, 48.75)}
    for rank, code in enumerate([*COMMUNES, "78003"])
]
CASE = dataset(
    "geo__communes",
    # Half a square kilometre at least.
    [row | {"contour": square(1.9 + rank / 50, 48.75, 0.005)} for rank, row in enumerate(GOOD)],
    {
        "cle_unique": twice,
        "communes_de_sqy": without_first,
        "polygones": last(contour=point(1.9, 48.75)),
        "contours_en_yvelines": first(contour=square(48.75, 1.9, 0.005)),
        "contours_distincts": last(contour=square(1.9, 48.75, 0.005)),
        "surfaces_plausibles": last(contour=square(1.9, 48.75, 0.06)),
        "contours_absents": last(contour=None),
        "codes_connus": last(code_territoire="78999"),
    },
    along={
        "cle_unique": ["contours_distincts"],
        "polygones": ["surfaces_plausibles"],
    },
    known=[*COMMUNES, "78003"],
)
