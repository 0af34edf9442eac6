"""Good rows of `insee__demo_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    CHILDREN,
    ELSEWHERE,
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

GOOD = [
    {
        "code_territoire": code,
        "population": 3104,
        "population_qpv_commune": 3104,
        "population_commune": 28000,
        "part_femmes_pct": 52.6,
        "part_0_24_ans_pct": 0.0,
        "part_etrangers_pct": 20.2,
        "foyers_allocataires": 800,
        "personnes_couvertes": 2110,
        "note_cnaf": "0",
        **CHILDREN,
    }
    for code in QUARTIERS + ELSEWHERE
] + [
    # What true data do: hidden by the Cnaf, and a quartier whose every family is covered.
    {"code_territoire": "QP02A001", "population": 12, "note_cnaf": "4"},
    {
        "code_territoire": "QP078001",
        "population": 1000,
        "personnes_couvertes": 1050,
        "foyers_allocataires": 1050,
        "note_cnaf": "1",
    },
]
CASE = dataset(
    "insee__demo_qpv",
    GOOD,
    {
        "cle_unique": twice,
        "population_renseignee": first(
            population=None, personnes_couvertes=None, foyers_allocataires=None
        ),
        "couverture_nulle": first(personnes_couvertes=0, foyers_allocataires=0),
        "foyers_et_personnes": first(foyers_allocataires=2111),
        "pourcentages_dans_0_100": first(part_etrangers_pct=100.1),
        "ages_des_enfants": first(enfants_couverts=701),
        "couverture_au_dela_de_la_population": last(personnes_couvertes=1051),
        "note_et_valeurs": first(note_cnaf="2"),
        "quartiers_de_sqy": without_first,
        "populations_emboitees": every(population_qpv_commune=3103),
        "populations_distinctes": every(population_commune=3104),
        "parties_et_total": first(foyers_couples_sans_enfant=801),
        "couverture_mediane": lambda rows: [
            *every(personnes_couvertes=1060)(rows[:-1]),
            rows[-1],
        ],
        "couvertures_impossibles": lambda rows: [
            *every(personnes_couvertes=3300)(rows[:5]),
            *rows[5:],
        ],
        "colonnes_remplies": every(part_etrangers_pct=None),
        "part_de_femmes_mediane": every(part_femmes_pct=20.2),
        "decimales_presentes": every(part_etrangers_pct=20.0),
        "sqy_renseigne": first(part_etrangers_pct=None),
        "codes_connus": last(code_territoire="QP078099"),
        # A third more here, as many fewer there: the total is the same.
        "evolution": lambda rows: [
            *every(personnes_couvertes=2780)(rows[:10]),
            *every(personnes_couvertes=1440)(rows[10:20]),
            *rows[20:],
        ],
        "evolution_mediane": lambda rows: [*every(personnes_couvertes=2500)(rows[:-1]), rows[-1]],
        "total_du_producteur": without_ten,
    },
    along={
        "population_renseignee": ["sqy_renseigne"],
        "couvertures_impossibles": ["couverture_au_dela_de_la_population"],
        "colonnes_remplies": ["sqy_renseigne"],
        "couverture_mediane": ["evolution", "evolution_mediane", "total_du_producteur"],
        "evolution_mediane": ["total_du_producteur"],
    },
    before=GOOD,
    known=codes(GOOD),
    control={
        "CODGEO": "Ensemble",
        "POP_MUN": grouped(157 * 3104 + 1012),
        "A": grouped(157 * 800 + 1050),
        "PERCOU": grouped(157 * 2110 + 1050),
    },
)
