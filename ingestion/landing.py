"""The landing store: received bytes, untouched, under their own hash."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path

from ingestion.contract import Contract
from ingestion.origins import Received
from warehouse.ledger import now
from warehouse.scratch import scratch_folder
from warehouse.settings import Settings

CHUNK = 1 << 20
MANIFEST = "manifest.json"
KEPT_ROWS = "lignes.parquet"  # ends the name of what is kept of an operator's file


class StillWriting(Exception):
    """The file changed while it was copied: it is left for the next run."""


@dataclass(frozen=True)
class Landed:
    """A file of the landing store, as its manifest describes it.

    `received_at` is ISO 8601, UTC. `demonstration` says that it came from extracts. A file that
    may hold personal data stays at `waiting_at`: only its rows come into the store, once accepted.
    Where the bytes could not be had there is no hash, and `problem` says why (French).
    """

    dataset: str
    vintage: str
    delivery: int
    name: str
    sha256: str
    size: int
    origin: str
    licence: str
    received_at: str
    demonstration: bool
    waiting_at: str | None = None
    problem: str | None = None

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)

    def path(self, settings: Settings) -> Path:
        """Where the store keeps it."""
        return _folder(settings, self.dataset, self.vintage, self.sha256) / self.name


def land(file: Received, contract: Contract, settings: Settings) -> Landed:
    """Copy a received file into the store; the same bytes under the same name land once.

    Bytes put back after a correction get a second manifest: the last arrival is known.

    Raises `StillWriting` if the file's size or date moved during the copy.
    """
    before = file.path.stat()
    with scratch_folder(settings.landing, ".arrivee-") as scratch:
        copy = Path(scratch, file.path.name)
        digest = _copy(file.path, copy)
        after = file.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise StillWriting(file.path.name)
        landed = _describe(file, contract, settings, digest, after.st_size)
        target = _folder(settings, contract.dataset, file.vintage, digest)
        newest = _newest_of_its_name(landed, contract, settings)
        if newest and newest.sha256 == digest:
            return landed
        target.mkdir(parents=True, exist_ok=True)
        first = target / f"{file.path.name}.{MANIFEST}"
        if not first.exists():
            copy.replace(target / file.path.name)
        # The manifest comes last: a file without one was never landed.
        draft = Path(scratch, MANIFEST)
        draft.write_text(json.dumps(asdict(landed), ensure_ascii=False, indent=2), "utf-8")
        again = target / f"{file.path.name}.{landed.received_at}.{MANIFEST}"
        draft.replace(again if first.exists() else first)
        return landed


def announce(file: Received, contract: Contract, settings: Settings) -> Landed:
    """Describe a file that stays where it is until it was accepted."""
    before = file.path.stat()
    digest = sha256_of(file.path)
    after = file.path.stat()
    if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
        raise StillWriting(file.path.name)
    described = _describe(file, contract, settings, digest, after.st_size)
    return replace(described, waiting_at=str(file.path.absolute()))


def sha256_of(path: Path) -> str:
    """The hash of a file's bytes."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def not_received(file: Received, problem: str, contract: Contract, settings: Settings) -> Landed:
    """Describe a file whose bytes could not be had."""
    return replace(_describe(file, contract, settings, "", 0), problem=problem)


def take(landed: Landed, settings: Settings, folder: Path) -> Path:
    """The bytes to judge: those of the store or, for a waiting file, a copy of its own.

    Raises `StillWriting` where the waiting file is no longer the one that was announced.
    """
    if not landed.waiting_at:
        return landed.path(settings)
    copy = folder / landed.name
    if _copy(Path(landed.waiting_at), copy) != landed.sha256:
        raise StillWriting(landed.name)
    return copy


def land_rows(landed: Landed, rows: Path, settings: Settings) -> None:
    """Land what an accepted operator's file becomes: the rows that are loaded, nothing else of it.

    `rows` is a Parquet file. The original, its help sheets, comments and rows set aside are not
    kept here; the manifest has its hash.
    """
    target = landed.path(settings).parent
    target.mkdir(parents=True, exist_ok=True)
    with scratch_folder(settings.landing, ".arrivee-") as scratch:
        copy = Path(scratch, KEPT_ROWS)
        _copy(rows, copy)
        copy.replace(target / f"{landed.name}.{KEPT_ROWS}")
        draft = Path(scratch, MANIFEST)
        kept = replace(landed, waiting_at=None)
        draft.write_text(json.dumps(asdict(kept), ensure_ascii=False, indent=2), "utf-8")
        draft.replace(target / f"{landed.name}.{MANIFEST}")


def landed_files(contract: Contract, settings: Settings) -> list[Landed]:
    """Everything in the store for this dataset, in order of arrival."""
    last: dict[tuple[str, str, str], Landed] = {}
    for landed in _manifests(contract, settings):
        last[landed.vintage, landed.name, landed.sha256] = landed
    return sorted(last.values(), key=lambda landed: (landed.received_at, landed.vintage))


def _manifests(contract: Contract, settings: Settings) -> list[Landed]:
    paths = (settings.landing / contract.dataset).glob(f"*/*/*.{MANIFEST}")
    found = [Landed(**json.loads(path.read_text(encoding="utf-8"))) for path in paths]
    return sorted(found, key=lambda landed: landed.received_at)


def _newest_of_its_name(landed: Landed, contract: Contract, settings: Settings) -> Landed | None:
    same = [
        known
        for known in _manifests(contract, settings)
        if (known.vintage, known.name) == (landed.vintage, landed.name)
    ]
    return same[-1] if same else None


def _folder(settings: Settings, dataset: str, vintage: str, sha256: str) -> Path:
    return settings.landing / dataset / vintage / sha256


def _describe(
    file: Received, contract: Contract, settings: Settings, sha256: str, size: int
) -> Landed:
    return Landed(
        dataset=contract.dataset,
        vintage=file.vintage,
        delivery=file.delivery,
        name=file.path.name,
        sha256=sha256,
        size=size,
        origin=file.origin,
        licence=contract.licence,
        received_at=now().isoformat(),
        demonstration=settings.demonstration,
    )


def _copy(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as reader, target.open("wb") as writer:
        while chunk := reader.read(CHUNK):
            digest.update(chunk)
            writer.write(chunk)
        writer.flush()
        os.fsync(writer.fileno())
    shutil.copystat(source, target)
    return digest.hexdigest()
