"""Good rows of `caf__allocataires_iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    CHILDREN,
    codes,
    dataset,
    every,
    first,
    last,
    renamed,
    twice,
    without_first,
)

TRAPPES = [f"78621{n:04}" for n in range(12)]
# Rules about the whole file tolerate a share of odd rows: two in a hundred are not many.
ELSEWHERE = [f"59350{n:04}" for n in range(60)]
GOOD = [
    {
        "code_territoire": code,
        "note_cnaf": "0",
        "foyers_allocataires": 500,
        "personnes_couvertes": 1200,
        "foyers_isoles": 150,
        "foyers_monoparents": 50,
        "foyers_rsa_socle": 5,
        "foyers_aah": 12,
        "foyers_aide_logement": 500,
        **CHILDREN,
    }
    for code in [*TRAPPES, "784900101", *ELSEWHERE]
] + [
    {"code_territoire": "2A0040101", "note_cnaf": "2"},
    {"code_territoire": "781650101", "note_cnaf": "5"},
]

CASE = dataset(
    "caf__allocataires_iris",
    GOOD,
    {
        "cle_unique": twice,
        "note_connue": last(note_cnaf="6"),
        "note_et_valeurs": first(note_cnaf="2"),
        "secret_du_producteur": first(foyers_aah=4),
        "foyers_et_personnes": first(foyers_allocataires=730, personnes_couvertes=729),
        "parties_et_total": first(foyers_aide_logement=501),
        "ages_des_enfants": first(enfants_couverts=699),
        "iris_de_trappes": without_first,
        "personnes_par_foyer": every(personnes_couvertes=2000),
        "colonnes_remplies": every(foyers_allocataires=None),
        "codes_connus": lambda rows: [rows[0] | {"code_territoire": "786210012"}, *rows[1:]],
        "generation_des_codes": lambda rows: [*renamed(3, "59351000")(rows[:-2]), *rows[-2:]],
        # Plaisir had one IRIS here.
        "communes_de_sqy": lambda rows: [*rows[:12], *rows[13:]],
        "evolution": every(foyers_allocataires=600),
        "evolutions_brusques": lambda rows: [
            *rows[:20],
            rows[20] | {"foyers_allocataires": 1001},
            *rows[21:],
        ],
        "evolution_de_sqy": first(foyers_allocataires=840),
    },
    along={"generation_des_codes": ["codes_connus"]},
    before=GOOD,
    known=codes(GOOD),
)
