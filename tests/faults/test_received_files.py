"""Files that should not be loaded, or not yet: faults 14, 17, 18, 20, 25 and 35.

All are refused before Great Expectations is needed.
"""

from __future__ import annotations

import io
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.contract import contracts
from ingestion.foresight import check_file
from ingestion.origins import find_files
from ingestion.pipeline import ingest, receive
from ingestion.refusal import Refusal
from tests.faults.children import finish, ingest_dataset
from warehouse.ledger import Load
from warehouse.settings import Settings

CAF = contracts()["caf.allocataires_iris"]
OPERATORS = contracts()["operateurs.activite_agregee"]


@pytest.fixture
def settings(home: Path, sources: Path) -> Settings:
    """One CAF file is received; each test damages it."""
    for path in sources.rglob("*.*"):
        if path.name not in ("data_CAF_2020_IRIS.csv", "extrait.yml"):
            path.unlink()
    return Settings(home, sources)


@pytest.fixture
def received(settings: Settings) -> Path:
    return settings.sources / "caf" / "data_CAF_2020_IRIS.csv"


def _ingest(settings: Settings) -> list[Load]:
    return ingest(CAF, receive(CAF, settings), settings)


def _loaded_rows(settings: Settings) -> int:
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        (count,) = con.execute("select count(*) from raw.caf__allocataires_iris").fetchall()[0]
    return int(count)


def _zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("data_CAF_2020_IRIS.csv", content)
    return packed.getvalue()


def _accented(content: bytes) -> bytes:
    """A Windows file: line 3 gains an accent in cp1252."""
    lines = content.split(b"\r\n")
    lines[2] += "é".encode("cp1252")
    return b"\r\n".join(lines)


def _tenth(content: bytes) -> bytes:
    lines = content.split(b"\r\n")
    return b"\r\n".join([*lines[: len(lines) // 10], b""])


HTML = b"<!DOCTYPE html>\n<html><head><title>503</title></head><body>Service indisponible</body>"


@pytest.mark.parametrize(
    ("damage", "rule", "said"),
    [
        (lambda b: b"", "fichier_vide", "Le fichier est vide (0 octet)"),
        (lambda b: HTML, "format", "est une page web, pas un tableau"),
        (lambda b: b"\n \n" + HTML.lower(), "format", "est une page web"),
        (_zipped, "format", "un classeur (ou une archive) renommé en .csv"),
        (_accented, "encodage", "Ligne 3 : l'octet 0xE9 n'est pas du UTF-8"),
        (lambda b: b.decode().encode("utf-16"), "encodage", "Le fichier est en UTF-16"),
        (lambda b: b.replace(b"\r\n", b"\x00\r\n", 5), "octet_nul", "Ligne 1 : "),
        (_tenth, "nombre_de_lignes", "7 lignes de données ; entre 77 et 81 sont attendues"),
        (lambda b: b.split(b"\r\n")[0] + b"\r\n", "nombre_de_lignes", "0 lignes de données"),
        (lambda b: b.replace(b"PERCOU", b"AM", 1), "colonne_en_double", "« AM » figure deux fois"),
        (
            lambda b: b.replace(b"ARSAS", b"RSA", 1),
            "colonnes_manquantes",
            "« ARSAS » (Foyers allocataires du RSA socle), peut-être renommée « RSA »",
        ),
        (
            lambda b: b.replace(b";", b"\t"),
            "separateur",
            "Ligne 1 : les colonnes sont séparées par « tabulation » ; « ; » est attendu",
        ),
    ],
    ids=[
        "empty",
        "html",
        "html-indented",
        "zip-renamed",
        "cp1252",
        "utf-16",
        "nul",
        "90-percent-smaller",
        "header-only",
        "column-twice",
        "column-renamed",
        "tabs",
    ],
)
def test_refused_with_what_where_and_what_to_do(
    settings: Settings,
    received: Path,
    damage: Callable[[bytes], bytes],
    rule: str,
    said: str,
) -> None:
    received.write_bytes(damage(received.read_bytes()))
    (load,) = _ingest(settings)
    assert load.verdict == "refuse"
    assert said in load.motif
    assert load.lignes_chargees == 0
    assert _loaded_rows(settings) == 0
    # `check` says the same beforehand.
    with pytest.raises(Refusal) as refusal:
        check_file(received, settings)
    assert (refusal.value.rule, refusal.value.message) == (rule, load.motif)
    # The bytes are kept as they came, and the same bytes are not judged twice.
    (kept,) = settings.landing.rglob("data_CAF_2020_IRIS.csv")
    assert kept.read_bytes() == received.read_bytes()
    (again,) = _ingest(settings)
    assert (again.verdict, again.decide_par) == ("inchange", load.load_id)


def test_one_bad_file_does_not_stop_the_next(settings: Settings, received: Path) -> None:
    for year, content in ((2016, b""), (2017, HTML), (2018, b"\x00")):
        received.with_name(f"data_CAF_{year}_IRIS.csv").write_bytes(content)
    received.unlink()
    assert [load.verdict for load in _ingest(settings)] == ["refuse"] * 3


def test_two_files_of_one_name_are_both_refused(settings: Settings, received: Path) -> None:
    other = settings.sources / "copie" / received.name
    other.parent.mkdir()
    other.write_bytes(received.read_bytes().replace(b"\r\n", b"\n"))
    loads = _ingest(settings)
    assert [load.verdict for load in loads] == ["refuse", "refuse"]
    assert {load.motif for load in loads} == {
        "Deux fichiers différents portent le nom « data_CAF_2020_IRIS.csv » dans les dossiers "
        "reçus. Gardez le bon et retirez l'autre."
    }


def test_same_bytes_land_once(settings: Settings, received: Path) -> None:
    twin = settings.sources / "copie" / received.name
    twin.parent.mkdir()
    shutil.copy(received, twin)
    first, second = receive(CAF, settings)
    assert first.sha256 == second.sha256
    manifest = next(settings.landing.rglob("*.manifest.json"))
    before = (manifest.stat().st_mtime_ns, manifest.read_bytes())
    receive(CAF, settings)
    assert len(list(settings.landing.rglob("*.csv"))) == 1
    assert (manifest.stat().st_mtime_ns, manifest.read_bytes()) == before


def test_links_are_not_followed(settings: Settings, received: Path, tmp_path: Path) -> None:
    """A received folder must not make us read, or keep, what is elsewhere."""
    secret = tmp_path / "ailleurs" / "data_CAF_2019_IRIS.csv"
    secret.parent.mkdir()
    secret.write_text("secret")
    received.with_name(secret.name).symlink_to(secret)
    (settings.sources / "dossier").symlink_to(secret.parent)
    received.with_name("data_CAF_2018_IRIS.csv").symlink_to("/dev/zero")
    (settings.sources / "boucle").symlink_to(settings.sources)
    assert [file.path for file in find_files(CAF, settings)] == [received]
    assert [landed.name for landed in receive(CAF, settings)] == [received.name]


def test_home_among_the_sources_is_not_received_again(settings: Settings, received: Path) -> None:
    """A folder of sources that has our own landing under it does not feed on itself."""
    inner = Settings(settings.sources / "etat", settings.sources)
    for _ in range(3):
        receive(CAF, inner)
    assert len(list(inner.landing.rglob("*.csv"))) == 1
    assert len(find_files(CAF, inner)) <= 2


def test_special_files_are_left_alone(settings: Settings, received: Path) -> None:
    received.unlink()
    os.mkfifo(received)
    assert finish(ingest_dataset, settings, CAF.dataset, timeout=20) == 0


def test_file_still_being_written_waits_for_the_next_run(
    settings: Settings, received: Path
) -> None:
    """The sender appends while we copy."""
    whole = received.read_bytes()
    received.write_bytes(b"")
    enough = threading.Event()

    def send() -> None:
        with received.open("ab", buffering=0) as upload:
            # Large enough for the copy to last while bytes keep coming.
            upload.truncate(300 << 20)
            while not enough.is_set():
                upload.write(b"1;2;3\r\n" * 100)
                time.sleep(0.001)

    sender = threading.Thread(target=send)
    sender.start()
    try:
        time.sleep(0.05)
        assert receive(CAF, settings) == []
    finally:
        enough.set()
        sender.join()
    assert not list(settings.landing.rglob("*IRIS*")), "half a file was kept"
    received.write_bytes(whole)
    (landed,) = receive(CAF, settings)
    assert landed.path(settings).read_bytes() == whole


def test_pipeline_killed_before_its_manifest_lands_again(
    settings: Settings, received: Path
) -> None:
    """A file of the store without its manifest was never landed: the next run lands it whole."""
    (landed,) = receive(CAF, settings)
    kept = landed.path(settings)
    kept.with_name(f"{kept.name}.manifest.json").unlink()
    (again,) = receive(CAF, settings)
    assert again.path(settings).read_bytes() == received.read_bytes()
    assert kept.with_name(f"{kept.name}.manifest.json").exists()


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "n'est pas un classeur .xlsx"),
        (HTML, "n'est pas un classeur .xlsx"),
        (b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "protégé par un mot de passe"),
        (_zipped(b"a;b"), "illisible"),
        (_zipped(b"\x00" * (64 << 20)), "il n'a pas été ouvert"),
    ],
    ids=["empty", "html", "encrypted", "zip", "bomb"],
)
def test_workbooks_that_are_none(settings: Settings, content: bytes, said: str) -> None:
    path = settings.sources / "operateurs" / "activite_mjd_2021.xlsx"
    path.write_bytes(content)
    (load,) = ingest(OPERATORS, receive(OPERATORS, settings), settings)
    assert load.verdict == "refuse"
    assert said in load.motif
    assert not list(settings.landing.rglob("*.xlsx")), "an operator's file that was not accepted"


def test_ledger_received_is_loaded_plus_set_aside(settings: Settings, received: Path) -> None:
    received.write_bytes(_tenth(received.read_bytes()))
    (load,) = _ingest(settings)
    assert (load.lignes_recues, load.lignes_chargees, load.lignes_ecartees) == (7, 0, 7)


def test_reader_survives_a_runaway_workbook(settings: Settings, tmp_path: Path) -> None:
    """One cell filled very far: bounded, refused, and the run goes on."""
    import openpyxl

    book = openpyxl.Workbook()
    sheet: Any = book.active
    sheet.title = "Activité"
    sheet["A1048576"] = "x"
    sheet["XFD1"] = "x"
    path = settings.sources / "operateurs" / "activite_mjd_2021.xlsx"
    book.save(path)
    (load,) = ingest(OPERATORS, receive(OPERATORS, settings), settings)
    assert load.verdict == "refuse"
    assert "Vérifiez" in load.motif
