"""Quantities as people write them, read in SQL: bounds, value, qualifier, unit; or a status.

`quantite(cell)` is what the cell counts, NULL where it cannot be read: nothing is guessed.
`statut_ecrit(cell)` is the status of a cell that says in words why it counts nothing.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from ingestion.readers.cells import cleaned
from warehouse.literal import literal

if TYPE_CHECKING:
    import duckdb

QUANTITY_TYPE = (
    "struct(valeur_basse double, valeur double, valeur_haute double,"
    " qualificatif varchar, unite varchar)"
)
EXPECTED = (
    "une quantité lisible (17 ; 83 % ; 31 820 € ; près de 800 ; entre 160 et 340 ; au moins 20)"
)

# What stands before the number, and what may stand after it; without case nor accents.
_BEFORE = {
    "environ": ["pres de", "environ", "env.", "env", "autour de", "a peu pres", "~", "≈"],
    "moyenne": ["en moyenne", "moyenne de", "moyenne"],
    "au_moins": ["au moins", "plus de", "minimum", "≥", ">=", ">"],
    "fourchette": ["entre", "de"],
}
_AFTER = {
    "environ": ["environ", "env."],
    "moyenne": ["en moyenne"],
    "au_moins": ["au moins", "minimum", "ou plus", "et plus"],
}
_ROUND_NUMBERS = {
    "dizaine": 10,
    "douzaine": 12,
    "quinzaine": 15,
    "vingtaine": 20,
    "trentaine": 30,
    "quarantaine": 40,
    "cinquantaine": 50,
    "soixantaine": 60,
    "centaine": 100,
}
_UNITS = {"%": "%", "€": "€", "euros": "€", "euro": "€", "eur": "€"}
_STATUSES = {
    "non_communique": ["n/c", "nc", "n.c.", "n.c", "non communique", "non renseigne", "nr", "n/r"],
    "non_disponible": ["n/d", "nd", "n.d.", "n.d", "non disponible"],
    "prevu": ["a venir", "prevu", "prevue", "prevus", "prevues"],
    "sans_objet": ["sans objet", "s/o", "s.o."],
}
_NUMBER = r"\d{1,3}(?: \d{3})+(?:,\d+)?|\d+(?:,\d+)?"


def know_quantities(con: duckdb.DuckDBPyConnection) -> None:
    """Give this connection the macros `quantite` and `statut_ecrit`."""
    con.execute(_MACROS)


def said(quantity: str) -> str:
    """A quantity as a person reads it, as SQL; NULL where there is none."""
    low, value, high = (
        f"regexp_replace({quantity}.{name}::varchar, '\\.0$', '')"
        for name in ("valeur_basse", "valeur", "valeur_haute")
    )
    return (
        f"case {quantity}.qualificatif when 'exact' then {value}"
        f" when 'fourchette' then 'entre ' || {low} || ' et ' || {high}"
        f" else replace({quantity}.qualificatif, '_', ' ') || ' ' || coalesce({value}, {low}) end"
        f" || coalesce(' ' || {quantity}.unite, '')"
    )


def _any_of(words: Sequence[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


def _all(words: Mapping[str, Sequence[str]]) -> list[str]:
    return [word for several in words.values() for word in several]


def _translation(of: str, meanings: Mapping[str, Sequence[str]]) -> str:
    said = " ".join(
        f"when {of} in ({', '.join(literal(word) for word in words)}) then {literal(meaning)}"
        for meaning, words in meanings.items()
    )
    return f"case {said} end"


def _number(part: str) -> str:
    return f"try_cast(replace(replace({part}, ' ', ''), ',', '.') as double)"


def _finite(number: str) -> str:
    return f"case when isfinite({number}) then {number} end"


def _quantity(low: str, value: str, high: str, qualifier: str, unit: str) -> str:
    return (
        f"struct_pack(valeur_basse := {low}::double, valeur := {value}::double,"
        f" valeur_haute := {high}::double, qualificatif := {qualifier}, unite := {unit})"
    )


_PATTERN = (
    rf"^(?:({_any_of(_all(_BEFORE))}) ?)?({_NUMBER})(?: ?({_any_of([*_UNITS])}))?"
    rf"(?: (?:et|a) ({_NUMBER})(?: ?({_any_of([*_UNITS])}))?)?(?: ({_any_of(_all(_AFTER))}))?$"
)
_PARTS = "['avant', 'n1', 'u1', 'n2', 'u2', 'apres']"
_QUALIFIER = (
    "case when m.avant = '' and m.apres = '' then 'exact'"
    f" when m.apres = '' then {_translation('m.avant', {**_BEFORE, 'fourchette': ['']})}"
    f" when m.avant = '' then {_translation('m.apres', _AFTER)} end"
)
_UNIT = (
    "case u " + " ".join(f"when {literal(w)} then {literal(u)}" for w, u in _UNITS.items()) + " end"
)
_ROUND = " ".join(f"when {literal(f'une {word}')} then {n}" for word, n in _ROUND_NUMBERS.items())

_MACROS = f"""
create or replace temp macro texte_plie(c) as lower(strip_accents({cleaned("c")}));
create or replace temp macro unite_ecrite(u) as {_UNIT};
create or replace temp macro nombre_ecrit(n) as {_finite(_number("n"))};
create or replace temp macro qualificatif_ecrit(m) as {_QUALIFIER};
create or replace temp macro fourchette_ecrite(m) as case
    when m.avant in ('', 'entre', 'de') and m.apres = ''
        and (m.u1 = '' or unite_ecrite(m.u1) = unite_ecrite(m.u2))
        and nombre_ecrit(m.n1) < nombre_ecrit(m.n2)
    then {
    _quantity(
        "nombre_ecrit(m.n1)", "null", "nombre_ecrit(m.n2)", "'fourchette'", "unite_ecrite(m.u2)"
    )
}
end;
create or replace temp macro nombre_qualifie(m, q) as case
    when q = 'au_moins'
    then {_quantity("nombre_ecrit(m.n1)", "null", "null", "q", "unite_ecrite(m.u1)")}
    when q is not null
    then {_quantity("null", "nombre_ecrit(m.n1)", "null", "q", "unite_ecrite(m.u1)")}
end;
create or replace temp macro nombre_rond(n) as case
    when n is not null then {_quantity("null", "n", "null", "'environ'", "null::varchar")}
end;
create or replace temp macro quantite_ecrite(m, texte) as case
    when m.n1 = '' then nombre_rond(case texte {_ROUND} end)
    when nombre_ecrit(m.n1) is null then null
    when m.n2 <> '' then fourchette_ecrite(m)
    else nombre_qualifie(m, qualificatif_ecrit(m))
end;
create or replace temp macro quantite(c) as quantite_ecrite(
    regexp_extract(texte_plie(c), {literal(_PATTERN)}, {_PARTS}), texte_plie(c)
)::{QUANTITY_TYPE};
create or replace temp macro statut_ecrit(c) as {_translation("texte_plie(c)", _STATUSES)};
"""
