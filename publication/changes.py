"""What a new release changes in the published indicators."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from warehouse.database import one_row
from warehouse.literal import literal

SHOWN = 10


def changes_between(old: Path, new: Path) -> dict[str, Any]:
    """Compare `marts.fct_indicateur` of two releases, cell by cell.

    Returns counts (`ajoutees`, `retirees`, `modifiees`) and the biggest changes; empty where
    there is no earlier release.
    """
    if not old.exists():
        return {}
    with duckdb.connect() as con:
        for name, path in (("avant", old), ("apres", new)):
            con.execute(f"attach {literal(path)} as {name} (read_only)")
        con.execute(
            """
            create temp table ecarts as
            select
                code_indicateur, code_territoire, zonage, periode,
                avant.valeur as avant, apres.valeur as apres,
                avant.statut is null as ajoutee, apres.statut is null as retiree
            from avant.marts.fct_indicateur as avant
            full join apres.marts.fct_indicateur as apres
                using (code_indicateur, code_territoire, zonage, periode)
            where avant.valeur is distinct from apres.valeur
                or avant.statut is distinct from apres.statut
            """
        )
        added, gone, changed = one_row(
            con,
            "select count(*) filter (ajoutee), count(*) filter (retiree),"
            " count(*) filter (not ajoutee and not retiree) from ecarts",
        )
        biggest = con.execute(
            "select code_indicateur, code_territoire, periode, avant, apres from ecarts"
            " where not ajoutee and not retiree"
            " order by abs(apres - avant) desc nulls first, code_indicateur, code_territoire,"
            f" periode limit {SHOWN}"
        ).fetchall()
    names = ("code_indicateur", "code_territoire", "periode", "avant", "apres")
    return {
        "ajoutees": added,
        "retirees": gone,
        "modifiees": changed,
        "plus_grands": [dict(zip(names, row, strict=True)) for row in biggest],
    }
