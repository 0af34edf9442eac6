"""`observatoire nightly`, four nights in a row on one home: publish, rest, refuse, mend."""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import DEMO
from tests.e2e.cli import Night, nightly, number, observatoire, read_csv, rows
from warehouse.settings import PROJECT

pytestmark = pytest.mark.long

# Printed by the report of 05/07/2022, or recomputed from the same files: coverage by the CAF in
# 2019, weight of benefits and share of foreigners in 2017, establishments per 100 inhabitants.
REPORT = {
    "QP078006": (74.05, 16.6, 24.9, 1.7),
    "QP078007": (76.74, 16.3, 27.4, 1.4),
    "QP078008": (62.33, 15.3, 21.1, 1.2),
    "QP078004": (67.98, 13.5, 20.2, 1.6),
    "QP078018": (76.20, 18.2, 18.6, 1.7),
    "QP078017": (76.60, 19.2, 33.2, 1.32),
    "QP078005": (74.94, 15.8, 21.2, 1.8),
    "200058782": (54.6, 4.7, 10.7, 2.2),
}
INDICATORS = ("caf_taux_couverture", "ctx_poids_presta", "ctx_part_etrangers", "ctx_etab_100")
LE_BUISSON = "QVA78356A"
QUARTIERS = [code for code in REPORT if code.startswith("QP")]

# The file that is loaded for each edition, and the years its figures speak of (PROVENANCE.md).
DEMO_FILES = {
    "DEMO_2017.csv": {"cnaf": "2015", "population": "2013", "rp": "2010"},
    "DEMO_2018.csv": {"cnaf": "2016", "population": "2013", "rp": "2010"},
    "data_DEMO_2019_V1_QP.csv": {"cnaf": "2017", "population": "2013", "rp": "2015"},
    "data_DEMO_2020_V1_QP.csv": {"cnaf": "2018", "population": "2013", "rp": "2016"},
    "data_DEMO_2021_V1_QP.csv": {"cnaf": "2019", "population": "2018", "rp": "2017"},
}
REVN_FILES = {
    "REVN_2017.csv": "2013",
    "REVN_2018.csv": "2014",
    "REVN_2019.csv": "2015",
    "REVN_2021.csv": "2017",
}
# Filosofi, by the year of its figures: the territories of the observatory at each level.
COMMUNES = [
    *("78165", "78168", "78208", "78297", "78356", "78383"),
    *("78423", "78490", "78621", "78644", "78674", "78688"),
]
FILOSOFI_FILES = {
    **{f"FILO{year}_DISP_COM.csv": (year, COMMUNES) for year in (2016, 2018)},
    **{f"FILO{year}_DISP_DEP.csv": (year, ["78"]) for year in (2017, 2018)},
    **{f"FILO{year}_DISP_REG.csv": (year, ["11"]) for year in (2017, 2018)},
    **{f"FILO{year}_DISP_METROPOLE.csv": (year, ["1"]) for year in (2017, 2018)},
    # The figures of 2017 are those of REVN_2021.
    **{f"data_filo{year % 100}_qp_revdis.csv": (year, QUARTIERS) for year in (2016, 2018)},
}
EPCI_OF = {2014: "247800451"} | dict.fromkeys(range(2015, 2019), "200058782")

# Arrives with the third night only.
LATE_WORKBOOK = "operateurs/activite_mjd_2021.xlsx"
SECOND_DELIVERIES = ("DEMO_2019.csv", "DEMO_2021.csv")
RECEIVED = [
    path for path in DEMO.rglob("*") if path.is_file() and path.suffix not in (".md", ".yml")
]
FIRST_LOADS = len(RECEIVED) - len(SECOND_DELIVERIES) - 1  # the workbook

READER = """
import sys, duckdb
con = duckdb.connect(sys.argv[1], read_only=True)
for _ in sys.stdin:
    print(con.execute("select md5(string_agg(v::varchar, '|' order by v::varchar)) from"
        " (from marts.fct_indicateur) as v").fetchone()[0], flush=True)
"""


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The home of the four nights, and their folder of sources."""
    folder = tmp_path_factory.mktemp("nuits")
    shutil.copytree(DEMO, folder / "sources")
    (folder / "sources" / LATE_WORKBOOK).unlink()
    return folder / "home", folder / "sources"


@pytest.fixture(scope="module")
def first(house: tuple[Path, Path]) -> Night:
    return nightly(*house)


@pytest.fixture(scope="module")
def second(house: tuple[Path, Path], first: Night) -> Night:
    return nightly(*house)


@pytest.fixture(scope="module")
def third(house: tuple[Path, Path], second: Night) -> Night:
    """Three damaged files among good ones, and one workbook that is new."""
    _, sources = house
    _rewrite(sources / "caf/data_CAF_2020_IRIS.csv", lambda b: b.replace(b"PERCOU", b"PERSCOUV", 1))
    _rewrite(sources / "insee/REVN_2018.csv", lambda b: b.replace(b",", b".").replace(b";", b","))
    _rewrite(sources / "insee/FILO2017_DISP_EPCI.csv", lambda b: b[: b.rindex(b";")])
    shutil.copy(DEMO / LATE_WORKBOOK, sources / LATE_WORKBOOK)
    return nightly(*house)


@pytest.fixture(scope="module")
def fourth(house: tuple[Path, Path], third: Night, watcher: Watcher) -> Night:
    """New deliveries mend the three; one of them corrects a published figure."""
    _, sources = house
    watcher.look()
    for name in ("caf/data_CAF_2020_IRIS.csv", "insee/FILO2017_DISP_EPCI.csv"):
        (sources / name).write_bytes(_last_row_first((DEMO / name).read_bytes()))
    (sources / "insee/REVN_2018.csv").write_bytes(_half_a_point_more_of_benefits())
    night = nightly(*house, "--json")
    watcher.look()
    return night


class Watcher:
    """A reader that opened the published file before the fourth night, and keeps it open."""

    def __init__(self, database: Path) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", READER, str(database)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.seen: list[str] = []

    def look(self) -> None:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        self.seen.append(self.process.stdout.readline())


@pytest.fixture(scope="module")
def watcher(house: tuple[Path, Path], third: Night) -> Iterator[Watcher]:
    watcher = Watcher(house[0] / "courant" / "observatoire.duckdb")
    yield watcher
    watcher.process.communicate(timeout=10)


def _rewrite(path: Path, change: Any) -> None:
    before = path.read_bytes()
    path.write_bytes(change(before))
    assert path.read_bytes() != before


def _last_row_first(content: bytes) -> bytes:
    """Other bytes, the same rows."""
    header, *lines = content.rstrip(b"\r\n").split(b"\r\n")
    return b"\r\n".join([header, lines[-1], *lines[:-1], b""])


def _half_a_point_more_of_benefits() -> bytes:
    """REVN_2018 where Valibout has 0.5 more of benefits, and as much less of earned income."""
    path = DEMO / "insee/REVN_2018.csv"
    content, names = path.read_bytes(), _header(path)
    (line,) = (row for row in content.split(b"\n") if row.startswith(b"QP078017"))
    cells = line.decode().split(";")
    for column, more in (("PPSOC", 0.5), ("PACT", -0.5)):
        place = names.index(column)
        cells[place] = f"{number(cells[place]) + more:.1f}".replace(".", ",")
    return content.replace(line, ";".join(cells).encode())


def _header(path: Path) -> list[str]:
    """The named columns."""
    with path.open(encoding="utf-8-sig", newline="") as reader:
        return [name for name in next(csv.reader(reader, delimiter=";")) if name]


def _data_rows(path: Path) -> int:
    return sum(row["CODGEO"] != "Ensemble" for row in read_csv(path))


def _of_quartiers(path: Path) -> bool:
    """A CSV file whose rows speak of one territory each, by its code."""
    return path.suffix == ".csv" and path.parent.name == "insee" and "CODGEO" in _header(path)


# --- the first night ---------------------------------------------------------------------------


def test_first_night_ends_well(first: Night) -> None:
    assert (first.code, first.err) == (0, "")
    assert first.release.parent == first.home / "releases"
    assert (first.home / "courant").is_symlink()
    for section in ("Ingestion · Insee", "Ingestion · CAF", "Ingestion · Opérateurs"):
        assert f"▸ {section}" in first.out
    assert first.out.index("▸ Ingestion") < first.out.index("▸ Publication")


def test_each_file_has_its_line_of_progress(first: Night) -> None:
    lines = first.out.splitlines()
    for path in RECEIVED:
        if path == DEMO / LATE_WORKBOOK:
            continue
        (said,) = (line for line in lines if f" · {path.name} · " in line)
        if path.name in SECOND_DELIVERIES:
            assert f"inchangé. Autre livraison de data_{path.stem}_V1_QP.csv" in said
            assert "les mêmes valeurs" in said
        elif _of_quartiers(path):
            assert f"chargé : {_data_rows(path)} lignes" in said
        else:
            assert "chargé : " in said


def test_ledger_counts_what_the_files_hold(first: Night, house: tuple[Path, Path]) -> None:
    for row in first.ledger:
        (path,) = house[1].rglob(row["fichier"])
        assert row["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()
        if _of_quartiers(path):
            assert row["lignes_recues"] == len(read_csv(path))
            if row["verdict"] == "charge":
                assert row["lignes_chargees"] == _data_rows(path)
    assert Counter(row["verdict"] for row in first.ledger) == {
        "charge": FIRST_LOADS,
        "inchange": len(SECOND_DELIVERIES),
    }


def test_terminal_ends_with_the_digest_and_the_release(first: Night) -> None:
    assert "Bulletin de la nuit" in first.out
    assert f"Nouvelle publication : {first.release.name}" in first.out
    assert "Données de démonstration" in first.out
    counted = f"{FIRST_LOADS} chargés, {len(SECOND_DELIVERIES)} inchangés, 0 remplacés, 0 refusés"
    assert f"{counted} · 0 en retard" in first.out
    assert str(first.home / "courant" / "observatoire.duckdb") in first.out
    assert str(first.release) in first.out
    (page,) = (first.home / "bulletins").glob(Path(first.digest["page"]).name)
    assert first.digest["page"] in first.out
    assert first.release.name in page.read_text("utf-8")
    docs = first.home / "great_expectations/gx/uncommitted/data_docs/local_site/index.html"
    assert str(docs) in first.out
    assert docs.stat().st_size > 1000


def test_manifest_describes_the_release(first: Night) -> None:
    files = {
        str(path.relative_to(first.release)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in first.release.rglob("*")
        if path.is_file() and path.name != "manifest.json"
    }
    assert first.manifest["fichiers"] == files
    assert first.manifest["demonstration"] is True
    charged = {row["load_id"] for row in first.ledger if row["verdict"] == "charge"}
    assert {source["load_id"] for source in first.manifest["fichiers_sources"]} == charged


def test_release_holds_marts_and_reference_only(first: Night) -> None:
    found = rows(first.database, "select distinct schema_name as s from duckdb_tables()")
    assert {row["s"] for row in found} == {"marts", "reference"}
    assert not list(first.release.glob("*.wal"))


# --- the figures -------------------------------------------------------------------------------


def test_key_table_equals_the_report(first: Night) -> None:
    table = {row["code_territoire"]: row for row in first.table("marts.mart_indicateurs_cles")}
    assert set(table) == {*REPORT, LE_BUISSON}
    for code, expected in REPORT.items():
        values = [table[code][name] for name in INDICATORS]
        assert [round(values[0], 2), *values[1:]] == list(expected), code
    for code in QUARTIERS:
        periods = [table[code][f"{name}_periode"] for name in INDICATORS[:3]]
        assert periods == ["2019", "2017", "2017"]


def test_coverage_is_exactly_its_quotient(first: Night) -> None:
    source = {row["CODGEO"]: row for row in read_csv(DEMO / "insee/data_DEMO_2021_V1_QP.csv")}
    table = {row["code_territoire"]: row for row in first.table("marts.mart_indicateurs_cles")}
    for code in QUARTIERS:
        covered, inhabitants = number(source[code]["PERCOU"]), number(source[code]["POP_MUN"])
        assert table[code]["caf_taux_couverture"] == pytest.approx(
            100 * covered / inhabitants, rel=1e-12
        )


def key_indicator_of_one_file(row: dict[str, Any]) -> bool:
    """Not a sum of IRIS, a conversion or a total row: these are recomputed in tests/dbt."""
    return (
        row["code_indicateur"] in INDICATORS
        and not row["converti"]
        and row["zonage"] != "QPV_FRANCE"
        and (row["code_indicateur"], row["zonage"]) != ("caf_taux_couverture", "COMMUNE")
    )


def inhabitants_nearest(code: str, year: str) -> tuple[float, str]:
    """Of the two populations that the editions give, the one nearest in time."""
    populations = {
        years["population"]: number(row["POP_MUN"])
        for name, years in DEMO_FILES.items()
        for row in read_csv(DEMO / "insee" / name)
        if row["CODGEO"] == code
    }
    nearest = min(populations, key=lambda of: abs(int(of) - int(year)))
    return populations[nearest], nearest


def test_every_key_value_recomputed_from_the_files(first: Night) -> None:
    """Nothing more, nothing less: each edition, each quartier, each key indicator."""
    expected: dict[tuple[str, str, str], tuple[float, str, str | None]] = {}
    for name, years in DEMO_FILES.items():
        for row in read_csv(DEMO / "insee" / name):
            if row["CODGEO"] not in QUARTIERS:
                continue
            key = ("caf_taux_couverture", row["CODGEO"], years["cnaf"])
            inhabitants, year = inhabitants_nearest(row["CODGEO"], years["cnaf"])
            expected[key] = (100 * number(row["PERCOU"]) / inhabitants, years["cnaf"], year)
            # Edition 2018 repeats the census of edition 2017; the latest edition is kept.
            key = ("ctx_part_etrangers", row["CODGEO"], years["rp"])
            expected[key] = (number(row["TX_TOT_ET"]), years["rp"], None)
    for name, year in REVN_FILES.items():
        for row in read_csv(DEMO / "insee" / name):
            if row["CODGEO"] in QUARTIERS:
                key = ("ctx_poids_presta", row["CODGEO"], year)
                expected[key] = (number(row["PPSOC"]), year, None)
    for year, code in EPCI_OF.items():
        for row in read_csv(DEMO / f"insee/FILO{year}_DISP_EPCI.csv"):
            if row["CODGEO"] == code:
                value = number(row[f"PPSOC{year % 100}"])
                expected["ctx_poids_presta", code, str(year)] = (value, str(year), None)
    expected |= _weights_of_filosofi()
    published = {
        (row["code_indicateur"], row["code_territoire"], row["periode"]): (
            row["valeur"],
            row["millesime_numerateur"],
            row["millesime_denominateur"],
        )
        for row in first.table("marts.fct_indicateur")
        if row["origine"] != "cite" and key_indicator_of_one_file(row)
    }
    assert set(published) == set(expected)
    for key, (value, numerator, denominator) in expected.items():
        assert published[key][0] == pytest.approx(value, rel=1e-12), key
        assert published[key][1:] == (numerator, denominator), key


def _weights_of_filosofi() -> dict[tuple[str, str, str], tuple[float, str, str | None]]:
    found: dict[tuple[str, str, str], tuple[float, str, str | None]] = {}
    for name, (year, codes) in FILOSOFI_FILES.items():
        for row in read_csv(DEMO / "insee" / name):
            cells = {column.upper(): cell for column, cell in row.items() if column}
            if cells["CODGEO"] in codes:
                column = f"DISP_PPSOC_A{year % 100}" if "qp" in name else f"PPSOC{year % 100}"
                key = ("ctx_poids_presta", cells["CODGEO"], str(year))
                found[key] = (number(cells[column]), str(year), None)
    return found


def test_quoted_figures_say_that_they_are(first: Night) -> None:
    facts = [row for row in first.table("marts.fct_indicateur") if row["origine"] == "cite"]
    quoted = {
        (row["code_territoire"], row["code_indicateur"]): row["valeur"]
        for row in facts
        if row["statut"] == "arrondi"
    }
    assert quoted == {
        **{(code, "ctx_etab_100"): values[3] for code, values in REPORT.items()},
        ("200058782", "caf_taux_couverture"): 54.6,
        ("200058782", "ctx_part_etrangers"): 10.7,
    }
    for row in facts:
        nothing = ("numerateur", "denominateur", "millesime_numerateur", "millesime_denominateur")
        assert [row[name] for name in nothing] == [None] * 4
        assert row["load_ids"] == []
    table = {row["code_territoire"]: row for row in first.table("marts.mart_indicateurs_cles")}
    assert table["200058782"]["caf_taux_couverture_origine"] == "cite"
    assert table["200058782"]["ctx_poids_presta_origine"] == "publie"
    assert table["QP078006"]["caf_taux_couverture_origine"] == "calcule"


def test_le_buisson_is_not_communicated_never_zero(first: Night) -> None:
    (row,) = (
        row
        for row in first.table("marts.mart_indicateurs_cles")
        if row["code_territoire"] == LE_BUISSON
    )
    for name in INDICATORS:
        assert row[name] is None
        assert row[f"{name}_statut"] == "non_communique"
        assert row[f"{name}_ecart_epci"] is None
        assert row[f"{name}_ratio_epci"] is None


def test_every_gap_carries_its_mismatch_flag(first: Night) -> None:
    compared = [
        row
        for row in first.table("marts.fct_indicateur")
        if row["valeur_epci"] is not None and row["code_indicateur"] in INDICATORS
    ]
    assert len(compared) > 7 * 4
    for row in compared:
        assert row["millesimes_differents"] is (row["periode"] != row["periode_epci"])
        assert row["ratio_epci"] == pytest.approx(row["valeur"] / row["valeur_epci"], abs=1e-6)
        if row["code_indicateur"] != "ctx_etab_100":
            gap = row["valeur"] - row["valeur_epci"]
            assert row["ecart_epci"] == pytest.approx(gap, abs=1e-6)
    for row in first.table("marts.fct_indicateur"):
        if row["valeur_epci"] is None:
            gap = ("ecart_epci", "ratio_epci", "periode_epci", "millesimes_differents")
            assert [row[name] for name in gap] == [None] * 4
    table = {row["code_territoire"]: row for row in first.table("marts.mart_indicateurs_cles")}
    for code in QUARTIERS:
        flags = [table[code][f"{name}_millesimes_differents"] for name in INDICATORS]
        assert flags == [True, False, True, True], code


def test_gaps_are_those_of_the_report(first: Night) -> None:
    table = {row["code_territoire"]: row for row in first.table("marts.mart_indicateurs_cles")}
    gaps = {
        code: [round(table[code][f"{name}_ecart_epci"], 1) for name in INDICATORS[:3]]
        for code in QUARTIERS
    }
    assert gaps == {
        "QP078006": [19.4, 11.9, 14.2],
        "QP078007": [22.1, 11.6, 16.7],
        "QP078008": [7.7, 10.6, 10.4],
        "QP078004": [13.4, 8.8, 9.5],  # 13.3 from 67.9, which the report truncated
        "QP078018": [21.6, 13.5, 7.9],
        "QP078017": [22.0, 14.5, 22.5],
        "QP078005": [20.3, 11.1, 10.5],
    }


def test_each_value_leads_to_its_cell_in_a_landed_file(first: Night) -> None:
    facts = {
        _key(row): row
        for row in first.table("marts.fct_indicateur")
        if key_indicator_of_one_file(row)
    }
    traced: dict[tuple[str, ...], dict[str, float]] = {}
    for cell in first.table("marts.fct_provenance"):
        if _key(cell) not in facts:
            continue
        if cell["role"] == "citation":
            assert facts[_key(cell)]["origine"] == "cite"
            continue
        folder = first.home / "landing" / cell["dataset"] / cell["edition"] / cell["sha256"]
        path = folder / cell["fichier"]
        assert hashlib.sha256(path.read_bytes()).hexdigest() == cell["sha256"]
        with path.open(encoding="utf-8-sig", newline="") as reader:
            lines = list(csv.reader(reader, delimiter=";"))
        line = lines[cell["ligne"] - 1]
        code = [name.upper() for name in lines[0]].index("CODGEO")
        assert line[code] == cell["code_territoire"]
        assert number(line[lines[0].index(cell["colonne_source"])]) == cell["valeur"]
        assert cell["load_id"] in facts[_key(cell)]["load_ids"]
        traced.setdefault(_key(cell), {})[cell["role"]] = cell["valeur"]
    computed = {key: row for key, row in facts.items() if row["origine"] != "cite"}
    assert set(traced) == set(computed)
    for key, row in computed.items():
        cells = traced[key]
        if row["origine"] == "publie":
            assert cells == {"numerateur": row["valeur"]}
            continue
        assert cells == {"numerateur": row["numerateur"], "denominateur": row["denominateur"]}
        share = 100 * cells["numerateur"] / cells["denominateur"]
        assert row["valeur"] == pytest.approx(share, rel=1e-12)


def _key(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("code_indicateur", "code_territoire", "zonage", "periode")
    return tuple(row[name] for name in names)


# --- the second night: nothing has changed -----------------------------------------------------


def test_second_night_does_nothing_and_says_so(first: Night, second: Night) -> None:
    assert (second.code, second.err) == (0, "")
    assert second.release == first.release
    assert [path.name for path in (second.home / "releases").iterdir()] == [first.release.name]
    assert f"Rien de nouveau : aucun fichier n'a changé, la publication {first.release.name}" in (
        second.out
    )
    assert "Nouvelle publication" not in second.out


def test_second_night_loads_nothing_twice(first: Night, second: Night) -> None:
    assert {row["verdict"] for row in second.new} == {"inchange"}
    assert len(second.new) == len(first.ledger)
    charged = [
        (row["dataset"], row["sha256"]) for row in second.ledger if row["verdict"] == "charge"
    ]
    assert len(charged) == len(set(charged)) == FIRST_LOADS
    decided = {row["load_id"] for row in first.ledger}
    assert {row["decide_par"] for row in second.new} == decided


# --- the third night: three damaged files ------------------------------------------------------


def test_damaged_files_do_not_fail_the_night(second: Night, third: Night) -> None:
    assert (third.code, third.err) == (0, "")
    verdicts = Counter(row["verdict"] for row in third.new)
    assert verdicts == {"refuse": 3, "charge": 1, "inchange": len(RECEIVED) - 4}
    assert third.new_named("activite_mjd_2021.xlsx")["verdict"] == "charge"
    assert third.release != second.release, "the late datasets are told to readers"


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "data_CAF_2020_IRIS.csv",
            [
                "« PERCOU »",
                "absente",
                "peut-être renommée « PERSCOUV »",
                "demandez un nouvel envoi",
            ],
        ),
        ("REVN_2018.csv", ["Ligne 1", "séparées par « , »", "« ; » est attendu", "Réenregistrez"]),
        (
            "FILO2017_DISP_EPCI.csv",
            [
                f"Ligne {len(read_csv(DEMO / 'insee/FILO2017_DISP_EPCI.csv')) + 1}, la dernière",
                "il manque des colonnes",
                f"{len(_header(DEMO / 'insee/FILO2017_DISP_EPCI.csv'))} colonnes attendues",
                "demandez un nouvel envoi",
            ],
        ),
    ],
)
def test_each_refusal_says_what_where_and_what_to_do(
    third: Night, name: str, said: list[str]
) -> None:
    row = third.new_named(name)
    assert row["verdict"] == "refuse"
    assert [part for part in said if part not in row["motif"]] == []
    assert f"{row['dataset']} {row['millesime']} · {name} · REFUSÉ. " in third.out
    assert f"REFUSÉ {name} · {row['dataset']} {row['millesime']}" in third.out
    assert row["lignes_chargees"] == 0


def test_published_figures_stay_identical(first: Night, third: Night) -> None:
    """All but the full-time equivalents, to which the new workbook adds 6.2."""
    for table in ("fct_indicateur", "fct_provenance", "mart_indicateurs_cles", "dim_territoire"):
        before, after = (
            [
                row
                for row in night.table(f"marts.{table}")
                if row.get("code_indicateur") != "cst_etp"
            ]
            for night in (first, third)
        )
        assert after == before, table
    key = ("cst_etp", "200058782", "EPCI", "2021")
    posts = [
        row["valeur"]
        for night in (first, third)
        for row in night.table("marts.fct_indicateur")
        if _key(row) == key
    ]
    assert posts == [pytest.approx(4.5), pytest.approx(10.7)]


def test_damaged_datasets_are_late_everywhere(third: Night) -> None:
    damaged = {
        "caf.allocataires_iris": "data_CAF_2020_IRIS.csv",
        "insee.revn_qpv": "REVN_2018.csv",
        "insee.filosofi_epci": "FILO2017_DISP_EPCI.csv",
    }
    assert {late["dataset"] for late in third.digest["late"]} == set(damaged)
    for late in third.digest["late"]:
        assert damaged[late["dataset"]] in late["reason"]
        assert f"EN RETARD {late['dataset']} : " in third.out
        kept = f"Les chiffres de {damaged[late['dataset']]}, chargé le "
        assert late["kept"].startswith(kept)
        assert late["kept"].endswith("sont conservés.")
    quality = {row["dataset"]: row for row in third.table("marts.mart_qualite")}
    late = {dataset for dataset, row in quality.items() if row["etat"] == "en_retard"}
    assert late == set(damaged)
    for dataset, name in damaged.items():
        assert quality[dataset]["fichiers_refuses"] == 1
        assert quality[dataset]["motif_refus"].startswith(f"{name} : ")


# --- the fourth night: new deliveries mend, and `--json` ---------------------------------------


def test_fourth_night_answers_in_json(third: Night, fourth: Night) -> None:
    assert (fourth.code, fourth.err) == (0, "")
    answer = json.loads(fourth.out)
    assert answer["sound"] is True
    assert answer["nothing_new"] is False
    assert answer["late"] == []
    assert answer["release"]["release"] == fourth.release.name != third.release.name
    assert Counter(load["verdict"] for load in answer["loads"])["charge"] == 3


def test_new_deliveries_mend_the_datasets(fourth: Night) -> None:
    received = {row["dataset"] for row in fourth.ledger}
    for row in fourth.table("marts.mart_qualite"):
        # Without a file here: not due, or not confirmed.
        assert (row["etat"] == "a_jour") is (row["dataset"] in received), row["dataset"]
        assert row["etat"] in ("a_jour", "absent", "a_confirmer"), row["dataset"]
    for name in ("data_CAF_2020_IRIS.csv", "REVN_2018.csv", "FILO2017_DISP_EPCI.csv"):
        history = [row["verdict"] for row in fourth.ledger if row["fichier"] == name]
        assert history == ["remplace", "inchange", "refuse", "charge"], name


def test_correction_changes_two_figures_and_the_digest_shows_them(
    third: Night, fourth: Night
) -> None:
    before = {_key(row): row["valeur"] for row in third.table("marts.fct_indicateur")}
    after = {_key(row): row["valeur"] for row in fourth.table("marts.fct_indicateur")}
    changed = {key: after[key] for key in before if before[key] != after.get(key)}
    key = ("ctx_poids_presta", "QP078017", "QPV2015", "2014")
    work = ("ctx_part_revenus_activite", *key[1:])
    assert changed == {
        key: pytest.approx(before[key] + 0.5),
        work: pytest.approx(before[work] - 0.5),
    }
    assert set(after) == set(before)
    changes = fourth.digest["release"]["changements"]
    assert (changes["ajoutees"], changes["retirees"], changes["modifiees"]) == (0, 0, 2)
    assert {
        (shown["code_territoire"], shown["periode"], shown["avant"], shown["apres"])
        for shown in changes["plus_grands"]
    } == {("QP078017", "2014", before[each], after[each]) for each in (key, work)}


def test_reader_is_undisturbed_by_the_publication(fourth: Night, watcher: Watcher) -> None:
    new = Watcher(fourth.home / "courant" / "observatoire.duckdb")
    new.look()
    new.process.communicate(timeout=10)
    before, after = watcher.seen
    assert before == after != ""
    assert new.seen[0] not in (before, "")


# --- the other commands, on the home that the four nights left ---------------------------------


def test_status(house: tuple[Path, Path], third: Night, fourth: Night) -> None:
    shown = observatoire(*house, "status")
    assert shown.returncode == 0
    listed = [row["dataset"] for row in fourth.table("marts.mart_qualite")]
    assert len(listed) == len(set(listed)) > 40
    assert all(f"{dataset} " in shown.stdout for dataset in listed)
    assert shown.stdout.count("à jour") == len({row["dataset"] for row in fourth.ledger})
    answer = json.loads(observatoire(*house, "status", "--json").stdout)
    assert [row["dataset"] for row in answer] == sorted(listed)


def test_explain(house: tuple[Path, Path], fourth: Night) -> None:
    words = ("explain", "QP078006", "caf_taux_couverture", "2019")
    shown = observatoire(*house, *words)
    assert shown.returncode == 0
    digest = hashlib.sha256((DEMO / "insee/data_DEMO_2021_V1_QP.csv").read_bytes()).hexdigest()
    for part in ("74,05", "13126", "17726", "data_DEMO_2021_V1_QP.csv", digest, "PERCOU"):
        assert part in shown.stdout, part
    (line,) = (
        line
        for line in (DEMO / "insee/data_DEMO_2021_V1_QP.csv").read_text("utf-8-sig").splitlines()
        if line.startswith('"QP078006"')
    )
    assert line in shown.stdout
    answer = json.loads(observatoire(*house, *words, "--json").stdout)
    assert [cell["valeur"] for cell in answer["cells"]] == [13126, 17726]
    assert answer["value"]["statut"] == "observe"
    quoted = observatoire(*house, "explain", "200058782", "ctx_etab_100", "2019/2020")
    assert "p. 3, imprimé « 2,2 »" in quoted.stdout


def test_explain_of_an_unknown_period_names_the_known_ones(
    house: tuple[Path, Path], fourth: Night
) -> None:
    done = observatoire(*house, "explain", "QP078006", "caf_taux_couverture", "1999")
    assert done.returncode == 1
    assert "Périodes : 2015, 2016, 2017, 2018, 2019." in done.stderr


def test_rollback_and_back_again(house: tuple[Path, Path], first: Night, fourth: Night) -> None:
    def listed() -> dict[str, bool]:
        found = json.loads(observatoire(*house, "releases", "--json").stdout)
        assert [row["name"] for row in found] == sorted((r["name"] for r in found), reverse=True)
        return {row["name"]: row["current"] for row in found}

    names = list(listed())
    assert len(names) == 3
    assert listed()[fourth.release.name] is True
    try:
        done = observatoire(*house, "rollback", first.release.name)
        assert done.returncode == 0
        assert first.release.name in done.stdout
        assert (first.home / "courant").resolve() == first.release
        assert listed() == {name: name == first.release.name for name in names}
    finally:
        again = observatoire(*house, "rollback", fourth.release.name)
    assert again.returncode == 0
    assert (first.home / "courant").resolve() == fourth.release


def test_rollback_to_nothing_is_refused(house: tuple[Path, Path], fourth: Night) -> None:
    done = observatoire(*house, "rollback", "20000101T000000000Z")
    assert done.returncode == 1
    assert "n'existe pas" in done.stderr
    assert fourth.release.name in done.stderr
    assert (fourth.home / "courant").resolve() == fourth.release


def test_check_says_what_would_happen_and_changes_nothing(
    house: tuple[Path, Path], fourth: Night, tmp_path: Path
) -> None:
    before = _everything(fourth.home)
    good = observatoire(*house, "check", str(DEMO / "insee/DEMO_2017.csv"), "--json")
    assert good.returncode == 0
    answer = json.loads(good.stdout)
    assert (answer["verdict"], answer["dataset"], answer["millesime"]) == (
        "inchange",
        "insee.demo_qpv",
        "2017",
    )
    assert (answer["lignes_recues"], answer["lignes_chargees"], answer["lignes_de_total"]) == (
        23,
        22,
        1,
    )
    bad = tmp_path / "DEMO_2017.csv"
    bad.write_bytes((DEMO / "insee/DEMO_2017.csv").read_bytes().replace(b"TX_F;", b"TX_G;", 1))
    refused = observatoire(*house, "check", str(bad))
    assert refused.returncode == 1
    assert "DEMO_2017.csv serait REFUSÉ." in refused.stdout
    assert "« TX_F »" in refused.stdout
    assert json.loads(observatoire(*house, "check", str(bad), "--json").stdout)["regle"] == (
        "colonnes_manquantes"
    )
    assert _everything(fourth.home) == before


def _everything(home: Path) -> dict[str, str]:
    """What a run may not change without saying so: landing, ledger, releases, digests."""
    kept = ("landing", "releases", "bulletins", "courant", "warehouse.duckdb")
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for name in kept
        for path in sorted([home / name, *(home / name).rglob("*")])
        if path.is_file()
    }


def test_ingest_one_dataset(house: tuple[Path, Path], fourth: Night) -> None:
    done = observatoire(*house, "ingest", "insee.filosofi_epci")
    assert done.returncode == 0
    assert done.stdout.count("inchangé. Déjà chargé") == 5
    unknown = observatoire(*house, "ingest", "insee.inconnu")
    assert unknown.returncode == 1
    assert "Jeux connus : " in unknown.stderr
    assert all(row["dataset"] in unknown.stderr for row in fourth.ledger)


def test_ingest_of_a_bad_file_fails_and_says_why(
    house: tuple[Path, Path], fourth: Night, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    shutil.copytree(DEMO, sources)
    (sources / "caf/data_CAF_2019_IRIS.csv").write_bytes(b"")
    done = observatoire(tmp_path / "home", sources, "ingest", "caf.allocataires_iris")
    assert done.returncode == 1
    assert "data_CAF_2019_IRIS.csv · REFUSÉ. Le fichier est vide (0 octet)" in done.stdout
    assert done.stdout.count("chargé : ") == 4


def test_wrong_settings_are_said_in_french(tmp_path: Path) -> None:
    done = observatoire(tmp_path / "home", tmp_path / "nulle-part", "nightly")
    assert done.returncode == 1
    assert "nulle-part : ce dossier n'existe pas" in done.stderr
    nothing = observatoire(tmp_path / "home", PROJECT / "data/demo", "status")
    assert nothing.returncode == 1
    assert "Aucune publication" in nothing.stderr
