"""The child process: `python -m ingestion.readers.child` reads one file, and answers in JSON.

Standard input: {"source", "target", "options"}. Standard output: {"reading"} or {"refusal"}.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from ingestion.contract import ReadOptions
from ingestion.refusal import Refusal


def main() -> None:
    """Obey the one order of standard input."""
    order = json.load(sys.stdin)
    options = ReadOptions.model_validate(order["options"])
    source, target = Path(order["source"]), Path(order["target"])
    try:
        if options.member:
            from ingestion.readers.archive import extract

            source = extract(source, options.member, target.parent)
        if options.format in ("xlsx", "xls"):
            from ingestion.readers.workbook import read_workbook as read
        elif options.format == "geojson":
            from ingestion.readers.geojson import read_geojson as read
        else:
            from ingestion.readers.delimited import read_delimited as read
        answer = {"reading": asdict(read(source, options, target))}
    except Refusal as refusal:
        answer = {
            "refusal": {
                "rule": refusal.rule,
                "message": refusal.message,
                "rows_received": refusal.rows_received,
            }
        }
    json.dump(answer, sys.stdout)


if __name__ == "__main__":
    main()
