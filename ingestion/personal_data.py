"""Personal data where the contract expects none: the file is refused before anything is written.

The scan runs inside DuckDB on the cells that were read. What was found is named by its kind, its
column and its row; its value is never repeated.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb

from ingestion.contract import Column, Contract
from ingestion.readers.cells import CELL, ROW_NUMBER, Reading, column_letters
from ingestion.refusal import Refusal
from warehouse.database import ENGINE
from warehouse.literal import literal

RULE = "donnee_personnelle"
TOLD_PLACES = 5

# Neither letter nor digit on either side: an identifier that holds these digits is no phone. Nor
# are the decimals of a longitude.
_START, _END = r"(?:^|[^\w.,]|(?:^|[^\d])[.,])", r"(?:[^\w]|$)"
_GAP = r"[ .\-/–—\x{00A0}\x{202F}\x{2009}]{0,2}"
_SPACES = r"[\s\x{00A0}\x{202F}\x{2009}]"
_NIR = (
    rf"[1-478]{_GAP}\d{{2}}{_GAP}(?:0[1-9]|1[0-2]|[2-9]\d){_GAP}(?:\d{{2}}|2[ABab]){_GAP}"
    rf"\d{{3}}{_GAP}\d{{3}}"
)


@dataclass(frozen=True)
class Sign:
    """One kind of personal datum: what it is (French), and the expression that betrays it.

    `checked` is a further condition, as SQL on the text `found`.
    """

    what: str
    pattern: str
    checked: str = "true"


def _nir_key(found: str) -> str:
    """Whether the two last digits are the key: 97 less the number modulo 97 (Corsica: A 0, B 0,
    less one million and two).

    Source: Insee, structure du numéro d'inscription au répertoire.
    """
    digits = f"upper(regexp_replace({found}, '[^0-9ABab]', '', 'g'))"
    number = f"try_cast(replace(replace(left({digits}, 13), 'A', '0'), 'B', '0') as bigint)"
    corsica = (
        f"case when {digits} like '%A%' then 1000000 when {digits} like '%B%' then 2000000"
        " else 0 end"
    )
    key = f"try_cast(right({digits}, 2) as integer)"
    return f"coalesce(97 - ({number} - {corsica}) % 97 = {key}, false)"


_GROUPED = _NIR.replace("{0,2}", "{1,2}")  # with all its gaps, as a hand writes it
_NO_KEY = r"[12]\d{2}(?:0[1-9]|1[0-2])(?:\d{2}|2[ABab])\d{6}"
SIGNS = (
    Sign(
        "un numéro de sécurité sociale",
        rf"{_START}({_NIR}{_GAP}\d{{2}}){_END}",
        checked=_nir_key("found"),
    ),
    Sign("un numéro de sécurité sociale", rf"{_START}({_GROUPED}(?:{_GAP}\d{{2}})?){_END}"),
    Sign("un numéro de sécurité sociale", rf"{_START}({_NO_KEY}){_END}"),
    Sign(
        "un numéro d'allocataire",
        r"(?i)((?:alloc|\bcaf\b|\bmatricule)[^\d\n]{0,20}\d{7}(?:\s?[a-z])?)\b",
    ),
    Sign(
        "un numéro de téléphone",
        rf"(?:{_START}|[g-zG-Z])((?:(?:\+|00)33{_GAP}(?:\(0\))?{_GAP}|0)[1-9](?:{_GAP}\d{{2}}){{4}}){_END}",
    ),
    Sign("une adresse électronique", r"([\w.+\-]+\s?(?:@|\(at\)|\[at\])\s?[\w\-]+\.\w{2,})"),
    Sign(
        "une date de naissance",
        r"(?i)(\bn[ée]+(?:\(e\)|e)?s?\s+(?:le|en)\s+\d|naissance\s*:?\s*\d)",
    ),
)
NAME = Sign(
    "un nom de personne",
    rf"((?:\bM\.{_SPACES}*|\bM{_SPACES}+|(?i:\b(?:mr|mme|mlle|monsieur|madame|mademoiselle))"
    rf"\.?{_SPACES}+)(?:(?i:de|du|des|la|le|el){_SPACES}+)*\p{{Lu}}[\p{{L}}'’\-]*)",
)
_NAMING = re.compile(
    r"nom de famille|nom d.usage|pr[ée]noms?\b|naissance|s[ée]curit[ée] sociale|\bnir\b"
    r"|allocataire n|n.{0,2} d.allocataire|t[ée]l[ée]phone|e-?mail\b|courriel|adresse personnelle"
    r"|^nom$",
    re.IGNORECASE,
)


_ANY_SIGN = "|".join(f"(?:{sign.pattern})" for sign in (*SIGNS, NAME))


def seems_personal(text: str) -> str:
    """Whether a text (an SQL expression) has a sign of a person, as SQL."""
    return f"regexp_matches({text}, {literal(_ANY_SIGN)})"


def looks_personal(text: str) -> bool:
    """Whether a text that we are about to keep has a sign of a person."""
    return personal_among([text])[0]


def personal_among(texts: Sequence[str]) -> list[bool]:
    """Of each of these texts, whether it has a sign of a person."""
    with duckdb.connect(config=dict(ENGINE)) as con:
        found = con.execute(
            f"select {seems_personal('texte')} from"
            " (select unnest(?::varchar[]) as texte, generate_subscripts(?::varchar[], 1) as rang)"
            " order by rang",
            [list(texts), list(texts)],
        ).fetchall()
    return [personal for (personal,) in found]


def refuse_nominative(reading: Reading, contract: Contract) -> None:
    """Refuse a file whose columns name people, where the contract does not set them aside."""
    known = {spelling for column in contract.columns.values() for spelling in column.spellings}
    expected = known | {*contract.dropped, *contract.ignore}
    named = [cell for cell in reading.header if cell in contract.nominative]
    named += [cell for cell in reading.header if cell not in expected and _NAMING.search(cell)]
    if named:
        # These words are ours or those of every form: they name a kind of column, not a person.
        kinds = ", ".join(sorted({_kind(cell, contract) for cell in named}))
        raise Refusal(
            "fichier_nominatif",
            f"Le fichier désigne des personnes (colonnes : {kinds}). L'observatoire ne reçoit que "
            "des comptes, jamais des personnes : rien n'en a été gardé. Renvoyez l'export sans ces "
            "colonnes, ou des totaux.",
            rows_received=reading.rows,
        )


def _kind(cell: str, contract: Contract) -> str:
    found = _NAMING.search(cell)
    return f"« {cell} »" if cell in contract.nominative else f"« {found[0] if found else ''} »"


def refuse_personal_data(parquet: Path, reading: Reading, contract: Contract) -> None:
    """Refuse a file where a cell that the contract does not set aside holds a personal datum.

    Raises `Refusal` that names the kind, the column and the row, never the value.
    """
    scanned = {
        rank: contract.column_named(name)
        for rank, name in enumerate(reading.header)
        if name not in contract.dropped and not _expected(contract.column_named(name))
    }
    places = _places(parquet, scanned, CELL if contract.read.unfold else ROW_NUMBER)
    if not places:
        return
    sheet = f"Feuille « {contract.read.sheet} », " if contract.read.sheet else ""
    told = " ; ".join(
        f"{_where(rank, at, reading, contract)} : {what}" for rank, at, what in places[:TOLD_PLACES]
    )
    more = f" ; et {len(places) - TOLD_PLACES} autre(s)" if len(places) > TOLD_PLACES else ""
    raise Refusal(
        RULE,
        f"{sheet}{told}{more}. L'observatoire ne reçoit aucune donnée personnelle : rien n'a été "
        "gardé du fichier. Effacez ces cellules, puis renvoyez-le.",
        rows_received=reading.rows,
    )


def _expected(column: Column | None) -> bool:
    return column is not None and column.handling != "load"


def _where(rank: int, at: str, reading: Reading, contract: Contract) -> str:
    if contract.read.unfold:
        return f"cellule {at}"
    return f"colonne {_name(reading.header[rank], rank, contract)}, ligne {at}"


def _places(
    parquet: Path, scanned: dict[int, Column | None], place: str
) -> list[tuple[int, str, str]]:
    """Rank of the column, place (row or cell) and kind of each cell found, in their order."""
    with duckdb.connect(config=dict(ENGINE)) as con:
        line = ", ".join(f"c{rank}" for rank in scanned)
        # Nearly every row is clean: one expression over the whole row says so.
        con.execute(
            f"create temp table suspects as select * from {literal(parquet)}"
            f" where {seems_personal(f'concat_ws(chr(10), {line})')}"
        )
        if con.execute("select 1 from suspects limit 1").fetchone() is None:
            return []
        cells = [
            f"select {rank} as rank, {ROW_NUMBER} as ligne, {place}::varchar as place,"
            f" {literal(sign.what)} as genre from"
            f" (select *, regexp_extract(c{rank}, {literal(sign.pattern)}, 1) as found"
            f" from suspects) where found <> '' and {sign.checked}"
            for rank, column in scanned.items()
            for sign in _signs_for(column)
        ]
        found = con.execute(
            f"select distinct * from ({' union all '.join(cells)})"
            " order by ligne, rank, place, genre"
        ).fetchall()
    # The labels of an unfolded row are on each of its cells: one place is told once.
    return list(dict.fromkeys((rank, at, what) for rank, _, at, what in found))


def _signs_for(column: Column | None) -> tuple[Sign, ...]:
    """Civilities are looked for where people write freely, not in the names of places."""
    return SIGNS if column is not None and column.proper_names else (*SIGNS, NAME)


def _name(cell: str, rank: int, contract: Contract) -> str:
    """The column as the contract knows it: any other name may itself be a person's."""
    known = contract.column_named(cell) is not None or cell in contract.ignore
    return f"« {cell} »" if known else column_letters(rank)
