"""Good rows of `dim_indicateur`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Case, Row, first, last, twice

NEED = "Une couverture CAF élevée dit le besoin, pas un faible non-recours."
KNOWN: Row = {
    "disponibilite": "publie",
    "premiere_periode": "2017",
    "derniere_periode": "2019",
    "motif_non_disponible": None,
}
UNKNOWN: Row = {
    "disponibilite": "non_disponible",
    "premiere_periode": None,
    "derniere_periode": None,
    "motif_non_disponible": "Personne ne le compte.",
}
CASE = Case(
    [
        {"code_indicateur": "caf_taux_couverture", "mise_en_garde": f"{NEED} Autre."} | KNOWN,
        {"code_indicateur": "nrc_couv_rsa", "mise_en_garde": NEED} | UNKNOWN,
        {"code_indicateur": "ctx_etab_100", "mise_en_garde": "Autre."} | KNOWN,
    ],
    {
        "cle_unique": twice,
        "mise_en_garde_presente": last(mise_en_garde=None),
        "besoin_et_non_recours": first(mise_en_garde="Dit le besoin, pas un faible non-recours."),
        "disponible_ou_motif": first(motif_non_disponible="Personne ne le compte."),
        "disponible_et_date": first(derniere_periode=None),
    },
    dict.fromkeys(["code_indicateur", "mise_en_garde", *KNOWN], "varchar"),
)
