"""Does the file that was read have the columns that its contract announces?"""

from __future__ import annotations

import difflib
from dataclasses import dataclass

from ingestion.contract import Column, Contract
from ingestion.readers.cells import Reading
from ingestion.refusal import Refusal


@dataclass(frozen=True)
class Conformity:
    """`positions`: canonical column → rank of its cell in the file. `unknown`: kept aside."""

    positions: dict[str, int]
    spelled: dict[str, str]
    unknown: list[str]


def match_columns(reading: Reading, contract: Contract, vintage: str) -> Conformity:
    """Compare header sets, never positions; raise `Refusal` listing what is missing and new."""
    suffix = contract.vintages[vintage].suffix if vintage in contract.vintages else None
    header = [_without(suffix, cell) for cell in reading.header]
    twice = sorted({name for name in header if name and header.count(name) > 1})
    if twice:
        raise Refusal(
            "colonne_en_double",
            f"En-tête : {_list(twice)} figure deux fois. Chaque nom doit être unique.",
            rows_received=reading.rows,
        )
    expected = contract.columns_of(vintage)
    positions: dict[str, int] = {}
    missing: dict[str, Column] = {}
    for name, column in expected.items():
        found = [spelling for spelling in column.raw if spelling in header]
        if found:
            positions[name] = header.index(found[0])
        elif not column.optional:
            missing[name] = column
    known = {spelling for column in expected.values() for spelling in column.raw}
    unknown = [cell for cell in header if cell and cell not in known | set(contract.ignore)]
    foreign = {
        spelling: column
        for column in contract.columns.values()
        if not column.in_vintage(vintage)
        for spelling in column.raw
        if spelling in unknown
    }
    if foreign and not missing:
        spelling, column = next(iter(foreign.items()))
        lasts = f"depuis {column.since}" if column.since else f"jusqu'à {column.until}"
        raise Refusal(
            "colonne_d_un_autre_millesime",
            f"En-tête : « {spelling} » n'existe que {lasts}, et le fichier se dit du millésime "
            f"{vintage}. Vérifiez son nom : il contient sans doute une autre édition.",
            rows_received=reading.rows,
        )
    if missing:
        raise Refusal(
            "colonnes_manquantes",
            _missing_message(contract, vintage, missing, unknown, suffix or ""),
            rows_received=reading.rows,
        )
    if unknown and contract.unknown_columns == "refuse":
        # The name of such a column may itself be a person's: only its place is told.
        places = ", ".join(_letters(header.index(name)) for name in unknown)
        raise Refusal(
            "colonnes_inconnues",
            f"En-tête : le fichier modèle ne demande pas la colonne {places}. Retirez ce qui n'est "
            "pas demandé, surtout si des personnes y sont désignées, puis renvoyez le fichier.",
            rows_received=reading.rows,
        )
    spelled = {name: reading.header[rank] for name, rank in positions.items()}
    return Conformity(positions, spelled, unknown)


def _without(suffix: str | None, cell: str) -> str:
    return cell.removesuffix(suffix) if suffix else cell


def _missing_message(
    contract: Contract, vintage: str, missing: dict[str, Column], unknown: list[str], suffix: str
) -> str:
    parts = []
    for column in missing.values():
        spelling = column.raw[0]
        text = f"« {spelling}{suffix} » ({column.label})"
        near = difflib.get_close_matches(spelling.upper(), [u.upper() for u in unknown], n=1)
        if near:
            renamed = next(cell for cell in unknown if cell.upper() == near[0])
            text += f", peut-être renommée « {renamed}{suffix} »"
        parts.append(text)
    what = "colonne attendue absente" if len(parts) == 1 else "colonnes attendues absentes"
    message = f"En-tête : {what} : {' ; '.join(parts)}."
    if unknown and not contract.may_hold_personal_data:
        message += f" Colonnes inattendues : {_list(unknown)}."
    if contract.origin == "depot":
        return message + " Repartez du fichier modèle, sans changer ses en-têtes."
    return (
        message + f" Le millésime {vintage} de {contract.dataset} doit avoir ces colonnes : "
        "demandez un nouvel envoi ou, si le producteur a changé ses colonnes, complétez le contrat."
    )


def _letters(rank: int) -> str:
    """The place of a column as a spreadsheet names it: 0 is A, 26 is AA."""
    before, last = divmod(rank, 26)
    return (_letters(before - 1) if before else "") + chr(ord("A") + last)


def _list(names: list[str]) -> str:
    return ", ".join(f"« {name} »" for name in names)
