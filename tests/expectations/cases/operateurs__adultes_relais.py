"""Good rows of `operateurs__adultes_relais`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import Row, dataset, first, last

POST: Row = {
    "fichier_source": "adulte-relais-2024.json",
    "rang_source": 0,
    "id_poste": "07819R052902",
    "annee": "2024",
    "montant_eur": 22810.61,
    "code_contrat": "CN07802M",
}
CASE = dataset(
    "operateurs__adultes_relais",
    # The same post for two contracts, and the year before.
    [
        POST,
        POST | {"rang_source": 1, "code_contrat": "CN09505M"},
        POST | {"fichier_source": "adulte-relais-2023.json", "annee": "2023"},
    ],
    {
        "cle_unique": last(fichier_source="adulte-relais-2024.json", annee="2024", id_poste="0"),
        "annee_du_fichier": first(annee="2025"),
        "poste_une_fois_par_contrat": first(code_contrat="CN09505M"),
        "contrat_renseigne": first(code_contrat=None),
        "taux_d_un_adulte_relais": first(montant_eur=7164.0),
    },
)
