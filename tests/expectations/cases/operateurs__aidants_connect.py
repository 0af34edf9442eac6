"""Good rows of `operateurs__aidants_connect`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import dataset, first, last, twice

AGENT = {
    "agent": "cle:a",
    "organisation": "CCAS",
    "siret": "21780621900019",
    "code_postal": "78190",
    "mandats": 2,
    "mandats_distance": 2,
    "mandats_revoques": 0,
    "demarches": 3,
}
CASE = dataset(
    "operateurs__aidants_connect",
    [AGENT, AGENT | {"agent": "cle:b", "siret": "1"}],
    {
        "aidant_unique": twice,
        "nombres_positifs": first(mandats_revoques=-1),
        "distance_parmi_les_mandats": last(mandats_distance=3),
        "organisation_renseignee": last(code_postal="0"),
    },
)
