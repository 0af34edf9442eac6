"""Good rows of `operateurs__postes_fonjep`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, Rows, dataset, first, last

POST: Row = {
    "fichier_source": "postes-fonjep-2025.json",
    "annee": "2025",
    "montant_eur": 7164.0,
    "code_contrat": "CN07801I",
}
GOOD: Rows = [POST | {"rang_source": rank, "id_poste": f"D{rank:05}"} for rank in range(7)]
AGAIN: Row = POST | {"rang_source": 1602, "id_poste": "D00006"}

CASE = dataset(
    "operateurs__postes_fonjep",
    [*GOOD, AGAIN],
    {
        "cle_unique": last(rang_source=6),
        "annee_du_fichier": first(annee=None),
        "lignes_repetees": lambda rows: [
            *rows,
            *(AGAIN | {"rang_source": 1603 + rank} for rank in range(2)),
        ],
        "contrat_renseigne": first(code_contrat=None),
        "subvention_d_un_poste": first(montant_eur=22810.61),
    },
)
