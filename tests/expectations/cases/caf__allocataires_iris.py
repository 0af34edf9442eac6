"""Good rows of `caf__allocataires_iris`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import CHILDREN, dataset, every, first, last, twice, without_first

CASE = dataset(
    "caf__allocataires_iris",
    [
        {
            "code_territoire": f"78621{n:04}",
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
        for n in range(12)
    ]
    + [{"code_territoire": "2A0040101", "note_cnaf": note} for note in ("2",)]
    + [{"code_territoire": "781650101", "note_cnaf": "5"}],
    {
        "cle_unique": twice,
        "note_connue": last(note_cnaf="6"),
        "note_et_valeurs": first(note_cnaf="2"),
        "secret_du_producteur": first(foyers_aah=4),
        "foyers_et_personnes": first(foyers_allocataires=1201),
        "parties_et_total": first(foyers_aide_logement=501),
        "ages_des_enfants": first(enfants_couverts=699),
        "iris_de_trappes": without_first,
        "personnes_par_foyer": every(personnes_couvertes=2000),
        "colonnes_remplies": every(foyers_allocataires=None),
    },
)
