"""Good rows of `caf__prestations_qf_communes`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    codes,
    dataset,
    every,
    first,
    last,
    renamed,
    twice,
)

BENEFITS = ("paje", "enfance_jeunesse", "aide_logement", "insertion")
FIGURES = {
    "foyers_allocataires": 100,
    "personnes_couvertes": 220,
    "montant_prestations_eur": 40000,
    **{f"foyers_{name}": 10 for name in BENEFITS},
    **{f"personnes_{name}": 20 for name in BENEFITS},
    **{f"montant_{name}_eur": 3000 for name in BENEFITS},
}
GOOD = [
    {
        "mois": "2023-12",
        "code_territoire": f"38{n:03}",
        "quotient_familial": "Moins de 400 euros",
        "nom_commune": "UNE COMMUNE",
        **FIGURES,
    }
    for n in range(40)
] + [
    # No home and an amount: two homes at most, rounded to none.
    {
        "mois": "2023-12",
        "code_territoire": "01001",
        "quotient_familial": "Inconnu",
        "nom_commune": "UNE COMMUNE",
        **dict.fromkeys(FIGURES, 0),
        "montant_prestations_eur": 400,
    }
]

CASE = dataset(
    "caf__prestations_qf_communes",
    GOOD,
    {
        "cle_unique": twice,
        "quotient_connu": last(quotient_familial="Moins de 300 euros"),
        "mois_de_decembre": last(mois="2023-06"),
        "effectifs_renseignes": last(foyers_paje=None),
        "effectifs_positifs": last(foyers_paje=-5),
        "effectifs_arrondis_a_5": first(personnes_insertion=21),
        "montants_arrondis_a_100": first(montant_aide_logement_eur=3050),
        "foyers_et_personnes": first(foyers_insertion=25),
        "parties_et_total": first(montant_paje_eur=40100),
        "personnes_par_foyer": every(personnes_couvertes=400),
        "euros_par_foyer": every(montant_prestations_eur=100000),
        "ligne_ajoutee": last(nom_commune=None, montant_prestations_eur=0),
        "ligne_ajoutee_vide": last(nom_commune=None),
        "codes_connus": last(code_territoire="01002"),
        "generation_des_codes": renamed(2, "0200"),
    },
    along={
        "ligne_ajoutee_vide": ["ligne_ajoutee"],
        "generation_des_codes": ["codes_connus"],
    },
    known=codes(GOOD),
)
