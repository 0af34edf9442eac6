"""Good rows of `insee__recensement_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUARTIERS,
    codes,
    dataset,
    every,
    first,
    last,
    twice,
    without_first,
)

AGES = {
    "part_0_14_ans_pct": 24.3,
    "part_15_24_ans_pct": 15.2,
    "part_25_59_ans_pct": 44.5,
    "part_60_74_ans_pct": 10.2,
    "part_75_ans_plus_pct": 5.6,  # rounded one by one: 99.8 in all
}
GOOD = [
    {
        "code_territoire": code,
        **AGES,
        "part_femmes_pct": 52.6,
        "part_etrangers_pct": 16.8,
        "taux_emploi_15_64_ans_pct": 47.4,
        "part_emplois_duree_limitee_etrangers_pct": 100.0,
        "part_diplome_inf_bac_pct": 77.0,
        "part_diplome_bac_pct": 12.4,
        "part_diplome_bac2_plus_pct": 10.7,
        "part_menages_1_personne_pct": 35.1,
        "part_femmes_menages_1_personne_75_ans_plus_pct": 281.7,
        "personnes_par_residence_principale": 2.3,
    }
    for code in QUARTIERS + ELSEWHERE
] + [{"code_territoire": "QP02A001"}]

CASE = dataset(
    "insee__recensement_qpv",
    GOOD,
    {
        "cle_unique": twice,
        "codes_connus": last(code_territoire="QP02A099"),
        "pourcentages_dans_0_100": first(part_emplois_duree_limitee_etrangers_pct=100.1),
        "parts_estimees": first(part_femmes_menages_1_personne_75_ans_plus_pct=-0.1),
        "ages": first(part_25_59_ans_pct=44.2),
        "diplomes": first(part_diplome_bac_pct=12.7),
        "taille_des_menages": first(personnes_par_residence_principale=23),
        "quartiers_de_sqy": without_first,
        "colonnes_remplies": every(part_menages_1_personne_pct=None),
        "part_de_femmes_mediane": every(part_femmes_pct=16.8),
        "part_d_etrangers_mediane": every(part_etrangers_pct=52.6),
        "decimales_presentes": every(part_etrangers_pct=17.0),
        "sqy_renseigne": first(part_etrangers_pct=None),
    },
    known=codes(GOOD),
)
