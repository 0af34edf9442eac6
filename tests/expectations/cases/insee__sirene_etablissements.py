"""Good rows of `insee__sirene_etablissements`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, every, first, twice

# The first two records of the public sample, and an active one with an invented commune.
OPEN: Row = {
    "siret": "00588003400011",
    "code_territoire": "78621",
    "etat_administratif": "A",
    "activite_principale": "47.11F",
}
CASE = dataset(
    "insee__sirene_etablissements",
    [OPEN, {"siret": "00600356000015", "etat_administratif": "F"}],
    {
        "cle_unique": twice,
        "siret_valide": first(siret="00588003400012"),
        "actif_et_activite": every(activite_principale=None),
        "communes_connues": first(code_territoire="78999"),
    },
    known=["78621"],
)
