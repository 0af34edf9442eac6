"""Good rows of `operateurs__recoupement`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, twice

LINK: Row = {
    "operateur_a": "Centre inventé",
    "operateur_b": "Relais inventé",
    "territoire": "Merisiers",
    "periode": "2023",
    "meme_perimetre": "oui",
    "effectif_a": 165,
    "effectif_b": 120,
    "effectif_commun": 30,
}
CASE = dataset(
    "operateurs__recoupement",
    [LINK, LINK | {"territoire": "Valibout", "effectif_commun": 0}],
    {
        "cle_unique": twice,
        "deux_operateurs": first(operateur_b="Centre inventé"),
        "effectifs_renseignes": first(effectif_commun=None),
        "effectifs_positifs": first(effectif_commun=-1),
        "communs_au_plus": first(effectif_commun=121),
        "perimetre_identique": first(meme_perimetre="non"),
    },
)
