"""The JSON of a received file, which may be damaged, cut short, or something else."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ingestion.readers.cells import ROW_NUMBER, BadLine
from ingestion.readers.signatures import ZIP, is_web_page
from ingestion.refusal import Refusal

if TYPE_CHECKING:
    from pandas import DataFrame

MAX_SIZE = 128 << 20  # bytes; the largest real file here has 2.5 MB
MAX_NAMES = 200
MAX_BAD_ITEMS = 1000
SHOWN_CHARS = 60
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")  # a null byte, half of a character
AGAIN = "Demandez un nouvel envoi, ou téléchargez-le de nouveau."

Item = dict[str, Any]


@dataclass(frozen=True)
class Wording:
    """How messages name the format, what the file should be, and one of its items (feminine)."""

    format: str
    expected: str
    item: str


class Number(float):
    """A number that remembers how it was written: `995.0` is not `995`."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> Number:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


def text_of(source: Path, wording: Wording) -> str:
    """The text of the file; raise `Refusal` where its bytes are not JSON's UTF-8."""
    if source.stat().st_size > MAX_SIZE:
        raise Refusal(
            "fichier_trop_gros",
            f"Le fichier dépasse {MAX_SIZE >> 20} Mo : ce n'est pas {wording.expected}. "
            "Vérifiez que c'est le bon fichier.",
        )
    data = source.read_bytes()
    if not data:
        raise Refusal("fichier_vide", "Le fichier est vide (0 octet). Demandez un nouvel envoi.")
    if data.startswith(ZIP):
        raise Refusal(
            "format",
            f"Le fichier est une archive .zip renommée : extrayez-en le {wording.format}.",
        )
    if is_web_page(data):
        raise Refusal(
            "format",
            f"Le fichier est une page web, pas un {wording.format} : le téléchargement a échoué. "
            "Téléchargez-le de nouveau depuis la page du producteur.",
        )
    if b"\x00" in data:
        raise Refusal(
            "octet_nul",
            "Le fichier contient un octet nul : il est abîmé, ou n'est pas en UTF-8. " + AGAIN,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise _truncated(wording) from error
        raise Refusal(
            "encodage",
            f"L'octet 0x{data[error.start]:02X}, au rang {error.start + 1}, n'est pas de l'UTF-8, "
            f"le seul encodage d'un {wording.format}. Réexportez-le en UTF-8.",
        ) from error


def parsed(text: str, wording: Wording, is_item: Callable[[Item], bool]) -> Any:
    """What the text says, numbers as they are written; raise `Refusal` where it is not JSON.

    `is_item` tells the objects that are counted, so that a message may say where.
    """
    objects = _Objects(wording, is_item)
    try:
        return json.loads(
            text,
            object_pairs_hook=objects,
            parse_float=Number,
            parse_int=Number,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        ended = text.rstrip()
        if error.pos >= len(ended) or not ended.endswith(("}", "]")):
            raise _truncated(wording, objects.items) from error
        raise Refusal(
            "format",
            f"Ligne {error.lineno}, caractère {error.colno} : ce n'est pas du JSON. " + AGAIN,
            rows_received=objects.items,
        ) from error
    except RecursionError as error:
        raise Refusal(
            "format",
            "Le fichier emboîte trop de niveaux les uns dans les autres : ce n'est pas "
            f"{wording.expected}. Vérifiez que c'est le bon fichier.",
        ) from error


class _Objects:
    """Make the objects of the text; a name that stands twice in one is not settled by chance."""

    def __init__(self, wording: Wording, is_item: Callable[[Item], bool]) -> None:
        self.wording = wording
        self.is_item = is_item
        self.items = 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> Item:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise Refusal(
                "propriete_en_double",
                f"{self.wording.item.capitalize()} n° {self.items + 1} : « {shown(twice)} » y "
                "figure deux fois. Chaque nom doit être unique : réexportez le fichier.",
                rows_received=self.items,
            )
        if self.is_item(made):
            self.items += 1
        return made


def _refuse_constant(name: str) -> NoReturn:
    raise Refusal(
        "format",
        f"Le fichier contient « {name} », qui n'est pas du JSON : une valeur absente s'y écrit "
        "null. Réexportez-le.",
    )


def _truncated(wording: Wording, items: int = 0) -> Refusal:
    return Refusal(
        "fichier_tronque",
        f"Le fichier s'arrête au milieu d'une {wording.item} (après la n° {items}) : il a été "
        "coupé pendant l'envoi. " + AGAIN,
        rows_received=items,
    )


def refuse_too_many_bad(bad: Sequence[BadLine], received: int, wording: Wording) -> None:
    """Refuse a file with nothing well formed in it, or more malformed items than could be told."""
    if len(bad) > MAX_BAD_ITEMS or len(bad) == received:
        raise Refusal(
            "structure",
            f"{len(bad)} {wording.item}s sur {received} sont mal formées. Par exemple, "
            f"{wording.item} n° {bad[0].line} : {bad[0].reason}. " + AGAIN,
            rows_received=received,
        )


def names_of(items: Sequence[Item], wording: Wording) -> list[str]:
    """Every name that the items give, in order of first appearance."""
    names = dict.fromkeys(name for item in items for name in item)
    if len(names) > MAX_NAMES:
        raise Refusal(
            "entete",
            f"Les {wording.item}s ont {len(names)} propriétés différentes, {MAX_NAMES} au plus "
            f"sont attendues : ce n'est pas {wording.expected}.",
            rows_received=len(items),
        )
    return list(names)


def is_storable(item: Item) -> bool:
    """Whether every name and value is text that can be kept."""
    return not any(FORBIDDEN.search(name + (cell(value) or "")) for name, value in item.items())


def cell(value: object) -> str | None:
    """A value as text: a number as it is written, what is nested as JSON."""
    match value:
        case None:
            return None
        case Number():
            return value.text
        case str():
            return unicodedata.normalize("NFC", value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def shown(name: str) -> str:
    """A received name as a message may show it."""
    return FORBIDDEN.sub("\ufffd", name)[:SHOWN_CHARS]


def frame_of(columns: Sequence[list[str | None]], ranks: Sequence[int]) -> DataFrame:
    """A table of text cells, and the rank in the file of each of its rows."""
    import pandas  # costly, and needed only now

    cells = {f"c{rank}": column for rank, column in enumerate(columns)}
    frame = pandas.DataFrame(cells, dtype="string")
    frame[ROW_NUMBER] = ranks
    return frame
