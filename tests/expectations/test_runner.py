"""The runner fails closed, and keeps no value of the table that it checks."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from expectations.runner import build_docs, validate
from expectations.suite import Rule, Suite, SuiteError, load_suite
from warehouse.ledger import Check

CANARY = "CANARI-7f3a"


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gx")


def run(project: Path, database: Path, rules: list[Rule], schema: str | None = None) -> list[Check]:
    suite = Suite(name="essai", rules=rules, fingerprint="x")
    return validate(database, suite, "candidat", schema=schema, label="essai.csv", project=project)


def rule(
    name: str,
    *,
    where: str | None = None,
    expectation: str | None = None,
    severity: str = "critical",
    **kwargs: object,
) -> Rule:
    return Rule.model_validate(
        {
            "rule": name,
            "severity": severity,
            "message": f"Message de {name}.",
            "where": where,
            "expectation": expectation,
            "kwargs": kwargs,
        }
    )


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "candidat.duckdb"
    with duckdb.connect(path) as con:
        con.execute("create table candidat (code varchar, n bigint, note varchar)")
        con.execute(
            "insert into candidat values ('QP078004', 1, ?), ('QP078004', 2, null), (?, -3, ?)",
            [CANARY] * 3,
        )
        con.execute("create schema marts")
        con.execute("create table marts.candidat as select 9 as n")
    return path


def test_each_rule_says_whether_it_passed_and_on_how_many_rows(
    project: Path, database: Path
) -> None:
    checks = run(
        project,
        database,
        [
            rule("positif", where="n < 0"),
            rule("petit", where="n > 100", severity="warning"),
            rule("unique", expectation="expect_column_values_to_be_unique", column="code"),
            # Braces of a regular expression, beside the placeholder of the table.
            rule("forme", where="not regexp_full_match(code, 'QP[0-9]{6}')"),
            rule("formes", where="not regexp_full_match(code, 'QP(\\d{3}|02[AB])\\d{3}')"
                                 " and (select count(*) from {batch}) = 3"),
            rule("connu", expectation="expect_column_values_to_be_in_set", column="code",
                 value_set=["QP078004"], severity="info"),
        ],
    )  # fmt: skip
    assert [
        (c.suite, c.regle, c.severite, c.reussi, c.en_erreur, c.lignes_en_echec, c.message)
        for c in checks
    ] == [
        ("essai", "positif", "critical", False, False, 1, "Message de positif."),
        ("essai", "petit", "warning", True, False, 0, "Message de petit."),
        ("essai", "unique", "critical", False, False, 2, "Message de unique."),
        ("essai", "forme", "critical", False, False, 1, "Message de forme."),
        ("essai", "formes", "critical", False, False, 0, "Message de formes."),
        ("essai", "connu", "info", False, False, 1, "Message de connu."),
    ]


def test_a_rule_that_errors_has_not_passed_and_the_others_are_run(
    project: Path, database: Path
) -> None:
    checks = run(
        project,
        database,
        [
            rule("sql_faux", where="colonne_absente > 0"),
            rule("colonne", expectation="expect_column_values_to_be_unique", column="absente"),
            rule("type", where="code + 1 > 0", severity="warning"),
            rule("bonne", where="n > 100"),
        ],
    )
    assert [(c.regle, c.reussi, c.en_erreur, c.lignes_en_echec) for c in checks] == [
        ("sql_faux", False, True, 0),
        ("colonne", False, True, 0),
        ("type", False, True, 0),
        ("bonne", True, False, 0),
    ]


def test_the_schema_is_that_of_the_table(project: Path, database: Path) -> None:
    rules = [rule("neuf", where="n <> 9"), rule("une", where="(select count(*) from {batch}) <> 1")]
    checks = run(project, database, rules, schema="marts")
    assert all(check.reussi for check in checks)


def test_a_table_that_is_not_there_is_never_a_success(project: Path, tmp_path: Path) -> None:
    path = tmp_path / "vide.duckdb"
    duckdb.connect(path).close()
    try:
        checks = run(project, path, [rule("rien", where="false")])
    except Exception as error:
        assert "candidat" in str(error)  # noqa: PT017
    else:
        assert not any(check.reussi for check in checks)


def test_the_checked_file_is_free_afterwards_and_unchanged(project: Path, database: Path) -> None:
    with duckdb.connect(database) as con:
        before = con.execute("from candidat").fetchall()
    run(project, database, [rule("positif", where="n < 0")])
    with duckdb.connect(database) as con:
        assert con.execute("from candidat").fetchall() == before
        assert con.execute("from duckdb_tables()").fetchall()
        con.execute("drop table candidat")


def kept_by(project: Path, database: Path, rules: list[Rule]) -> list[Path]:
    """The files of the project that repeat a value of the table."""
    checks = run(project, database, rules)
    assert [check.regle for check in checks if check.reussi] == []
    assert CANARY not in repr(checks)
    build_docs(project)
    files = [path for path in project.rglob("*") if path.is_file()]
    # The search looks at results and pages that do speak of these rules.
    for folder, word in (("validations", b"regle"), ("data_docs", b"Message de")):
        assert any(folder in path.parts and word in path.read_bytes() for path in files), folder
    return [path for path in files if CANARY.encode() in path.read_bytes()]


def test_no_value_of_the_table_is_kept(tmp_path: Path, database: Path) -> None:
    in_set = "expect_column_values_to_be_in_set"
    distinct = "expect_column_distinct_values_to_contain_set"
    pairs = "expect_compound_columns_to_be_unique"
    with duckdb.connect(database) as con:
        con.execute("insert into candidat from candidat")
    rules = [
        rule("unique", expectation="expect_column_values_to_be_unique", column="note"),
        rule("connu", expectation=in_set, column="note", value_set=["x"]),
        rule("paires", expectation=pairs, column_list=["code", "note"]),
        rule("plein", expectation="expect_column_values_to_not_be_null", column="note"),
        rule("ensemble", expectation=distinct, column="note", value_set=["x"]),
        rule("lignes", where="note is not null"),
        rule("colonne", where="absente = 1"),
        rule("nombre", expectation="expect_table_row_count_to_equal", value=12),
    ]
    assert kept_by(tmp_path / "gx", database, rules) == []


def test_no_value_is_kept_where_a_rule_errors(tmp_path: Path, database: Path) -> None:
    rules = [rule("texte", where="note::bigint > 0")]
    assert kept_by(tmp_path / "gx", database, rules) == []


def test_a_missing_suite_is_an_error() -> None:
    with pytest.raises(SuiteError, match="insee__nulle_part"):
        load_suite("insee__nulle_part")


RULE = "- {rule: une, severity: critical, message: m, where: n < 0}\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "rules"),
        ("# rien\n", "rules"),
        ("[]", "rules"),
        ("- {rule: une", "suites/essai_mauvais.yml|essai_mauvais"),
        (RULE * 2, "share a name"),
        (RULE.replace("where: n < 0", "kwargs: {}"), "either where or expectation"),
        (RULE.replace("}", ", expectation: expect_x}"), "either where or expectation"),
        (RULE.replace("critical", "grave"), "severity"),
        (RULE.replace("critical", "warning").replace("}", ", quarantine: true}"), "quarantine"),
        (RULE.replace("une", "Une règle"), "pattern"),
        (RULE.replace("}", ", seuil: 1}"), "seuil"),
    ],
)
def test_a_bad_suite_is_an_error_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, said: str
) -> None:
    monkeypatch.setattr("expectations.suite.SUITES", tmp_path)
    name = "essai_mauvais"
    (tmp_path / f"{name}.yml").write_text(text, encoding="utf-8")
    load_suite.cache_clear()
    with pytest.raises(SuiteError, match=said) as refused:
        load_suite(name)
    assert name in str(refused.value)


def test_a_rule_without_sql_does_not_speak_of_rows() -> None:
    with pytest.raises(ValueError, match="unique"):
        rule("unique", expectation="expect_column_values_to_be_unique").failing_rows("t")
