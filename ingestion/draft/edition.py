"""From a new file of a known dataset, the lines that its contract needs to read it."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.candidate import build_candidate, rows_set_aside
from ingestion.conformity import match_columns
from ingestion.contract import CONTRACTS, Claim, Contract, read_contract
from ingestion.draft.changes import Changes
from ingestion.draft.edit import ContractText
from ingestion.draft.names import edition_in
from ingestion.draft.previous import medians
from ingestion.draft.sample import sample_of
from ingestion.readers.cells import Layout, Reading
from ingestion.readers.options import ReadOptions
from ingestion.reading import read, sniff
from ingestion.refusal import Refusal
from warehouse.foreseen import Foreseen
from warehouse.settings import PROJECT, Settings

PARQUET = "lignes.parquet"


@dataclass(frozen=True)
class Proposal:
    """What a contract needs so that one more file is read.

    `why` explains each change (French) and `diff` is the change itself, in unified form; both are
    empty where the contract needs nothing. `rows` and `aside` count the data rows of the file, and
    those that the changed contract would set aside.
    """

    dataset: str
    vintage: str
    compared: str
    rows: int
    aside: int
    why: list[str]
    diff: str
    gone: list[str]
    new: list[str]
    renamed: dict[str, str]


def propose_edition(source: Path, contract: Contract, settings: Settings, folder: Path) -> Proposal:
    """Compare `source` with the nearest edition that the contract knows; `folder` is scratch.

    Raises `Foreseen` where the edition cannot be told, `Refusal` where the file cannot be read.
    """
    claim = contract.claim_of(source.name)
    vintage = _vintage(source, contract, claim)
    nearest = min(contract.vintages, key=lambda known: (abs(int(known) - int(vintage)), known))
    known = contract.vintages.get(vintage) or contract.assumed(vintage, nearest)
    usual = contract.reading_of(claim) if claim else contract.read
    spellings = {name for column in contract.columns.values() for name in column.spellings}
    reading, options = _read(source, usual, spellings, known.suffix or "", folder)
    layout = Layout({"format": options.format, "geometry": options.geometry}, {})
    sample = sample_of(source, layout, reading, folder / PARQUET, known.suffix or "")
    path = CONTRACTS / contract.family / f"{contract.dataset.split('.')[1]}.yml"
    text = ContractText(path.read_text("utf-8"))
    in_place = medians(contract, nearest, settings)
    changes = Changes(contract, vintage, nearest, sample, text, in_place)
    changes.columns()
    if vintage not in contract.vintages:
        before, now = usual.model_dump(), options.model_dump()
        other = {name: value for name, value in now.items() if value != before[name]}
        own: dict[str, Any] = {} if claim else {"files": [source.name]}
        changes.edition(own | ({"read": other} if other else {}))
    return _proposal(changes, path, folder)


def _vintage(source: Path, contract: Contract, claim: Claim | None) -> str:
    if not contract.vintages or not all(known.isdigit() for known in contract.vintages):
        raise Foreseen(
            f"Les éditions de {contract.dataset} ne sont pas des années dans son contrat : rien "
            "ne s'y déduit d'une édition à l'autre. Complétez-le à la main."
        )
    edition = edition_in(source.name)
    vintage = claim.vintage if claim else edition and edition.vintage
    if not vintage or not vintage.isdigit():
        raise Foreseen(
            f"Le nom « {source.name} » ne dit pas de quelle année est l'édition : ajoutez-y "
            "l'année, puis relancez."
        )
    return vintage


def _read(
    source: Path, usual: ReadOptions, spellings: set[str], suffix: str, folder: Path
) -> tuple[Reading, ReadOptions]:
    """Read as the contract says or, where that gives none of its columns, as the file looks."""
    parquet = folder / PARQUET
    try:
        reading = read(source, usual, parquet)
    except Refusal:
        reading = None
    if reading and spellings & {name.removesuffix(suffix) for name in reading.header}:
        return reading, usual
    options = usual.changed_by(ReadOptions.model_validate(sniff(source, folder).options))
    return read(source, options, parquet), options


def _proposal(changes: Changes, path: Path, folder: Path) -> Proposal:
    """The change as lines, once the changed contract was seen to read the file."""
    before = path.read_text(encoding="utf-8")
    after = changes.text.changed()
    changed = folder / "contrat.yml"
    changed.write_text(after, encoding="utf-8")
    contract = read_contract(changed)
    sample, vintage = changes.sample, changes.vintage
    conformity = match_columns(sample.reading, contract, vintage)
    candidate = build_candidate(
        sample.parquet, sample.reading, conformity, contract, folder / "candidat.duckdb"
    )
    shown = path.relative_to(PROJECT) if path.is_relative_to(PROJECT) else path.name
    lines = difflib.unified_diff(
        before.splitlines(keepends=True),
        after.splitlines(keepends=True),
        f"a/{shown}",
        f"b/{shown}",
        n=1,
    )
    return Proposal(
        contract.dataset,
        vintage,
        changes.nearest,
        rows=sample.rows,
        aside=rows_set_aside(candidate).rows,
        why=changes.why,
        diff="".join(lines),
        gone=changes.gone,
        new=changes.new,
        renamed=changes.renamed,
    )
