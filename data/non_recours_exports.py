"""Invented counts for the measure of non-recours: no such file exists yet in Saint-Quentin.

Linking two operators' files needs a convention, the CAF's returns and a survey need their
producers. Every figure is invented, and the names of files, operators and campaigns say so.
"""

from __future__ import annotations

RECOUPEMENT = """\
Opérateur A;Opérateur B;Territoire;Période;Même périmètre;Effectif A;Effectif B;Effectif commun
Centre social (inventé);Relais alimentaire (inventé);SQY;2023;oui;520;310;95
Centre social (inventé);Relais alimentaire (inventé);Merisiers;2023;oui;165;120;30
Centre social (inventé);Relais alimentaire (inventé);Valibout;2023;oui;60;45;6
Centre social (inventé);Relais alimentaire (inventé);La Verrière;2023;non;210;190;80
"""

RETOURS = """\
Campagne;Prestation;Territoire;Période;Ciblés;Non-recours confirmés;Contactés;Droits ouverts;\
Gain mensuel moyen (€)
Campagne A (inventée);RSA;SQY;2022;900;120;118;41;312,50
Campagne A (inventée);Prime d'activité;SQY;2022;1 500;260;240;88;124,00
Campagne A (inventée);RSA;Merisiers;2022;310;52;50;17;305,00
Campagne A (inventée);RSA;Valibout;2022;190;34;33;12;298,00
Campagne B (inventée);RSA;SQY;2023;1 000;130;125;47;318,00
Campagne B (inventée);RSA;Merisiers;2023;330;50;48;18;310,00
Campagne B (inventée);RSA;Friches;2023;60;9;9;3;
"""

AGES = ("18 à 29 ans", "30 à 59 ans", "60 ans ou plus")
DIPLOMAS = ("Aucun diplôme ou brevet", "CAP ou BEP", "Baccalauréat ou plus")
# Respondents and « yes » by class, of the whole survey and of its part in each quartier.
SURVEY = {
    "SQY": ((60, 24), (70, 23), (110, 27), (150, 63), (160, 49), (210, 46), (120, 48), (90, 23),
            (80, 14)),
    "Merisiers": ((18, 8), (15, 5), (14, 4), (40, 18), (30, 10), (25, 6), (30, 13), (15, 4),
                  (10, 2)),
    "Valibout": ((6, 3), (5, 2), (5, 1), (12, 6), (9, 3), (7, 2), (9, 4), (5, 1), (3, 1)),
}  # fmt: skip
POPULATIONS = {
    "SQY": (8000, 12000, 23000, 20000, 22000, 55000, 18000, 12000, 14000),
    "Merisiers": (1000, 900, 1000, 2600, 1900, 1900, 1700, 700, 500),
    "Valibout": (220, 160, 150, 560, 320, 260, 310, 110, 70),
}


def survey_export() -> str:
    """One row for each territory, class of age and diploma."""
    lines = ["Enquête;Territoire;Période;Âge;Diplôme;Répondants;Oui;Population"]
    classes = [(age, diploma) for age in AGES for diploma in DIPLOMAS]
    for place, counts in SURVEY.items():
        for (age, diploma), (asked, yes), people in zip(
            classes, counts, POPULATIONS[place], strict=True
        ):
            lines.append(
                f"Enquête de porte à porte (inventée);{place};2023;{age};{diploma}"
                f";{asked};{yes};{people}"
            )
    return "\n".join([*lines, ""])


def non_recours_exports() -> dict[str, bytes]:
    """The files: path inside `data/demo` → bytes."""
    operators = "operateurs/non-recours-invente"
    return {
        f"{operators}/recoupement_invente_2023.csv": RECOUPEMENT.encode(),
        f"{operators}/enquete_renoncement_inventee_2023.csv": survey_export().encode(),
        "caf/retours-inventes/retours_detection_inventes_2023.csv": RETOURS.encode(),
    }
