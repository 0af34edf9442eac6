"""From a sample file, a contract that reads as it stands: guesses and what is left to fill."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ingestion.contract import Contract, ReadOptions, read_contract
from ingestion.draft.guess import Guess, decimal_mark, guess
from ingestion.draft.keys import Keys, find_keys, shape_of
from ingestion.draft.names import (
    Known,
    NamedEdition,
    canonical,
    distinct,
    edition_in,
    known_names,
    words_of,
)
from ingestion.draft.profile import MARKS, Profile, profile
from ingestion.draft.yaml_text import written
from ingestion.readers.cells import Layout, Reading
from ingestion.reading import read, sniff
from ingestion.refusal import Refusal
from ingestion.schema import MODELINE

TO_FILL = "À compléter"
UNKNOWN_EDITION = "à compléter"
FAMILY = "donnees"
MOST_COLUMNS = 0.5


@dataclass(frozen=True)
class Draft:
    """The draft of a contract, as text with its comments and as the contract that it is.

    `columns` are the columns of the file under their proposed names, those left aside apart.
    """

    text: str
    contract: Contract
    layout: Layout
    columns: dict[str, Guess]
    aside: list[Guess]
    keys: Keys


def draft_contract(source: Path, folder: Path) -> Draft:
    """Draft the contract of the dataset that `source` is a file of, in the scratch `folder`.

    Raises `Refusal` where the file cannot be read as a table, or names two columns alike.
    """
    layout = sniff(source, folder)
    parquet = folder / "lignes.parquet"
    reading = read(source, ReadOptions.model_validate(layout.options), parquet)
    edition = edition_in(source.name)
    suffix = _suffix(reading.header, edition)
    header = [name.removesuffix(suffix) for name in reading.header]
    _refuse_twice(header)
    decimal, guesses = guess_columns(parquet, header, layout)
    keys = find_keys(guesses, parquet)
    columns = _named(guesses, keys, layout)
    lines = [
        *_identity(source, edition, keys),
        *_reading(layout, decimal, guesses),
        *_rows(reading, keys),
        *_editions(source, edition, reading, keys, suffix),
        *_columns(columns, keys, layout, edition),
        *_aside(guesses),
    ]
    text = "\n".join(lines) + "\n"
    path = folder / "brouillon.yml"
    path.write_text(text, encoding="utf-8")
    aside = [g for g in guesses if g.aside]
    return Draft(text, read_contract(path), layout, columns, aside, keys)


def guess_columns(
    parquet: Path, header: Sequence[str], layout: Layout
) -> tuple[tuple[str, str], list[Guess]]:
    """The decimal mark with its evidence, and a guess for each named column of the rows read."""
    profiles = profile(parquet, header)
    decimal = decimal_mark(profiles)
    is_layer = layout.options["format"] == "geojson"
    geometry = "geometry" if is_layer else layout.options.get("geometry")
    return decimal, [guess(found, decimal[0], geometry) for found in profiles]


def _suffix(header: Sequence[str], edition: NamedEdition | None) -> str:
    """What ends most names because of the edition alone: `17` in `PPSOC17`, `_a17` in `tp60_a17`."""
    if edition is None:
        return ""
    digits = edition.vintage[-2:]
    ended = [name for name in header if name.endswith(digits) and len(name) > len(digits)]
    if len(ended) <= MOST_COLUMNS * len([name for name in header if name]):
        return ""
    long = Counter(name[-4:] for name in ended if name[-4:-3] == "_").most_common(1)
    suffix = long[0][0] if long and long[0][1] > MOST_COLUMNS * len(ended) else digits
    left = [name.removesuffix(suffix) for name in header if name]
    return suffix if len(set(left)) == len(left) and all(left) else ""


def _refuse_twice(header: Sequence[str]) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Refusal(
            "colonne_en_double",
            f"En-tête : « {twice[0]} » figure deux fois. Un contrat désigne chaque colonne par son "
            "nom : renommez-les dans le fichier, ou demandez-en un autre.",
        )


def _named(guesses: Sequence[Guess], keys: Keys, layout: Layout) -> dict[str, Guess]:
    taken: set[str] = set()
    territory = "code_territoire" if keys.shape else "territoire"
    taken.add(territory)
    named = {}
    for found in guesses:
        if found is keys.territory:
            named[territory] = found
        elif not found.aside:
            named[distinct(proposed_name(found, layout), taken)] = found
    return named


def proposed_name(found: Guess, layout: Layout) -> str:
    """The name that the house already gives to such a column, or one made of its own words."""
    known = known_as(found)
    if known:
        return known.name
    label = label_of(found.profile, layout)
    return canonical(
        label if label and len(words_of(label)) > 1 else found.profile.name, found.unit
    )


def known_as(found: Guess) -> Known | None:
    """What the house calls a column of this name and kind, if it knows it."""
    known = known_names().get(found.profile.name)
    if known is None:
        return None
    numbers = ("integer", "decimal")
    same = known.column.type == found.type
    return known if same or (known.column.type in numbers and found.type in numbers) else None


def label_of(found: Profile, layout: Layout) -> str:
    """The label that a row of the file gives to this column, or nothing."""
    labels = layout.labels
    return " ".join(labels[found.rank].split()) if found.rank < len(labels) else ""


def column_entry(found: Guess, layout: Layout, year: str | None) -> dict[str, Any]:
    """What a contract may say of a column, its role in the key apart."""
    known = known_as(found)
    kind = found.type
    if known and known.column.type == "decimal":
        kind = "decimal"  # whole numbers here, not elsewhere
    label = known.column.label if known else label_of(found.profile, layout)
    entry: dict[str, Any] = {"raw": found.profile.name, "type": kind, "role": found.role}
    if found.role == "measure":
        entry["unit"] = found.unit or (known and known.column.unit) or UNKNOWN_EDITION
        if year:
            entry["year"] = year
    return entry | {"label": label or f"{TO_FILL} ({found.profile.name})"}


def evidence_of(found: Guess) -> str:
    """Why a column is taken for what it is (French)."""
    known = known_as(found)
    return f"{found.why} ; nommée comme dans {known.datasets[0]}" if known else found.why


def _identity(source: Path, edition: NamedEdition | None, keys: Keys) -> list[str]:
    slug = "_".join(words_of(source.stem.replace(edition.vintage, "") if edition else source.stem))
    shape = keys.shape
    territory: dict[str, Any] = {"level": shape.level if shape else "libelle"}
    if shape and shape.zoning:
        territory["zoning"] = shape.zoning
    territory["key"] = "code_territoire" if shape else "territoire"
    seen = "la forme des codes" if shape else "aucun code reconnu : à compléter"
    if edition:
        files = f"files: {written([edition.pattern])}   # deviné : l'édition est dans le nom"
    else:
        files = ""
    fills = [f"{name}: {TO_FILL}" for name in ("title", "producer", "licence", "citation", "page")]
    return [
        MODELINE,
        f"# Brouillon préparé d'après {source.name}. « deviné » : à vérifier sur d'autres fichiers ;",
        "# « à compléter » : ce que le fichier ne dit pas.",
        f"dataset: brouillon.{slug or 'jeu'}   # à compléter : « producteur.jeu »",
        *fills,
        "cadence: yearly   # à compléter : monthly, quarterly, yearly ou irregular",
        f"to_confirm: {written(f'Brouillon préparé d’après {source.name} : rien n’est vérifié.')}",
        f"territory: {written(territory)}   # deviné : {seen}",
        *([files] if files else []),
    ]


def _reading(layout: Layout, decimal: tuple[str, str], guesses: Sequence[Guess]) -> list[str]:
    numbers = [g.profile for g in guesses if g.type in ("integer", "decimal")]
    options = dict(layout.options)
    why = dict(layout.why)
    options["decimal"], why["decimal"] = decimal
    grouped = sum(p.counts["grouped"] for p in numbers)
    if grouped:
        options["thousands"] = "space"
        why["thousands"] = f"{grouped} nombre(s) aux milliers groupés"
    return [
        "read:",
        *(
            f"  {name}: {written(value)}" + (f"   # deviné : {why[name]}" if name in why else "")
            for name, value in options.items()
        ),
    ]


def _rows(reading: Reading, keys: Keys) -> list[str]:
    key = keys.territory.profile
    rows = reading.rows + len(reading.bad_lines)
    total = key.totalled if keys.shape else 0
    bounds: dict[str, Any] = {"min": math.floor(0.9 * rows), "max": math.ceil(1.1 * rows)}
    blanks = max(g.profile.rows - g.profile.filled for g in keys.columns) + len(reading.bad_lines)
    share = math.ceil(100 * blanks / max(1, rows - total))
    lines = [
        f"rows: {{min: {bounds['min']}, max: {bounds['max']}, quarantine_max: {share}%}}"
        f"   # deviné : {rows - total} lignes ici"
    ]
    if total:
        control = written({"code_territoire": key.totals})
        lines.append(f"control_rows: {control}   # deviné : {total} ligne(s) de total")
    return lines


def _editions(
    source: Path, edition: NamedEdition | None, reading: Reading, keys: Keys, suffix: str
) -> list[str]:
    total = keys.territory.profile.totalled if keys.shape else 0
    entry: dict[str, Any] = {"rows": reading.rows + len(reading.bad_lines) - total}
    if edition is None:
        entry["files"] = [source.name]
        told = "à compléter : le nom du fichier ne dit pas l'édition"
        name = written(UNKNOWN_EDITION)
    else:
        entry |= {"years": {FAMILY: int(edition.vintage)}, "inferred": [FAMILY]}
        told = "deviné : l'année du nom, qui n'est pas toujours celle des données"
        name = edition.vintage
    if suffix:
        entry["suffix"] = suffix
    return ["", "vintages:", f"  {name}: {written(entry)}   # {told}"]


def _columns(
    columns: dict[str, Guess], keys: Keys, layout: Layout, edition: NamedEdition | None
) -> list[str]:
    lines = ["", f"columns:   # clé devinée : {keys.why}"]
    for name, found in columns.items():
        entry = column_entry(found, layout, FAMILY if edition else None)
        if found in keys.columns:
            entry["role"] = "key"
            entry.pop("unit", None), entry.pop("year", None)
        shape = shape_of(found)
        if found is keys.territory and shape:
            label = entry.pop("label")
            named = shape.label if TO_FILL in label else label
            entry |= {"pattern": shape.pattern, "label": named}
        lines.append(f"  {name}: {written(entry)}   # deviné : {evidence_of(found)}")
    return lines


def _aside(guesses: Sequence[Guess]) -> list[str]:
    aside = [found for found in guesses if found.aside]
    lines = ["ignore:" if aside else "ignore: []"]
    for found in aside:
        told = "colonne peut-être personnelle" if found.personal else f"deviné : {found.why}"
        lines.append(f"  - {written(found.profile.name)}   # {told}")
    marks = {mark for g in guesses if g.role == "measure" for mark in g.profile.marks}
    if marks:
        statuses = {mark: MARKS[mark.lower()] for mark in sorted(marks)}
        lines.insert(0, f"marks: {written(statuses)}   # deviné : dans des colonnes de nombres")
    if any(found.personal for found in aside):
        lines.insert(0, "may_hold_personal_data: true   # deviné : voir « ignore »")
        lines.insert(1, "unknown_columns: refuse")
    return lines
