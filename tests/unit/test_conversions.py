"""The SQL that converts counts, as the models render it, over any partition of any territory."""

from __future__ import annotations

import math
from dataclasses import dataclass

import duckdb
import jinja2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.settings import PROJECT

NEGLIGIBLE = 0.01
OUTSIDE = "HORS_ZONAGE"


def _macro(file: str, name: str, *arguments: object) -> str:
    """A macro of the project, rendered: these call nothing of dbt."""
    text = (PROJECT / "dbt" / "macros" / file).read_text(encoding="utf-8")
    return getattr(jinja2.Environment().from_string(text).module, name)(*arguments)


WEIGHTS = _macro("passages.sql", "poids_de_passage", "parts", "sources", NEGLIGIBLE)
CELLS = _macro("conversions.sql", "cellules_de_passage", "mesures", "passages", "conversion")
# Outside, nothing covers nothing: the raw sums are what keeps the total.
CONVERTED = _macro("conversions.sql", "valeurs_converties", "cellules", 0.95)


@dataclass(frozen=True)
class Partition:
    """Each source is cut into pieces, one a target, the last one outside; and has a count."""

    pieces: list[list[int]]
    counts: list[int | None]


@st.composite
def partitions(draw: st.DrawFn) -> Partition:
    targets = draw(st.integers(1, 4))
    sources = draw(st.integers(1, 5))
    # Mostly large pieces, some none at all, some a sliver.
    piece = st.sampled_from([0, 0, 1, 3]) | st.integers(0, 1000)
    one = st.lists(piece, min_size=targets + 1, max_size=targets + 1).filter(any)
    pieces = draw(st.lists(one, min_size=sources, max_size=sources))
    count = st.none() | st.integers(0, 20000)
    return Partition(pieces, draw(st.lists(count, min_size=sources, max_size=sources)))


@pytest.fixture(scope="module")
def con():
    with duckdb.connect() as con:
        yield con


def _convert(con: duckdb.DuckDBPyConnection, partition: Partition) -> None:
    """Tables `passages`, `cellules` and `converties` of this partition."""
    columns = (
        "code_source varchar, zonage_source varchar, code_cible varchar, zonage_cible varchar,"
        " part_source double, part_cible double"
    )
    con.execute(f"create or replace table parts ({columns})")
    con.execute(
        "create or replace table sources (code_source varchar, zonage_source varchar,"
        " zonage_cible varchar)"
    )
    con.execute(
        "create or replace table mesures (dataset varchar, millesime varchar, zonage varchar,"
        " code_territoire varchar, mesure varchar, annee varchar, annee_deduite boolean,"
        " valeur double, valeur_basse double, valeur_haute double, statut varchar, unite varchar,"
        " additive boolean, comparable_depuis integer, geographie varchar, provisoire boolean,"
        " colonne_source varchar, load_id varchar, ligne bigint)"
    )
    areas = [sum(column) for column in zip(*partition.pieces, strict=True)]
    for rank, (pieces, count) in enumerate(zip(partition.pieces, partition.counts, strict=True)):
        con.execute("insert into sources values (?, 'A', 'B')", [f"a{rank}"])
        for target, piece in enumerate(pieces[:-1]):
            if piece:
                shares = [piece / sum(pieces), piece / areas[target]]
                con.execute(
                    "insert into parts values (?, 'A', ?, 'B', ?, ?)",
                    [f"a{rank}", f"b{target}", *shares],
                )
        for name, additive in (("nombre", True), ("mediane", False)):
            con.execute(
                "insert into mesures by name select 'd' as dataset, '2021' as millesime,"
                " 'A' as zonage, ? as code_territoire, ? as mesure, ?::double as valeur,"
                " if(valeur is null, 'secret_producteur', 'observe') as statut, ? as additive",
                [f"a{rank}", name, count, additive],
            )
    con.execute(
        f"create or replace table passages as select *, '2024' as millesime, 'C' as qualite,"
        f" 1.0 as part_cible_couverte, date '2024-01-01' as rupture_le from ({WEIGHTS})"
    )
    con.execute(f"create or replace table cellules as {CELLS}")
    con.execute(f"create or replace table converties as {CONVERTED}")


@settings(max_examples=25, deadline=None)
@given(partition=partitions())
def test_the_weights_of_a_source_sum_to_one(con, partition):
    _convert(con, partition)
    sums = con.execute(
        "select code_source, sum(poids), min(poids) from passages group by code_source"
    ).fetchall()
    assert {source for source, *_ in sums} == {f"a{n}" for n in range(len(partition.pieces))}
    for _, total, least in sums:
        assert math.isclose(total, 1, abs_tol=1e-9)
        assert least > 0


@settings(max_examples=25, deadline=None)
@given(partition=partitions())
def test_a_sliver_is_no_passage(con, partition):
    """Less than a hundredth of both; outside, less than a hundredth of the source."""
    _convert(con, partition)
    kept = {
        (source, target)
        for source, target in con.execute("select code_source, code_cible from passages").fetchall()
        if target != OUTSIDE
    }
    areas = [sum(column) for column in zip(*partition.pieces, strict=True)]
    assert kept == {
        (f"a{rank}", f"b{target}")
        for rank, pieces in enumerate(partition.pieces)
        for target, piece in enumerate(pieces[:-1])
        if piece and max(piece / sum(pieces), piece / areas[target]) >= NEGLIGIBLE
    }


@settings(max_examples=25, deadline=None)
@given(partition=partitions())
def test_converting_counts_keeps_the_total_outside_included(con, partition):
    known = Partition(partition.pieces, [count or 0 for count in partition.counts])
    _convert(con, known)
    ((total,),) = con.execute("select sum(valeur) from converties").fetchall()
    assert math.isclose(total, sum(count or 0 for count in known.counts), abs_tol=1e-6)


@settings(max_examples=25, deadline=None)
@given(partition=partitions())
def test_one_hidden_source_hides_the_target_whole(con, partition):
    _convert(con, partition)
    hidden = {f"a{n}" for n, count in enumerate(partition.counts) if count is None}
    sources: dict[str, set[str]] = {}
    for source, target in con.execute("select code_source, code_cible from passages").fetchall():
        sources.setdefault(target, set()).add(source)
    rows = con.execute(
        "select code_territoire, mesure, valeur, valeur_partielle, statut from converties"
    ).fetchall()
    assert {target for target, *_ in rows} == sources.keys()
    for target, measure, value, partial, status in rows:
        assert measure == "nombre", "a median is never converted"
        masked = bool(sources[target] & hidden)
        assert (value is None) == (partial is None) == masked
        assert status == ("secret_producteur" if masked else "estime")


@pytest.mark.parametrize(
    ("kind", "largest", "grade"),
    [
        *(("inclusion", 1.0, "A"), ("population", 0.9, "B"), ("population", 0.89, "C")),
        *(("foyers", 1.0, "B"), ("surface", 1.0, "C"), ("surface", 0.89, "D")),
    ],
)
def test_the_grade_of_a_passage(con, kind, largest, grade):
    text = _macro("passages.sql", "qualite_de_passage", f"'{kind}'", largest, 0.9)
    assert con.execute(f"select {text}").fetchall() == [(grade,)]
