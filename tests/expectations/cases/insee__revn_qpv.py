"""Good rows of `insee__revn_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUANTILES,
    QUARTIERS,
    codes,
    dataset,
    every,
    first,
    grouped,
    last,
    twice,
    without_first,
    without_ten,
)

DECLARED = {name.replace("niveau_vie", "revenu_declare"): n for name, n in QUANTILES.items()}
GOOD = [
    {
        "code_territoire": code,
        "part_menages_imposes_pct": 0.0,
        "part_bas_revenus_declares_pct": 40.5,
        "taux_pauvrete_pct": 100.0,
        **QUANTILES,
        **DECLARED,
        "part_revenus_activite_pct": 70.3,
        "part_pensions_pct": 19.5,
        "part_prestations_sociales_pct": 20.5,
        "part_revenus_patrimoine_pct": 3.0,
        "part_impots_pct": -13.0,
        "foyers_allocataires": 800,
        "foyers_rsa_socle": 800,
        "foyers_aah": 40,
    }
    for code in QUARTIERS + ELSEWHERE
] + [{"code_territoire": "QP02A001"}]
CASE = dataset(
    "insee__revn_qpv",
    GOOD,
    {
        "cle_unique": twice,
        "pourcentages_dans_0_100": first(taux_pauvrete_pct=-0.1),
        "quartiles_ordonnes": first(niveau_vie_median_eur=18001),
        "quartiles_declares_ordonnes": first(revenu_declare_d9_eur=17999),
        "structure_du_revenu": first(part_pensions_pct=19.6),
        "part_hors_bornes": first(part_revenus_activite_pct=101.0, part_pensions_pct=-11.2),
        # A positive share of taxes, the whole still making 100.
        "impots_negatifs": first(part_impots_pct=0.1, part_revenus_activite_pct=57.2),
        "rsa_parmi_les_foyers": first(foyers_rsa_socle=801),
        "quartiers_de_sqy": without_first,
        "colonnes_remplies": every(taux_pauvrete_pct=None),
        "prestations_medianes": every(part_prestations_sociales_pct=5.5, part_pensions_pct=34.5),
        "niveau_de_vie_median": every(**{name: n + 20000 for name, n in QUANTILES.items()}),
        "decimales_presentes": every(part_prestations_sociales_pct=20.0, part_pensions_pct=20.0),
        "sqy_renseigne": first(taux_pauvrete_pct=None),
        "codes_connus": last(code_territoire="QP02A099"),
        "evolution": lambda rows: [
            *every(part_prestations_sociales_pct=27.5, part_pensions_pct=12.5)(rows[:10]),
            *rows[10:],
        ],
        "evolution_mediane": every(niveau_vie_median_eur=17000),
        "total_du_producteur": without_ten,
    },
    along={
        "colonnes_remplies": ["sqy_renseigne"],
        "prestations_medianes": ["evolution", "evolution_mediane"],
        "niveau_de_vie_median": ["evolution_mediane"],
    },
    before=GOOD,
    known=codes(GOOD),
    control={
        "CODGEO": "Ensemble",
        "A": grouped(157 * 800),
        "ARSAS": grouped(157 * 800),
        "AAAH": grouped(157 * 40),
    },
)
