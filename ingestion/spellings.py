"""What operators wrote by hand: the value that is meant, and the nearest ones to what means none.

Works on the table `cells` of a candidate. `_ecrits` keeps what was written where the value kept is
another; `ecarts` says of each wrong value what is nearest, and whether it may be repeated.
"""

from __future__ import annotations

import duckdb

from ingestion.conformity import Conformity
from ingestion.contract import Contract
from ingestion.periods import holds_a_day, period_of
from ingestion.personal_data import seems_personal
from ingestion.territories import KNOWN_NAMES, key_of, know_names
from warehouse.database import quoted
from warehouse.literal import literal

WRITTEN = "_ecrits"  # a JSON object: column → what the file has
TOLD_NAMES = 3  # that are as near as each other
NEAR = 0.85  # from which likeness a name is worth telling
AS_NEAR = 0.05  # from the nearest


def understand(con: duckdb.DuckDBPyConnection, contract: Contract, conformity: Conformity) -> None:
    """Put the value that is meant in place of another spelling of it, where it can mean only one.

    Months are read as a person writes them, and values of a list whatever their case, accents and
    spaces. A date that was written for a month is not kept: it may be that of a birth.
    """
    con.execute(f"alter table cells add column {WRITTEN} varchar")
    for name in contract.forgiven:
        if name not in conformity.positions:
            continue
        column, cell = contract.columns[name], quoted(name)
        con.execute(
            "create or replace temp table compris (ecrit varchar, lu varchar, garde boolean)"
        )
        if column.type == "period":
            _read_periods(con, cell)
        else:
            _read_listed(con, cell, column.allowed or [])
        con.execute(
            f"update cells set {cell} = lu, {WRITTEN} = case when garde then json_merge_patch("
            f"coalesce({WRITTEN}, '{{}}'), json_object({literal(name)}, ecrit))"
            f" else {WRITTEN} end"
            f" from compris where {cell} = ecrit"
        )


def _read_periods(con: duckdb.DuckDBPyConnection, cell: str) -> None:
    written = con.execute(f"select distinct {cell} from cells where {cell} is not null").fetchall()
    read = [(text, period_of(text)) for (text,) in written]
    other = [
        (text, period, not holds_a_day(text)) for text, period in read if period not in (None, text)
    ]
    if other:
        con.executemany("insert into compris values (?, ?, ?)", other)


def _read_listed(con: duckdb.DuckDBPyConnection, cell: str, allowed: list[str]) -> None:
    con.execute(
        f"""
        insert into compris
        select ecrit, any_value(valeur), true
        from (select distinct {cell} as ecrit from cells)
        join (select unnest({_listed(allowed)}) as valeur)
            on {_folded("ecrit")} = {_folded("valeur")}
        where not list_contains({_listed(allowed)}, ecrit)
        group by ecrit having count(*) = 1
        """
    )


def _folded(text: str) -> str:
    return f"trim(regexp_replace(lower(strip_accents({text})), '\\s+', ' ', 'g'))"


def tell_nearest(
    con: duckdb.DuckDBPyConnection, contract: Contract, conformity: Conformity
) -> None:
    """Create `ecarts`: for each wrong value of a column, the end of the sentence that tells it.

    A value goes back to who wrote it (`rendu`) unless it seems personal; it is kept in messages
    (`garde`) only where it looks like one that is expected: a name badly spelled is nobody's.
    """
    con.execute(
        "create table ecarts"
        " (colonne varchar, ecrit varchar, suite varchar, rendu boolean, garde boolean)"
    )
    for name, column in contract.columns.items():
        if name not in conformity.positions:
            continue
        if column.names:
            know_names(con)
            known = f"select cle, dit from {KNOWN_NAMES}"
            wrong = f"{key_of(quoted(name))} not in (select cle from {KNOWN_NAMES})"
            _tell(con, name, known, wrong, none_near=" ; aucun nom connu n'en est proche")
            con.execute(f"drop table {KNOWN_NAMES}")
        elif name in contract.forgiven and column.allowed:
            values = f"(select unnest({_listed(column.allowed)}) as v)"
            known = f"select {key_of('v')} as cle, '« ' || v || ' »' as dit from {values}"
            wrong = f"not list_contains({_listed(column.allowed)}, {quoted(name)})"
            none_near = f" : {', '.join(column.allowed)}"
            _tell(con, name, known, wrong, none_near=none_near, only_alike=True)


def _listed(values: list[str]) -> str:
    """A list of texts, as SQL."""
    return f"[{', '.join(literal(value) for value in values)}]"


def _tell(
    con: duckdb.DuckDBPyConnection,
    name: str,
    known: str,
    wrong: str,
    *,
    none_near: str,
    only_alike: bool = False,
) -> None:
    """Fill `ecarts` for one column. `only_alike`: any other value is not given back either."""
    con.execute(
        f"""
        insert into ecarts
        with connus as ({known}),
        e as (
            select distinct {quoted(name)} as ecrit, left({key_of(quoted(name))}, 100) as cle
            from cells where {wrong}
        ),
        notes as (
            select ecrit, dit,
                max(greatest(
                    jaro_winkler_similarity(e.cle, connus.cle),
                    case when length(e.cle) > 3 and ({_holds("e.cle", "connus.cle")}
                        or {_holds("connus.cle", "e.cle")}) then 0.9 else 0 end
                )) as note,
                bool_or(
                    damerau_levenshtein(e.cle, connus.cle) <= greatest(1, length(connus.cle) // 3)
                ) as ressemble
            from e cross join connus group by ecrit, dit
        ),
        proches as (
            select ecrit, bool_or(ressemble) as ressemble,
                list(dit order by note desc, dit) filter (
                    note >= {NEAR} and note >= meilleure - {AS_NEAR}
                )[:{TOLD_NAMES}] as noms
            from (select *, max(note) over (partition by ecrit) as meilleure from notes)
            group by ecrit
        )
        select {literal(name)}, ecrit,
            case when len(noms) = 1 then ' ; le plus proche : ' || noms[1]
                when len(noms) > 1 then ' ; les plus proches : ' || array_to_string(noms, ', ')
                else {literal(none_near)} end || '.',
            {"ressemble and" if only_alike else ""} not {seems_personal("ecrit")},
            ressemble and not {seems_personal("ecrit")}
        from proches
        """
    )


def _holds(key: str, other: str) -> str:
    """Whether a name has every word of another, as SQL."""
    return f"list_has_all(string_split({key}, ' '), string_split({other}, ' '))"
