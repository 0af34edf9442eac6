"""Run a suite inside DuckDB; an expectation that errors counts as failed."""

from __future__ import annotations

import json
import logging
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.suite import Rule, Suite
from warehouse.ledger import Check
from warehouse.literal import literal
from warehouse.spatial import extension_path, speaks_of_geometry

if TYPE_CHECKING:
    from great_expectations.data_context import AbstractDataContext

RULE = "regle"


def validate(
    database: Path,
    suite: Suite,
    table: str,
    *,
    schema: str | None = None,
    label: str,
    project: Path,
) -> list[Check]:
    """Check `table` of a DuckDB file that nobody writes; one `Check` per rule of the suite.

    `label` names the candidate in the Data Docs (a load, a release). `project` is the folder of
    the Great Expectations project that keeps the results. No value of the table is kept: only
    counts and row numbers.
    """
    try:
        return _validate(database, suite, table, schema, label, project)
    except Exception:
        # A killed run may have left a half-written file in the project: set it aside, once.
        if not project.exists():
            raise
        project.rename(project.with_name(f"{project.name}.abime-{time.time_ns()}"))
        _context.cache_clear()
        return _validate(database, suite, table, schema, label, project)


def _validate(
    database: Path, suite: Suite, table: str, schema: str | None, label: str, project: Path
) -> list[Check]:
    context = _context(project)
    with _batch(context, database, suite, table, schema) as batch:
        import great_expectations as gx

        definition = context.validation_definitions.add_or_update(
            gx.ValidationDefinition(name=suite.name, data=batch, suite=_gx_suite(context, suite))
        )
        checkpoint = context.checkpoints.add_or_update(
            gx.Checkpoint(
                name=suite.name,
                validation_definitions=[definition],
                result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
            )
        )
        outcome = checkpoint.run(run_id=gx.RunIdentifier(run_name=label))
    results = next(iter(outcome.run_results.values())).results
    if any(_errored(result.exception_info) for result in results):
        _forget_error_texts(project)
    by_rule = {result.expectation_config.meta[RULE]: result for result in results}
    # A rule that gave no result at all is an error too.
    return [_check(suite, rule, by_rule.get(rule.rule)) for rule in suite.rules]


def _forget_error_texts(project: Path) -> None:
    """A database error may quote a value of the table: what was stored of it is blanked."""
    for path in (project / "gx" / "uncommitted" / "validations").rglob("*.json"):
        stored = json.loads(path.read_text(encoding="utf-8"))
        for result in stored["results"]:
            info = result.get("exception_info") or {}
            reports = [info] if "raised_exception" in info else list(info.values())
            for report in reports:
                if report.get("raised_exception"):
                    report["exception_message"] = "expectation error; text not kept"
                    report["exception_traceback"] = None
        path.write_text(json.dumps(stored), encoding="utf-8")


def build_docs(project: Path) -> None:
    """Write the Data Docs of every result kept."""
    _context(project).build_data_docs()


@cache
def _context(project: Path) -> AbstractDataContext:
    os.environ["GX_ANALYTICS_ENABLED"] = "false"
    # Set before the import: it logs hundreds of lines once somebody configured logging.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    import great_expectations as gx

    from expectations.dialect import register

    register()
    project.mkdir(parents=True, exist_ok=True)
    context = gx.get_context(mode="ephemeral", project_config=_config(project / "gx"))
    context.variables.progress_bars = {"globally": False}
    return context


def _config(folder: Path) -> Any:
    """Suites, results and Data Docs are files of `folder`; the rest lasts as long as the process.

    A project that also keeps its data sources rewrites them all for each file checked.
    """
    from great_expectations.data_context.types.base import DataContextConfig

    def kept(class_name: str, place: str) -> dict[str, Any]:
        return {"class_name": class_name, "store_backend": _files(folder / place)}

    def forgotten(class_name: str) -> dict[str, Any]:
        memory = {"class_name": "InMemoryStoreBackend"}
        return {"class_name": class_name, "store_backend": memory}

    return DataContextConfig(
        stores={
            "expectations_store": kept("ExpectationsStore", "expectations"),
            "validation_results_store": kept("ValidationResultsStore", "uncommitted/validations"),
            "checkpoint_store": forgotten("CheckpointStore"),
            "validation_definition_store": forgotten("ValidationDefinitionStore"),
        },
        expectations_store_name="expectations_store",
        validation_results_store_name="validation_results_store",
        checkpoint_store_name="checkpoint_store",
        data_docs_sites={
            "local_site": {
                "class_name": "SiteBuilder",
                "store_backend": _files(folder / "uncommitted/data_docs/local_site"),
                "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            }
        },
        analytics_enabled=False,
    )


def _files(folder: Path) -> dict[str, Any]:
    folder.mkdir(parents=True, exist_ok=True)
    return {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(folder)}


@contextmanager
def _batch(
    context: AbstractDataContext, database: Path, suite: Suite, table: str, schema: str | None
) -> Iterator[Any]:
    from expectations.dialect import close_connections

    source = context.data_sources.add_or_update_sql(
        name=suite.name,
        connection_string=f"duckdb+audit:///{database}",
        create_temp_table=False,
        kwargs={"connect_args": {"preload_extensions": _extensions(suite)}},
    )
    try:
        asset = source.add_table_asset(name=table, table_name=table, schema_name=schema)
        yield asset.add_batch_definition_whole_table("tout")
    finally:
        close_connections()


def _extensions(suite: Suite) -> list[str]:
    """The geometry functions, as an SQL text, where a rule needs them: they take time to load."""
    if not any(speaks_of_geometry(rule.where or "") for rule in suite.rules):
        return []
    return [literal(extension_path())]


def _gx_suite(context: AbstractDataContext, suite: Suite) -> Any:
    import great_expectations as gx

    return context.suites.add_or_update(
        gx.ExpectationSuite(name=suite.name, expectations=[_expectation(r) for r in suite.rules])
    )


def _expectation(rule: Rule) -> Any:
    import great_expectations.expectations as gxe
    from great_expectations.expectations.registry import get_expectation_impl

    common = {"severity": rule.severity, "meta": {RULE: rule.rule}, "notes": rule.message}
    if rule.where is not None:
        # Great Expectations formats the query: braces of a regular expression are doubled.
        where = rule.where.replace("{", "{{").replace("}", "}}").replace("{{batch}}", "{batch}")
        return gxe.UnexpectedRowsExpectation(
            unexpected_rows_query=f"select 1 as ligne from {{batch}} where {where}",
            description=rule.message,
            **common,
        )
    return get_expectation_impl(rule.expectation)(**rule.kwargs, **common)


def _check(suite: Suite, rule: Rule, result: Any) -> Check:
    errored = result is None or _errored(result.exception_info)
    failing = 0
    if result is not None and not errored:
        counted = result.result.get("unexpected_count", result.result.get("observed_value", 0))
        of_rows = rule.where is None or "{batch}" not in rule.where
        failing = counted if of_rows and isinstance(counted, int) and not result.success else 0
    return Check(
        suite=suite.name,
        regle=rule.rule,
        severite=rule.severity,
        reussi=bool(result is not None and result.success and not errored),
        en_erreur=errored,
        lignes_en_echec=failing,
        message=rule.message,
    )


def _errored(info: dict[str, Any] | None) -> bool:
    """`exception_info` is one report, or one per metric."""
    if not info:
        return False
    if "raised_exception" in info:
        return bool(info["raised_exception"])
    return any(bool(report.get("raised_exception")) for report in info.values())
