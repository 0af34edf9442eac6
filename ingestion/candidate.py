"""Candidate rows: the file's cells under their canonical names and types, aside from the warehouse.

Two tables in a scratch DuckDB file: `candidat` (typed rows that could be loaded, with
`_row_number`, `_cellule` where a sheet was unfolded, in `_marques` the status of each value that
the producer marks as not given, and in `_ecrits` what was written where another spelling is kept)
and `ecartees` (rows set aside, one each, with the rule and the reason).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.conformity import Conformity
from ingestion.contract import Column, Contract
from ingestion.periods import EXPECTED as PERIOD_EXPECTED
from ingestion.periods import (
    PERIOD,
    YEARS_EXPECTED,
    is_of_another_file,
    is_out_of_time,
    looks_like_one,
)
from ingestion.quantities import EXPECTED, QUANTITY_TYPE, know_quantities
from ingestion.readers.cells import CELL, ROW_NUMBER, Reading, cleaned
from ingestion.spellings import WRITTEN, tell_nearest, understand
from warehouse.database import ENGINE, one_row, quoted
from warehouse.literal import literal
from warehouse.spatial import load_spatial, speaks_of_geometry

TABLE = "candidat"
TOLD_ROWS = 3  # of those set aside, in a refusal
SHOWN_FAULTS = 3  # of a row, in its message
SHOWN_CHARS = 60  # of a faulty cell, in a message
KEPT_CHARS = 1000  # of each cell of a row set aside
UNREADABLE = "illisible"  # an age that is none
CONTROL_RULE = "ligne_de_controle"

MARKS = "_marques"
MARKS_TYPE = "varchar"  # a JSON object: measure → status
LOST_ZERO_RULE = "zero_initial_perdu"
OTHER_FILE_RULE = "periode_d_un_autre_fichier"
UNKNOWN_NAME_RULE = "territoire_inconnu"

SQL_TYPES = {
    "code": "varchar",
    "text": "varchar",
    "integer": "bigint",
    "decimal": "double",
    "geometry": "blob",  # well-known binary, longitude and latitude (WGS84)
    "quantity": QUANTITY_TYPE,
    "period": "varchar",
}

# Grouped digits are accepted only as groups of three, so that a lost separator cannot pass.
_INTEGER = {None: r"-?\d+", "space": r"-?(\d+|\d{1,3}( \d{3})+)"}
_EXPECTED = {
    "integer": "un nombre entier",
    "decimal": "un nombre",
    "geometry": "une géométrie valable (WGS84)",
    "quantity": EXPECTED,
}


@dataclass(frozen=True)
class Candidate:
    """The scratch file of one received file. `received` counts every data row, bad ones too.

    `sheet` is the one that was unfolded, if one was: its rows are told by their cells.
    """

    database: Path
    received: int
    sheet: str | None = None


def build_candidate(
    parquet: Path,
    reading: Reading,
    conformity: Conformity,
    contract: Contract,
    database: Path,
    named: str | None = None,
) -> Candidate:
    """Type the cells that were read; rows with a cell that cannot be typed are set aside.

    `named` is the month or the year that the file's name says: its periods must be of it.
    """
    with duckdb.connect(database, config=dict(ENGINE)) as con:
        know_quantities(con)
        con.execute(_cells_sql(parquet, conformity, contract))
        if contract.forgiven:
            understand(con, contract, conformity)
        tell_nearest(con, contract, conformity)
        con.execute(_faults_sql(conformity, contract, reading, named))
        con.execute(
            f"create table ecartees ({ROW_NUMBER} bigint, regle varchar, message varchar,"
            " ligne varchar)"
        )
        con.execute(
            f"insert into ecartees select {ROW_NUMBER}, '{CONTROL_RULE}',"
            " 'Ligne que le contrat met à part : total du producteur, ou explication', null"
            f" from cells where {_is_control(contract, conformity)}"
        )
        con.execute(
            f"""
            insert into ecartees
            select any_value({ROW_NUMBER}), min_by(regle, rang),
                array_to_string(list(message order by rang)[:{SHOWN_FAULTS}], ' '), null
            from faults group by cell_row
            """
        )
        for bad in reading.bad_lines:
            con.execute(
                "insert into ecartees values (?, 'structure', ?, null)",
                [bad.line, f"Ligne mal formée : {bad.reason}."],
            )
        if not contract.may_hold_personal_data:
            _keep_received_cells(con, parquet, reading)
        con.execute(
            f"create table {TABLE} as"
            f" select {_typed_columns(contract, conformity)}, {', '.join(lineage(contract))}"
            f" from cells where rowid not in (select cell_row from faults)"
            f" and not {_is_control(contract, conformity)} order by {ROW_NUMBER}, rowid"
        )
        con.execute("drop table cells; checkpoint")
    sheet = contract.read.sheet if contract.read.unfold else None
    return Candidate(database, reading.rows + len(reading.bad_lines), sheet)


def set_aside(candidate: Candidate, rule: str, message: str, where: str) -> None:
    """Move the candidate rows that meet `where` (SQL) to the rows set aside."""
    with duckdb.connect(candidate.database) as con:
        if speaks_of_geometry(where):
            load_spatial(con)
        told = f"{_cell_of(candidate.sheet)} || ' : ' || ?" if candidate.sheet else "?"
        con.execute(
            f"insert into ecartees select {ROW_NUMBER}, ?, {told}, null from {TABLE} where {where}",
            [rule, message],
        )
        con.execute(f"delete from {TABLE} where {where}")


def write_rows(candidate: Candidate, folder: Path) -> Path:
    """The rows to load, typed and under their canonical names, as a Parquet file in `folder`."""
    target = folder / "a_charger.parquet"
    with duckdb.connect(candidate.database, read_only=True) as con:
        con.execute(
            f"copy (select * exclude ({MARKS}) from {TABLE} order by {ROW_NUMBER})"
            f" to {literal(target)} (format parquet)"
        )
    return target


@dataclass(frozen=True)
class SetAside:
    """How many rows were set aside, control rows apart, and the first reasons (French).

    `unknown` are those of `rows` whose territory has an unknown name, told in `names`.
    """

    rows: int
    control: int
    examples: list[str]
    unknown: int
    names: list[str]


def lost_zeros(candidate: Candidate) -> tuple[int, str]:
    """How many rows have a code that lost its leading zero, and the first of their reasons."""
    with duckdb.connect(candidate.database, read_only=True) as con:
        rows, example = one_row(
            con,
            f"select count(*), min_by('Ligne ' || {ROW_NUMBER} || ' : ' || message, {ROW_NUMBER})"
            f" from ecartees where regle = '{LOST_ZERO_RULE}'",
        )
    return rows, example or ""


def rows_set_aside(candidate: Candidate) -> SetAside:
    """Count the rows set aside so far, and tell the first reasons."""
    with duckdb.connect(candidate.database, read_only=True) as con:
        rows, control, unknown = one_row(
            con,
            f"select count(*) filter (regle <> '{CONTROL_RULE}'),"
            f" count(*) filter (regle = '{CONTROL_RULE}'),"
            f" count(*) filter (regle = '{UNKNOWN_NAME_RULE}') from ecartees",
        )
        # Of an unfolded sheet, each message says its cell.
        line = "" if candidate.sheet else f"'ligne ' || {ROW_NUMBER} || ' : ' || "
        examples = con.execute(
            f"select {line}message from ecartees"
            f" where regle <> '{CONTROL_RULE}' order by {ROW_NUMBER}"
            f" limit {TOLD_ROWS}"
        ).fetchall()
        names = con.execute(
            f"select {line}min_by(message, cell_row) from faults"
            f" where regle = '{UNKNOWN_NAME_RULE}' group by {ROW_NUMBER}, rang"
            f" order by {ROW_NUMBER}, rang limit {TOLD_ROWS}"
        ).fetchall()
    told = [text for (text,) in examples]
    return SetAside(rows, control, told, unknown, [text for (text,) in names])


def _cells_sql(parquet: Path, conformity: Conformity, contract: Contract) -> str:
    """Text cells under canonical names: no-break spaces are spaces, blanks and marks are NULL."""
    received = [
        f"{' || '.join(clean_cell(rank) for rank in ranks)} as {quoted(name)}"
        for name, ranks in conformity.positions.items()
    ]
    marked = [
        name
        for name in contract.measures
        if name in conformity.positions
        and (contract.marks or contract.columns[name].type == "quantity")
    ]
    marks = f"cast(null as {MARKS_TYPE})"
    blanked = ""
    if marked:
        entries = ", ".join(
            f"struct_pack(k := '{name}', v := {_status_of(name, contract)})" for name in marked
        )
        found = f"list_filter([{entries}], lambda e: e.v is not null)"
        marks = f"case when len({found}) > 0 then to_json(map_from_entries({found}))::varchar end"
        blanks = [
            f"case when {_status_of(name, contract)} is null then {quoted(name)} end"
            f" as {quoted(name)}"
            for name in marked
        ]
        blanked = f" replace ({', '.join(blanks)})"
    return (
        f"create table cells as select *{blanked}, {marks} as {MARKS}"
        f" from (select {', '.join([*received, *_place(contract)])} from {literal(parquet)})"
    )


def _place(contract: Contract) -> list[str]:
    """What says where a row is in its file."""
    return [ROW_NUMBER, CELL] if contract.read.unfold else [ROW_NUMBER]


def lineage(contract: Contract) -> list[str]:
    """What each row says of itself beside its columns: its marks, its spellings, its place."""
    written = [WRITTEN] if contract.forgiven else []
    return [MARKS, *written, *reversed(_place(contract))]


def clean_cell(rank: int) -> str:
    """The cell of this rank, as SQL: no-break spaces are spaces, a blank is NULL."""
    return cleaned(f"c{rank}")


def _status_of(name: str, contract: Contract) -> str:
    said = " ".join(
        f"when {literal(mark)} then {literal(status)}" for mark, status in contract.marks.items()
    )
    status = f"case {quoted(name)} {said} end" if said else "null"
    if contract.columns[name].type == "quantity":
        return f"coalesce({status}, statut_ecrit({quoted(name)}))"
    return status


def _typed_columns(contract: Contract, conformity: Conformity) -> str:
    """Every canonical column, in the order of the contract; NULL where the vintage has none."""
    return ", ".join(
        f"{_typed(name, column, contract)} as {quoted(name)}"
        if name in conformity.positions
        else f"cast(null as {SQL_TYPES[column.type]}) as {quoted(name)}"
        for name, column in contract.columns.items()
    )


def _typed(name: str, column: Column, contract: Contract) -> str:
    cell = quoted(name)
    integer = _INTEGER[contract.read.thousands]
    digits = f"replace({cell}, ' ', '')"
    if column.type == "integer":
        number = f"try_cast({digits} as bigint)"
        return f"case when regexp_full_match({cell}, '{integer}') then {number} end"
    if column.type == "decimal":
        point = "." if contract.read.decimal == "." else ","
        return (
            f"case when regexp_full_match({cell}, '{integer}([{point}]\\d+)?')"
            f" then try_cast(replace({digits}, '{point}', '.') as double) end"
        )
    if column.type == "quantity":
        return f"quantite({cell})"
    if column.type == "period":
        return f"case when regexp_full_match({cell}, '{PERIOD}') then {cell} end"
    if column.type == "geometry":
        return f"case when regexp_full_match({cell}, '([0-9A-F]{{2}})+') then unhex({cell}) end"
    return cell


def _faults_sql(
    conformity: Conformity, contract: Contract, reading: Reading, named: str | None
) -> str:
    """One row per cell that breaks its column's promise, in the order of the columns.

    `message` is kept, and `rendu` goes back to who wrote the cell. Control rows promise nothing.
    """
    queries = []
    for rank, name in enumerate(conformity.positions):
        column = contract.columns[name]
        cell = quoted(name)
        # What a person may have typed is not repeated.
        shown = f" || ' : « ' || left({cell}, {SHOWN_CHARS}) || ' »'"
        if contract.may_hold_personal_data:
            shown = " || ' : la valeur'"
        where = _where(conformity.spelled[name], contract)
        if column.role == "key":
            queries.append(
                _fault(rank, "cle_vide", f"{where} || ' : cellule vide.'", f"{cell} is null")
            )
        if column.type in _EXPECTED:
            tail = literal(f" n'est pas {_EXPECTED[column.type]}.")
            wrong = f"{cell} is not null and ({_typed(name, column, contract)}) is null"
            queries.append(_fault(rank, "type", f"{where}{shown} || {tail}", wrong))
        if column.handling == "band":
            tail = literal(" : la valeur n'est pas un âge en années.")
            unread = f"{cell} = '{UNREADABLE}'"
            queries.append(_fault(rank, "type", f"{where} || {tail}", unread))
        if column.type == "code" and column.pattern:
            tail = literal(" a perdu son zéro initial.")
            queries.append(
                _fault(rank, LOST_ZERO_RULE, f"{where}{shown} || {tail}", _lost_zero(cell, column))
            )
        if column.pattern:
            tail = literal(f" n'a pas la forme attendue ({column.label}).")
            wrong = f"not regexp_full_match({cell}, {literal(column.pattern)})"
            if column.type == "code":
                wrong += f" and not ({_lost_zero(cell, column)})"
            queries.append(_fault(rank, "forme", f"{where}{shown} || {tail}", wrong))
        if column.type == "period":
            queries += _period_faults(rank, where, cell, named)
        if name in contract.forgiven and column.allowed:
            tail = "' n''est pas dans la liste' || ecarts.suite"
            queries.append(_far_fault(rank, "valeur", name, (where, where), " : la valeur", tail))
        elif column.allowed:
            values = ", ".join(literal(value) for value in column.allowed)
            tail = literal(f" n'est pas dans la liste : {', '.join(column.allowed)}.")
            queries.append(
                _fault(rank, "valeur", f"{where}{shown} || {tail}", f"{cell} not in ({values})")
            )
        if column.names:
            places = where, _label_cell(conformity.spelled[name], contract, reading) or where
            tail = "' : territoire inconnu' || ecarts.suite"
            queries.append(_far_fault(rank, UNKNOWN_NAME_RULE, name, places, "", tail))
    control = _is_control(contract, conformity)
    return (
        f"create table faults as select * from ({' union all '.join(queries)})"
        f" where cell_row not in (select rowid from cells where {control})"
    )


def _period_faults(rank: int, where: str, cell: str, named: str | None) -> list[str]:
    value = f"' : « ' || {cell} || ' »'"
    told = f"{where} || case when {looks_like_one(cell)} then {value} else ' : la valeur' end"
    read, out = f"regexp_full_match({cell}, '{PERIOD}')", is_out_of_time(cell)
    unread, untimely = (
        literal(f" n'est pas {said}.") for said in (PERIOD_EXPECTED, YEARS_EXPECTED)
    )
    faults = [
        _fault(rank, "periode", f"{told} || {unread}", f"not {read}"),
        _fault(rank, "periode", f"{told} || {untimely}", f"{read} and {out}"),
    ]
    if named:
        said = f"{where} || ' : la ligne dit ' || {cell} || {literal(f', le fichier {named}.')}"
        other = f"{read} and not ({out}) and {is_of_another_file(cell, named, 'cells')}"
        faults.append(_fault(rank, OTHER_FILE_RULE, said, other))
    return faults


def _where(spelled: str, contract: Contract) -> str:
    """What to look at in the file, as SQL: a column of the row or, of an unfolded one, a cell."""
    unfold = contract.read.unfold
    if unfold is None:
        return literal(f"Colonne « {spelled} »")
    of_cell = _cell_of(contract.read.sheet or "")
    of_label = literal(f", colonne « {spelled} »")
    return of_cell if spelled == unfold.value else f"{of_cell} || {of_label}"


def _cell_of(sheet: str) -> str:
    return f"{literal(f'Feuille « {sheet} », cellule ')} || {CELL}"


def _label_cell(spelled: str, contract: Contract, reading: Reading) -> str | None:
    """The cell of an unfolded sheet that holds the label of a row, as SQL."""
    letter = reading.letters.get(spelled)
    sheet = f"Feuille « {contract.read.sheet} », cellule {letter}"
    return f"{literal(sheet)} || {ROW_NUMBER}" if letter else None


def _fault(rank: int, rule: str, message: str, condition: str) -> str:
    return (
        f"select {ROW_NUMBER}, rowid as cell_row, {rank} as rang, '{rule}' as regle,"
        f" {message} as message, {message} as rendu"
        f" from cells where {condition}"
    )


def _far_fault(
    rank: int, rule: str, name: str, places: tuple[str, str], hidden: str, tail: str
) -> str:
    """A value far from those that are expected; where it may not be repeated, `hidden` is said."""
    kept, returned = (
        f"{place} || case when ecarts.{shown} then ' : « ' || left(ecarts.ecrit, {SHOWN_CHARS})"
        f" || ' »' else {literal(hidden)} end || {tail}"
        for place, shown in zip(places, ("garde", "rendu"), strict=True)
    )
    return (
        f"select {ROW_NUMBER}, cells.rowid as cell_row, {rank} as rang, '{rule}' as regle,"
        f" {kept} as message, {returned} as rendu"
        f" from cells join ecarts on ecarts.colonne = {literal(name)}"
        f" and ecarts.ecrit = cells.{quoted(name)}"
    )


def _lost_zero(cell: str, column: Column) -> str:
    """True for a code that a spreadsheet took for a number: `1001` instead of `01001`."""
    pattern = literal(column.pattern or "")
    return (
        f"not regexp_full_match({cell}, {pattern}) and regexp_full_match('0' || {cell}, {pattern})"
    )


def _is_control(contract: Contract, conformity: Conformity) -> str:
    """True for a row that the contract sets apart, as SQL."""
    said = " or ".join(
        f"{quoted(name)} in ({', '.join(literal(value) for value in values)})"
        for name, values in contract.control_rows.items()
        if name in conformity.positions
    )
    return f"coalesce({said or 'false'}, false)"


def _keep_received_cells(con: duckdb.DuckDBPyConnection, parquet: Path, reading: Reading) -> None:
    """Beside each row set aside, its cells as received: nothing is lost."""
    cells = ", ".join(
        f"{literal(cell)}, left(c{n}, {KEPT_CHARS})"
        for n, cell in enumerate(reading.header)
        if cell
    )
    con.execute(
        f"update ecartees set ligne = json_object({cells})::varchar from {literal(parquet)} as lu"
        f" where lu.{ROW_NUMBER} = ecartees.{ROW_NUMBER}"
    )
