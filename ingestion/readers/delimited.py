"""Read a delimited text file with DuckDB, after its bytes were found to be honest text."""

from __future__ import annotations

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import duckdb

from ingestion.readers.cells import ROW_NUMBER, BadLine, Reading
from ingestion.readers.geometry import with_wkb
from ingestion.readers.options import ReadOptions
from ingestion.readers.signatures import OLE, ZIP, is_web_page
from ingestion.refusal import Refusal
from warehouse.database import one_row
from warehouse.literal import literal
from warehouse.spatial import load_spatial

CHUNK = 1 << 20
MAX_BAD_LINES = 1000
MEMORY = "1GB"  # of the engine; beyond, it spills to the scratch folder
MAX_LINE = 1 << 22  # characters; the widest real line here has about 2 000
OTHER_SEPARATORS = ";,\t|"
MIXED = "observatoire.mixed"

_REASONS = {
    "MISSING COLUMNS": "il manque des colonnes",
    "TOO MANY COLUMNS": "il y a trop de colonnes",
    "UNQUOTED VALUE": "un guillemet n'est pas fermé, ou est mal placé",
}


def read_delimited(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`, every cell as text.

    Raises `Refusal` where the bytes are not the text that the contract announces.
    """
    text = target.with_suffix(".txt")
    blank_lines, line_count = _normalise(source, text, options)
    header, width = _read_header(text, options)
    with duckdb.connect() as con:
        if options.geometry in header:
            load_spatial(con)
        _confine(con, target.parent)
        return _to_parquet(con, text, target, options, header, width, blank_lines, line_count)


def _normalise(source: Path, target: Path, options: ReadOptions) -> tuple[list[int], int]:
    """Rewrite as UTF-8 with `\\n` ends; return the blank lines' numbers and the line count."""
    blank: list[int] = []
    done = quotes = 0
    ended = True
    with target.open("w", encoding="utf-8", newline="") as writer:
        for block in whole_lines(source, options):
            if "\x00" in block:
                at = done + 1 + block[: block.index("\x00")].count("\n")
                raise Refusal(
                    "octet_nul",
                    f"Ligne {at} : le fichier contient un octet nul, il est abîmé ou n'est pas "
                    "du texte. Demandez un nouvel envoi.",
                )
            blank += [
                done + 1 + block.count("\n", 0, match.start())
                for match in re.finditer(r"^\n", block, re.MULTILINE)
            ]
            done += block.count("\n")
            quotes += block.count('"')
            ended = block.endswith("\n")
            writer.write(unicodedata.normalize("NFC", block))
    if not done and ended:
        raise Refusal("fichier_vide", "Le fichier est vide (0 octet). Demandez un nouvel envoi.")
    if quotes % 2:
        # DuckDB would swallow the rest of the file into one cell, and say nothing.
        raise Refusal(
            "guillemet",
            "Un guillemet (\") n'est jamais refermé : la fin du fichier ne peut pas être lue. "
            "Le fichier a sans doute été coupé ; sinon, supprimez ce guillemet.",
            rows_received=max(0, done - options.rows_above),
        )
    return blank, done if ended else done + 1


def whole_lines(source: Path, options: ReadOptions) -> Iterator[str]:
    """The file's text in blocks of whole lines, whatever their ends; bounded memory."""
    decoder = _decoder(options.encoding)
    lines_read = 0
    rest = ""
    with source.open("rb") as reader:
        while chunk := reader.read(CHUNK):
            if reader.tell() <= CHUNK:
                _refuse_foreign_bytes(chunk)
            try:
                text = rest + decoder.decode(chunk)
            except UnicodeDecodeError as error:
                line = lines_read + 1 + chunk[: error.start].count(b"\n")
                raise _encoding_refusal(line, options, error) from error
            lines_read += chunk.count(b"\n")
            # A `\r` at the very end may be half of a `\r\n`: it waits for the next chunk.
            half = text.endswith("\r")
            text = text[: len(text) - half].replace("\r\n", "\n").replace("\r", "\n")
            cut = text.rfind("\n") + 1
            rest = text[cut:] + "\r" * half
            if len(rest) > MAX_LINE:
                raise Refusal(
                    "ligne_trop_longue",
                    f"Ligne {lines_read + 1} : plus de {MAX_LINE} caractères sans fin de ligne. "
                    "Ce n'est pas un tableau : demandez un nouvel envoi.",
                )
            if cut:
                yield text[:cut]
    try:
        rest += decoder.decode(b"", final=True)
    except UnicodeDecodeError as error:
        raise Refusal(
            "fichier_tronque",
            f"Ligne {lines_read + 1}, la dernière : elle s'arrête au milieu d'une lettre. "
            "Le fichier a été coupé pendant l'envoi : demandez un nouvel envoi.",
            rows_received=max(0, lines_read - options.rows_above),
        ) from error
    if rest:
        yield rest.replace("\r", "\n")


def _decoder(encoding: str) -> codecs.IncrementalDecoder:
    if encoding == "cp1252":
        return codecs.getincrementaldecoder("cp1252")()
    errors = MIXED if encoding == "mixed" else "strict"
    return codecs.getincrementaldecoder("utf-8-sig")(errors)


def _as_windows_1252(error: UnicodeError) -> tuple[str, int]:
    """Read the bytes that are not UTF-8 as the other encoding that producers mix in."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    try:
        return error.object[error.start : error.end].decode("cp1252"), error.end
    except UnicodeDecodeError:
        raise error from None


codecs.register_error(MIXED, _as_windows_1252)


def _refuse_foreign_bytes(start: bytes) -> None:
    if start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        raise Refusal(
            "encodage",
            "Le fichier est en UTF-16. Enregistrez-le en « CSV UTF-8 » et renvoyez-le.",
        )
    if start.startswith((ZIP, OLE)):
        raise Refusal(
            "format",
            "Le fichier est un classeur (ou une archive) renommé en .csv. "
            "Enregistrez la feuille en « CSV UTF-8 » et renvoyez-le.",
        )
    if is_web_page(start):
        raise Refusal(
            "format",
            "Le fichier est une page web, pas un tableau : le téléchargement a échoué. "
            "Téléchargez-le de nouveau depuis la page du producteur.",
        )


def _encoding_refusal(line: int, options: ReadOptions, error: UnicodeDecodeError) -> Refusal:
    where = f"Ligne {line} : l'octet 0x{error.object[error.start]:02X} n'est pas du "
    if options.encoding == "utf-8":
        return Refusal(
            "encodage",
            f"{where}UTF-8, l'encodage attendu. Le fichier est sans doute en Windows-1252 "
            "(« ANSI ») : enregistrez-le en « CSV UTF-8 » et renvoyez-le.",
        )
    return Refusal(
        "encodage",
        f"{where}Windows-1252, l'encodage attendu : le fichier est abîmé, ou d'un autre encodage. "
        "Demandez un nouvel envoi.",
    )


def _read_header(text: Path, options: ReadOptions) -> tuple[list[str], int]:
    """The named columns, and how many cells a line has (unnamed trailing columns included)."""
    with text.open(encoding="utf-8", newline="") as reader:
        lines = [reader.readline() for _ in range(options.header_row)]
    cells = next(csv.reader([lines[-1].rstrip("\n")], delimiter=options.separator), [])
    named = [cell.strip() for cell in cells]
    while named and not named[-1]:
        named.pop()
    if not named:
        raise Refusal(
            "entete",
            f"Ligne {options.header_row} : l'en-tête est vide. "
            "Cette ligne doit porter les noms des colonnes.",
        )
    if len(named) == 1:
        for other in OTHER_SEPARATORS.replace(options.separator, ""):
            if other in named[0]:
                raise Refusal(
                    "separateur",
                    f"Ligne {options.header_row} : les colonnes sont séparées par "
                    f"« {_visible(other)} » ; « {_visible(options.separator)} » est attendu. "
                    "Réenregistrez le fichier avec ce séparateur.",
                )
    return named, len(cells)


def _visible(separator: str) -> str:
    return {"\t": "tabulation"}.get(separator, separator)


def _confine(con: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """From here on this connection reads and writes in the scratch folder of this one file."""
    con.execute(f"set temp_directory = {literal(folder / 'spill')}")
    con.execute(f"set memory_limit = '{MEMORY}'")
    con.execute(f"set allowed_directories = [{literal(f'{folder}/')}]")
    con.execute("set enable_external_access = false")
    con.execute("set lock_configuration = true")


def _to_parquet(
    con: duckdb.DuckDBPyConnection,
    text: Path,
    target: Path,
    options: ReadOptions,
    header: list[str],
    width: int,
    blank_lines: list[int],
    line_count: int,
) -> Reading:
    columns = {f"c{rank}": "VARCHAR" for rank in range(width)}
    con.execute(
        f"""
        create temp table records as
        select *, row_number() over () as rank from read_csv(
            {literal(text)}, auto_detect = false, header = false, skip = {options.rows_above},
            delim = {literal(options.separator)}, quote = '"', escape = '"', columns = {columns!r},
            new_line = '\\n', store_rejects = true, rejects_limit = 0, parallel = false,
            max_line_size = {4 * MAX_LINE}
        )
        """
    )
    bad = _bad_lines(con, line_count, len(header))
    _number_lines(con, len(header), options, line_count, blank_lines, bad)
    named = ", ".join(f"c{rank}" for rank in range(len(header)))
    unnamed = [f"c{rank}" for rank in range(len(header), width)]
    if unnamed:
        stray = con.execute(
            f"select line from numbered where coalesce({', '.join(unnamed)}) is not null"
            " order by line limit 1"
        ).fetchone()
        if stray:
            raise Refusal(
                "colonne_sans_nom",
                f"Ligne {stray[0]} : une valeur se trouve au-delà de la dernière colonne nommée "
                f"(la {len(header)}e). Les colonnes ont sans doute glissé : vérifiez cette ligne.",
            )
    rows = f"select {named}, line as {ROW_NUMBER} from numbered"
    if options.geometry in header:
        rows = with_wkb(f"({rows})", f"c{header.index(options.geometry)}")
    con.execute(f"copy (from ({rows}) order by {ROW_NUMBER}) to {literal(target)} (format parquet)")
    (rows,) = one_row(con, "select count(*) from numbered")
    return Reading(header, rows, bad)


def _bad_lines(con: duckdb.DuckDBPyConnection, line_count: int, named: int) -> list[BadLine]:
    found = con.execute(
        "select line, min(error_type::varchar) from reject_errors group by line order by line"
        f" limit {MAX_BAD_LINES}"
    ).fetchall()
    bad = [BadLine(line, _REASONS.get(kind, "la ligne est mal formée")) for line, kind in found]
    if bad and bad[-1].line >= line_count:
        raise Refusal(
            "fichier_tronque",
            f"Ligne {line_count}, la dernière : {bad[-1].reason} ({named} colonnes attendues). "
            "Le fichier a sans doute été coupé pendant l'envoi : demandez un nouvel envoi.",
            rows_received=line_count - 1,
        )
    return bad


def _number_lines(
    con: duckdb.DuckDBPyConnection,
    named: int,
    options: ReadOptions,
    line_count: int,
    blank_lines: list[int],
    bad: list[BadLine],
) -> None:
    """Give each record its line in the file.

    DuckDB numbers the records that it keeps; the lines it skipped (blank, malformed) are known,
    so the n-th record is on the n-th remaining line. Where a quoted cell spans lines, records
    are fewer than lines: they are then numbered as a spreadsheet numbers its rows.
    """
    above = options.rows_above
    blank_lines = [number for number in blank_lines if number > above]
    skipped = sorted(set(blank_lines) | {b.line for b in bad})
    breaks = " + ".join(
        f"coalesce(length(c{n}) - length(replace(c{n}, chr(10), '')), 0)" for n in range(named)
    )
    inner_blanks = " + ".join(
        f"len(list_filter(string_split(coalesce(c{n}, ''), chr(10))[2:-2], part -> part = ''))"
        for n in range(named)
    )
    records, inner_breaks, blanks_inside = one_row(
        con,
        f"select count(*), coalesce(sum({breaks}), 0), coalesce(sum({inner_blanks}), 0)"
        " from records",
    )
    expected = max(0, line_count - above - len(skipped))
    if not inner_breaks and records != expected:
        raise Refusal(
            "structure",
            f"{expected} lignes de données attendues, {records} lues : la structure du fichier "
            "n'est pas celle d'un tableau. Demandez un nouvel envoi.",
            rows_received=expected,
        )
    if not inner_breaks:
        con.execute(
            f"""
            create temp view numbered as
            select records.*, lines.line
            from records join (
                select line, row_number() over (order by line) as rank
                from range({above + 1}, {line_count + 1}) as every(line)
                where line not in (select unnest({skipped!r}::bigint[]))
            ) as lines using (rank)
            """
        )
    elif options.multiline_cells and not bad and len(blank_lines) == blanks_inside:
        con.execute(f"create temp view numbered as select *, rank + {above} as line from records")
    else:
        (at,) = one_row(con, f"select min(rank) from records where ({breaks}) > 0")
        raise Refusal(
            "structure",
            f"Vers la ligne {at + above} : une cellule entre guillemets occupe plusieurs "
            "lignes. Un guillemet est sans doute resté ouvert : supprimez-le.",
            rows_received=expected,
        )
