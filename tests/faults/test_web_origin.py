"""A dataset whose files are on a web site, night after night: fault 35."""

from __future__ import annotations

import csv
import fcntl
import json
import os
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Iterator
from dataclasses import asdict
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from ingestion.contract import Contract, contracts
from ingestion.download import Limits
from ingestion.landing import Landed
from ingestion.origins import find_files, unknown_files
from ingestion.pipeline import describe, ingest, receive, still_refused
from observatoire.terminal import show_digest
from publication.digest import Digest, newest_digest, write_digest
from tests.fixtures.contracts import revised
from tests.fixtures.website import Website, cut_at, dripping, mute, status, website
from warehouse.database import writer
from warehouse.ledger import Load
from warehouse.settings import PROJECT, Settings

DEMO = PROJECT / "data" / "demo" / "insee"
FAST = Limits(total_s=20, idle_s=5, attempts=2, pause_s=0.01)
FILES = {vintage: f"FILO{vintage}_DISP_EPCI.csv" for vintage in ("2017", "2018")}
CONTENT = {vintage: (DEMO / name).read_bytes() for vintage, name in FILES.items()}
SHA_2018 = "select sha256 from audit.loads where verdict = 'charge' and millesime = '2018'"
HTML = b"<!DOCTYPE html>\n<html><body>Site en maintenance</body></html>"


@pytest.fixture(autouse=True)
def direct(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy of this machine between the tests and their site."""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def site() -> Iterator[Website]:
    with website() as site:
        for vintage, content in CONTENT.items():
            site.put(f"/{vintage}", content)
        yield site


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(tmp_path / "home", tmp_path / "home" / "telechargements")


@pytest.fixture
def contract(site: Website) -> Contract:
    known = revised(contracts()["insee.filosofi_epci"], rows={"min": 10, "max": 10})
    said = known.model_dump(exclude_unset=True)["vintages"]
    # Without their own files, and so without their true addresses.
    editions = {vintage: said[vintage] | {"files": []} for vintage in FILES}
    return revised(known, vintages=editions, url=site.address + "/{vintage}")


@pytest.fixture
def single(contract: Contract) -> Contract:
    """The same with one edition: each one judged takes seconds."""
    said = contract.model_dump(exclude_unset=True)["vintages"]
    return revised(contract, vintages={"2018": said["2018"]})


def night(contract: Contract, settings: Settings, limits: Limits = FAST) -> list[Load]:
    """Receive, pass what was received from one task to the next as Airflow does, load."""
    passed = json.dumps([asdict(landed) for landed in receive(contract, settings, limits)])
    return ingest(contract, [Landed(**said) for said in json.loads(passed)], settings)


def query(settings: Settings, sql: str) -> list[tuple[Any, ...]]:
    with writer(settings) as con:
        return con.execute(sql).fetchall()


def figures(settings: Settings) -> list[tuple[Any, ...]]:
    """What stands: the households of Saint-Quentin-en-Yvelines in each edition."""
    return query(
        settings,
        "select _millesime, menages_fiscaux::integer from raw.insee__filosofi_epci"
        " where code_territoire = '200058782' order by all",
    )


def digest(contract: Contract, settings: Settings) -> tuple[Digest, list[tuple[str, str]]]:
    """The night's digest, and what it says of this dataset's files that make it late."""
    written = write_digest(settings)
    late = [
        (row.reason, row.kept)
        for row in written.late
        if row.dataset == contract.dataset and "était attendu" not in row.reason
    ]
    return written, late


def published(settings: Settings) -> None:
    """Stand for a release: without one, no night is sound."""
    settings.current.mkdir(parents=True)
    (settings.current / "manifest.json").write_text('{"release": "hier"}', encoding="utf-8")


def households(vintage: str) -> int:
    """What the producer's file says, read by the standard library alone."""
    rows = csv.DictReader(CONTENT[vintage].decode("utf-8-sig").splitlines(), delimiter=";")
    (said,) = (row[f"NBMEN{vintage[2:]}"] for row in rows if row["CODGEO"] == "200058782")
    return int(said)


BOTH = [(vintage, households(vintage)) for vintage in FILES]


@pytest.mark.long
def test_four_nights(contract: Contract, settings: Settings, site: Website) -> None:
    published(settings)
    first = night(contract, settings)
    assert [(load.verdict, load.origine, load.fichier) for load in first] == [
        ("charge", "web", FILES["2017"]),
        ("charge", "web", FILES["2018"]),
    ]
    assert not first[0].demonstration
    assert figures(settings) == BOTH
    assert digest(contract, settings)[1] == []

    site.asked.clear()
    second = night(contract, settings)
    assert [(load.verdict, load.decide_par) for load in second] == [
        ("inchange", first[0].load_id),
        ("inchange", first[1].load_id),
    ]
    assert [asked.headers.get("If-None-Match") for asked in site.asked] == ['"v1"', '"v1"']

    site.pages["/2018"].behaviours = [status(500)] * FAST.attempts
    third = night(contract, settings)
    assert [load.verdict for load in third] == ["inchange", "inchange", "erreur"]
    lost = third[-1]
    assert (lost.fichier, lost.millesime, lost.sha256) == (FILES["2018"], "2018", "")
    assert lost.not_received
    assert (lost.lignes_recues, lost.lignes_chargees, lost.lignes_ecartees) == (0, 0, 0)
    assert lost.motif == (
        "Le site 127.0.0.1 est en panne (réponse 500). Nouvel essai au prochain passage."
    )
    assert describe(lost) == (
        f"insee.filosofi_epci 2018 · {FILES['2018']} · NON REÇU. {lost.motif}"
    )
    assert figures(settings) == BOTH
    assert [load.load_id for load in still_refused(contract, settings)] == [lost.load_id]
    told, late = digest(contract, settings)
    assert told.sound
    assert not told.nothing_new
    assert told.not_received == [lost]
    ((reason, kept),) = late
    assert reason == f"{FILES['2018']} (millésime 2018) n'a pas été reçu."
    assert kept.startswith(f"Les chiffres de {FILES['2018']}, chargé le ")
    page = told.page.read_text(encoding="utf-8")
    assert "<h2>Fichiers non reçus</h2>" in page
    assert "est en panne (réponse 500)" in page
    assert "<h2>Fichiers refusés</h2>" not in page
    terminal = Console(file=StringIO(), width=400)
    show_digest(newest_digest(settings), terminal)
    shown = terminal.file.getvalue()
    # The second night had no digest of its own.
    assert "0 chargés, 4 inchangés, 0 remplacés, 0 refusés, 1 non reçus · " in shown
    assert f"NON REÇU {FILES['2018']} · insee.filosofi_epci 2018 : {lost.motif}" in shown
    assert "REFUSÉ" not in shown

    fourth = night(contract, settings)
    assert [load.verdict for load in fourth] == ["inchange", "inchange"]
    assert still_refused(contract, settings) == []
    told, late = digest(contract, settings)
    assert late == []
    assert told.nothing_new


@pytest.mark.long
def test_a_site_that_stays_down_is_told_every_night(
    contract: Contract, settings: Settings, site: Website
) -> None:
    night(contract, settings)
    down = revised(contract, url="http://127.0.0.1:9/{vintage}")
    for _ in range(2):
        loads = night(down, settings)
        assert [(load.verdict, load.sha256 == "") for load in loads[-2:]] == [("erreur", True)] * 2
        assert all("est injoignable" in load.motif for load in loads[-2:])
        refused = still_refused(contract, settings)
        assert {load.load_id for load in refused} == {load.load_id for load in loads[-2:]}
        assert len(digest(contract, settings)[1]) == 2
        assert figures(settings) == BOTH
    rows = "select count(*), count(distinct load_id) from audit.loads where sha256 = ''"
    assert query(settings, rows) == [(4, 4)]


@pytest.mark.long
def test_what_never_came_is_loaded_when_it_comes(
    contract: Contract, settings: Settings, site: Website
) -> None:
    site.pages["/2018"].behaviours = [status(404)]
    loads = night(contract, settings)
    assert [(load.millesime, load.verdict) for load in loads] == [
        ("2017", "charge"),
        ("2018", "erreur"),
    ]
    assert "n'est plus à son adresse" in loads[1].motif
    _, ((_, kept),) = digest(contract, settings)
    assert kept == "Les chiffres s'arrêtent au millésime 2017, conservé."
    assert [load.verdict for load in night(contract, settings)] == ["inchange", "charge"]
    assert still_refused(contract, settings) == []
    assert figures(settings) == BOTH


@pytest.mark.long
@pytest.mark.parametrize("body", [HTML, CONTENT["2018"][:900]], ids=["web page", "cut file"])
def test_yesterdays_figures_survive_what_the_site_gives(
    single: Contract, settings: Settings, site: Website, body: bytes
) -> None:
    night(single, settings)
    ((sha256,),) = query(settings, SHA_2018)
    site.put("/2018", body, etag='"v2"')
    loads = night(single, settings)
    assert figures(settings) == BOTH[1:]
    assert query(settings, SHA_2018) == [(sha256,)]
    # The page never arrives; what looks like the file is for the checks to judge.
    assert loads[-1].verdict == ("erreur" if body == HTML else "refuse")
    assert len(digest(single, settings)[1]) == 1


@pytest.mark.long
def test_a_correction_replaces(single: Contract, settings: Settings, site: Website) -> None:
    night(single, settings)
    corrected = CONTENT["2018"].replace(b";88425;", b";88426;")
    site.put("/2018", corrected, cut_at(2000), etag='"v2"')
    assert [load.verdict for load in night(single, settings)] == ["charge"]
    assert figures(settings) == [("2018", 88426)]


def test_a_dataset_without_address_asks_nothing(
    single: Contract, settings: Settings, site: Website
) -> None:
    silent = revised(single, url=None)
    assert night(silent, settings) == []
    assert site.asked == []
    assert digest(single, settings)[1] == []
    # Its files are put by hand where the others arrive.
    by_hand = settings.sources / single.dataset / FILES["2018"]
    by_hand.write_bytes(CONTENT["2018"])
    (load,) = night(silent, settings)
    assert load.verdict == "charge"


def test_only_the_editions_of_the_contract_are_asked(
    contract: Contract, settings: Settings, site: Website
) -> None:
    receive(contract, settings, FAST)
    assert [asked.path for asked in site.asked] == ["/2017", "/2018"]


def test_a_site_that_says_nothing_is_asked_once(
    contract: Contract, settings: Settings, site: Website
) -> None:
    for page in site.pages.values():
        page.behaviours = [mute] * 9
    loads = night(contract, settings, Limits(idle_s=0.1, attempts=1))
    assert [asked.path for asked in site.asked] == ["/2017"]
    assert [load.motif for load in loads] == [
        "Le site 127.0.0.1 ne répond plus. Nouvel essai au prochain passage."
    ] * 2


def test_an_archive_is_opened_where_the_contract_says_so(
    single: Contract, settings: Settings, site: Website, tmp_path: Path
) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("FILO_2018/FILO_DISP_EPCI.csv", CONTENT["2018"])
        archive.writestr("FILO_2018/FILO_DISP_COM.csv", "autre chose")
    url = site.put("/f.zip", (tmp_path / "a.zip").read_bytes())
    zipped = {"name": "filo_{vintage}.zip", "read": {"member": "*_EPCI.csv"}, "url": url}
    said = single.model_dump(exclude_unset=True)["vintages"]["2018"]
    archived = revised(single, url=None, vintages={"2018": said}, files=[zipped])
    (load,) = night(archived, settings)
    assert (load.fichier, load.verdict) == ("filo_2018.zip", "charge")
    assert figures(settings) == BOTH[1:]


def test_two_processes_do_not_write_the_same_part(
    single: Contract, settings: Settings, site: Website
) -> None:
    before = receive(single, settings, FAST)
    site.asked.clear()
    folder = os.open(settings.sources / single.dataset, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        (landed,) = receive(single, settings, FAST)
    finally:
        os.close(folder)
    assert site.asked == []
    assert (landed.sha256, landed.problem) == (before[0].sha256, None)
    receive(single, settings, FAST)
    assert len(site.asked) == 1


KILLED = """
import sys
from pathlib import Path
from ingestion.download import download
download(sys.argv[1], Path(sys.argv[2]), "csv")
"""


@pytest.mark.long
def test_a_download_that_is_killed_leaves_nothing_to_load(
    single: Contract, settings: Settings, site: Website
) -> None:
    site.pages["/2018"].behaviours = [dripping]
    target = settings.sources / single.dataset / FILES["2018"]
    part = target.with_name(f"{target.name}.part")
    child = subprocess.Popen(
        [sys.executable, "-c", KILLED, site.address + "/2018", str(target)], cwd=PROJECT
    )
    deadline = time.monotonic() + 20
    while not (part.exists() and part.stat().st_size) and time.monotonic() < deadline:
        time.sleep(0.02)
    child.send_signal(signal.SIGKILL)
    child.wait()
    received = part.stat().st_size
    assert 0 < received < len(CONTENT["2018"])
    assert find_files(single, settings) == []
    assert unknown_files([], settings) == []
    assert {load.verdict for load in night(single, settings)} == {"charge"}
    assert any(asked.headers.get("Range") == f"bytes={received}-" for asked in site.asked)
    assert target.read_bytes() == CONTENT["2018"]


def test_a_file_that_cannot_be_opened_is_not_received(
    single: Contract, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tests may run as a user who may read all: the answer of the system is played."""
    night(single, settings)
    monkeypatch.setattr(os, "access", lambda path, _: path.name != FILES["2018"])
    (load,) = night(single, settings)
    assert load.not_received
    assert load.motif.startswith("Le fichier ne peut pas être ouvert")
    assert figures(settings) == BOTH[1:]
