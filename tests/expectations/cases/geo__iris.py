"""Good rows of `geo__iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import COMMUNES, dataset, last, twice, without_first
from tests.fixtures.geometries import point, square

# 89 IRIS: eight in each commune, but one in the commune that is not divided.
CODES = [
    *(f"{commune}01{n:02}" for commune in COMMUNES if commune != "78168" for n in range(1, 9)),
    "781680000",
    "780030000",
]
GOOD = [
    {
        "code_territoire": code,
        "code_commune": code[:5],
        "type_iris": "Z" if code.endswith("0000") else "H",
        "contour": square(1.5 + rank / 200, 48.75),
    }
    for rank, code in enumerate(CODES)
]
CASE = dataset(
    "geo__iris",
    GOOD,
    {
        "cle_unique": twice,
        "iris_de_sqy": without_first,
        "code_et_commune": last(code_commune="78005"),
        "type_et_code": last(type_iris="H"),
        "polygones": last(contour=point(1.9, 48.75)),
        "contours_en_yvelines": last(contour=square(48.75, 1.9)),
        "contours_distincts": last(contour=square(1.5, 48.75)),
        "surfaces_plausibles": last(contour=square(1.9, 48.7, 0.0005)),
        "contours_absents": last(contour=None),
        "codes_connus": last(code_territoire="780040000", code_commune="78004"),
    },
    along={"cle_unique": ["contours_distincts"], "polygones": ["surfaces_plausibles"]},
    known=CODES,
)
