"""Releases: written aside, then shown whole by renaming one symbolic link."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb

from publication.build import MANIFEST, current_manifest
from warehouse.database import writer
from warehouse.foreseen import Foreseen
from warehouse.ledger import now
from warehouse.settings import Settings


class UnknownRelease(Foreseen):
    """No such release (message in French)."""


@dataclass(frozen=True)
class Release:
    """One release kept, and whether it is the one that readers open."""

    name: str
    published_at: datetime
    demonstration: bool
    current: bool


def publish(candidate: Path, settings: Settings) -> Release:
    """Give the candidate its place among the releases and point `courant` at it.

    Readers see the whole old release or the whole new one; those who have a file open keep it.
    """
    manifest = json.loads((candidate / MANIFEST).read_text(encoding="utf-8"))
    name = manifest["release"]
    for path in sorted(candidate.rglob("*")):
        _sync(path)
    _sync(candidate)
    with writer(settings) as con:
        candidate.rename(settings.releases / name)
        _sync(settings.releases)
        _point_at(settings, name)
        _record(con, manifest)
    return _describe(settings, name)


def rollback(name: str, settings: Settings) -> Release:
    """Point `courant` at an earlier release; the next new data will publish again."""
    kept = [release.name for release in list_releases(settings)]
    if name not in kept:
        known = ", ".join(kept) or "aucune"
        raise UnknownRelease(f"La publication « {name} » n'existe pas. Publications : {known}.")
    with writer(settings):
        _point_at(settings, name)
    return _describe(settings, name)


def list_releases(settings: Settings) -> list[Release]:
    """Every release kept, newest first."""
    names = [path.parent.name for path in settings.releases.glob(f"[!.]*/{MANIFEST}")]
    return [_describe(settings, name) for name in sorted(names, reverse=True)]


def _describe(settings: Settings, name: str) -> Release:
    manifest = json.loads((settings.releases / name / MANIFEST).read_text(encoding="utf-8"))
    return Release(
        name,
        datetime.fromisoformat(manifest["publie_le"]),
        manifest["demonstration"],
        current_manifest(settings).get("release") == name,
    )


def _point_at(settings: Settings, name: str) -> None:
    draft = settings.home / ".courant"
    draft.unlink(missing_ok=True)
    draft.symlink_to(Path(settings.releases.name, name))
    draft.replace(settings.current)
    _sync(settings.home)


def _record(con: duckdb.DuckDBPyConnection, manifest: dict[str, object]) -> None:
    con.execute(
        "insert into audit.releases values (?, ?, ?, ?)",
        [manifest["release"], now(), manifest["empreinte"], manifest["demonstration"]],
    )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
