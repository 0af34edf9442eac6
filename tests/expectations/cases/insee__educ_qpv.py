"""Good rows of `insee__educ_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS, dataset, every, first, last, twice, without_first

CASE = dataset(
    "insee__educ_qpv",
    [
        {
            "code_territoire": code,
            "part_16_25_ans_sans_emploi_ni_etudes_pct": 24.5,
            "ecoles_maternelles": 1,
            "ecoles_elementaires": 2,
            "ecoles_elementaires_privees": 0,
            "colleges": 1,
            "colleges_prives": 1,
        }
        for code in [*QUARTIERS, "QP059001"]
    ]
    # An edition that has the rate alone.
    + [{"code_territoire": "QP059002", "part_16_25_ans_sans_emploi_ni_etudes_pct": 31.0}],
    {
        "cle_unique": twice,
        "codes_connus": last(code_territoire="QP059999"),
        "part_dans_0_100": first(part_16_25_ans_sans_emploi_ni_etudes_pct=100.1),
        "nombres_positifs": first(ecoles_maternelles=-1),
        "prives_et_total": first(colleges=0),
        "part_mediane": every(part_16_25_ans_sans_emploi_ni_etudes_pct=2.4),
        "quartiers_de_sqy": without_first,
    },
    known=[*QUARTIERS, "QP059001", "QP059002"],
)
