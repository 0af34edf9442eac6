"""A reader in a process of its own, as an analyst's tool is.

`hold`: open the release once, answer each line received. `loop`: open, ask and close until the
stop file appears, one answer per line. Both ask two tables: half of one release and half of
another would show.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb

QUERY = """
select
    (select valeur from marts.fct_indicateur where code_territoire = 'QP078006'
        and code_indicateur = 'caf_taux_couverture' and periode = '2019'),
    (select caf_taux_couverture from marts.mart_indicateurs_cles
        where code_territoire = 'QP078006'),
    (select count(*) from marts.fct_indicateur)
"""


def answer(con: duckdb.DuckDBPyConnection) -> str:
    return json.dumps(con.execute(QUERY).fetchone())


def hold(database: str) -> None:
    with duckdb.connect(database, read_only=True) as con:
        for _ in sys.stdin:
            print(answer(con), flush=True)


def loop(database: str, stop: Path) -> None:
    while not stop.exists():
        with duckdb.connect(database, read_only=True) as con:
            print(answer(con), flush=True)


def watch(database: str, stop: Path) -> None:
    missing = 0
    while not stop.exists():
        for _ in range(1000):
            missing += not os.path.exists(database)  # noqa: PTH110 - speed is the point
    print(missing, flush=True)


if __name__ == "__main__":
    mode, database, *rest = sys.argv[1:]
    match mode:
        case "hold":
            hold(database)
        case "loop":
            loop(database, Path(rest[0]))
        case "watch":
            watch(database, Path(rest[0]))
