"""Good rows of `geo__correspondance_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    QUARTIERS,
    QUARTIERS_2024,
    Row,
    dataset,
    first,
    twice,
    without_first,
)

AREAS: Row = {
    "code_commune": "78621",
    "surface_2015_m2": 1000,
    "surface_2024_m2": 1250,
    "surface_commune_m2": 800,
    "part_2015_dans_2024": 0.8,
    "part_2024_issue_2015": 0.64,
    "dans_sqy": "oui",
    "lien": "modifie",
}
ALONE: Row = dict.fromkeys(
    ("surface_commune_m2", "part_2015_dans_2024", "part_2024_issue_2015"), None
)
CASE = dataset(
    "geo__correspondance_qpv",
    [
        *(
            AREAS | {"code_qpv_2015": old, "code_qpv_2024": new}
            for old, new in zip(QUARTIERS[1:], QUARTIERS_2024[:6], strict=True)
        ),
        AREAS | ALONE | {"code_qpv_2015": QUARTIERS[0], "lien": "sorti"},
        *(AREAS | ALONE | {"code_qpv_2024": new, "lien": "entrant"} for new in QUARTIERS_2024[6:]),
        AREAS | {"code_qpv_2015": "QP078001", "code_qpv_2024": "QN07801M", "dans_sqy": "non"},
    ],
    {
        "cle_unique": twice,
        "quartiers_de_sqy": without_first,
        "lien_et_codes": first(lien="entrant"),
        "parts_et_surfaces": first(part_2015_dans_2024=0.81),
        "surface_commune": first(
            surface_2015_m2=1000,
            surface_2024_m2=1250,
            surface_commune_m2=1100,
            part_2015_dans_2024=1.1,
            part_2024_issue_2015=0.88,
        ),
    },
)
