"""Does the file that was read have the columns that its contract announces?"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass

from ingestion.contract import Column, Contract
from ingestion.readers.cells import Reading, column_letters
from ingestion.refusal import Refusal

ALIKE = 0.6  # from which likeness a missing column may have been renamed
A_DAY = r"\d{4}-\d{2}-\d{2}(T[0-9:]+)?"


@dataclass(frozen=True)
class Conformity:
    """How a file's columns answer to the contract.

    `positions`: canonical column → ranks of its cells in the file (several where it is joined).
    `spelled`: its name in the file. `unknown`: kept aside. `layout`: the known edition whose
    columns it has, the file's own or, where the contract does not know that one, another.
    """

    positions: dict[str, list[int]]
    spelled: dict[str, str]
    unknown: list[str]
    layout: str


def find_layout(reading: Reading, contract: Contract, vintage: str) -> Conformity:
    """Match the file with its edition or, where that is unknown, with the nearest alike.

    An unknown edition is accepted only if its columns are exactly those of a known one. Raises
    `Refusal` that compares it with the nearest known edition where none is alike.
    """
    if not contract.vintages or vintage in contract.vintages:
        return match_columns(reading, contract, vintage)
    nearest = sorted(contract.vintages, key=lambda known: (abs(int(known) - int(vintage)), known))
    differences = []
    for known in nearest:
        suffix = contract.assumed(vintage, known).suffix
        header = [_without(suffix, cell) for cell in reading.header]
        _refuse_twice(header, contract, reading)
        positions, missing, unknown = _compare(header, contract, known)
        if not missing and not unknown:
            return _conformity(reading, positions, [], known)
        differences.append(_difference(missing, unknown, suffix or "", _places(header, contract)))
    raise Refusal(
        "millesime_inconnu",
        f"Le millésime {vintage} n'est pas dans le contrat {contract.dataset} (connus : "
        f"{', '.join(contract.vintages)}), et ses colonnes ne sont celles d'aucun d'eux. Comparé "
        f"au plus proche, {nearest[0]}. {differences[0]} « observatoire new-source FICHIER "
        f"--dataset {contract.dataset} » propose les lignes à ajouter au contrat.",
        rows_received=reading.rows,
    )


def match_columns(reading: Reading, contract: Contract, vintage: str) -> Conformity:
    """Compare header sets, never positions; raise `Refusal` listing what is missing and new."""
    known = contract.vintages.get(vintage)
    suffix = known.suffix if known else None
    header = [_without(suffix, cell) for cell in reading.header]
    _refuse_twice(header, contract, reading)
    positions, missing, unknown = _compare(header, contract, vintage)
    if unknown and not missing:
        _refuse_column_of_another_vintage(unknown, contract, vintage, reading)
    if missing:
        raise Refusal(
            "colonnes_manquantes",
            _missing_message(contract, vintage, missing, unknown, suffix or "", header)
            + _dates_for_names(header, unknown),
            rows_received=reading.rows,
        )
    if unknown and contract.unknown_columns == "refuse":
        # The name of such a column may itself be a person's: only its place is told.
        places = ", ".join(column_letters(header.index(name)) for name in unknown)
        raise Refusal(
            "colonnes_inconnues",
            f"En-tête : le fichier modèle ne demande pas la colonne {places} : retirez ce qui "
            "n'est pas demandé, surtout si des personnes y sont désignées, puis renvoyez-le.",
            rows_received=reading.rows,
        )
    return _conformity(reading, positions, unknown, vintage)


def likeness(spelling: str, other: str) -> float:
    """How much two names of columns look alike, whatever their case: 1 is the same name."""
    return difflib.SequenceMatcher(None, spelling.upper(), other.upper()).ratio()


def _refuse_twice(header: list[str], contract: Contract, reading: Reading) -> None:
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Refusal(
            "colonne_en_double",
            f"En-tête : {', '.join(_told_twice(name, header, contract) for name in twice)}. Chaque "
            "nom doit être unique.",
            rows_received=reading.rows,
        )


def _told_twice(name: str, header: list[str], contract: Contract) -> str:
    if _may_be_told(name, contract):
        return f"« {name} » figure deux fois"
    places = [column_letters(rank) for rank, cell in enumerate(header) if cell == name]
    return f"les colonnes {', '.join(places)} portent le même nom"


def _may_be_told(cell: str, contract: Contract) -> bool:
    """Whether a header may be repeated: one that is not the contract's may be a person's name."""
    if not contract.may_hold_personal_data or contract.column_named(cell) is not None:
        return True
    return cell in {*contract.ignore, *contract.dropped, *contract.nominative}


def _places(header: list[str], contract: Contract) -> dict[str, str]:
    """The headers that are told by the letters of their columns, and these letters."""
    return {
        cell: column_letters(rank)
        for rank, cell in enumerate(header)
        if not _may_be_told(cell, contract)
    }


def unknown_columns(header: list[str], unknown: list[str], contract: Contract) -> str:
    """The columns kept aside, as they may be told (French): by their names, or by their places."""
    places = _places(header, contract)
    return ", ".join(places.get(cell, cell) for cell in unknown)


def _compare(
    header: list[str], contract: Contract, vintage: str
) -> tuple[dict[str, list[int]], dict[str, Column], list[str]]:
    """Where each column of the edition is, those that are not there, and those it has not."""
    expected = contract.columns_of(vintage)
    positions: dict[str, list[int]] = {}
    missing: dict[str, Column] = {}
    for name, column in expected.items():
        found = [spelling for spelling in column.spellings if spelling in header]
        whole = len(found) == len(column.joined) if column.joined else bool(found)
        if whole:
            cells = found if column.joined else found[:1]
            positions[name] = [header.index(spelling) for spelling in cells]
        elif not column.optional:
            missing[name] = column
    known = {spelling for column in expected.values() for spelling in column.spellings}
    left = {*contract.ignore, *contract.dropped}
    unknown = [cell for cell in header if cell and cell not in known | left]
    return positions, missing, unknown


def _conformity(
    reading: Reading, positions: dict[str, list[int]], unknown: list[str], layout: str
) -> Conformity:
    spelled = {
        name: " + ".join(reading.header[rank] for rank in ranks)
        for name, ranks in positions.items()
    }
    return Conformity(positions, spelled, unknown, layout)


def _refuse_column_of_another_vintage(
    unknown: list[str], contract: Contract, vintage: str, reading: Reading
) -> None:
    foreign = {
        spelling: column
        for column in contract.columns.values()
        if not column.in_vintage(vintage)
        for spelling in column.spellings
        if spelling in unknown
    }
    if foreign:
        spelling, column = next(iter(foreign.items()))
        raise Refusal(
            "colonne_d_un_autre_millesime",
            f"En-tête : « {spelling} » {_editions(column, vintage)}, et le fichier se dit du "
            f"millésime {vintage}. Vérifiez son nom : il contient sans doute une autre édition.",
            rows_received=reading.rows,
        )


def _editions(column: Column, vintage: str) -> str:
    """Why the edition has not the column (French)."""
    if vintage in column.not_in:
        return "manque dans cette édition"
    if column.since and vintage < column.since:
        return f"n'existe que depuis {column.since}"
    return f"n'existe que jusqu'à {column.until}"


def _without(suffix: str | None, cell: str) -> str:
    return cell.removesuffix(suffix) if suffix else cell


def _missing_message(
    contract: Contract,
    vintage: str,
    missing: dict[str, Column],
    unknown: list[str],
    suffix: str,
    header: list[str],
) -> str:
    places = _places(header, contract)
    message = "En-tête : " + _difference(missing, unknown, suffix, places)
    if contract.origin == "depot":
        return message + " Repartez du fichier modèle, sans changer ses en-têtes."
    return (
        message + f" Le millésime {vintage} de {contract.dataset} doit avoir ces colonnes : "
        "demandez un nouvel envoi ou, si le producteur a changé ses colonnes, complétez le contrat."
    )


def _dates_for_names(header: list[str], unknown: list[str]) -> str:
    """Where a spreadsheet shows a day in the place of a name (French), or nothing."""
    places = [column_letters(header.index(cell)) for cell in unknown if re.fullmatch(A_DAY, cell)]
    if not places:
        return ""
    return (
        f" La colonne {', '.join(places)} porte une date en guise de nom : une formule l'a sans "
        "doute remplacé, rétablissez-le."
    )


def _difference(
    missing: dict[str, Column], unknown: list[str], suffix: str, places: dict[str, str]
) -> str:
    """What is missing, what is new, and what was probably renamed (French).

    A header that has one of `places` is told by it.
    """
    parts = []
    for column in missing.values():
        spelling = column.spellings[0]
        text = f"« {spelling}{suffix} » ({column.label})"
        near = max(unknown, key=lambda cell: likeness(spelling, cell), default=None)
        if near and likeness(spelling, near) >= ALIKE:
            text += (
                f" (peut-être la colonne {places[near]})"
                if near in places
                else f", peut-être renommée « {near}{suffix} »"
            )
        parts.append(text)
    said = ""
    if parts:
        what = "colonne attendue absente" if len(parts) == 1 else "colonnes attendues absentes"
        said = f"{what} : {' ; '.join(parts)}."
    new = [cell for cell in unknown if cell not in places]
    if new:
        said += f" Colonnes inattendues : {_list(new)}."
    return said.strip()


def _list(names: list[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)
