"""The names of territories that the observatory knows: what an operator wrote is one, or is told.

The lists are those of the models, read here as plain reference data (decision 0018): the spellings
of `alias_territoires.csv`, and the words of `lieux_sans_territoire.csv` that mean no territory.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

import duckdb

from warehouse.literal import literal
from warehouse.settings import PROJECT

SEEDS = PROJECT / "dbt" / "seeds"
ALIASES = SEEDS / "alias_territoires.csv"
ELSEWHERE = SEEDS / "lieux_sans_territoire.csv"
PLACES = SEEDS / "territoires.csv"
_APART = r"(?:[^\pL0-9]|[\x{80}-\x{2FF}\x{1D00}-\x{1EFF}])+"  # what separates words
KNOWN_NAMES = "noms_connus"


def key_of(text: str) -> str:
    """The key of a name (an SQL expression), as the macro `cle_libelle` of the models makes it.

    A letter of another alphabet than Latin stays in it: what it writes is no known name.
    """
    return f"trim(regexp_replace(lower(strip_accents({text})), {literal(_APART)}, ' ', 'g'))"


def know_names(con: duckdb.DuckDBPyConnection) -> None:
    """Create `noms_connus` (`cle`, `dit`): the key of each name, and how it is told (French)."""
    con.execute(
        f"""
        create temp table {KNOWN_NAMES} as
        select distinct {key_of("alias")} as cle,
            '« ' || nom || ' »' || case
                when niveau = 'quartier' then ' (' || nom_commune || ')'
                when niveau = 'commune' then ' (commune)'
                when niveau = 'epci' then ' (agglomération)'
                else '' end as dit
        from {_csv(ALIASES)} join {_csv(PLACES)} using (code_territoire, zonage)
        union all
        select distinct {key_of("libelle")}, '« ' || libelle || ' »' from {_csv(ELSEWHERE)}
        """
    )


def names_fingerprint() -> str:
    """Changes when a name becomes known, or is known no more."""
    with duckdb.connect() as con:
        know_names(con)
        keys = con.execute(f"select distinct cle from {KNOWN_NAMES} order by cle").fetchall()
    return hashlib.sha256(repr(keys).encode()).hexdigest()


def _csv(path: Path) -> str:
    return f"read_csv({literal(path)}, all_varchar = true, header = true)"
