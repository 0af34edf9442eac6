"""Good rows of `geo__qpv_2015`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUARTIERS,
    dataset,
    every,
    first,
    last,
    twice,
    without_first,
)
from tests.fixtures.geometries import point, square

CODES = [*QUARTIERS, *ELSEWHERE[:30]]
GOOD = [
    {
        "code_territoire": code,
        "nom_commune": "TRAPPES",
        "code_departement": code[3:5],
        "contour": square(1.9 + rank / 50, 48.75),
    }
    for rank, code in enumerate(CODES)
]
CASE = dataset(
    "geo__qpv_2015",
    # Some areas of Paris are no quartiers prioritaires: their code is not of the list.
    [*GOOD, GOOD[0] | {"code_territoire": "QV075001", "contour": square(2.3, 48.85)}],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": without_first,
        "polygones": first(contour=point(1.9, 48.75)),
        "contours_en_ile_de_france": first(contour=square(48.75, 1.9)),
        "surface_declaree": first(surface_declaree_m2=1000.0),
        "codes_et_departements": every(code_departement="75"),
        "contours_distincts": last(contour=square(1.9, 48.75)),
        "surfaces_plausibles": last(contour=square(2.3, 48.85, 0.03)),
        "contours_absents": last(contour=None),
        "commune_nommee": last(nom_commune=None),
        "codes_connus": last(code_territoire="QP078999"),
    },
    along={
        "cle_unique": ["contours_distincts"],
        "polygones": ["surfaces_plausibles"],
    },
    known=CODES,
)
