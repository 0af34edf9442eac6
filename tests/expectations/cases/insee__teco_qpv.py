"""Good rows of `insee__teco_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS, dataset, first, last, twice, without_first

CASE = dataset(
    "insee__teco_qpv",
    [
        {
            "code_territoire": code,
            "etablissements": 282,
            "etablissements_enseignement_sante": 37,
            "etablissements_services_particuliers": 72,
            "etablissements_services": 137,
            "creations_auto_entrepreneurs": 3,
        }
        for code in [*QUARTIERS, "QP059001"]
    ],
    {
        "cle_unique": twice,
        "codes_connus": last(code_territoire="QP059999"),
        "parties_et_total": first(etablissements_services=71),
        "nombres_positifs": first(creations_auto_entrepreneurs=-1),
        "quartiers_de_sqy": without_first,
    },
    known=[*QUARTIERS, "QP059001"],
)
