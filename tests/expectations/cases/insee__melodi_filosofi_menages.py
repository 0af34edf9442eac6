"""Good rows of `insee__melodi_filosofi_menages`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    dataset,
    first,
    last,
    twice,
)

RATE = "Taux de pauvreté (en %) au seuil de 60 % de la médiane du niveau de vie"
MEDIAN = "Niveau de vie médian (en euros)"
GOOD = [
    {
        "territoire": territory,
        "niveau": "Commune",
        "type_menage": part,
        "mesure": measure,
        "periode": "2021",
        "unite": unit,
        "statut_confidentialite": "Diffusable",
        "valeur": value,
    }
    for territory in ("Communauté d'agglomération de Saint-Quentin-en-Yvelines", "Trappes")
    for part in ("Femme seule", "Total")
    for measure, unit, value in ((RATE, "Pourcentage", 25.0), (MEDIAN, "Euros par an", 17000.0))
] + [
    {
        "territoire": "Trappes",
        "niveau": "Commune",
        "type_menage": "Autre",
        "mesure": RATE,
        "periode": "2021",
        "unite": "Pourcentage",
        "statut_confidentialite": "Confidentiel (secret statistique)",
    }
]

CASE = dataset(
    "insee__melodi_filosofi_menages",
    GOOD,
    {
        "cle_unique": twice,
        "statut_connu": last(statut_confidentialite="Inconnu"),
        "statut_et_valeur": last(valeur=25.0),
        "mesure_et_unite": last(unite="Euros par an"),
        "pauvrete_dans_0_100": first(valeur=100.1),
        "niveau_de_vie_plausible": lambda rows: [rows[0], rows[1] | {"valeur": 4999.0}, *rows[2:]],
        "total_present": lambda rows: [*rows[:2], *rows[3:]],
        "sqy_presente": lambda rows: rows[4:],
    },
)
