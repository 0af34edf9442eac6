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


class StillWriting(Exception):
    """The file changed while it was copied: it is left for the next run."""


@dataclass(frozen=True)
class Landed:
    """A file of the landing store, as its manifest describes it.

    `received_at` is ISO 8601, UTC. `demonstration` says that it came from extracts. A file that
    may hold personal data is not in the store yet: it stays at `waiting_at` until it is accepted.
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

    @property
    def received(self) -> datetime:
        return datetime.fromisoformat(self.received_at)

    def path(self, settings: Settings) -> Path:
        if self.waiting_at:
            return Path(self.waiting_at)
        return _folder(settings, self.dataset, self.vintage, self.sha256) / self.name


def land(file: Received, contract: Contract, settings: Settings) -> Landed:
    """Copy a received file into the store; the same bytes under the same name land once.

    Raises `StillWriting` if the file's size or date moved during the copy.
    """
    before = file.path.stat()
    with scratch_folder(settings.landing, ".arrivee-") as scratch:
        copy = Path(scratch, file.path.name)
        digest = _copy(file.path, copy)
        after = file.path.stat()
        if (before.st_size, before.st_mtime_ns) != (after.st_size, after.st_mtime_ns):
            raise StillWriting(file.path.name)
        landed = _describe(file, contract, settings, digest)
        target = _folder(settings, contract.dataset, file.vintage, digest)
        known = target / f"{file.path.name}.{MANIFEST}"
        if known.exists():
            return replace(_read_manifest(known), received_at=landed.received_at)
        target.mkdir(parents=True, exist_ok=True)
        copy.replace(target / file.path.name)
        # The manifest comes last: a file without one was never landed.
        draft = Path(scratch, MANIFEST)
        draft.write_text(json.dumps(asdict(landed), ensure_ascii=False, indent=2), "utf-8")
        draft.replace(known)
        return landed


def announce(file: Received, contract: Contract, settings: Settings) -> Landed:
    """Describe a file that stays where it is until its content is found free of personal data."""
    with file.path.open("rb") as content:
        digest = hashlib.file_digest(content, "sha256").hexdigest()
    return replace(
        _describe(file, contract, settings, digest), waiting_at=str(file.path.absolute())
    )


def land_accepted(landed: Landed, contract: Contract, settings: Settings) -> None:
    """Land a file that was waiting, now that it was accepted."""
    if landed.waiting_at:
        path = Path(landed.waiting_at)
        land(Received(path, landed.origin, landed.vintage, landed.delivery), contract, settings)


def landed_files(contract: Contract, settings: Settings) -> list[Landed]:
    """Everything in the store for this dataset, in order of arrival."""
    folder = settings.landing / contract.dataset
    manifests = [_read_manifest(path) for path in folder.glob(f"*/*/*.{MANIFEST}")]
    return sorted(manifests, key=lambda landed: (landed.received_at, landed.vintage))


def _folder(settings: Settings, dataset: str, vintage: str, sha256: str) -> Path:
    return settings.landing / dataset / vintage / sha256


def _read_manifest(path: Path) -> Landed:
    return Landed(**json.loads(path.read_text(encoding="utf-8")))


def _describe(file: Received, contract: Contract, settings: Settings, sha256: str) -> Landed:
    return Landed(
        dataset=contract.dataset,
        vintage=file.vintage,
        delivery=file.delivery,
        name=file.path.name,
        sha256=sha256,
        size=file.path.stat().st_size,
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
