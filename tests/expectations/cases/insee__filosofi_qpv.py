"""Good rows of `insee__filosofi_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUANTILES,
    QUARTIERS,
    codes,
    dataset,
    every,
    first,
    last,
    twice,
    without_first,
)

ALL_QUANTILES = QUANTILES | {
    "niveau_vie_d2_eur": 10000,
    "niveau_vie_d3_eur": 12000,
    "niveau_vie_d4_eur": 13000,
    "niveau_vie_d6_eur": 15000,
    "niveau_vie_d7_eur": 16500,
    "niveau_vie_d8_eur": 19000,
}
GOOD = [
    {
        "code_territoire": code,
        "taux_pauvrete_pct": 43.0,
        **ALL_QUANTILES,
        "rapport_interdecile": 2.6,
        "ecart_interquartile_relatif": 0.5,
        "indice_gini": 0.22,
        "rapport_s80_s20": 3.1,
        "part_revenus_activite_pct": 70.3,
        "part_chomage_pct": 6.0,
        "part_pensions_pct": 19.5,
        "part_prestations_sociales_pct": 20.5,
        "part_prestations_familiales_pct": 6.5,
        "part_minima_sociaux_pct": 8.0,
        "part_prestations_logement_pct": 6.0,
        "part_revenus_patrimoine_pct": 3.0,
        "part_impots_pct": -13.0,
        "note_filo": "1",
    }
    for code in QUARTIERS + ELSEWHERE
] + [
    # What true data do: not published at all, or without its poverty rate.
    {"code_territoire": "QP02A001", "note_filo": "2"},
    {"code_territoire": "QP02A002", "niveau_vie_median_eur": 13000, "note_filo": "0"},
]
MORE_BENEFITS = {
    "part_prestations_sociales_pct": 40.5,
    "part_minima_sociaux_pct": 28.0,
    "part_pensions_pct": -0.5,
}

CASE = dataset(
    "insee__filosofi_qpv",
    GOOD,
    {
        "cle_unique": twice,
        "codes_connus": last(code_territoire="QP02A099"),
        "taux_de_pauvrete_dans_0_100": first(taux_pauvrete_pct=-0.1),
        "quantiles_ordonnes": first(niveau_vie_d7_eur=18001),
        "structure_du_revenu": first(part_pensions_pct=19.9),
        "parts_des_prestations": first(part_prestations_logement_pct=6.3),
        "chomage_dans_l_activite": first(part_chomage_pct=70.4),
        "rapports_et_quantiles": first(ecart_interquartile_relatif=2.6),
        "gini_entre_0_et_1": first(indice_gini=3.1),
        # A positive share of taxes, the whole still making 100.
        "impots_negatifs": first(part_impots_pct=0.1, part_revenus_activite_pct=57.2),
        "note_et_valeurs": last(note_filo="5"),
        "quartiers_de_sqy": without_first,
        "colonnes_remplies": every(taux_pauvrete_pct=None),
        "prestations_medianes": every(**MORE_BENEFITS),
        "niveau_de_vie_median": every(**{name: 2 * count for name, count in ALL_QUANTILES.items()}),
        "taux_de_pauvrete_median": every(taux_pauvrete_pct=20.5),
        "decimales_presentes": every(
            part_prestations_sociales_pct=20.0, part_pensions_pct=20.0, part_minima_sociaux_pct=7.5
        ),
        "sqy_renseigne": first(taux_pauvrete_pct=None),
        "evolution": lambda rows: [
            *every(niveau_vie_median_eur=11100, niveau_vie_d4_eur=11050, niveau_vie_d3_eur=11000)(
                every(ecart_interquartile_relatif=0.63)(rows[:10])
            ),
            *rows[10:],
        ],
        "evolution_mediane": every(
            part_prestations_sociales_pct=24.1, part_minima_sociaux_pct=11.6, part_pensions_pct=15.9
        ),
    },
    along={
        "colonnes_remplies": ["sqy_renseigne"],
        "prestations_medianes": ["evolution_mediane"],
        "niveau_de_vie_median": ["evolution", "evolution_mediane"],
    },
    before=GOOD,
    known=codes(GOOD),
)
