"""Good rows of `geo__qpv_2024_communes`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, first, last, twice, without_first
from tests.fixtures.geometries import point, square

CODES = {
    "78165": "QN07822N",
    "78168": "QN07821N",
    "78297": "QN07804M",
    "78383": "QN07816M",
    "78490": "QN07815M",
    "78621": "QN07805M, QN07806M",
    "78644": "QN07807M",
    "97411": "QN97401M, QN97402N",
}
CASE = dataset(
    "geo__qpv_2024_communes",
    [
        {"code_commune": commune, "codes_quartiers": codes, "point": point(2.0, 48.75)}
        for commune, codes in CODES.items()
    ],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": without_first,
        "codes_du_departement": last(codes_quartiers="QN97401M, QN07802N"),
        "quartier_repete": last(codes_quartiers="QN97401M, QN97401M"),
        "points": first(point=square(2.0, 48.75)),
        "points_en_france": first(point=point(48.75, 2.0)),
        "points_absents": first(point=None),
        "codes_connus": last(code_commune="97499"),
    },
    known=list(CODES),
)
