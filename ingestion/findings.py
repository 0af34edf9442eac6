"""What a person who sent a file needs to know of it: each problem, and the totals understood."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import NamedTuple

import duckdb

from ingestion.candidate import CONTROL_RULE, TABLE, Candidate
from ingestion.conformity import Conformity
from ingestion.contract import Contract
from ingestion.readers.cells import ROW_NUMBER, column_letters
from warehouse.database import quoted

SHOWN_PROBLEMS = 500
WHOLE = "Ensemble"  # what a line is called that its details are part of
WORKBOOKS = ("xlsx", "xls")

# How to mend what a rule of the typing found; other rules say it in their own message.
_REMEDIES = {
    "cle_vide": "Remplissez cette cellule.",
    "type": "Écrivez un nombre, sans texte ni unité.",
    "forme": "Écrivez-la comme dans les autres lignes.",
    "valeur": "Choisissez une valeur de la liste.",
    "zero_initial_perdu": "Mettez la colonne au format Texte, puis écrivez le code entier.",
    "periode": "Écrivez 2022-03 pour mars 2022, 2022 pour toute l'année.",
    "periode_d_un_autre_fichier": "Corrigez la période, ou le nom du fichier.",
    "territoire_inconnu": "Corrigez la cellule, ou demandez à l'observatoire d'ajouter cette "
    "graphie à sa liste.",
    "structure": "Vérifiez les séparateurs et les guillemets de cette ligne.",
}
_REMEDY = "Corrigez la ligne, ou supprimez-la."


class Problem(NamedTuple):
    """Where it is (sheet and cell, or line), what was found, expected, and how to mend it."""

    place: str
    line: int
    said: str
    remedy: str
    cell: str = ""


class Total(NamedTuple):
    """What was understood of the file: a label, its value as it is written (French)."""

    label: str
    value: str


@dataclass(frozen=True)
class Findings:
    """The problems, the first ones only where they are many, and the totals.

    `more` counts the other problems; `sheet` is the one of the workbook that the cells are in.
    """

    problems: list[Problem]
    totals: list[Total]
    more: int = 0
    sheet: str | None = None


NOTHING = Findings([], [])


def findings_of(candidate: Candidate, conformity: Conformity, contract: Contract) -> Findings:
    """What the checks found in the rows, and what the rows to load add up to.

    Values are never repeated where the file may hold personal data: messages do not hold them.
    """
    with duckdb.connect(candidate.database, read_only=True) as con:
        problems = _problems(con, conformity, contract)
        totals = _totals(con, contract)
    return Findings(
        problems[:SHOWN_PROBLEMS],
        totals,
        more=max(0, len(problems) - SHOWN_PROBLEMS),
        sheet=contract.read.sheet,
    )


def _problems(
    con: duckdb.DuckDBPyConnection, conformity: Conformity, contract: Contract
) -> list[Problem]:
    ranks = [ranks[0] for ranks in conformity.positions.values()]
    # A label of an unfolded sheet is one cell, whatever it says of each figure of its row.
    cells = con.execute(
        f"select {ROW_NUMBER}, rang, regle, min_by(rendu, cell_row) from faults"
        f" group by {ROW_NUMBER}, rang, regle, {_same_cell(conformity, contract)}"
        f" order by {ROW_NUMBER}, rang, min(cell_row)"
    ).fetchall()
    rows = con.execute(
        f"select {ROW_NUMBER}, regle, message from ecartees where regle <> ?"
        f" and regle not in (select regle from faults) order by {ROW_NUMBER}",
        [CONTROL_RULE],
    ).fetchall()
    found = [
        _problem(_cell(ranks[rank], line, said, contract), line, rule, said, contract)
        for line, rank, rule, said in cells
    ]
    found += [_problem("", line, rule, said, contract) for line, rule, said in rows]
    return sorted(found, key=lambda problem: problem.line)


def _same_cell(conformity: Conformity, contract: Contract) -> str:
    unfold = contract.read.unfold
    if unfold is None:
        return "cell_row"
    labels = [n for n, s in enumerate(conformity.spelled.values()) if s in unfold.labels]
    return f"case when rang not in ({', '.join(map(str, labels))}) then cell_row end"


def _problem(cell: str, line: int, rule: str, said: str, contract: Contract) -> Problem:
    place = f"{contract.read.sheet}, {cell}" if cell else f"ligne {line}"
    return Problem(place, line, said, _REMEDIES.get(rule, _REMEDY), cell)


def _cell(rank: int, line: int, said: str, contract: Contract) -> str:
    """The cell of a workbook; nothing in another kind of file."""
    if contract.read.unfold:
        # What was unfolded is named by its cell of the sheet in the message already.
        found = re.search(r"cellule ([A-Z]+\d+)", said)
        return found[1] if found else ""
    return f"{column_letters(rank)}{line}" if contract.read.format in WORKBOOKS else ""


def _totals(con: duckdb.DuckDBPyConnection, contract: Contract) -> list[Total]:
    # What adds up, and persons, that the sender knows by their sum. A repeated duration does not.
    numbers = [
        name
        for name in contract.measures
        if contract.columns[name].additive or contract.columns[name].unit == "personnes"
    ]
    whole = [
        f"{quoted(name)} = '{WHOLE}'"
        for name, column in contract.columns.items()
        if WHOLE in (column.allowed or [])
    ]
    distinct = [
        name for name, column in contract.columns.items() if column.handling == "pseudonymise"
    ]
    asked = [
        "count(*)",
        *(f"count(distinct {quoted(name)})" for name in distinct),
        *(f"sum({quoted(name)})" for name in numbers),
    ]
    period = quoted(contract.period) if contract.period else "null"
    found = con.execute(
        f"select {', '.join(asked)}, min({period}), max({period}) from {TABLE}"
        f" where {' and '.join(whole) or 'true'}"
    ).fetchone()
    if found is None:
        return []
    rows, *sums, first, last = found
    totals = [Total("Lignes comprises" + (" (ensemble)" if whole else ""), _number(rows))]
    if first:
        totals.append(Total("Période", f"du {_day(first)} au {_day(last)}"))
    for name, value in zip([*distinct, *numbers], sums, strict=True):
        column = contract.columns[name]
        what = "nombre" if name in distinct else f"somme, en {column.unit}"
        if value is not None:
            totals.append(Total(f"{column.label} ({what})", _number(value)))
    return totals


def _day(iso: str) -> str:
    return f"{iso[8:10]}/{iso[5:7]}/{iso[:4]}"


def _number(value: float) -> str:
    written = f"{value:,.2f}".rstrip("0").rstrip(".") if value % 1 else f"{int(value):,}"
    return written.replace(",", "\u202f").replace(".", ",")
