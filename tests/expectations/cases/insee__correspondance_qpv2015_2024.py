"""Good rows of `insee__correspondance_qpv2015_2024`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS_2024, dataset, first, last, twice, without_first

CASE = dataset(
    "insee__correspondance_qpv2015_2024",
    [
        {"code_territoire": code, "code_qpv_2015_1": None if code.endswith("N") else "QP078006"}
        for code in QUARTIERS_2024
    ]
    + [
        {
            "code_territoire": "QN01341I",
            "code_qpv_2015_1": "QP013001",
            "code_qpv_2015_2": "QP013002",
            "code_qpv_2015_3": "QP013003",
        }
    ],
    {
        "cle_unique": twice,
        "sans_trou": last(code_qpv_2015_2=None),
        "meme_departement": first(code_qpv_2015_1="QP013001"),
        "entrants": first(code_qpv_2015_1=None),
        "quartiers_de_sqy": without_first,
    },
)
