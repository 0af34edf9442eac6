"""Good rows of `insee__caf_zus_ancien`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    dataset,
    every,
    first,
    last,
    twice,
)

FAMILIES = {
    "foyers_allocataires": 500,
    "personnes_couvertes": 1200,
    "foyers_isoles": 150,
    "foyers_monoparents": 50,
    "foyers_couples_sans_enfant": 60,
    "foyers_couples_avec_enfants": 200,
    "foyers_couples_3_enfants_plus": 40,
    "foyers_aide_logement": 300,
    "foyers_apl": 200,
    "foyers_aah": 12,
    "foyers_rsa": 80,
    "foyers_rsa_socle": 70,
    "foyers_prestations_50_pct_plus": 120,
    "foyers_prestations_100_pct": 60,
}
GOOD = [
    {"code_territoire": "9105030", "note_cnaf": "0", **FAMILIES},
    {"code_territoire": "9105040", "note_cnaf": "2"},
]

CASE = dataset(
    "insee__caf_zus_ancien",
    GOOD,
    {
        "cle_unique": twice,
        "note_connue": last(note_cnaf="4"),
        "note_et_valeurs": first(note_cnaf="1"),
        "secret_du_producteur": first(foyers_rsa_socle=4),
        "foyers_et_personnes": first(foyers_allocataires=1201),
        "parties_et_total": first(foyers_apl=301),
        "personnes_par_foyer": every(personnes_couvertes=1751),
    },
    # A count of homes above that of people is a mean below one.
    along={"foyers_et_personnes": ["personnes_par_foyer"]},
)
