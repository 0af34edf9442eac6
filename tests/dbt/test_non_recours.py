"""What the measure of non-recours may say: sheets, words, and formulas that hold for any counts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import exp, log
from pathlib import Path
from typing import Any

import duckdb
import jinja2
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.publication.night import built_night, ledger
from warehouse.settings import PROJECT

DBT = PROJECT / "dbt"
MODELS = DBT / "models" / "intermediate"
SHEETS = PROJECT / "docs" / "fr" / "methodes"
NEED = "Une couverture CAF élevée dit le besoin, pas un faible non-recours."
VARIABLES = yaml.safe_load((DBT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
# A name that would say what the apparent coverage is not.
TAKE_UP = re.compile(r"taux[ _-]+de[ _-]+recours|taux_recours", re.IGNORECASE)


def compiled(model: str, **variables: Any) -> str:
    """The SQL of a model as dbt writes it, its inputs being tables of the same name."""
    macros = "".join(p.read_text(encoding="utf-8") for p in DBT.glob("macros/non_recours.sql"))
    text = (MODELS / f"{model}.sql").read_text(encoding="utf-8")
    values = VARIABLES | variables
    return (
        jinja2.Environment()
        .from_string(macros + text)
        .render(ref=lambda name: name, var=values.__getitem__)
    )


def one_line(path: Path) -> str:
    return " ".join(path.read_text(encoding="utf-8").split())


def described() -> dict[str, str]:
    """The description of each model of ours, on one line."""
    text = (MODELS / "_non_recours.yml").read_text(encoding="utf-8")
    return {m["name"]: " ".join(m["description"].split()) for m in yaml.safe_load(text)["models"]}


def codes() -> set[str]:
    """The codes that the estimates may have, as their model declares them."""
    text = (MODELS / "_non_recours.yml").read_text(encoding="utf-8")
    (model,) = (
        m for m in yaml.safe_load(text)["models"] if m["name"] == "int_indicateurs__estimes"
    )
    (column,) = (c for c in model["columns"] if c["name"] == "code_indicateur")
    return set(column["data_tests"][0]["accepted_values"]["arguments"]["values"])


def test_every_code_has_a_sheet_that_says_what_it_cannot_show():
    said = set(re.findall(r"'((?:nrc|rel)_\w+)'", compiled("int_indicateurs__estimes")))
    assert said == codes()
    sheets = [path for path in SHEETS.glob("*.md") if path.name != "README.md"]
    headed = {}
    for path in sheets:
        text = path.read_text(encoding="utf-8")
        header = re.search(r"^Codes? : (.+?)(?: ·|$)", text, re.MULTILINE)[1]
        headed |= dict.fromkeys(re.findall(r"`(\w+)`", header), path)
        titles = re.findall(r"^## (.+)$", text, re.MULTILINE)
        for title in (
            "Formule",
            "Hypothèses",
            "Ce que cela montre",
            "Ce que cela ne montre pas",
            "Quand rien n'est publié",
        ):
            assert title in titles, f"{path.name}: {title}"
    assert set(headed) == codes()
    index = (SHEETS / "README.md").read_text(encoding="utf-8")
    assert all(f"({path.name})" in index for path in sheets)
    assert set(re.findall(r"`((?:nrc|rel)_\w+)`", index)) == codes()


@pytest.mark.parametrize("name", ["README.md", "synthetique.md", "couverture-apparente.md"])
def test_a_sheet_says_what_coverage_means(name):
    assert NEED in one_line(SHEETS / name)


@pytest.mark.parametrize(
    "model",
    [
        "int_non_recours__synthetique",
        "int_non_recours__enveloppe",
        "int_non_recours__couverture_apparente",
        "int_indicateurs__estimes",
    ],
)
def test_a_description_says_what_coverage_means(model):
    assert NEED in described()[model]


def test_the_apparent_coverage_is_never_called_take_up():
    texts = [
        path
        for folder in (DBT, PROJECT / "docs", PROJECT / "ingestion", PROJECT / "expectations")
        for path in folder.rglob("*")
        if path.suffix in {".sql", ".yml", ".csv", ".md"} and not {"target", "logs"} & {*path.parts}
    ]
    assert len(texts) > 200
    assert [path.name for path in texts if TAKE_UP.search(path.read_text("utf-8"))] == []


def test_no_model_applies_a_mean_rate():
    """Rates of the whole country are quoted in the seed, and stay there."""
    for path in MODELS.glob("int_non_recours__*.sql"):
        text = path.read_text(encoding="utf-8")
        assert "'ensemble'" not in text, path.name
        assert not re.search(r"\b(0[.,]34|34|27|50)\b", text), path.name
    parts = compiled("int_non_recours__parts")
    assert "'logement' as stratification" in parts


@pytest.fixture(scope="module")
def published(tmp_path_factory) -> list[tuple]:
    """The estimates of the demonstration."""
    return ledger(
        built_night(tmp_path_factory).settings,
        "select code_indicateur, code_territoire, periode, round(valeur, 1), round(borne_basse, 1),"
        " round(borne_haute, 1), statut, qualite, avertissement"
        " from intermediate.int_indicateurs__estimes order by all",
    )


def test_the_estimates_of_2019(published):
    """Too few recipients, or an unknown share: a line, and no value."""
    found = {
        code: values
        for indicator, code, period, *values, _ in published
        if (indicator, period) == ("nrc_rsa_synth", "2019")
    }
    assert {code: (value[0], *value[3:]) for code, value in found.items()} == {
        "QP078004": (None, "non_disponible", None),
        "QP078005": (17.4, "estime", "D"),
        "QP078006": (19.5, "estime", "D"),
        "QP078007": (21.8, "estime", "D"),
        "QP078008": (18.7, "estime", "D"),
        "QP078017": (15.2, "estime", "D"),
        "QP078018": (None, "non_significatif", None),
    }
    for value, low, high, *_ in found.values():
        assert value is None or low < value < high


def test_every_estimate_warns(published):
    assert {indicator for indicator, *_ in published} == codes()
    for indicator, *_, warning in published:
        assert warning.startswith("Estimation expérimentale")
        assert (NEED in warning) == (indicator in {"nrc_rsa_synth", "nrc_mv_synth", "nrc_couv_rsa"})


RATES = st.floats(0.01, 0.95)
STRATA = st.lists(st.tuples(st.floats(0, 5000), RATES), min_size=1, max_size=4).filter(
    lambda strata: sum(count for count, _ in strata) >= 1
)


@pytest.fixture(scope="module")
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        connection.execute("""
            create table int_non_recours__beneficiaires as
                select 'rsa' prestation, 'Q' code_territoire, 'Z' zonage, '2019' periode,
                       100.0::double beneficiaires, 'observe' statut;
            create table taux_non_recours as
                select 'rsa' prestation, 'logement' stratification, 'hlm' strate, 15.0 taux,
                       '2018' annee;
            create table territoires as
                select '' code_territoire, '' zonage, 'commune' niveau, date '2015-01-01' valide_du;
            create table int_non_recours__strates (
                prestation varchar, code_territoire varchar, zonage varchar, periode varchar,
                stratification varchar, variante varchar, strate varchar, beneficiaires double,
                taux double, annee_taux varchar, qualite varchar);
            create table stg_operateurs__recoupement (
                operateur_a varchar, operateur_b varchar, territoire_declare varchar,
                code_territoire varchar, zonage varchar, periode varchar, meme_perimetre boolean,
                effectif_a bigint, effectif_b bigint, effectif_commun bigint, livraison varchar,
                load_id varchar, ligne bigint);
        """)
        yield connection


def put_strata(con: duckdb.DuckDBPyConnection, strata: list[tuple[float, float]]) -> None:
    con.execute("delete from int_non_recours__strates")
    con.executemany(
        "insert into int_non_recours__strates values"
        " ('rsa', 'Q', 'Z', '2019', 'logement', 'v', ?, ?, ?, '2018', 'D')",
        [(f"s{rank}", count, rate) for rank, (count, rate) in enumerate(strata)],
    )


@settings(max_examples=60, deadline=None)
@given(strata=STRATA)
def test_an_estimate_is_between_the_rates_of_its_strata(con, strata):
    put_strata(con, strata)
    ((value,),) = con.execute(
        f"select taux_pct from ({compiled('int_non_recours__synthetique')})"
    ).fetchall()
    rates = [100 * rate for count, rate in strata if count]
    assert min(rates) - 1e-5 <= value <= max(rates) + 1e-5


@settings(max_examples=20, deadline=None)
@given(
    strata=st.lists(st.tuples(st.floats(100, 5000), st.floats(0.05, 0.7)), min_size=1, max_size=3)
)
def test_the_draws_surround_the_estimate_and_are_always_the_same(con, strata):
    put_strata(con, strata)
    ((value,),) = con.execute(
        f"select taux_pct from ({compiled('int_non_recours__synthetique')})"
    ).fetchall()
    draws = f"select * from ({compiled('int_non_recours__tirages')})"
    first, again = con.execute(draws).fetchall(), con.execute(draws).fetchall()
    assert first == again
    ((*_, count, low, high),) = first
    assert count == VARIABLES["tirages"]
    assert low < value < high


def test_the_draws_have_the_spread_that_is_said(con):
    """One stratum: the percentiles are those of a normal law around the logit."""
    put_strata(con, [(1_000_000, 0.15)])
    ((*_, low, high),) = con.execute(
        compiled("int_non_recours__tirages", traction_francilienne_logit=0)
    ).fetchall()
    centre = log(0.15 / 0.85)
    expected = [100 / (1 + exp(-(centre + sign * 1.96 * 0.25))) for sign in (-1, 1)]
    assert [low, high] == pytest.approx(expected, abs=0.4)
    # Another seed gives other draws.
    other = con.execute(
        compiled("int_non_recours__tirages", traction_francilienne_logit=0, graine_tirages="x")
    ).fetchall()
    assert other[0][-2:] != (low, high)


def test_the_pull_of_the_paris_area_only_raises_the_upper_bound(con):
    put_strata(con, [(300, 0.15), (100, 0.33)])
    ((*_, low, high),) = con.execute(
        compiled("int_non_recours__tirages", traction_francilienne_logit=0)
    ).fetchall()
    ((*_, same, higher),) = con.execute(compiled("int_non_recours__tirages")).fetchall()
    assert same == low
    assert higher > high


@settings(max_examples=80, deadline=None)
@given(data=st.data(), first=st.integers(0, 3000), second=st.integers(0, 3000))
def test_the_population_is_never_smaller_than_what_is_known(con, data, first, second):
    common = data.draw(st.integers(0, min(first, second)))
    con.execute("delete from stg_operateurs__recoupement")
    con.execute(
        "insert into stg_operateurs__recoupement values"
        " ('a', 'b', 'Q', 'Q', 'Z', '2023', true, ?, ?, ?, 'l', 'c', 1)",
        [first, second, common],
    )
    ((known, estimate, low, high, width, status),) = con.execute(
        "select connus, estimation, borne_basse, borne_haute, largeur_relative, statut from"
        f" ({compiled('int_non_recours__capture_recapture')})"
    ).fetchall()
    assert known == first + second - common
    assert known - 1e-5 <= low <= estimate + 1e-5
    assert estimate <= high + 1e-5
    if status == "estime":
        assert common >= 10
        assert width <= 0.5 + 1e-6


@settings(max_examples=80, deadline=None)
@given(count=st.integers(1, 10_000), share=st.floats(0, 1))
def test_the_interval_of_wilson_contains_the_share(con, count, share):
    bounds = jinja2.Environment().from_string(
        (DBT / "macros" / "non_recours.sql").read_text(encoding="utf-8")
        + "select {{ wilson_pct('p', 'n', -1) }}, {{ wilson_pct('p', 'n', 1) }}"
        + " from (select ?::double as p, ?::bigint as n)"
    )
    ((low, high),) = con.execute(bounds.render(), [share, count]).fetchall()
    assert 0 <= low <= 100 * share + 1e-9
    assert 100 * share - 1e-9 <= high <= 100
