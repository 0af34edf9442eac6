"""Good rows of `insee__ipro_qpv`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    ELSEWHERE,
    QUARTIERS,
    Spoil,
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

ABC = "demandeurs_emploi_abc"
DURATIONS = {1: 120, 2: 60, 3: 80, 4: 80}
# Multiples of 20, so that a quarter more of everything is whole too.
JOBSEEKERS = {
    "demandeurs_emploi_abcde": 380,
    "demandeurs_emploi_abcde_femmes": 180,
    "demandeurs_emploi_abcde_hommes": 200,
    ABC: 340,
    f"{ABC}_femmes": 160,
    f"{ABC}_hommes": 180,
    f"{ABC}_rsa": 100,
    f"{ABC}_rsa_femmes": 60,
    f"{ABC}_rsa_hommes": 40,
    "demandeurs_emploi_a": 240,
    "demandeurs_emploi_a_femmes": 120,
    "demandeurs_emploi_a_hommes": 120,
    f"{ABC}_moins_26_ans": 60,
    f"{ABC}_26_49_ans": 200,
    f"{ABC}_50_ans_plus": 80,
    # Of a few, neither the nationality, nor the level, nor the qualification is known.
    f"{ABC}_francais": 240,
    f"{ABC}_etrangers": 80,
    f"{ABC}_inf_cap_bep": 80,
    f"{ABC}_cap_bep": 120,
    f"{ABC}_bac": 80,
    f"{ABC}_sup_bac": 40,
    **{f"{ABC}_qualification_{n}": 60 for n in range(1, 6)},
    **{f"{ABC}_duree_{n}": count for n, count in DURATIONS.items()},
    **{f"{ABC}_duree_{n}_femmes": 40 for n in DURATIONS},
    **{f"{ABC}_duree_{n}_hommes": 60 if n == 4 else 40 for n in DURATIONS},
}
CONTRACTS = {
    "contrats_aides": 29,
    "contrats_aides_cui": 20,
    "contrats_aides_emplois_avenir": 9,
    "contrats_aides_cie": 8,
    "contrats_aides_cae": 12,
    # The producer's sums are off by one where it blurred a count.
    "contrats_aides_femmes": 16,
    "contrats_aides_hommes": 14,
}
RATES = {
    "taux_emploi_15_64_ans_pct": 47.4,
    "taux_emploi_15_64_ans_femmes_pct": 42.2,
    "taux_emploi_15_64_ans_etrangers_pct": 100.0,
    "part_emplois_duree_limitee_pct": 22.8,
    "part_emplois_duree_limitee_etrangers_pct": 0.0,
}
CHANGES = {
    "evolution_contrats_aides_pct": 133.3,
    "evolution_demandeurs_emploi_abc_pct": -49.4,
    "evolution_demandeurs_emploi_a_pct": 61.4,
}
NOTES = dict.fromkeys(("note_pe", "note_asp", "note_pe_evolution", "note_asp_evolution"), "0")


def jobseekers(factor: float) -> Spoil:
    """Every count of jobseekers multiplied alike: parts still make their totals."""
    return every(**{name: round(factor * count) for name, count in JOBSEEKERS.items()})


GOOD = [
    {"code_territoire": code, **JOBSEEKERS, **CONTRACTS, **RATES, **CHANGES, **NOTES}
    for code in QUARTIERS + ELSEWHERE
] + [{"code_territoire": "QP974039", **dict.fromkeys(NOTES, "5")}]

CASE = dataset(
    "insee__ipro_qpv",
    GOOD,
    {
        "cle_unique": twice,
        "codes_connus": last(code_territoire="QP974099"),
        "effectif_nul": first(**dict.fromkeys(CONTRACTS) | {"contrats_aides": 0}),
        "categories_emboitees": first(
            demandeurs_emploi_a=341, demandeurs_emploi_a_femmes=161, demandeurs_emploi_a_hommes=180
        ),
        "femmes_et_hommes": first(demandeurs_emploi_abc_rsa_femmes=61),
        "ages_des_demandeurs": first(demandeurs_emploi_abc_26_49_ans=201),
        "durees_d_inscription": first(demandeurs_emploi_abc_duree_4_hommes=61),
        "parties_et_total": first(demandeurs_emploi_abc_etrangers=101),
        "contrats_et_parties": first(contrats_aides_cae=14),
        "pourcentages_dans_0_100": first(part_emplois_duree_limitee_femmes_pct=100.1),
        "evolutions_possibles": first(evolution_demandeurs_emploi_a_hommes_pct=-100.1),
        "note_et_valeurs": first(note_asp="4"),
        "quartiers_de_sqy": without_first,
        "colonnes_remplies": every(taux_emploi_15_64_ans_pct=None),
        "taux_d_emploi_median": every(taux_emploi_15_64_ans_pct=22.8),
        "duree_limitee_mediane": every(part_emplois_duree_limitee_pct=47.4),
        "categorie_a_mediane": every(
            demandeurs_emploi_a=180, demandeurs_emploi_a_femmes=80, demandeurs_emploi_a_hommes=100
        ),
        "decimales_presentes": every(taux_emploi_15_64_ans_pct=47.0),
        "sqy_renseigne": first(taux_emploi_15_64_ans_pct=None),
        # A third more here, as many fewer there: the total is the same.
        "evolution": lambda rows: [
            *jobseekers(1.4)(rows[:10]),
            *jobseekers(0.6)(rows[10:20]),
            *rows[20:],
        ],
        "evolution_mediane": jobseekers(1.25),
        "total_du_producteur": without_ten,
    },
    along={
        "colonnes_remplies": ["sqy_renseigne"],
        "categorie_a_mediane": ["total_du_producteur"],
        "evolution_mediane": ["total_du_producteur"],
    },
    before=GOOD,
    known=codes(GOOD),
    control={
        "CODGEO": "Ensemble",
        "ABCDE": grouped(157 * 380),
        "ABC": grouped(157 * 340),
        "A": grouped(157 * 240),
    },
)
