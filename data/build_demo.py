"""Build `data/demo`: extracts of the producers' files, and model workbooks of operators.

    python data/build_demo.py <folder of the producers' files>

An extract is the header and chosen lines of the real file, byte for byte: byte order mark, line
ends, thin spaces, empty trailing columns and quotes stay, so that the layout is the true one.
What is real and what is invented: `data/demo/README.md`.
"""

from __future__ import annotations

import codecs
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from model_workbook import Row, model_workbook

DEMO = Path(__file__).resolve().parent / "demo"

CONTROL = "Ensemble"
COMMUNES_OF_SQY = (
    "78165", "78168", "78208", "78297", "78356", "78383",
    "78423", "78490", "78621", "78644", "78674", "78688",
)  # fmt: skip
EPCI = {
    "200058782": "CA de Saint-Quentin-en-Yvelines, 12 communes (from 2015 on)",
    "247800451": "the same before: 7 communes (2014)",
    "247800584": "CA Versailles Grand Parc",
    "247800550": "CC du Pays Houdanais",
    "247800618": "CC Cœur d'Yvelines",
    "200033173": "CC de la Haute Vallée de Chevreuse",
    "249500109": "CA de Cergy-Pontoise",
    "247700057": "CA Melun Val de Seine",
    "247700594": "CA Marne et Gondoire",
    "247700339": "CA Val d'Europe Agglomération",
    "200017846": "CA Étampois Sud-Essonne",
}


@dataclass(frozen=True)
class Extract:
    """Files of one dataset: where the producer's are, where extracts go, which codes are kept."""

    dataset: str
    source: str
    target: str
    names: list[str]
    keeps: Callable[[str], bool]


def _quartier_of_yvelines(code: str) -> bool:
    return code == CONTROL or code.startswith("QP078")


EXTRACTS = [
    Extract(
        "insee.demo_qpv",
        "insee/qpv2015/thematique",
        "insee",
        [f"DEMO_{year}.csv" for year in (2017, 2018, 2019, 2021)]
        + [f"data_DEMO_{year}_V1_QP.csv" for year in (2019, 2020, 2021)],
        _quartier_of_yvelines,
    ),
    Extract(
        "insee.revn_qpv",
        "insee/qpv2015/thematique",
        "insee",
        [f"REVN_{year}.csv" for year in (2017, 2018, 2019, 2021)],
        _quartier_of_yvelines,
    ),
    Extract(
        "insee.filosofi_epci",
        "insee/communes_epci/filosofi",
        "insee",
        [f"FILO{year}_DISP_EPCI.csv" for year in range(2014, 2019)],
        EPCI.__contains__,
    ),
    Extract(
        "caf.allocataires_iris",
        "caf",
        "caf",
        [f"data_CAF_{year}_IRIS.csv" for year in range(2016, 2021)],
        lambda code: code.startswith(COMMUNES_OF_SQY),
    ),
]

REPORT = "Chiffres du rapport du 05/07/2022 (GT Accès au droit et au service public)"
INVENTED = "DONNÉES INVENTÉES pour la démonstration : structure et chiffres imaginaires"
UNDATED = "Le rapport ne dit pas de quelle année sont ces chiffres : 2021 est une convention."
WHOLE = {"sexe": "Ensemble", "classe_age": "Ensemble"}


def build(sources: Path) -> dict[str, bytes]:
    """Every generated file of the demonstration: path inside `data/demo` → bytes."""
    files, rows = _extracts(sources)
    return {**files, **operator_files(), "extrait.yml": _mark(rows)}


def _extracts(sources: Path) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    """The extracts and, by dataset, how many data rows each holds (control row left out)."""
    files: dict[str, bytes] = {}
    rows: dict[str, list[int]] = {}
    for extract in EXTRACTS:
        for name in extract.names:
            data = (sources / extract.source / name).read_bytes()
            files[f"{extract.target}/{name}"] = kept = _cut(data, extract.keeps)
            codes = [_code(line) for line in kept.splitlines()[1:]]
            rows.setdefault(extract.dataset, []).append(len(codes) - codes.count(CONTROL))
    return files, rows


def _cut(data: bytes, keeps: Callable[[str], bool]) -> bytes:
    """The header and the kept lines; the last one ends as the last line of the source does."""
    header, *lines = data.splitlines(keepends=True)
    if _code(header) != "CODGEO":
        raise SystemExit(f"The first column should be CODGEO, not {_code(header)}")
    kept = [header, *[line for line in lines if keeps(_code(line))]]
    if not data.endswith(b"\n"):
        kept[-1] = kept[-1].rstrip(b"\r\n")
    return b"".join(kept)


def _code(line: bytes) -> str:
    first = line.removeprefix(codecs.BOM_UTF8).split(b";", 1)[0]
    return first.strip(b'"\r\n').decode()


def _mark(rows: dict[str, list[int]]) -> bytes:
    """The file that says « these are extracts », with the row counts that a whole one has here."""
    lines = [
        "# Ce dossier contient des extraits des fichiers des producteurs, pas les fichiers entiers.",
        "# Les nombres de lignes attendus sont donc ceux des extraits (lignes de données, ligne de",
        f"# contrôle « {CONTROL} » non comptée) : un extrait coupé est refusé comme le serait un",
        "# fichier entier. Écrit par data/build_demo.py.",
        "rows:",
        *[f"  {name}: {{min: {min(n)}, max: {max(n)}}}" for name, n in rows.items()],
        "  operateurs.activite_agregee: {min: 1}",
    ]
    return "\n".join([*lines, ""]).encode()


def operator_files() -> dict[str, bytes]:
    """The operators' workbooks: figures printed in the report, and one invented structure."""
    name = "operateurs/activite_{}.xlsx".format
    return {
        name("iscg_2021"): model_workbook(
            "Activité des intervenants sociaux en commissariat et gendarmerie (ISCG)",
            f"{REPORT}, p. 13",
            [
                UNDATED,
                "« Près de 800 bénéficiaires par an » : 800, précision « environ ». Les 3 ETP "
                "sont sur la même ligne, qui ne peut dire qu'une précision.",
                "Le public vient aussi de hors de l'agglomération, dans une part non communiquée.",
                "Tout le public est rangé sous « Violences » : le rapport cite d'abord les "
                "personnes victimes ou auteurs de violences intrafamiliales, sans les dénombrer.",
            ],
            [
                {
                    "structure": "ISCG",
                    "periode": "2021",
                    "territoire": "Saint-Quentin-en-Yvelines",
                    "theme": "Violences",
                    **WHOLE,
                    "beneficiaires": 800,
                    "etp": 3,
                    "precision": "environ",
                }
            ],
        ),
        name("mjd_2021"): model_workbook(
            "Activité de la Maison de justice et du droit (MJD)",
            f"{REPORT}, p. 14",
            [
                UNDATED,
                "Le rapport ne donne aucun nombre de bénéficiaires : les cellules restent vides.",
                "20 % au moins du public vient de hors de l'agglomération (part, et non nombre : "
                "elle n'a pas de colonne ici).",
            ],
            [
                {
                    "structure": "Maison de justice et du droit",
                    "periode": "2021",
                    "territoire": "Saint-Quentin-en-Yvelines",
                    "theme": "Accès aux droits",
                    **WHOLE,
                    "etp": 6.2,
                    "precision": "exact",
                }
            ],
        ),
        name("relais-du-coeur_2021"): model_workbook(
            "Activité des Relais du cœur, centre social L'Agora (Élancourt)",
            f"{REPORT}, p. 16",
            [
                "« En moyenne 520 personnes par an » : " + UNDATED[0].lower() + UNDATED[1:],
                "« Lors de la crise sanitaire entre 160 et 340 personnes » : fourchette, sur une "
                "ligne à part. Le rapport ne date pas la crise : 2020 est une convention.",
                "Le rapport cite les Petits Prés et « plus généralement l'ensemble de la "
                "commune » : le territoire retenu est la commune d'Élancourt.",
            ],
            [
                {
                    "structure": "Les Relais du cœur",
                    "periode": "2020",
                    "territoire": "Élancourt",
                    "theme": "Accès aux droits",
                    **WHOLE,
                    "beneficiaires_bas": 160,
                    "beneficiaires_haut": 340,
                    "precision": "fourchette",
                },
                {
                    "structure": "Les Relais du cœur",
                    "periode": "2021",
                    "territoire": "Élancourt",
                    "theme": "Accès aux droits",
                    **WHOLE,
                    "beneficiaires": 520,
                    "precision": "moyenne",
                },
            ],
        ),
        name("centre-social-albert-schweitzer_2021"): model_workbook(
            "Activité du centre social Albert Schweitzer (Magny-les-Hameaux)",
            f"{REPORT}, p. 17 et 18",
            [
                "Ces chiffres sont datés de 2021 par le rapport. Le public a 16 ans ou plus.",
                "83 % de femmes et 89 % d'habitants du quartier du Buisson : ce sont des parts, "
                "elles ne sont pas changées en nombres.",
                "« 17 adultes formés, dont 12 séniors » : comptés en participants aux ateliers. "
                "Le rapport ne dit pas l'âge des séniors : rangés dans « 60 ans ou plus ».",
                "Les 7 utilisateurs du coffre-fort numérique n'ont pas de colonne ici.",
            ],
            [
                {
                    "structure": "Centre social Albert Schweitzer",
                    "periode": "2021",
                    "territoire": "Magny-les-Hameaux",
                    **WHOLE,
                    **figures,
                    "precision": "exact",
                }
                for figures in (
                    {"theme": "Accès aux droits", "beneficiaires": 165, "entretiens": 315},
                    {
                        "theme": "Accès aux droits",
                        "classe_age": "Plus de 26 ans",
                        "beneficiaires": 161,
                    },
                    {"theme": "Numérique", "participants": 17},
                    {"theme": "Numérique", "classe_age": "60 ans ou plus", "participants": 12},
                )
            ],
        ),
        name("demonstration_2022-01"): model_workbook(
            "Activité d'une structure de démonstration (inventée)",
            INVENTED,
            [
                "Aucun de ces nombres n'a été observé. Ils montrent comment se remplit le "
                "fichier : mois, thèmes, sexes, âges, précisions, et les graphies diverses sous "
                "lesquelles un même quartier est connu.",
                "Les petits nombres sont voulus : ils montrent ce que l'observatoire masque.",
                "Ce fichier de janvier 2022 reprend novembre et décembre 2021.",
            ],
            list(_invented_rows()),
        ),
    }


# Invented: month, territory, theme, women, men, sex unknown, aged (15 or less, 16 to 26, over 26,
# of whom 60 or more), and the other counts of the total.
_INVENTED = [
    ("2021-11", "Merisier – Plaine de Neauphle", "Accès aux droits", 34, 21, 0, (0, 12, 43, 15),
     {"entretiens": 81}),
    ("2021-11", "Jean Macé", "Accès aux droits", 18, 11, 2, (0, 6, 25, 9), {"entretiens": 44}),
    ("2021-11", "Petits pré sept mares", "Numérique", 9, 6, 0, (0, 3, 12, 7),
     {"ateliers": 4, "participants": 15}),
    ("2021-12", "Merisiers-Plaine De Neauphle", "Accès aux droits", 29, 17, 0, (0, 9, 37, 13),
     {"entretiens": 66}),
    ("2021-12", "Bois de l’Étang", "Logement", 14, 9, 0, (0, 4, 19, 6), {"entretiens": 31}),
    ("2021-12", "VALIBOUT", "Santé", 11, 4, 0, (1, 2, 12, 5), {"entretiens": 20}),
    ("2021-12", "Petits Prés – 7 Mares / Grenouillère", "Numérique", 8, 7, 0, (0, 2, 13, 8),
     {"ateliers": 3, "participants": 14}),
    ("2022-01", "Merisiers", "Accès aux droits", 41, 26, 1, (0, 15, 53, 18), {"entretiens": 97}),
    ("2022-01", "Bois De L'Etang", "Logement", 17, 12, 0, (0, 6, 23, 8), {"entretiens": 40}),
    ("2022-01", "Friches", "Emploi", 13, 12, 0, (0, 14, 11, 1), {"entretiens": 38}),
    ("2022-01", "Pont du routoir 2", "Éducation", 8, 7, 0, (9, 3, 3, 0),
     {"ateliers": 2, "participants": 12}),
    ("2022-01", "quartier du buisson", "État civil", 6, 3, 0, (0, 2, 7, 4), {"entretiens": 11}),
]  # fmt: skip
_INVENTED_WHOLES: list[Row] = [
    *[
        {"periode": month, "territoire": "SQY", "theme": "Accès aux droits", "etp": etp,
         "precision": "exact"}
        for month, etp in (("2021-11", 1.5), ("2021-12", 1.5), ("2022-01", 2))
    ],
    {"periode": "2021-12", "territoire": "Plaisir", "theme": "Consommation",
     "beneficiaires": 30, "precision": "environ"},
    {"periode": "2022-01", "territoire": "Trappes", "theme": "Mobilité",
     "beneficiaires_bas": 20, "beneficiaires_haut": 35, "precision": "fourchette"},
    {"periode": "2022-01", "territoire": "SQY", "theme": "Violences",
     "beneficiaires_bas": 12, "precision": "au moins"},
]  # fmt: skip


def _invented_rows() -> Iterator[Row]:
    structure = {"structure": "Structure de démonstration (inventée)"}
    for month, territory, theme, women, men, unknown, ages, others in _INVENTED:
        cell = {**structure, "periode": month, "territoire": territory, "theme": theme}
        total = women + men + unknown
        yield {**cell, **WHOLE, "beneficiaires": total, **others, "precision": "exact"}
        by_sex = {"Femmes": women, "Hommes": men, "Non renseigné": unknown}
        by_age = dict(
            zip(("15 ans ou moins", "16 à 26 ans", "Plus de 26 ans", "60 ans ou plus"), ages)
        )
        for column, parts in (("sexe", by_sex), ("classe_age", by_age)):
            for value, count in parts.items():
                if count:
                    yield {
                        **cell,
                        **WHOLE,
                        column: value,
                        "beneficiaires": count,
                        "precision": "exact",
                    }
    for whole in _INVENTED_WHOLES:
        yield {**structure, **WHOLE, **whole}


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python data/build_demo.py <folder of the producers' files>")
    files = build(Path(sys.argv[1]))
    for folder in {path.split("/")[0] for path in files if "/" in path}:
        shutil.rmtree(DEMO / folder, ignore_errors=True)
    for path, content in sorted(files.items()):
        (DEMO / path).parent.mkdir(parents=True, exist_ok=True)
        (DEMO / path).write_bytes(content)
        print(f"{len(content):8} {path}")


if __name__ == "__main__":
    main()
