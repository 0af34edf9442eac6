"""Build `data/demo`: extracts of the producers' files, and model workbooks of operators.

    python data/build_demo.py <folder of the producers' files>

An extract is the header and chosen lines of the real file, byte for byte: byte order mark, line
ends, thin spaces, empty trailing columns and quotes stay, so that the layout is the true one.
What is real and what is invented: `data/demo/README.md`.
"""

from __future__ import annotations

import codecs
import re
import shutil
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from operator_figures import operator_files

DEMO = Path(__file__).resolve().parent / "demo"

CONTROL = "Ensemble"
KEYS = ("CODGEO", "codgeo", "code")
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
        "insee.liste_qpv2015",
        "insee/qpv2015",
        "insee",
        ["qpv_info_nom_commune.csv"],
        _quartier_of_yvelines,
    ),
    Extract(
        "insee.ipro_qpv",
        "insee/qpv2015/thematique",
        "insee",
        [f"IPRO_{year}.csv" for year in range(2017, 2022)],
        _quartier_of_yvelines,
    ),
    Extract(
        "insee.filosofi_qpv",
        "insee/qpv2015/filosofi",
        "insee",
        [f"data_filo{year}_qp_revdis.csv" for year in (16, 17, 18)],
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
    if _code(header) not in KEYS:
        raise SystemExit(f"The first column should be the code, not {_code(header)}")
    kept = [header, *[line for line in lines if keeps(_code(line))]]
    if not data.endswith(b"\n"):
        kept[-1] = kept[-1].rstrip(b"\r\n")
    return b"".join(kept)


def _code(line: bytes) -> str:
    first = re.split(b"[;,]", line.removeprefix(codecs.BOM_UTF8), maxsplit=1)[0]
    return first.strip(b'"\r\n').decode()


def _mark(rows: dict[str, list[int]]) -> bytes:
    """The file that says « these are extracts », with the row counts that a whole one has here."""
    lines = [
        "# Ce dossier contient des extraits des fichiers des producteurs, non ces fichiers.",
        "# Les nombres de lignes attendus sont donc ceux des extraits (lignes de données, ligne de",
        f"# contrôle « {CONTROL} » non comptée) : un extrait coupé est refusé comme le serait un",
        "# fichier entier. Écrit par data/build_demo.py.",
        "rows:",
        *[f"  {name}: {{min: {min(n)}, max: {max(n)}}}" for name, n in rows.items()],
        "  operateurs.activite_agregee: {min: 1}",
    ]
    return "\n".join([*lines, ""]).encode()


def main() -> None:
    """Replace what `data/demo` holds, README.md apart."""
    match sys.argv[1:]:
        case [sources]:
            files = build(Path(sources))
        case _:
            raise SystemExit("usage: python data/build_demo.py <folder of the producers' files>")
    for folder in {path.split("/")[0] for path in files if "/" in path}:
        shutil.rmtree(DEMO / folder, ignore_errors=True)
    for path, content in sorted(files.items()):
        (DEMO / path).parent.mkdir(parents=True, exist_ok=True)
        (DEMO / path).write_bytes(content)
        print(f"{len(content):8} {path}")


if __name__ == "__main__":
    main()
