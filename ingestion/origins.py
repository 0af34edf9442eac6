"""Where files come from: a directory searched by the file names of the contracts."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import yaml
from pydantic import ValidationError

from ingestion.contract import Contract, ContractError, RowBounds
from warehouse.settings import EXTRACT_MARK, Settings

DATA_SUFFIXES = {".csv", ".geojson", ".json", ".ods", ".parquet", ".tsv", ".xls", ".xlsx", ".zip"}


@dataclass(frozen=True)
class Received:
    """A file found at an origin, with the vintage and delivery that its name claims."""

    path: Path
    origin: str
    vintage: str
    delivery: int


def find_files(contract: Contract, settings: Settings) -> list[Received]:
    """Files of this dataset, oldest vintage first, preferred delivery first.

    The sources are searched whole; an operator's file may also wait in its drop folder.
    Links are not followed: a received folder must not make us read elsewhere.
    """
    roots = [(settings.sources, "demo" if settings.demonstration else "mirror")]
    if contract.origin == "depot" and not settings.demonstration:
        roots.append((settings.depots, "depot"))
    found = [
        Received(path, origin, *claim)
        for root, origin in roots
        for path in _files_under(root)
        if (claim := contract.claim_of(path.name))
    ]
    return sorted(found, key=lambda file: (file.vintage, file.delivery, str(file.path)))


def unknown_files(known: Iterable[Contract], settings: Settings) -> list[str]:
    """Data files of the sources that no contract claims, as paths inside them."""
    contracts = list(known)
    return sorted(
        str(path.relative_to(settings.sources))
        for path in _files_under(settings.sources)
        if path.suffix.lower() in DATA_SUFFIXES
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
