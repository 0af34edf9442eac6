"""What the operators' workbooks say: the figures of the report, and invented ones."""

from __future__ import annotations

from collections.abc import Iterator

from ingestion.model_workbook import Row, model_workbook, paragraphs

REPORT = "Chiffres du rapport du 05/07/2022 (GT Accès au droit et au service public)"
INVENTED = "DONNÉES INVENTÉES pour la démonstration : structure et chiffres imaginaires"


def operator_files() -> dict[str, bytes]:
    """The operators' workbooks: path inside `data/demo` → bytes."""
    books = {
        "iscg_2021": _iscg(),
        "mjd_2021": _mjd(),
        "relais-du-coeur_2021": _relais_du_coeur(),
        "centre-social-albert-schweitzer_2021": _schweitzer(),
        "demonstration_2022-01": _invented(),
    }
    return {f"operateurs/activite_{name}.xlsx": book for name, book in books.items()}


def _row(
    structure: str,
    period: str,
    territory: str,
    theme: str,
    precision: str,
    sex: str = "Ensemble",
    age: str = "Ensemble",
    **counts: float,
) -> Row:
    return {
        "structure": structure,
        "periode": period,
        "territoire": territory,
        "theme": theme,
        "sexe": sex,
        "classe_age": age,
        "precision": precision,
        **counts,
    }


def _iscg() -> bytes:
    notes = """
    Le rapport ne dit pas de quelle année sont ces chiffres : 2021 est une convention.

    « Près de 800 bénéficiaires par an » : 800, précision « environ ». Les 3 ETP sont sur la même
    ligne, qui ne peut dire qu'une précision.

    Le public vient aussi de hors de l'agglomération, dans une part non communiquée.

    Tout le public est rangé sous « Violences » : le rapport cite d'abord les personnes victimes
    ou auteurs de violences intrafamiliales, sans les dénombrer.
    """
    row = _row(
        "ISCG", "2021", "Saint-Quentin-en-Yvelines", "Violences", "environ",
        beneficiaires=800, etp=3,
    )  # fmt: skip
    return model_workbook(
        "Activité des intervenants sociaux en commissariat et gendarmerie (ISCG)",
        f"{REPORT}, p. 13",
        paragraphs(notes),
        [row],
    )


def _mjd() -> bytes:
    notes = """
    Le rapport ne dit pas de quelle année est ce chiffre : 2021 est une convention.

    Le rapport ne donne aucun nombre de bénéficiaires : les cellules restent vides.

    20 % au moins du public vient de hors de l'agglomération : c'est une part, et non un nombre,
    elle n'a pas de colonne ici.
    """
    row = _row(
        "Maison de justice et du droit", "2021", "Saint-Quentin-en-Yvelines", "Accès aux droits",
        "exact", etp=6.2,
    )  # fmt: skip
    return model_workbook(
        "Activité de la Maison de justice et du droit (MJD)",
        f"{REPORT}, p. 14",
        paragraphs(notes),
        [row],
    )


def _relais_du_coeur() -> bytes:
    notes = """
    « En moyenne 520 personnes par an » : le rapport ne dit pas de quelles années, 2021 est une
    convention.

    « Lors de la crise sanitaire entre 160 et 340 personnes » : fourchette, sur une ligne à part.
    Le rapport ne date pas la crise : 2020 est une convention.

    Le rapport cite les Petits Prés et « plus généralement l'ensemble de la Commune » : le
    territoire retenu est la commune d'Élancourt.
    """
    place = ("Élancourt", "Accès aux droits")
    rows = [
        _row(
            "Les Relais du cœur", "2020", *place, "fourchette",
            beneficiaires_bas=160, beneficiaires_haut=340,
        ),
        _row("Les Relais du cœur", "2021", *place, "moyenne", beneficiaires=520),
    ]  # fmt: skip
    return model_workbook(
        "Activité des Relais du cœur, centre social L'Agora (Élancourt)",
        f"{REPORT}, p. 16",
        paragraphs(notes),
        rows,
    )


def _schweitzer() -> bytes:
    notes = """
    Ces chiffres sont datés de 2021 par le rapport. Le public a 16 ans ou plus.

    83 % de femmes et 89 % d'habitants du quartier du Buisson : ce sont des parts, elles ne sont
    pas changées en nombres.

    « 17 adultes formés, dont 12 séniors » : comptés en participants aux ateliers. Le rapport ne
    dit pas l'âge des séniors : ils sont rangés dans « 60 ans ou plus ».

    Les 7 personnes qui utilisent le coffre-fort numérique n'ont pas de colonne ici.
    """
    where = ("Centre social Albert Schweitzer", "2021", "Magny-les-Hameaux")
    rights, digital = (*where, "Accès aux droits", "exact"), (*where, "Numérique", "exact")
    rows = [
        _row(*rights, beneficiaires=165, entretiens=315),
        _row(*rights, age="Plus de 26 ans", beneficiaires=161),
        _row(*digital, participants=17),
        _row(*digital, age="60 ans ou plus", participants=12),
    ]
    return model_workbook(
        "Activité du centre social Albert Schweitzer (Magny-les-Hameaux)",
        f"{REPORT}, p. 17 et 18",
        paragraphs(notes),
        rows,
    )


def _invented() -> bytes:
    notes = """
    Aucun de ces nombres n'a été observé. Ils montrent comment se remplit le fichier : mois,
    thèmes, sexes, âges, précisions, et les graphies sous lesquelles un même quartier est connu.

    Les petits nombres sont voulus : ils montrent ce que l'observatoire masque.

    Ce fichier de janvier 2022 reprend novembre et décembre 2021.
    """
    return model_workbook(
        "Activité d'une structure de démonstration (inventée)",
        INVENTED,
        paragraphs(notes),
        list(_invented_rows()),
    )


IMAGINARY = "Structure de démonstration (inventée)"
AGES = ("15 ans ou moins", "16 à 26 ans", "Plus de 26 ans", "60 ans ou plus")

# Month, territory as someone spelled it, theme, people by sex (women, men, unknown), people by
# age (as AGES, of which the last is a part of the third), other counts of the total.
DETAILED: list[tuple[str, str, str, tuple[int, ...], tuple[int, ...], dict[str, float]]] = [
    ("2021-11", "Merisier – Plaine de Neauphle", "Accès aux droits",
     (34, 21, 0), (0, 12, 43, 15), {"entretiens": 81}),
    ("2021-11", "Jean Macé", "Accès aux droits",
     (18, 11, 2), (0, 6, 25, 9), {"entretiens": 44}),
    ("2021-11", "Petits pré sept mares", "Numérique",
     (9, 6, 0), (0, 3, 12, 7), {"ateliers": 4, "participants": 15}),
    ("2021-12", "Merisiers-Plaine De Neauphle", "Accès aux droits",
     (29, 17, 0), (0, 9, 37, 13), {"entretiens": 66}),
    ("2021-12", "Bois de l’Étang", "Logement",
     (14, 9, 0), (0, 4, 19, 6), {"entretiens": 31}),
    ("2021-12", "VALIBOUT", "Santé",
     (11, 4, 0), (1, 2, 12, 5), {"entretiens": 20}),
    ("2021-12", "Petits Prés – 7 Mares / Grenouillère", "Numérique",
     (8, 7, 0), (0, 2, 13, 8), {"ateliers": 3, "participants": 14}),
    ("2022-01", "Merisiers", "Accès aux droits",
     (41, 26, 1), (0, 15, 53, 18), {"entretiens": 97}),
    ("2022-01", "Bois De L'Etang", "Logement",
     (17, 12, 0), (0, 6, 23, 8), {"entretiens": 40}),
    ("2022-01", "Friches", "Emploi",
     (13, 12, 0), (0, 14, 11, 1), {"entretiens": 38}),
    ("2022-01", "Pont du routoir 2", "Éducation",
     (8, 7, 0), (9, 3, 3, 0), {"ateliers": 2, "participants": 12}),
    ("2022-01", "quartier du buisson", "État civil",
     (6, 3, 0), (0, 2, 7, 4), {"entretiens": 11}),
]  # fmt: skip


def _invented_rows() -> Iterator[Row]:
    for month, territory, theme, by_sex, by_age, others in DETAILED:
        where = (IMAGINARY, month, territory, theme, "exact")
        yield {**_row(*where, beneficiaires=sum(by_sex)), **others}
        for sex, count in zip(("Femmes", "Hommes", "Non renseigné"), by_sex, strict=True):
            if count:
                yield _row(*where, sex=sex, beneficiaires=count)
        for age, count in zip(AGES, by_age, strict=True):
            if count:
                yield _row(*where, age=age, beneficiaires=count)
    for month, etp in (("2021-11", 1.5), ("2021-12", 1.5), ("2022-01", 2)):
        yield _row(IMAGINARY, month, "SQY", "Accès aux droits", "exact", etp=etp)
    yield _row(IMAGINARY, "2021-12", "Plaisir", "Consommation", "environ", beneficiaires=30)
    yield _row(
        IMAGINARY, "2022-01", "Trappes", "Mobilité", "fourchette",
        beneficiaires_bas=20, beneficiaires_haut=35,
    )  # fmt: skip
    yield _row(IMAGINARY, "2021", "SQY", "Violences", "au moins", beneficiaires_bas=12)
