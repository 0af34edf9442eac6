"""A person named in an operator's file leaves no trace: not one byte of it in the home."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest

from tests.conftest import DEMO
from tests.e2e.cli import Night, nightly

pytestmark = pytest.mark.long

HEADER = 4
WHOLE = "activite_demonstration_2022-01.xlsx"  # 81 rows: one bad row is set aside
SHORT = "activite_mjd_2021.xlsx"  # one row: a bad row refuses the file


Plant = Callable[[Path, "Person"], None]


class Person:
    """Someone who exists in one workbook only; every word of hers is found nowhere else."""

    def __init__(self, rank: int) -> None:
        self.name = f"Zéphyrine Tartempion{rank:02}quibus"
        self.social_security = f"2 85 05 78 9{rank:02} 084 36"
        self.phone = f"06 99 88 7{rank:02}6 6"
        self.mail = f"z.tartempion{rank:02}quibus@exemple.fr"

    def __str__(self) -> str:
        return f"{self.name}, {self.social_security}, {self.phone}, {self.mail}"

    def traces(self) -> list[bytes]:
        words = [self.name.split()[1], self.social_security, self.phone, self.mail]
        words += [word.replace(" ", "") for word in (self.social_security, self.phone)]
        return [
            form.encode(encoding)
            for word in words
            for form in {word, word.lower(), word.upper()}
            for encoding in ("utf-8", "utf-16-le")
        ]


def _column(sheet: Any, name: str) -> int:
    return next(cell.column for cell in sheet[HEADER] if cell.value == name)


def _extra_column(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER, sheet.max_column + 1, "Nom de la personne")
    sheet.cell(HEADER + 1, sheet.max_column, str(person))


def _unnamed_column(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER + 1, sheet.max_column + 1, str(person))


def _extra_sheet(book: Any, person: Person) -> None:
    book.create_sheet("Liste")["A1"] = str(person)


def _listed_value(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER + 1, _column(sheet, "Thème"), str(person))


def _text_for_a_number(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER + 1, _column(sheet, "Bénéficiaires"), str(person))


def _period(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER + 1, _column(sheet, "Période"), str(person))


def _named_column(book: Any, person: Person) -> None:
    sheet = book["Activité"]
    sheet.cell(HEADER, sheet.max_column + 1, person.name)
    sheet.cell(HEADER + 1, sheet.max_column, 1)


def _named_sheet(book: Any, person: Person) -> None:
    book.create_sheet(person.name.split()[1])


def _above_the_header(book: Any, person: Person) -> None:
    book["Activité"]["A2"] = str(person)


def _help_sheet(book: Any, person: Person) -> None:
    book["Lisez-moi"].cell(40, 1, str(person))


def _comment(book: Any, person: Person) -> None:
    from openpyxl.comments import Comment

    book["Activité"]["A5"].comment = Comment(str(person), "Auteur")


CASES: dict[str, tuple[str, Callable[[Any, Person], None], str]] = {
    "extra-column": (SHORT, _extra_column, "refuse"),
    "unnamed-column": (SHORT, _unnamed_column, "refuse"),
    "extra-sheet": (SHORT, _extra_sheet, "refuse"),
    "listed-value": (SHORT, _listed_value, "refuse"),
    "text-for-a-number": (SHORT, _text_for_a_number, "refuse"),
    "period": (SHORT, _period, "refuse"),
    "listed-value-elsewhere": (WHOLE, _listed_value, "refuse"),
    "number-elsewhere": (WHOLE, _text_for_a_number, "refuse"),
    "column-named-after-her": (SHORT, _named_column, "refuse"),
    "sheet-named-after-her": (SHORT, _named_sheet, "refuse"),
    "above-the-header": (SHORT, _above_the_header, "charge"),
    "help-sheet": (SHORT, _help_sheet, "charge"),
    "comment": (SHORT, _comment, "charge"),
}
COOP = "mediation-numerique-inventee/coop-numerique_accompagnements_2024-{}-01.xlsx"
APLUS = "france-services-inventee/aplus-demandes-2025-01-15-14h05.csv"
AIDANTS = "ccas-invente/aidants-connect_deploiement_2024-03-01.csv"
V1 = "mediation-numerique-inventee/Mes_statistiques_01-01-2023_31-03-2023.csv"


def _cells(*columns: str) -> Plant:
    """Write who she is in every row of these columns of a Coop export."""

    def plant(path: Path, person: Person) -> None:
        book = openpyxl.load_workbook(path)
        sheet = book["Activités"]
        header = next(row for row in sheet.iter_rows() if row[1].value == "Enregistré le")
        places = [cell.column for cell in header if cell.value in columns]
        assert len(places) == len(columns)
        for row in range(header[0].row + 1, sheet.max_row + 1):
            for column in places:
                sheet.cell(row, column, str(person))
        book.save(path)

    return plant


def _agent_of_the_export(path: Path, person: Person) -> None:
    book = openpyxl.load_workbook(path)
    book["Activités"]["B2"], book["Activités"]["B3"] = person.name, str(person)
    book.save(path)


def _text(old: str, new: str) -> Plant:
    """Put who she is where the export has `old`, `new` saying how."""

    def plant(path: Path, person: Person) -> None:
        content = path.read_text("utf-8")
        assert old in content
        path.write_text(content.replace(old, new.format(person=person)), "utf-8")

    return plant


# Exports of tools: in the columns that are dropped they are expected, elsewhere they are refused.
EXPORTS: dict[str, tuple[str, Plant, str]] = {
    "coop-self": (
        COOP.format("02"),
        _cells("Bénéficiaire", "Notes supplémentaires", "Tags", "Nom de l’atelier"),
        "charge",
    ),
    "coop-coordinator": (
        COOP.format("03"),
        _cells("Prénom du médiateur", "Nom du médiateur", "ID - Conum", "Commune du bénéficiaire"),
        "charge",
    ),
    "coop-typed": (COOP.format("02"), _cells("Nom de la démarche administrative"), "charge"),
    "coop-agent": (COOP.format("02"), _agent_of_the_export, "charge"),
    "coop-identifier": (COOP.format("02"), _cells("Statut du bénéficiaire"), "charge"),
    "coop-place": (COOP.format("02"), _cells("Nom du lieu"), "refuse"),
    "coop-redirection": (COOP.format("03"), _cells("Structure de redirection"), "refuse"),
    "coop-ignored": (COOP.format("03"), _cells("Matériel numérique utilisé"), "refuse"),
    "aplus-group": (APLUS, _text("CAF 78, CPAM 78", "CAF 78, {person.phone}"), "refuse"),
    "aplus-column": (APLUS, _text("Utile;", "Description {person.name};"), "refuse"),
    "aplus-state": (APLUS, _text('"En cours"', '"{person}"'), "refuse"),
    "aidants-names": (AIDANTS, _text("Personne,INVENTÉ", "{person.name},{person.phone}"), "charge"),
    "aidants-mail": (AIDANTS, _text("aidant0@exemple.invalid", "{person.mail}"), "charge"),
    "aidants-organisation": (AIDANTS, _text("Association inventée", "{person.mail}"), "refuse"),
    "coop-v1-label": (V1, _text("Courriels", "{person.name} {person.phone}"), "refuse"),
}
PEOPLE = {case: Person(rank) for rank, case in enumerate([*CASES, *EXPORTS], start=11)}


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    """One night in which each case is a workbook of its own."""
    folder = tmp_path_factory.mktemp("canari")
    sources = folder / "sources"
    shutil.copytree(DEMO, sources)
    for case, (model, plant, _) in CASES.items():
        book = openpyxl.load_workbook(DEMO / "operateurs" / model)
        plant(book, PEOPLE[case])
        book.save(sources / "operateurs" / f"activite_{case}_2021.xlsx")
    for case, (export, plant, _) in EXPORTS.items():
        # The folder names the operator: a tool's file has always the same name.
        path = sources / "operateurs" / case / Path(export).name
        path.parent.mkdir()
        shutil.copy(DEMO / "operateurs" / export, path)
        plant(path, PEOPLE[case])
    return nightly(folder / "home", sources)


def _contents(path: Path) -> Iterator[bytes]:
    """The bytes of a file, and what they hold once unpacked."""
    yield path.read_bytes()
    if zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as archive:
            for member in archive.namelist():
                yield archive.read(member)
    if path.suffix == ".parquet":
        yield _text(duckdb.connect(), "read_parquet(?)", [str(path)])
    if path.suffix == ".duckdb":
        with duckdb.connect(path, read_only=True) as con:
            tables = con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
            for schema, table in tables:
                yield _text(con, f'"{schema}"."{table}"', [])


def _text(con: duckdb.DuckDBPyConnection, table: str, values: list[Any]) -> bytes:
    rows = con.execute(f"select t::varchar from {table} as t", values).fetchall()
    return "\n".join(str(row) for (row,) in rows).encode()


@pytest.fixture(scope="module")
def everything(night: Night) -> dict[str, list[bytes]]:
    """Every file of the home, and what was printed."""
    contents = {
        str(path.relative_to(night.home)): list(_contents(path))
        for path in night.home.rglob("*")
        if path.is_file() and not path.is_symlink()
    }
    return contents | {"(terminal)": [night.out.encode(), night.err.encode()]}


def _where(everything: dict[str, list[bytes]], traces: list[bytes]) -> list[str]:
    return sorted(
        name
        for name, contents in everything.items()
        if any(trace in content for content in contents for trace in traces)
    )


def test_the_night_judged_each_workbook(night: Night) -> None:
    assert night.code == 0
    verdicts = {case: night.new_named(f"activite_{case}_2021.xlsx")["verdict"] for case in CASES}
    assert verdicts == {case: expected for case, (_, _, expected) in CASES.items()}
    by_operator = {row["millesime"].split("_")[0]: row["verdict"] for row in night.new}
    assert {case: by_operator[case] for case in EXPORTS} == {
        case: expected for case, (_, _, expected) in EXPORTS.items()
    }


def test_the_search_finds_what_is_there(everything: dict[str, list[bytes]]) -> None:
    """An accepted structure's name is in the landed workbook, the warehouse and the marts."""
    found = _where(everything, ["Structure de démonstration (inventée)".encode()])
    assert "warehouse.duckdb" in found
    assert any(name.startswith("landing/") for name in found)
    said = _where(everything, [b"activite_extra-column_2021.xlsx"])
    assert "(terminal)" in said
    for place in ("bulletins/", "airflow/", "releases/", "warehouse.duckdb"):
        assert any(name.startswith(place) for name in said), place


@pytest.mark.parametrize("case", PEOPLE)
def test_no_trace_of_the_person(everything: dict[str, list[bytes]], case: str) -> None:
    assert _where(everything, PEOPLE[case].traces()) == []


def test_refused_workbooks_are_not_kept(night: Night) -> None:
    for case, (_, _, verdict) in CASES.items():
        kept = list((night.home / "landing").rglob(f"activite_{case}_2021.xlsx*"))
        assert bool(kept) == (verdict == "charge"), case


def test_the_refusal_says_where_without_repeating(night: Night) -> None:
    said = {case: night.new_named(f"activite_{case}_2021.xlsx")["motif"] for case in CASES}
    assert "colonne O" in said["extra-column"]
    assert "feuille" in said["extra-sheet"]
    assert "Liste" not in said["extra-sheet"]
    number = "ligne 5 : un numéro de sécurité sociale"
    assert f"colonne « Thème », {number}" in said["listed-value"]
    assert f"colonne « Bénéficiaires », {number}" in said["text-for-a-number"]
