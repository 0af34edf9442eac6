"""Good rows of `dim_territoire`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS, Case, first, twice, without_first

ZONED = [
    *({"code_territoire": code, "zonage": "QPV2015"} for code in QUARTIERS),
    *({"code_territoire": f"QN0780{n}M", "zonage": "QPV2024"} for n in range(8)),
    {"code_territoire": "200058782", "zonage": "EPCI"},
]
CASE = Case(
    ZONED,
    {
        "cle_unique": twice,
        "quartiers_des_deux_zonages": without_first,
        "codes_de_leur_zonage": first(code_territoire="QN07804M"),
    },
    {"code_territoire": "varchar", "zonage": "varchar"},
)
