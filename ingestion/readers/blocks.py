"""Read a text file of stacked blocks: a title, lines `label;value`, a blank line, and again.

Espace Coop V1 exports its statistics so. The rows become one table: period, block, label, value
and share; the line of each stays known.
"""

from __future__ import annotations

import re
from pathlib import Path

from ingestion.readers.cells import ROW_NUMBER, Reading
from ingestion.readers.delimited import whole_lines
from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal
from warehouse.literal import literal

HEADER = ["Début", "Fin", "Ligne", "Bloc", "Libellé", "Valeur", "Part"]
MAX_LINES = 20_000
DAY = r"(\d{2})/(\d{2})/(\d{4})"

BlockRow = tuple[int, str, str, str, str | None]  # line, block, label, value, share


def read_blocks(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`, every cell as text.

    Raises `Refusal` where no title gives the period, or a line has not the shape of its block.
    """
    lines = [line.strip("\ufeff \t") for line in _lines(source, options)]
    start, end = _period(lines)
    rows = _rows(lines, options.separator)
    if not rows:
        raise Refusal("structure", "Aucun bloc de lignes « libellé ; valeur » dans ce fichier.")
    _write(rows, start, end, target)
    return Reading(HEADER, len(rows), [])


def _lines(source: Path, options: ReadOptions) -> list[str]:
    lines = "".join(whole_lines(source, options)).split("\n")
    if len(lines) > MAX_LINES:
        raise Refusal("structure", f"Plus de {MAX_LINES} lignes : ce n'est pas un export attendu.")
    return lines


def _period(lines: list[str]) -> tuple[str, str]:
    """The first and the last day, ISO, as the title of the file gives them."""
    for line in lines:
        found = re.search(rf"{DAY}\s*-\s*{DAY}", line)
        if found:
            day, month, year, *end = found.groups()
            return f"{year}-{month}-{day}", f"{end[2]}-{end[1]}-{end[0]}"
    raise Refusal(
        "entete",
        "Aucune ligne ne dit la période (« Statistiques … 01/01/2023-31/03/2023 »). Renvoyez "
        "l'export tel que l'outil l'a fait.",
    )


def _rows(lines: list[str], separator: str) -> list[BlockRow]:
    rows: list[BlockRow] = []
    block: str | None = None
    for number, line in enumerate(lines, start=1):
        cells = [cell.strip().strip('"') for cell in line.split(separator)]
        named = [cell for cell in cells if cell]
        if not named:
            block = None
        elif len(named) == 1 and separator not in line.rstrip(separator):
            block = named[0]
        elif block is None or len(named) not in (2, 3):  # the share is not always there
            raise Refusal(
                "structure",
                f"Ligne {number} : ni un titre de bloc, ni une ligne « libellé ; valeur ». "
                "Renvoyez l'export tel que l'outil l'a fait.",
            )
        else:
            label, value, *share = named
            rows.append((number, block, label, value, share[0] if share else None))
    return rows


def _write(rows: list[BlockRow], start: str, end: str, target: Path) -> None:
    import duckdb
    import pandas

    # The two first columns are the same on every row: the period.
    names = [f"c{rank}" for rank in range(2, len(HEADER))]
    frame = pandas.DataFrame(rows, columns=names).assign(c0=start, c1=end)
    frame[ROW_NUMBER] = frame["c2"]
    with duckdb.connect() as con:
        con.register("lignes", frame)
        columns = ", ".join(f"c{rank}::varchar as c{rank}" for rank in range(len(HEADER)))
        con.execute(
            f"copy (select {columns}, {ROW_NUMBER}::bigint as {ROW_NUMBER} from lignes)"
            f" to {literal(target)} (format parquet)"
        )
