"""The landing store: the very bytes, once, and never changed afterwards."""

from __future__ import annotations

import hashlib
import json
import os
import threading
from pathlib import Path
from typing import Any

import pytest

from ingestion.contract import ContractError
from ingestion.landing import StillWriting, announce, land, land_rows, landed_files, take
from ingestion.origins import Received, find_files, row_bounds
from ingestion.pipeline import receive
from tests.fixtures.contracts import small_contract
from warehouse.settings import EXTRACT_MARK, Settings


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "recus").mkdir()
    return Settings(tmp_path / "home", tmp_path / "recus")


def put(settings: Settings, content: bytes, name: str = "essai_2021.csv") -> Received:
    path = settings.sources / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return Received(path, "mirror", "2021", 1)


def store(settings: Settings) -> dict[str, tuple[bytes, int]]:
    """Every file of the store, with its bytes and its date."""
    return {
        path.relative_to(settings.landing).as_posix(): (
            path.read_bytes(),
            path.stat().st_mtime_ns,
        )
        for path in settings.landing.rglob("*")
        if path.is_file()
    }


def test_bytes_are_kept_under_their_hash_with_a_manifest(settings: Settings) -> None:
    content = b"\xef\xbb\xbfA;B\r\n\xe9;\x00"
    landed = land(put(settings, content), small_contract(), settings)
    sha = hashlib.sha256(content).hexdigest()
    folder = f"essai.quartiers/2021/{sha}"
    assert {name: data for name, (data, _) in store(settings).items()} == {
        f"{folder}/essai_2021.csv": content,
        f"{folder}/essai_2021.csv.manifest.json": json.dumps(
            {
                "dataset": "essai.quartiers",
                "vintage": "2021",
                "delivery": 1,
                "name": "essai_2021.csv",
                "sha256": sha,
                "size": len(content),
                "origin": "mirror",
                "licence": "Essai",
                "received_at": landed.received_at,
                "demonstration": False,
                "waiting_at": None,
                "problem": None,
            },
            indent=2,
        ).encode(),
    }
    assert landed.path(settings) == settings.landing / folder / "essai_2021.csv"


def test_the_same_bytes_land_once(settings: Settings) -> None:
    first = land(put(settings, b"a"), small_contract(), settings)
    before = store(settings)
    again = land(put(settings, b"a"), small_contract(), settings)
    assert store(settings) == before
    assert again.sha256 == first.sha256
    assert again.received >= first.received
    assert len(landed_files(small_contract(), settings)) == 1


def test_a_correction_lands_beside_what_it_corrects(settings: Settings) -> None:
    land(put(settings, b"a"), small_contract(), settings)
    before = store(settings)
    land(put(settings, b"b"), small_contract(), settings)
    after = store(settings)
    assert before.items() <= after.items()
    assert len(after) == 2 * len(before)
    names = [(found.name, found.size) for found in landed_files(small_contract(), settings)]
    assert names == [("essai_2021.csv", 1)] * 2


def test_a_renamed_copy_lands_beside_the_same_bytes(settings: Settings) -> None:
    land(put(settings, b"a"), small_contract(), settings)
    before = store(settings)
    land(put(settings, b"a", "ESSAI_2021.csv"), small_contract(), settings)
    assert before.items() <= store(settings).items()
    assert {found.name for found in landed_files(small_contract(), settings)} == {
        "essai_2021.csv",
        "ESSAI_2021.csv",
    }


def test_a_file_without_manifest_was_never_landed(settings: Settings) -> None:
    land(put(settings, b"a"), small_contract(), settings)
    (manifest,) = settings.landing.rglob("*.manifest.json")
    manifest.unlink()
    assert landed_files(small_contract(), settings) == []
    land(put(settings, b"a"), small_contract(), settings)
    assert len(landed_files(small_contract(), settings)) == 1


@pytest.mark.parametrize("move", ["grows", "is written again"])
def test_a_file_that_moves_is_left_for_the_next_run(settings: Settings, move: str) -> None:
    file = put(settings, bytes(32 << 20))
    started, done = threading.Event(), threading.Event()

    def keep_writing() -> None:
        with file.path.open("ab" if move == "grows" else "r+b", buffering=0) as writer:
            while not done.is_set():
                if move != "grows":
                    writer.seek(0)
                writer.write(b"x")
                started.set()

    thread = threading.Thread(target=keep_writing)
    thread.start()
    started.wait()
    try:
        with pytest.raises(StillWriting, match=r"essai_2021\.csv"):
            land(file, small_contract(), settings)
        assert receive(small_contract(), settings) == []
    finally:
        done.set()
        thread.join()
    assert list(settings.landing.iterdir()) == []
    assert len(receive(small_contract(), settings)) == 1


def test_a_personal_file_is_announced_but_not_landed(settings: Settings) -> None:
    contract = small_contract(may_hold_personal_data=True)
    file = put(settings, b"des personnes")
    landed = announce(file, contract, settings)
    assert landed.sha256 == hashlib.sha256(b"des personnes").hexdigest()
    assert not settings.home.exists()
    (received,) = receive(contract, settings)
    assert received.waiting_at == str(file.path)
    assert not settings.home.exists()


def test_only_the_rows_of_a_personal_file_are_landed(settings: Settings, tmp_path: Path) -> None:
    contract = small_contract(may_hold_personal_data=True)
    announced = announce(put(settings, b"a"), contract, settings)
    (tmp_path / "lignes").write_bytes(b"des lignes")
    land_rows(announced, tmp_path / "lignes", settings)
    ((landed),) = landed_files(contract, settings)
    assert landed.waiting_at is None
    assert landed.sha256 == announced.sha256
    kept = {path.name: path for path in landed.path(settings).parent.iterdir()}
    assert set(kept) == {"essai_2021.csv.lignes.parquet", "essai_2021.csv.manifest.json"}
    assert kept["essai_2021.csv.lignes.parquet"].read_bytes() == b"des lignes"


def test_what_was_not_announced_is_not_landed(settings: Settings, tmp_path: Path) -> None:
    contract = small_contract(may_hold_personal_data=True)
    landed = announce(put(settings, b"a"), contract, settings)
    put(settings, b"autre")
    with pytest.raises(StillWriting):
        take(landed, settings, tmp_path)
    assert not settings.landing.exists()


def test_links_are_not_followed(settings: Settings, tmp_path: Path) -> None:
    outside = tmp_path / "ailleurs"
    outside.mkdir()
    (outside / "essai_2020.csv").write_bytes(b"secret")
    (settings.sources / "essai_2020.csv").symlink_to(outside / "essai_2020.csv")
    (settings.sources / "dossier").symlink_to(outside)
    put(settings, b"a", "2021/essai_2021.csv")
    assert [file.path.name for file in find_files(small_contract(), settings)] == ["essai_2021.csv"]


def found(settings: Settings, **changes: Any) -> list[tuple[str, str, int]]:
    return [
        (file.path.name, file.vintage, file.delivery)
        for file in find_files(small_contract(**changes), settings)
    ]


def test_files_are_found_by_name_oldest_first_best_delivery_first(settings: Settings) -> None:
    for name in ("essai_2021.csv", "b_2020.csv", "essai_2020.csv", "essai_20.csv", "x.csv"):
        put(settings, b"a", name)
    assert found(settings, files=["essai_{vintage}.csv", "b_{vintage}.csv"]) == [
        ("essai_2020.csv", "2020", 1),
        ("b_2020.csv", "2020", 2),
        ("essai_2021.csv", "2021", 1),
    ]


def test_the_drop_folder_is_for_real_operators_files(settings: Settings) -> None:
    settings.depots.mkdir(parents=True)
    deposited = settings.depots / "essai_2021.csv"
    deposited.write_bytes(b"a")
    os.utime(deposited, (0, 0))  # it is no longer being sent
    assert find_files(small_contract(), settings) == []
    ((file),) = find_files(small_contract(origin="depot"), settings)
    assert file.origin == "depot"
    (settings.sources / EXTRACT_MARK).touch()
    assert find_files(small_contract(origin="depot"), settings) == []


def test_extracts_declare_their_own_bounds(settings: Settings) -> None:
    contract = small_contract()
    assert row_bounds(contract, "2021", settings) == contract.rows
    mark = settings.sources / EXTRACT_MARK
    mark.write_text("rows: {essai.quartiers: {min: 3}}", encoding="utf-8")
    bounds = row_bounds(contract, "2021", settings)
    assert (bounds.min, bounds.max) == (3, contract.rows.max)
    mark.write_text("rows: {autre.jeu: {min: 3}}", encoding="utf-8")
    assert row_bounds(contract, "2021", settings) == contract.rows
    mark.write_text("rows: {essai.quartiers: {mini: 3}}", encoding="utf-8")
    with pytest.raises(ContractError, match=r"extrait\.yml, essai\.quartiers"):
        row_bounds(contract, "2021", settings)
