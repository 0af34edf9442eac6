"""Good rows of `operateurs__conseillers_numeriques_postes`, and a bad twin for each rule."""

from __future__ import annotations

from tests.expectations.cases import Row, Rows, dataset, first, last, twice

STRUCTURE: Row = {
    "postes_attribues": 2,
    "postes_pourvus": 2,
    "conseillers_en_formation": 1,
    "conseillers_formes": 1,
    "montant_eur": 110857.66,
}
GOOD: Rows = [
    STRUCTURE | {"libelle": f"COMMUNE {rank}", "siret": f"217806447{rank:05}"} for rank in range(50)
]
# One of fifty has an adviser left and no post any more.
GOOD[-1] |= {"postes_attribues": 0, "montant_eur": 0.0}

CASE = dataset(
    "operateurs__conseillers_numeriques_postes",
    GOOD,
    {
        "cle_unique": twice,
        "siret_unique": last(siret=GOOD[0]["siret"]),
        "nombres_renseignes": first(postes_attribues=None),
        "formation_des_recrutes": first(conseillers_formes=2),
        "postes_et_recrutes": first(postes_attribues=1),
    },
    along={"cle_unique": ["siret_unique", "postes_et_recrutes"]},
)
