"""From a sample file, a contract that reads as it stands: guesses, and what is left to fill."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.contract import Contract, read_contract
from ingestion.draft.columns import TO_FILL, column_entry, evidence_of, proposed_name
from ingestion.draft.guess import Guess
from ingestion.draft.keys import Keys, find_keys
from ingestion.draft.names import distinct, words_of
from ingestion.draft.profile import MARKS
from ingestion.draft.sample import Sample, take_sample
from ingestion.draft.yaml_text import written
from ingestion.schema import MODELINE

YEARS = "donnees"  # the one family of years of a draft
MARGIN = 0.1


@dataclass(frozen=True)
class Draft:
    """The draft of a contract, as text with its comments and as the contract that it is.

    `columns` are those of the file under their proposed names; `aside` those that are ignored.
    """

    text: str
    contract: Contract
    sample: Sample
    keys: Keys
    columns: dict[str, Guess]
    aside: list[Guess]


def draft_contract(source: Path, folder: Path) -> Draft:
    """Draft the contract of the dataset that `source` is a file of; `folder` is scratch.

    Raises `Refusal` where the file cannot be read as a table, or names two columns alike.
    """
    sample = take_sample(source, folder)
    keys = find_keys(sample.guesses, sample.parquet)
    columns = _named(sample, keys)
    aside = [found for found in sample.guesses if found.aside]
    lines = [
        *_identity(sample, keys),
        *_reading(sample),
        *_rows(sample, keys),
        *_period(keys, columns),
        *_marks(sample),
        "",
        *_edition(sample, keys),
        "",
        *_columns(sample, keys, columns),
        *_ignored(aside),
    ]
    text = "\n".join(lines) + "\n"
    path = folder / "brouillon.yml"
    path.write_text(text, encoding="utf-8")
    return Draft(text, read_contract(path), sample, keys, columns, aside)


def _named(sample: Sample, keys: Keys) -> dict[str, Guess]:
    territory = keys.territory_name
    taken = {territory}
    named = {}
    for found in sample.guesses:
        if found is keys.territory:
            named[territory] = found
        elif not found.aside:
            named[distinct(proposed_name(found, sample.layout), taken)] = found
    return named


def _guessed(line: str, why: str) -> str:
    return f"{line}   # deviné : {why}"


def _identity(sample: Sample, keys: Keys) -> Iterator[str]:
    shape, edition = keys.shape, sample.edition
    name = re.sub(r"\{\w+\}", "", edition.pattern) if edition else sample.name
    words = words_of(Path(name).stem)
    yield MODELINE
    yield f"# Brouillon préparé d'après {sample.name}. Ce qui est « deviné » est à vérifier sur"
    yield f"# d'autres fichiers ; ce qui est « {TO_FILL} », le fichier ne le dit pas."
    yield f"dataset: brouillon.{'_'.join(words) or 'jeu'}   # {TO_FILL} : « producteur.jeu »"
    for name in ("title", "producer", "licence", "citation", "page"):
        yield f"{name}: {TO_FILL}"
    yield f"cadence: yearly   # {TO_FILL} : monthly, quarterly, yearly ou irregular"
    said = f"Brouillon préparé d'après le seul fichier {sample.name} : rien n'est vérifié."
    yield f"to_confirm: {written(said)}"
    territory: dict[str, Any] = {"level": shape.level if shape else "libelle"}
    if shape and shape.zoning:
        territory["zoning"] = shape.zoning
    seen = "d'après la forme de ses codes" if shape else f"aucun code reconnu, {TO_FILL}"
    yield _guessed(f"territory: {written(territory | {'key': keys.territory_name})}", seen)
    if edition:
        yield _guessed(f"files: {written([edition.pattern])}", "l'édition est dans le nom")


def _reading(sample: Sample) -> Iterator[str]:
    options, why = dict(sample.layout.options), dict(sample.layout.why)
    options["decimal"], why["decimal"] = sample.decimal
    grouped = sum(found.profile.counts["grouped"] for found in _numbers(sample))
    if grouped:
        options["thousands"] = "space"
        why["thousands"] = f"{grouped} nombre(s) aux milliers groupés"
    yield "read:"
    for name, value in options.items():
        line = f"  {name}: {written(value)}"
        yield _guessed(line, why[name]) if name in why else line


def _numbers(sample: Sample) -> list[Guess]:
    return [found for found in sample.guesses if found.type in ("integer", "decimal")]


def _rows(sample: Sample, keys: Keys) -> Iterator[str]:
    rows = sample.rows - keys.totals
    faulty = len(sample.reading.bad_lines) + max(
        found.profile.rows - found.profile.filled for found in keys.columns
    )
    bounds = {
        "min": math.floor((1 - MARGIN) * rows),
        "max": math.ceil((1 + MARGIN) * rows),
        "quarantine_max": f"{math.ceil(100 * faulty / max(1, rows))}%",
    }
    shown = ", ".join(f"{name}: {value}" for name, value in bounds.items())
    yield _guessed(f"rows: {{{shown}}}", f"{rows} lignes dans ce fichier, à un dixième près")
    if keys.totals:
        control = {keys.territory_name: keys.territory.profile.totals}
        yield _guessed(f"control_rows: {written(control)}", f"{keys.totals} ligne(s) de total")


def _period(keys: Keys, columns: dict[str, Guess]) -> Iterator[str]:
    for name, found in columns.items():
        dated = found.profile.all_are("days") or found.profile.all_are("years")
        if dated and found in keys.columns and found is not keys.territory:
            yield _guessed(f"period: {written(name)}", "une date, dans la clé")
            return


def _marks(sample: Sample) -> Iterator[str]:
    yield f"blank: non_disponible   # {TO_FILL} : ce que veut dire une cellule vide"
    marks = sorted({mark for found in _numbers(sample) for mark in found.profile.marks})
    if marks:
        statuses = {mark: MARKS[mark.lower()] for mark in marks}
        yield _guessed(f"marks: {written(statuses)}", "des cellules de colonnes de nombres")
    if any(found.personal for found in sample.guesses):
        yield _guessed("may_hold_personal_data: true", "voir dropped")
        yield "unknown_columns: refuse"


def _edition(sample: Sample, keys: Keys) -> Iterator[str]:
    entry: dict[str, Any] = {"rows": sample.rows - keys.totals}
    if sample.suffix:
        entry["suffix"] = sample.suffix
    yield "vintages:"
    if sample.edition is None:
        entry["files"] = [sample.name]
        said = f"{TO_FILL} : le nom du fichier ne dit pas l'édition"
        yield f"  {TO_FILL}: {written(entry)}   # {said}"
        return
    entry |= {"years": {YEARS: int(sample.edition.vintage)}, "inferred": [YEARS]}
    why = "l'année du nom, qui n'est pas toujours celle des données"
    yield _guessed(f"  {sample.edition.vintage}: {written(entry)}", why)


def _columns(sample: Sample, keys: Keys, columns: dict[str, Guess]) -> Iterator[str]:
    yield _guessed("columns:", f"la clé, {keys.why}")
    for name, found in columns.items():
        entry = column_entry(found, sample.layout, YEARS if sample.edition else None)
        if found in keys.columns:
            entry = {k: v for k, v in entry.items() if k not in ("unit", "year")} | {"role": "key"}
        if found is keys.territory and keys.shape:
            del entry["label"]
            if found.profile.all_are(keys.shape.counted):
                entry["pattern"] = keys.shape.pattern
            entry["label"] = keys.shape.label
        yield _guessed(f"  {written(name)}: {written(entry)}", evidence_of(found))


def _ignored(aside: list[Guess]) -> Iterator[str]:
    others = [found for found in aside if not found.personal]
    yield "ignore:" if others else "ignore: []"
    for found in others:
        yield _guessed(f"  - {written(found.profile.name)}", found.why)
    people = [found for found in aside if found.personal]
    if people:
        yield "dropped:"
    for found in people:
        yield f"  - {written(found.profile.name)}   # colonne {found.why}"
