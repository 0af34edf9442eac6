"""Good rows of `insee__filosofi_iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    FILOSOFI,
    FILOSOFI_BAD,
    MORE_BENEFITS,
    all_richer,
    codes,
    dataset,
    every,
    first,
    last,
    one_richer,
    renamed,
    twice,
    without_first,
)

TRAPPES = "78621"
# Rules about the whole file tolerate a share of odd rows: two in a hundred are not many.
ELSEWHERE = [f"59350{n:04}" for n in range(60)]
BEFORE_2015 = {
    "part_revenus_activite_pct": None,
    "part_salaires_pct": None,
    "part_chomage_pct": None,
    "part_salaires_chomage_pct": 70.0,
}
GOOD = [
    {"code_territoire": code, "note_filo": "0", "taux_pauvrete_pct": 18.0, **FILOSOFI}
    for code in [
        *(f"{TRAPPES}01{n:02}" for n in range(12)),
        *(f"{commune}0101" for commune in COMMUNES if commune != TRAPPES),
        *ELSEWHERE,
    ]
] + [
    # What true data do: the layout of 2014, a hidden rate, a row that is not given.
    {"code_territoire": "2A0040101", "note_filo": "1", **FILOSOFI, **BEFORE_2015},
    {"code_territoire": "2A0040102", "note_filo": "0", **FILOSOFI},
    {"code_territoire": "2A0040103", "note_filo": "2"},
]

CASE = dataset(
    "insee__filosofi_iris",
    GOOD,
    {
        "cle_unique": twice,
        "note_connue": last(note_filo="3"),
        "note_et_valeurs": first(note_filo="5"),
        "pauvrete_dans_0_100": first(taux_pauvrete_pct=100.1),
        **FILOSOFI_BAD,
        "iris_de_trappes": without_first,
        "communes_de_sqy": lambda rows: [
            row for row in rows if not row["code_territoire"].startswith("78688")
        ],
        "codes_connus": last(code_territoire="2A0040104"),
        "generation_des_codes": renamed(3, "2B00402"),
        "colonnes_remplies": every(taux_pauvrete_pct=None),
        "niveau_de_vie_median": all_richer(2),
        "prestations_medianes": every(**MORE_BENEFITS),
        "pauvrete_mediane": every(taux_pauvrete_pct=35.1),
        "decimales_presentes": every(part_prestations_sociales_pct=6.0),
        "evolution": all_richer(1.12),
        "evolutions_brusques": one_richer(1.3, rank=40),
        "evolution_de_sqy": one_richer(1.2),
    },
    along={
        "generation_des_codes": ["codes_connus"],
        "niveau_de_vie_median": ["evolution", "evolutions_brusques", "evolution_de_sqy"],
    },
    before=GOOD,
    known=codes(GOOD),
)
