"""Build `data/demo`: extracts of the producers' files, and model workbooks of operators.

    python data/build_demo.py <folder of the producers' files>

An extract is the header and chosen lines of the real file, byte for byte: byte order mark, line
ends, thin spaces, empty trailing columns and quotes stay, so that the layout is the true one.
What is real and what is invented: `data/demo/README.md`.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import re
import shutil
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from hand_kept_workbooks import hand_kept_files
from non_recours_exports import non_recours_exports
from operator_exports import operator_exports
from operator_figures import operator_files

csv.field_size_limit(1 << 24)  # an outline stands in one cell

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


ELSEWHERE = {
    "29155": "Ouessant, in no intercommunalité",
    "34172": "Montpellier",
    "35238": "Rennes",
    "38185": "Grenoble",
    "38258": "Mont-Saint-Martin, with classes of family quotient that the Caf does not give",
    "78646": "Versailles",
}
QUARTIERS_2024 = {
    "QN07804M": "Pont du Routoir 2", "QN07805M": "Merisiers-Plaine de Neauphle",
    "QN07806M": "Jean Macé", "QN07807M": "Bois de l'Étang - Orly Parc", "QN07815M": "Valibout",
    "QN07816M": "Friches", "QN07821N": "Les Acacias", "QN07822N": "L'Avre",
    "QN00102M": "elsewhere, with more social dwellings than households",
    "QN00201M": "elsewhere, in two communes",
    "QN00301M": "elsewhere, its dwellings unknown",
}  # fmt: skip
CONTRACTS_OF_SQY = ("CV290", "CV293", "CV295", "CN07801I")
DEPARTEMENTS = ("01", "2A", "75", "77", "78", "91", "92", "93", "94", "95", "972")
REGIONS = ("04", "11", "28", "32", "76", "84", "94")
SACLAY = ("Communauté d'agglomération Communauté Paris-Saclay", "Massy", "Saint-Aubin")


@dataclass(frozen=True)
class Extract:
    """Files of one dataset: where the producer's are, where extracts go, which codes are kept.

    `key` heads the column of the codes, in capitals or not.
    """

    dataset: str
    source: str
    target: str
    names: list[str]
    keeps: Callable[[str], bool]
    key: str = "CODGEO"


def _quartier_of_yvelines(code: str) -> bool:
    return code == CONTROL or code.startswith("QP078")


def _in_sqy(code: str) -> bool:
    return code.startswith(COMMUNES_OF_SQY)


def _in_yvelines(code: str) -> bool:
    return code.startswith("78")


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
        key="code",
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
        "insee.filosofi_iris",
        "insee/iris/filosofi",
        "insee",
        [f"BASE_TD_FILO_DISP_IRIS_{year}.csv" for year in (2014, 2017, 2018)],
        _in_sqy,
        key="IRIS",
    ),
    Extract(
        "insee.filosofi_communes",
        "insee/communes_epci/filosofi",
        "insee",
        [f"FILO{year}_DISP_COM.csv" for year in (2016, 2018)],
        _in_sqy,
    ),
    Extract(
        "insee.filosofi_departements",
        "insee/communes_epci/filosofi",
        "insee",
        [f"FILO{year}_DISP_DEP.csv" for year in (2017, 2018)],
        DEPARTEMENTS.__contains__,
    ),
    Extract(
        "insee.filosofi_regions",
        "insee/communes_epci/filosofi",
        "insee",
        [f"FILO{year}_DISP_REG.csv" for year in (2017, 2018)],
        REGIONS.__contains__,
    ),
    Extract(
        "insee.filosofi_france",
        "insee/communes_epci/filosofi",
        "insee",
        [f"FILO{year}_DISP_METROPOLE.csv" for year in (2017, 2018)],
        lambda code: code == "1",
    ),
    Extract(
        "insee.communes",
        "insee/geographie",
        "insee",
        ["commune_2021.csv"],
        lambda code: _in_sqy(code) or code in ELSEWHERE,
        key="COM",
    ),
    Extract(
        "insee.iris",
        "insee/geographie",
        "insee",
        ["iris_2021.csv"],
        _in_sqy,
        key="CODE_IRIS",
    ),
    Extract(
        "insee.composition_epci",
        "insee/geographie",
        "insee",
        ["EPCI_2020.csv"],
        lambda code: _in_sqy(code) or code in ELSEWHERE,
    ),
    Extract(
        "insee.bpe",
        "insee/bpe",
        "insee",
        ["bpe18_ensemble_csv.zip"],
        _in_sqy,
        key="DEPCOM",
    ),
    *(
        Extract(
            f"insee.melodi_{name}",
            "insee/melodi_export",
            "insee",
            [file],
            SACLAY.__contains__,
            key="Géographie",
        )
        for name, file in (
            ("etablissements", "ECO_ETAB_STOCKS.csv"),
            ("filosofi_age", "POP_FILOSOFI_AGE.csv"),
            ("filosofi_menages", "POP_FILOSOFI_MENAGE_MONO.csv"),
            ("population", "POP_RECENSEMENT.csv"),
        )
    ),
    Extract(
        "insee.compilation_qpv2024",
        "insee/qpv2024",
        "insee",
        ["analyse_qpv.csv"],
        QUARTIERS_2024.__contains__,
        key="codeQPV",
    ),
    Extract(
        "caf.allocataires_iris",
        "caf",
        "caf",
        [f"data_CAF_{year}_IRIS.csv" for year in range(2016, 2021)],
        _in_sqy,
    ),
    *(
        Extract(
            "caf.prestations_qf_communes",
            "caf",
            "caf",
            [f"cafdata_qf_communes_{extent}_2020-2023.csv"],
            ELSEWHERE.__contains__,
            key,
        )
        for extent, key in (("grenoble_rennes", "Numéro commune"), ("5_metropoles", "Code_INSEE"))
    ),
    Extract(
        "geo.qpv_2015",
        "geo",
        "geo",
        ["qpv_2015_idf_datailedefrance.csv"],
        _in_yvelines,
        key="C_CAINSEE",
    ),
    Extract(
        "geo.qpv_2024",
        "geo",
        "geo",
        ["qpv_2024_france_simplifie.geojson"],
        _in_yvelines,
        key="insee_com",
    ),
    Extract(
        "geo.qpv_2024_communes",
        "geo",
        "geo",
        ["anct_qpv_2024_communes_centroide.geojson"],
        _in_sqy,
        key="insee_com",
    ),
    Extract("geo.communes", "geo", "geo", ["communes_78.geojson"], _in_sqy, key="code"),
    Extract("geo.iris", "geo", "geo", ["iris_78.geojson"], _in_sqy, key="CODE_IRIS"),
    Extract(
        "geo.contrats_de_ville",
        "geo",
        "geo",
        ["contrats_de_ville_2015_2023.geojson", "contrats_de_ville_2024_2030.geojson"],
        lambda departement: departement == "78",
        key="insee_dep",
    ),
    *(
        Extract(f"geo.{name}", "geo", "geo", [file], lambda _: True, key="code_insee")
        for name, file in (
            ("quartiers_sqy", "quartiers_sqy.csv"),
            ("correspondance_qpv", "correspondance_qpv_2015_2024_yvelines.csv"),
            ("recouvrement_qpv_iris", "recouvrement_qpv_iris_sqy.csv"),
        )
    ),
    Extract(
        "operateurs.conseillers_numeriques_structures",
        "operateurs",
        "operateurs",
        ["conseillers_numeriques_structures_2021-06.json"],
        _in_sqy,
        key="insee_com",
    ),
    Extract(
        "operateurs.conseillers_numeriques_postes",
        "operateurs",
        "operateurs",
        ["conseillers_numeriques_postes_2023-09.json"],
        _in_sqy,
        key="Code commune Insee",
    ),
    *(
        Extract(
            f"operateurs.{name}",
            "operateurs",
            "operateurs",
            [f"{name}_2020_2025_yvelines.csv"],
            CONTRACTS_OF_SQY.__contains__,
            key="code_cv",
        )
        for name in ("adultes_relais", "postes_fonjep")
    ),
    *(
        Extract("operateurs.france_services", "operateurs", "operateurs", names, _in_sqy, key)
        for names, key in (
            (
                ["france_services_2020-01-31.csv", "france_services_2020-03-02.csv"],
                "CODE INSEE",
            ),
            (
                [
                    "france_services_2020-10.geojson",
                    "france_services_2022-12-01.csv",
                    "france_services_2023-07.csv",
                ],
                "insee_com",
            ),
        )
    ),
]


def build(sources: Path) -> dict[str, bytes]:
    """Every generated file of the demonstration: path inside `data/demo` → bytes."""
    files, rows = _extracts(sources)
    invented = operator_files() | operator_exports() | hand_kept_files() | non_recours_exports()
    return {**files, **invented, "extrait.yml": _mark(rows)}


def _extracts(sources: Path) -> tuple[dict[str, bytes], dict[str, list[int]]]:
    """The extracts and, by dataset, how many data rows each holds (control row left out)."""
    files: dict[str, bytes] = {}
    rows: dict[str, list[int]] = {}
    for extract in EXTRACTS:
        for name in extract.names:
            data = (sources / extract.source / name).read_bytes()
            if name.endswith(".zip"):
                member, data = _unzipped(data)
                kept, count = _cut(data, extract)
                files[f"{extract.target}/{name}"] = _zipped(member, kept)
            elif name.endswith("json"):
                files[f"{extract.target}/{name}"], count = _cut_json(data, extract, name)
            else:
                files[f"{extract.target}/{name}"], count = _cut(data, extract)
            rows.setdefault(extract.dataset, []).append(count)
    return files, rows


def _cut(data: bytes, extract: Extract) -> tuple[bytes, int]:
    """The header and the kept lines, the last one ending as that of the source; their count."""
    header, *lines = data.splitlines(keepends=True)
    names = [cell.lower() for cell in _cells(header)]
    key = extract.key.encode().lower()
    if key not in names:
        raise SystemExit(f"{extract.dataset}: no column {extract.key}")
    rank = names.index(key)
    cut = [(_cells(line), line) for line in lines]
    # A cell over several lines makes lines of a few cells: none of those is kept.
    kept = [(cells[rank].decode(), line) for cells, line in cut if rank < len(cells)]
    kept = [(code, line) for code, line in kept if extract.keeps(code)]
    content = b"".join([header, *(line for _, line in kept)])
    if not data.endswith(b"\n"):
        content = content.rstrip(b"\r\n")
    return content, sum(code != CONTROL for code, _ in kept)


def _cut_json(data: bytes, extract: Extract, name: str) -> tuple[bytes, int]:
    """The file with the kept records, each as it was written; their count.

    They are the features of a layer, the items of a list, or the entries of an object.
    """
    text = data.decode()
    decoder = json.JSONDecoder()
    is_layer = name.endswith(".geojson")
    opening = re.compile(r'"features"\s*:\s*\[\s*' if is_layer else r"\s*[\[{]\s*").search(text)
    entry = re.compile(r'"(?:[^"\\]|\\.)*"\s*:\s*')
    start = opening.end()
    head, kept, comma = text[:start], [], ""
    while True:
        named = entry.match(text, start)
        record, end = decoder.raw_decode(text, named.end() if named else start)
        properties = record["properties"] if is_layer else record
        if extract.keeps(str(properties.get(extract.key) or "")):
            kept.append(text[start:end])
        between = re.compile(r"\s*,\s*").match(text, end)
        if not between:
            break
        start = between.end()
        comma = between[0]
    return (head + comma.join(kept) + text[end:]).encode(), len(kept)


def _cells(line: bytes) -> list[bytes]:
    """The cells of a line; a semicolon separates them where it has one outside quotes."""
    bare = line.removeprefix(codecs.BOM_UTF8).rstrip(b"\r\n").decode("latin-1")
    separator = ";" if ";" in re.sub('"[^"]*"', "", bare) else ","
    return [cell.encode("latin-1") for cell in next(csv.reader([bare], delimiter=separator), [])]


def _unzipped(data: bytes) -> tuple[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        (name,) = archive.namelist()
        return name, archive.read(name)


def _zipped(name: str, content: bytes) -> bytes:
    """The same bytes at each build: a date of its own, and no compression that may change."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr(zipfile.ZipInfo(name, date_time=(2019, 1, 1, 0, 0, 0)), content)
    return buffer.getvalue()


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
