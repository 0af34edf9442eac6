"""The child process: `python -m ingestion.readers.child` opens one file, and answers in JSON.

Standard input: {"source", "target", "options"} to read it, or {"source", "folder"} to find out how
it is laid out, or {"source", "target", "notes", "sheets"} to annotate a copy of it. Standard
output: {"reading"}, {"layout"}, {} or {"refusal"}.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal
from ingestion.traces import without_message


def main() -> None:
    """Obey the one order of standard input."""
    order = json.load(sys.stdin)
    try:
        answer = _answer(order)
    except Refusal as refusal:
        answer = {
            "refusal": {
                "rule": refusal.rule,
                "message": refusal.message,
                "rows_received": refusal.rows_received,
            }
        }
    except Exception as error:
        sys.exit(without_message(error))
    json.dump(answer, sys.stdout)


def _answer(order: dict[str, Any]) -> dict[str, Any]:
    if "options" in order:
        return _read(order)
    return _annotate(order) if "notes" in order else _sniff(order)


def _read(order: dict[str, Any]) -> dict[str, Any]:
    options = ReadOptions.model_validate(order["options"])
    source, target = Path(order["source"]), Path(order["target"])
    if options.member:
        from ingestion.readers.archive import extract

        source = extract(source, options.member, target.parent)
    if options.unfold:
        from ingestion.readers.hand_kept import read_hand_kept as read
    elif options.format in ("xlsx", "xls"):
        from ingestion.readers.workbook import read_workbook as read
    elif options.format == "blocks":
        from ingestion.readers.blocks import read_blocks as read
    elif options.format == "geojson":
        from ingestion.readers.geojson import read_geojson as read
    elif options.format == "json":
        from ingestion.readers.json import read_json as read
    else:
        from ingestion.readers.delimited import read_delimited as read
    return {"reading": asdict(read(source, options, target))}


def _annotate(order: dict[str, Any]) -> dict[str, Any]:
    from ingestion.readers.annotate import annotate

    annotate(Path(order["source"]), Path(order["target"]), order["notes"], order["sheets"])
    return {}


def _sniff(order: dict[str, Any]) -> dict[str, Any]:
    from ingestion.readers.sniff import sniff

    return {"layout": asdict(sniff(Path(order["source"]), Path(order["folder"])))}


if __name__ == "__main__":
    main()
