"""Good rows of `caf__retours_detection`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, twice

CAMPAIGN: Row = {
    "campagne": "Campagne inventée",
    "prestation": "RSA",
    "territoire": "SQY",
    "periode": "2022",
    "cibles": 1200,
    "confirmes": 144,
    "contactes": 144,
    "ouverts": 36,
    "gain_mensuel_eur": 310.5,
}
CASE = dataset(
    "caf__retours_detection",
    [CAMPAIGN, CAMPAIGN | {"territoire": "Trappes", "confirmes": None, "gain_mensuel_eur": None}],
    {
        "cle_unique": twice,
        "effectifs_renseignes": first(ouverts=None),
        "effectifs_positifs": first(ouverts=-1),
        "effectifs_emboites": first(ouverts=145),
        "gain_plausible": first(gain_mensuel_eur=2000.5),
    },
)
