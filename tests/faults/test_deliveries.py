"""Deliveries in every order: faults 14, 15 and 16. Each file is loaded once, the latest stands."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import pytest

from ingestion.contract import contracts
from ingestion.pipeline import ingest, receive, still_refused
from tests.conftest import DEMO
from warehouse.ledger import Load
from warehouse.settings import Settings

pytestmark = pytest.mark.long

CAF = contracts()["caf.allocataires_iris"]
OPERATORS = contracts()["operateurs.activite_agregee"]
NAME = "data_CAF_2020_IRIS.csv"


@pytest.fixture
def settings(home: Path, sources: Path) -> Settings:
    for path in sources.rglob("*.*"):
        if path.name not in (NAME, "extrait.yml"):
            path.unlink()
    return Settings(home, sources)


@pytest.fixture
def received(settings: Settings) -> Path:
    return settings.sources / "caf" / NAME


def _night(settings: Settings) -> dict[str, Load]:
    loads = ingest(CAF, receive(CAF, settings), settings)
    return {load.fichier: load for load in loads}


def _rows(settings: Settings) -> dict[str, tuple[int, int]]:
    """By edition: rows, and distinct IRIS."""
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        found = con.execute(
            "select _millesime, count(*), count(distinct code_territoire)"
            " from raw.caf__allocataires_iris group by 1 order by 1"
        ).fetchall()
    return {edition: (count, distinct) for edition, count, distinct in found}


def _covered(settings: Settings, iris: str) -> list[int]:
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        found = con.execute(
            "select personnes_couvertes from raw.caf__allocataires_iris where code_territoire = ?",
            [iris],
        ).fetchall()
    return [value for (value,) in found]


def _corrected(content: bytes) -> tuple[bytes, str, int, int]:
    """One figure changes: the new bytes, the IRIS, the value before and after."""
    header, *lines = content.split(b"\r\n")
    names = header.lstrip(b"\xef\xbb\xbf").decode().split(";")
    place = names.index("PERCOU")
    rank = next(n for n, line in enumerate(lines) if line.split(b";")[place])
    cells = lines[rank].split(b";")
    before = int(cells[place])
    cells[place] = str(before + 1).encode()
    lines[rank] = b";".join(cells)
    return b"\r\n".join([header, *lines]), cells[0].decode(), before, before + 1


def test_same_file_twice_then_renamed(settings: Settings, received: Path) -> None:
    assert _night(settings)[NAME].verdict == "charge"
    assert _night(settings)[NAME].verdict == "inchange"
    copy = received.with_name("data_CAF_2019_IRIS.csv")
    shutil.copy(received, copy)
    renamed = _night(settings)[copy.name]
    assert renamed.verdict == "inchange"
    assert f"même contenu que {NAME}, millésime 2020" in renamed.motif
    lower = received.with_name(NAME.lower())
    received.rename(lower)
    copy.unlink()
    assert {load.verdict for load in _night(settings).values()} == {"inchange"}
    assert _rows(settings) == {"2020": (81, 81)}


def test_correction_replaces_and_both_are_kept(settings: Settings, received: Path) -> None:
    first = _night(settings)[NAME]
    original = received.read_bytes()
    content, iris, before, after = _corrected(original)
    assert _covered(settings, iris) == [before]
    received.write_bytes(content)
    second = _night(settings)[NAME]
    assert second.verdict == "charge"
    assert _covered(settings, iris) == [after]
    assert _rows(settings) == {"2020": (81, 81)}
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        ledger = con.execute(
            "select load_id, verdict, motif, remplace_le is not null from audit.loads order by 1"
        ).fetchall()
    assert ledger == [
        (first.load_id, "remplace", f"Remplacé par {NAME}", True),
        (second.load_id, "charge", "", False),
    ]
    kept = {path.read_bytes() for path in settings.landing.rglob(NAME)}
    assert kept == {original, content}
    # The older bytes put back are a correction of the correction.
    received.write_bytes(original)
    assert _night(settings)[NAME].verdict == "charge"
    assert _covered(settings, iris) == [before]


def test_late_file_takes_its_place(settings: Settings, received: Path) -> None:
    _night(settings)
    late = received.with_name("data_CAF_2016_IRIS.csv")
    shutil.copy(DEMO / "caf" / late.name, late)
    assert _night(settings)[late.name].verdict == "charge"
    assert _rows(settings) == {"2016": (77, 77), "2020": (81, 81)}
    # It also leaves the sources without anything being lost.
    late.unlink()
    assert _night(settings)[NAME].verdict == "inchange"
    assert _rows(settings) == {"2016": (77, 77), "2020": (81, 81)}


def test_warehouse_put_aside_is_rebuilt_from_landing(settings: Settings, received: Path) -> None:
    _night(settings)
    content, iris, _, after = _corrected(received.read_bytes())
    received.write_bytes(content)
    _night(settings)
    received.write_bytes(b"")
    assert _night(settings)[NAME].verdict == "refuse"
    rows = _rows(settings)
    received.unlink()
    settings.warehouse.rename(settings.home / "mis-de-cote.duckdb")
    _night(settings)
    assert _rows(settings) == rows
    assert _covered(settings, iris) == [after]


def test_bad_file_then_a_new_delivery_mends(settings: Settings, received: Path) -> None:
    good = received.read_bytes()
    received.write_bytes(good.replace(b"PERCOU", b"PERSCOUV"))
    assert _night(settings)[NAME].verdict == "refuse"
    assert [load.fichier for load in still_refused(CAF, settings)] == [NAME]
    received.write_bytes(good)
    assert _night(settings)[NAME].verdict == "charge"
    assert still_refused(CAF, settings) == []


def test_bad_file_then_the_good_one_put_back_mends(settings: Settings, received: Path) -> None:
    _night(settings)
    good = received.read_bytes()
    received.write_bytes(good.replace(b"PERCOU", b"PERSCOUV"))
    assert _night(settings)[NAME].verdict == "refuse"
    received.write_bytes(good)
    assert _night(settings)[NAME].verdict == "inchange"
    assert _rows(settings) == {"2020": (81, 81)}
    assert still_refused(CAF, settings) == []


def test_operator_file_replaced_between_receipt_and_loading(settings: Settings) -> None:
    """The two are two tasks of the DAG: seconds, or a retry's half hour, apart."""
    path = settings.sources / "operateurs" / "activite_iscg_2021.xlsx"
    shutil.copy(DEMO / "operateurs" / path.name, path)
    landed = receive(OPERATORS, settings)
    shutil.copy(DEMO / "operateurs" / "activite_mjd_2021.xlsx", path)
    ingest(OPERATORS, landed, settings)
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        charged = con.execute("select sha256 from audit.loads where verdict = 'charge'").fetchall()
    kept = {folder.name for folder in settings.landing.glob("operateurs.*/*/*")}
    assert {sha256 for (sha256,) in charged} == kept
