"""Read a JSON file of records, a list of objects or an object of objects: one row per record."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.readers.cells import BadLine, Reading
from ingestion.readers.json_text import (
    AGAIN,
    Item,
    Wording,
    cell,
    frame_of,
    is_storable,
    names_of,
    parsed,
    refuse_too_many_bad,
    text_of,
)
from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal
from warehouse.literal import literal

WORDING = Wording("JSON", "la liste attendue", "fiche")


def read_json(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`, every cell as text.

    The header is every name in order of first appearance; where the file is one object, the
    entries of which are the records, `options.key_name` heads the column of their keys. The number
    of a row is the rank of its record, from 1: a whole file may stand on one line. Numbers keep the
    spelling received; what is nested in a record is kept as JSON.

    Raises `Refusal` where the bytes are not records, or not of the expected shape.
    """
    received = parsed(text_of(source, WORDING), WORDING, _is_flat)
    records = _keyed(received, options.key_name) if options.key_name else _listed(received)
    if not records:
        raise Refusal("fichier_vide", "Le fichier ne contient aucune fiche. " + AGAIN)
    kept, bad = _well_formed(records)
    refuse_too_many_bad(bad, len(records), WORDING)
    header = names_of([record for _, record in kept], WORDING)
    _write(kept, header, target)
    return Reading(header, len(kept), bad)


def _is_flat(made: Item) -> bool:
    """Whether an object that was just made holds no other one: a record, not the whole file."""
    return not any(isinstance(value, dict) for value in made.values())


def _listed(received: object) -> list[Any]:
    if not isinstance(received, list):
        raise Refusal(
            "format",
            "Le fichier est du JSON, mais pas une liste de fiches (« [ … ] »). Vérifiez que c'est "
            "le bon fichier.",
        )
    return received


def _keyed(received: object, key_name: str) -> list[Any]:
    """The entries of one object, each with its key; a value that is no object stays as it is."""
    if not isinstance(received, dict):
        raise Refusal(
            "format",
            "Le fichier est du JSON, mais pas un objet dont chaque entrée est une fiche "
            "(« {… : {…}} »). Vérifiez que c'est le bon fichier.",
        )
    both = [
        key for key, record in received.items() if isinstance(record, dict) and key_name in record
    ]
    if both:
        raise Refusal(
            "colonne_en_double",
            f"Une fiche a une propriété « {key_name} », le nom que porte ici la clé des fiches.",
            rows_received=len(received),
        )
    return [
        {key_name: key} | record if isinstance(record, dict) else record
        for key, record in received.items()
    ]


def _well_formed(records: Sequence[Any]) -> tuple[list[tuple[int, Item]], list[BadLine]]:
    """The records with their ranks, and what stands among them that is none."""
    kept, bad = [], []
    for rank, record in enumerate(records, start=1):
        if not isinstance(record, dict):
            bad.append(BadLine(rank, "ce n'est pas une fiche (« {…} »)"))
        elif not is_storable(record):
            said = "une propriété contient un caractère interdit (nul, ou moitié de caractère)"
            bad.append(BadLine(rank, said))
        else:
            kept.append((rank, record))
    return kept, bad


def _write(kept: Sequence[tuple[int, Item]], header: Sequence[str], target: Path) -> None:
    import duckdb

    columns = [[cell(record.get(name)) for _, record in kept] for name in header]
    with duckdb.connect() as con:
        con.register("records", frame_of(columns, [rank for rank, _ in kept]))
        con.execute(f"copy (from records) to {literal(target)} (format parquet)")
