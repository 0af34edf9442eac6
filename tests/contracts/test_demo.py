"""The demonstration holds true extracts, the report's figures, and says what it invents."""

from __future__ import annotations

import csv
import importlib
import io
import json
import os
import re
import unicodedata
import zipfile
from collections import defaultdict
from pathlib import Path
from types import ModuleType

import openpyxl
import pytest
import yaml

from ingestion.contract import contracts

PROJECT = Path(__file__).resolve().parents[2]
DEMO = PROJECT / "data" / "demo"
REAL = Path(os.environ.get("OBSERVATOIRE_DONNEES_REELLES") or PROJECT.parent / "shared" / "data")

DATA = sorted(path for path in DEMO.glob("*/*") if path.is_file())
EXTRACTS = [path for path in DATA if path.suffix in (".csv", ".zip")]
LAYERS = [path for path in DATA if path.suffix == ".geojson"]
RECORDS = [path for path in DATA if path.suffix == ".json"]
csv.field_size_limit(1 << 24)  # an outline stands in one cell
WORKBOOKS = [path for path in DATA if path.match("activite_*.xlsx")]
HAND_KEPT = [path for path in DATA if path.suffix == ".xlsx" and path not in WORKBOOKS]
QPV_FILES = [
    path for path in EXTRACTS if re.search("DEMO_|REVN_|IPRO_|data_filo|qpv_info", path.name)
]

# What the demonstration does without, and why.
NOT_DEMONSTRATED = {
    "insee.recensement_qpv": "a workbook cannot be cut byte for byte",
    "insee.caf_iris_ancien": "Montpellier in 2009 says nothing of SQY",
    "insee.caf_zus_ancien": "Montpellier in 2009 says nothing of SQY",
    "insee.revenus_iris_ancien": "Montpellier in 2009 says nothing of SQY",
}

needs_real_files = pytest.mark.skipif(
    not REAL.is_dir(),
    reason="the producers' files are not here: set OBSERVATOIRE_DONNEES_REELLES to their folder",
)

# Edition 2021, as published: persons covered (31/12/2019), population (2018), foreigners (2017),
# and weight of social benefits (2017).
QUARTIERS = {
    "QP078004": ("2110", "3104", "20,2", "13,5"),
    "QP078005": ("2368", "3160", "21,2", "15,8"),
    "QP078006": ("13126", "17726", "24,9", "16,6"),
    "QP078007": ("1857", "2420", "27,4", "16,3"),
    "QP078008": ("2654", "4258", "21,1", "15,3"),
    "QP078017": ("2436", "3180", "33,2", "19,2"),
    "QP078018": ("1255", "1647", "18,6", "18,2"),
}


def content_of(path: Path) -> bytes:
    """The bytes of the table; of the one file inside, if it is an archive."""
    if path.suffix != ".zip":
        return path.read_bytes()
    with zipfile.ZipFile(path) as archive:
        (name,) = archive.namelist()
        return archive.read(name)


def rows_of(path: Path) -> list[dict[str, str]]:
    # One header mixes two encodings; no code does.
    text = content_of(path).decode("utf-8-sig", errors="replace")
    separator = ";" if ";" in text.partition("\n")[0] else ","
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=separator))


def features_of(text: str) -> list[str]:
    """The features of a collection, each as it is written."""
    at = text.index("{", text.index('"features"'))
    found = []
    while text[at] == "{":
        _, end = json.JSONDecoder().raw_decode(text, at)
        found.append(text[at:end])
        at = end + len(text[end:]) - len(text[end:].lstrip(", \r\n"))
    return found


def records_of(text: str) -> list[str]:
    """The items of a list, or the entries of an object with their keys, each as it is written."""
    decoder = json.JSONDecoder()
    at = re.search(r"[\[{]\s*", text).end()
    found = []
    while text[at] in '{"':
        start = at
        if text[at] == '"':
            _, at = decoder.raw_decode(text, at)
            at = text.index("{", at)
        _, at = decoder.raw_decode(text, at)
        found.append(text[start:at])
        at += len(text[at:]) - len(text[at:].lstrip(", \r\n"))
        if at >= len(text) or text[at] == "}":
            break
    return found


def codes_of(path: Path) -> list[str]:
    """The first column, whatever its name: the code of the territory."""
    return [next(iter(row.values())) for row in rows_of(path)]


def number(cell: str) -> str:
    return cell.replace("\u202f", "").replace("\xa0", "")


def plain(label: str) -> str:
    """Letters and digits only: two spellings of one name are then the same."""
    letters = "".join(
        c for c in unicodedata.normalize("NFKD", label) if not unicodedata.combining(c)
    )
    return " ".join(re.findall("[a-z0-9]+", letters.lower()))


def activity(path: Path) -> list[dict[str, object]]:
    """The filled rows of the sheet « Activité », without their blank cells."""
    header, *rows = openpyxl.load_workbook(path)["Activité"].iter_rows(min_row=4, values_only=True)
    return [
        {str(name): cell for name, cell in zip(header, row, strict=True) if cell is not None}
        for row in rows
    ]


def texts(path: Path) -> str:
    book = openpyxl.load_workbook(path)
    return "\n".join(
        str(cell)
        for sheet in book
        for row in sheet.iter_rows(values_only=True)
        for cell in row
        if cell is not None
    )


@pytest.fixture
def builder(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(PROJECT / "data"))
    return importlib.import_module("build_demo")


@pytest.mark.parametrize("path", DATA, ids=lambda path: path.name)
def test_one_contract_claims_the_file(path: Path) -> None:
    claims = [c.dataset for c in contracts().values() if c.claim_of(path.name)]
    assert len(claims) == 1, claims
    assert claims[0].split(".")[0] == path.parent.name


def test_every_dataset_is_demonstrated() -> None:
    without = {
        contract.dataset
        for contract in contracts().values()
        if not any(contract.claim_at(path) for path in DEMO.rglob("*"))
    }
    waiting = {name for name in without if contracts()[name].to_confirm}
    assert without - waiting == NOT_DEMONSTRATED.keys()


@needs_real_files
@pytest.mark.parametrize("path", EXTRACTS, ids=lambda path: path.name)
def test_lines_are_the_producers_bytes(path: Path) -> None:
    found = list(REAL.rglob(path.name))
    assert len(found) == 1, found
    source, extract = content_of(found[0]), content_of(path)
    true_lines, lines = source.split(b"\n"), extract.split(b"\n")
    assert lines[0] == true_lines[0]
    # Without its line end, the last line of the source has no carriage return either.
    known = {line.removesuffix(b"\r") for line in true_lines}
    assert [line for line in lines if line.removesuffix(b"\r") not in known] == []
    assert all(line.endswith(b"\r") == lines[0].endswith(b"\r") for line in lines[:-1])
    assert extract.endswith(b"\n") == source.endswith(b"\n")


@needs_real_files
@pytest.mark.parametrize("path", LAYERS, ids=lambda path: path.name)
def test_features_are_the_producers_bytes(path: Path) -> None:
    (source,) = REAL.rglob(path.name)
    whole, extract = source.read_text(encoding="utf-8"), path.read_text(encoding="utf-8")
    true_features, features = features_of(whole), features_of(extract)
    assert set(features) <= set(true_features)
    assert 0 < len(features) < len(true_features)
    assert extract.partition('"features"')[0] == whole.partition('"features"')[0]
    assert extract[extract.rindex("]") :] == whole[whole.rindex("]") :]


@needs_real_files
@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.name)
def test_records_are_the_producers_bytes(path: Path) -> None:
    (source,) = REAL.rglob(path.name)
    whole, extract = source.read_text(encoding="utf-8"), path.read_text(encoding="utf-8")
    true_records, records = records_of(whole), records_of(extract)
    assert len(true_records) == len(json.loads(whole))
    assert len(records) == len(json.loads(extract))
    assert set(records) <= set(true_records)
    assert 0 < len(records) < len(true_records)
    first, last = extract.index(records[0]), extract.rindex(records[-1]) + len(records[-1])
    assert extract[:first] == whole[: whole.index(true_records[0])]
    assert extract[last:] == whole[whole.rindex(true_records[-1]) + len(true_records[-1]) :]


def test_row_bounds_are_those_of_the_files() -> None:
    counts = defaultdict(list)
    for path in RECORDS:
        (dataset,) = (c.dataset for c in contracts().values() if c.claim_of(path.name))
        counts[dataset].append(len(json.loads(path.read_text("utf-8"))))
    for path in [*EXTRACTS, *LAYERS]:
        (dataset,) = (c.dataset for c in contracts().values() if c.claim_of(path.name))
        codes = features_of(path.read_text("utf-8")) if path in LAYERS else codes_of(path)
        counts[dataset].append(sum(code != "Ensemble" for code in codes))
    declared = yaml.safe_load((DEMO / "extrait.yml").read_text(encoding="utf-8"))["rows"]
    assert declared == {
        **{dataset: {"min": min(n), "max": max(n)} for dataset, n in counts.items()},
        "operateurs.activite_agregee": {"min": 1},
    }


def test_only_old_editions_have_a_control_row() -> None:
    with_control = {path.name for path in EXTRACTS if "Ensemble" in codes_of(path)}
    assert with_control == {
        *(f"{base}_{year}.csv" for base in ("DEMO", "REVN", "IPRO") for year in (2017, 2018, 2019)),
        "data_DEMO_2019_V1_QP.csv",
        *(f"data_filo{year}_qp_revdis.csv" for year in (16, 17, 18)),
    }


@pytest.mark.parametrize("path", QPV_FILES, ids=lambda path: path.name)
def test_the_seven_quartiers_are_there(path: Path) -> None:
    assert set(codes_of(path)) >= set(QUARTIERS)


@pytest.mark.parametrize("name", ["DEMO_2021.csv", "data_DEMO_2021_V1_QP.csv"])
def test_published_coverage_and_foreigners(name: str) -> None:
    found = {
        row["CODGEO"]: tuple(number(row[c]) for c in ("PERCOU", "POP_MUN", "TX_TOT_ET"))
        for row in rows_of(DEMO / "insee" / name)
    }
    assert {code: found[code] for code in QUARTIERS} == {
        code: values[:3] for code, values in QUARTIERS.items()
    }


def test_published_weight_of_benefits() -> None:
    found = {row["CODGEO"]: row["PPSOC"] for row in rows_of(DEMO / "insee/REVN_2021.csv")}
    assert {code: found[code] for code in QUARTIERS} == {
        code: values[3] for code, values in QUARTIERS.items()
    }
    epci = {r["CODGEO"]: r["PPSOC17"] for r in rows_of(DEMO / "insee/FILO2017_DISP_EPCI.csv")}
    assert epci["200058782"] == "4,7"


def test_operators_say_what_the_report_prints() -> None:
    key = ("Structure", "Territoire", "Sexe")
    found = {
        path.stem.removeprefix("activite_"): [
            {name: cell for name, cell in row.items() if name not in key} for row in activity(path)
        ]
        for path in WORKBOOKS
        if "demonstration" not in path.name
    }
    whole = {"Période": "2021", "Âge": "Ensemble"}
    rights, digital = {"Thème": "Accès aux droits"}, {"Thème": "Numérique"}
    exact = {"Précision": "exact"}
    assert found == {
        "iscg_2021": [
            {**whole, "Thème": "Violences", "Bénéficiaires": 800, "ETP": 3, "Précision": "environ"}
        ],
        "mjd_2021": [{**whole, **rights, "ETP": 6.2, **exact}],
        "relais-du-coeur_2021": [
            {
                **whole,
                **rights,
                "Période": "2020",
                "Bénéficiaires (au moins)": 160,
                "Bénéficiaires (au plus)": 340,
                "Précision": "fourchette",
            },
            {**whole, **rights, "Bénéficiaires": 520, "Précision": "moyenne"},
        ],
        "centre-social-albert-schweitzer_2021": [
            {**whole, **rights, "Bénéficiaires": 165, "Entretiens": 315, **exact},
            {**whole, **rights, "Âge": "Plus de 26 ans", "Bénéficiaires": 161, **exact},
            {**whole, **digital, "Participants aux ateliers": 17, **exact},
            {**whole, **digital, "Âge": "60 ans ou plus", "Participants aux ateliers": 12, **exact},
        ],
    }


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_workbook_says_where_its_figures_come_from(path: Path) -> None:
    sheet = openpyxl.load_workbook(path)["Activité"]
    origin = str(sheet["A3"].value)
    if "demonstration" in path.name:
        assert origin.startswith("DONNÉES INVENTÉES")
        assert {row["Structure"] for row in activity(path)} == {
            "Structure de démonstration (inventée)"
        }
    else:
        assert origin.startswith("Chiffres du rapport du 05/07/2022")
        assert "INVENTÉES" not in texts(path)


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_workbook_is_the_contracts_model(path: Path) -> None:
    contract = contracts()["operateurs.activite_agregee"]
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == [contract.read.sheet, "Lisez-moi"]
    sheet = book["Activité"]
    assert [cell.value for cell in sheet[4]] == [c.raw[0] for c in contract.columns.values()]
    assert sheet.freeze_panes == "A5"
    # Drop-down lists offer what the contract allows, where the contract allows it.
    lists = {
        str(sheet.cell(4, next(iter(rule.cells.ranges)).min_col).value): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert lists == {
        column.raw[0]: f'"{",".join(column.allowed)}"'
        for column in contract.columns.values()
        if column.allowed
    }
    assert all(len(values) <= 255 for values in lists.values()), "Excel's limit"
    # Excel turns 2022-01 into a day, unless the column is text.
    assert sheet["B5"].number_format == sheet.column_dimensions["B"].number_format == "@"


def test_invented_workbook_exercises_the_lists() -> None:
    (path,) = (path for path in WORKBOOKS if "demonstration" in path.name)
    rows = activity(path)
    columns = contracts()["operateurs.activite_agregee"].columns
    assert len({row["Période"] for row in rows if "-" in str(row["Période"])}) == 3
    assert len({row["Territoire"] for row in rows}) >= 10
    assert {row["Sexe"] for row in rows} == set(columns["sexe"].allowed or [])
    assert {row["Précision"] for row in rows} >= {"exact", "environ", "au moins", "fourchette"}
    assert len({row["Âge"] for row in rows}) >= 5
    # Parts by sex add up to their total.
    totals: dict[object, int] = {}
    parts: dict[object, int] = defaultdict(int)
    for row in rows:
        cell = (row["Période"], row["Territoire"], row["Thème"])
        count = row.get("Bénéficiaires", 0)
        assert isinstance(count, int)
        if row["Sexe"] != "Ensemble":
            parts[cell] += count
        elif row["Âge"] == "Ensemble":
            totals[cell] = count
    assert parts
    assert {cell: totals[cell] for cell in parts} == parts


@pytest.mark.parametrize("path", WORKBOOKS, ids=lambda path: path.name)
def test_territories_are_known_names_and_counted_once(path: Path) -> None:
    with (PROJECT / "dbt/seeds/alias_territoires.csv").open(encoding="utf-8") as reader:
        known = {plain(row["alias"]): row["code_territoire"] for row in csv.DictReader(reader)}
    keys = [
        (
            known[plain(str(row["Territoire"]))],
            *(row[n] for n in ("Période", "Thème", "Sexe", "Âge")),
        )
        for row in activity(path)
    ]
    assert len(set(keys)) == len(keys)


def test_workbooks_are_rebuilt_identical(builder: ModuleType) -> None:
    rebuilt = {**builder.operator_files(), **builder.hand_kept_files()}
    kept = {path.relative_to(DEMO).as_posix() for path in [*WORKBOOKS, *HAND_KEPT]}
    assert set(rebuilt) == kept
    for name, content in rebuilt.items():
        assert (DEMO / name).read_bytes() == content, name


@needs_real_files
def test_everything_is_rebuilt_identical(builder: ModuleType) -> None:
    rebuilt = builder.build(REAL)
    present = {path.relative_to(DEMO).as_posix() for path in DEMO.rglob("*") if path.is_file()}
    assert set(rebuilt) == present - {"README.md"}
    for name, content in rebuilt.items():
        assert (DEMO / name).read_bytes() == content, name


def test_demonstration_is_small() -> None:
    assert sum(path.stat().st_size for path in DEMO.rglob("*") if path.is_file()) < 3_000_000
