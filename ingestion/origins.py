"""Where files come from: official addresses, directories searched by the names of the contracts."""

from __future__ import annotations

import fcntl
import logging
import os
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit

import yaml
from pydantic import ValidationError

from ingestion.contract import Claim, Contract, ContractError, RowBounds, slug
from warehouse.settings import EXTRACT_MARK, Settings

if TYPE_CHECKING:
    from ingestion.download import Limits, Outcome

log = logging.getLogger("observatoire.ingestion")

WEB, DEPOT = "web", "depot"
TREATED, REFUSED = "traites", "refuses"  # folders of a depot: what was taken from it
QUIET_S = 60  # a file that changed since is still being sent
UNFINISHED = (".part", ".filepart", ".tmp", ".crdownload")
DATA_SUFFIXES = {".csv", ".geojson", ".json", ".ods", ".parquet", ".tsv", ".xls", ".xlsx", ".zip"}


@dataclass(frozen=True)
class Received:
    """A file found at an origin, with the vintage and delivery that its name claims."""

    path: Path
    origin: str
    vintage: str
    delivery: int


class Missing(NamedTuple):
    """A file that should be here and could not be had; `problem` says why (French)."""

    file: Received
    problem: str


def fetch_files(
    contract: Contract, settings: Settings, limits: Limits | None = None
) -> list[Missing]:
    """Bring what this dataset has at official addresses up to date; say what could not be had.

    Only editions of the contract are asked for. What was downloaded before stays until another
    version is whole. A site that does not answer is not asked for the dataset's other files.
    """
    from ingestion.download import LIMITS, download

    folder = settings.sources / contract.dataset
    missing = []
    silent: dict[str, Outcome] = {}
    with _alone_in(folder) as alone:
        if not alone:
            log.warning("%s : un autre traitement le télécharge déjà", contract.dataset)
            return []
        for claim, url, name in contract.addresses:
            read = contract.reading_of(claim)
            site = urlsplit(url).netloc
            outcome = silent.get(site) or download(
                url, folder / name, "zip" if read.member else read.format, limits or LIMITS
            )
            if outcome.result == "failed":
                missing.append(Missing(Received(folder / name, WEB, *claim), outcome.problem))
            if outcome.silent:
                silent[site] = outcome
    return missing


@contextmanager
def _alone_in(folder: Path) -> Iterator[bool]:
    """Whether no other process downloads into this folder; the kernel forgets one that dies."""
    folder.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            alone = True
        except BlockingIOError:
            alone = False
        yield alone
    finally:
        os.close(descriptor)


def find_files(contract: Contract, settings: Settings) -> list[Received]:
    """Files of this dataset, oldest vintage first, preferred delivery first.

    The sources are searched whole; an operator's file may also wait in its drop folder.
    Links are not followed: a received folder must not make us read elsewhere.
    """
    here = WEB if settings.web else "demo" if settings.demonstration else "mirror"
    roots = [(settings.sources, here)]
    if contract.origin == "depot" and not settings.demonstration:
        roots.append((settings.depots, DEPOT))
    found = [
        Received(path, origin, *(deposited(claim, path, root) if origin == DEPOT else claim))
        for root, origin in roots
        for path in _files_under(root)
        if (claim := contract.claim_at(path))
        and (origin != DEPOT or (_is_deposited(path) and not _was_taken(path, root)))
    ]
    return sorted(found, key=lambda file: (file.vintage, file.delivery, str(file.path)))


def deposited(claim: Claim, path: Path, root: Path) -> Claim:
    """In a depot, the folder right under it says the operator, whatever the file's name says.

    It is part of the edition even where the name says a year only: two operators may send the
    same name.
    """
    inside = path.relative_to(root).parts
    if len(inside) == 1:
        return claim
    said, _, period = claim.vintage.partition("_")
    return claim._replace(vintage=f"{slug(inside[0])}_{period or said}")


def _is_deposited(path: Path) -> bool:
    """Whether an operator's file is whole: nothing has been written of it for a while."""
    quiet = time.time() - path.stat().st_mtime > QUIET_S
    return quiet and path.suffix.lower() not in UNFINISHED


def _was_taken(path: Path, root: Path) -> bool:
    """Whether a file lies where a depot keeps what was taken from it."""
    return bool({TREATED, REFUSED} & set(path.relative_to(root).parts))


def unknown_files(known: Iterable[Contract], settings: Settings) -> list[str]:
    """Data files of the sources and depots that no contract claims, as paths inside them."""
    contracts = list(known)
    roots = [settings.sources] if settings.demonstration else [settings.sources, settings.depots]
    return sorted(
        str(path.relative_to(root))
        for root in roots
        for path in _files_under(root)
        if path.suffix.lower() in DATA_SUFFIXES
        and not _was_taken(path, root)
        and not any(contract.claim_of(path.name) for contract in contracts)
    )


def _files_under(root: Path) -> list[Path]:
    return [
        Path(folder, name)
        for folder, _, names in os.walk(root, followlinks=False)
        for name in names
        if Path(folder, name).is_file() and not Path(folder, name).is_symlink()
    ]


def row_bounds(contract: Contract, vintage: str, settings: Settings) -> RowBounds:
    """How many rows this vintage may have: exactly what its edition has, where that is known.

    In a folder of extracts, what the folder declares. Raises `ContractError` where it cannot.
    """
    if not settings.demonstration:
        known = contract.vintages.get(vintage)
        if known is None or known.rows is None:
            return contract.rows
        return contract.rows.model_copy(update={"min": known.rows, "max": known.rows})
    mark = settings.sources / EXTRACT_MARK
    try:
        declared = (yaml.safe_load(mark.read_text(encoding="utf-8")) or {}).get("rows") or {}
        return RowBounds.model_validate(
            {**contract.rows.model_dump(), **declared.get(contract.dataset, {})}
        )
    except (ValidationError, yaml.YAMLError, AttributeError, TypeError) as error:
        raise ContractError(f"{EXTRACT_MARK}, {contract.dataset} : {error}") from error
