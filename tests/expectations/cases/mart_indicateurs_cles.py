"""Good rows of `mart_indicateurs_cles`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import QUARTIERS, Case, first

KEY_FIGURES = ["caf_taux_couverture", "ctx_poids_presta", "ctx_part_etrangers", "ctx_etab_100"]
CASE = Case(
    [
        *(
            {"quartier_id": f"q{n}", "code_territoire": code, "zonage": "QPV2015"}
            | dict.fromkeys(KEY_FIGURES, 12.5)
            for n, code in enumerate(QUARTIERS)
        ),
        {
            "quartier_id": "le-buisson",
            "code_territoire": "LE_BUISSON",
            "zonage": "QVA",
            "caf_taux_couverture_statut": "non_communique",
        },
        {"quartier_id": None, "code_territoire": "200058782", "zonage": "EPCI"},
    ],
    {
        "cle_unique": lambda rows: [*rows[:-1], rows[0]],
        # One row more, that is no copy of another.
        "lignes_du_rapport": lambda rows: [*rows, rows[-1] | {"code_territoire": "78"}],
        "le_buisson_non_communique": lambda rows: [
            row | {"ctx_etab_100": 0.0} if row["zonage"] == "QVA" else row for row in rows
        ],
        "quartiers_renseignes": first(ctx_poids_presta=None),
    },
    {
        "quartier_id": "varchar",
        "code_territoire": "varchar",
        "zonage": "varchar",
        "caf_taux_couverture_statut": "varchar",
        **dict.fromkeys(KEY_FIGURES, "double"),
    },
)
