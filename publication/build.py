"""Build the marts with dbt, and set the candidate release aside."""

from __future__ import annotations

import hashlib
import json
import logging
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import duckdb

from publication.changes import changes_between
from warehouse.database import STORAGE, connection, one_row, quoted
from warehouse.foreseen import Foreseen
from warehouse.ledger import Load, active_loads, now, standing_refusals
from warehouse.literal import literal
from warehouse.lock import writer_lock
from warehouse.scratch import new_scratch_folder
from warehouse.settings import PROJECT, Settings

log = logging.getLogger("observatoire.publication")

DBT = PROJECT / "dbt"
RELEASED_SCHEMAS = ("marts", "reference")
DATABASE = "observatoire.duckdb"
MANIFEST = "manifest.json"
_DRAFT = ".candidat-"


class BuildFailed(Foreseen):
    """dbt did not end well: nothing is published (message in French, naming the models)."""


class NothingToPublish(Foreseen):
    """No file was ever loaded."""


def prepare_release(settings: Settings) -> Path | None:
    """Build the marts and write the candidate release; None where nothing has changed.

    Holds the writer's lock throughout. The candidate is a folder beside the releases, with the
    database, the Parquet files and the manifest. Raises `BuildFailed`, `NothingToPublish`.
    """
    with writer_lock(settings.lock) as lock:
        with connection(settings) as con:
            loads = active_loads(con)
            if not loads:
                raise NothingToPublish(
                    "Aucun fichier n'est chargé : il n'y a rien à publier. "
                    "Voyez les refus dans le bulletin."
                )
            state = _fingerprint(con, loads)
            shown = con.execute("select release_id from audit.releases").fetchall()
        newest = max(settings.releases.glob(f"[!.]*/{MANIFEST}"), default=None)
        if newest and _read(newest)["empreinte"] == state:
            # Written but never shown: an interrupted run. Shown, then rolled back: a choice.
            return None if (newest.parent.name,) in shown else newest.parent
        warned = build_models(settings, lock)
        return _write_candidate(settings, loads, state, warned)


def build_models(settings: Settings, lock: int) -> list[str]:
    """Run `dbt build` on the working file; `lock` is the writer's, held by the caller.

    dbt inherits it: should we be killed, nobody writes beside it.

    Returns the tests that only warn, each with its number of rows (French). Raises `BuildFailed`
    where a model or a test fails, or where dbt leaves no result.
    """
    target = settings.home / "dbt"
    results = target / "run_results.json"
    results.unlink(missing_ok=True)
    process = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "--no-use-colors", "--log-level-file", "info"),
            # Unit tests prove the code on invented rows: that is done before it gets here. There is
            # nothing to build of an exposure.
            *("build", "--exclude-resource-types", "unit_test", "exposure"),
            *("--project-dir", str(DBT), "--profiles-dir", str(DBT)),
            *("--target-path", str(target), "--log-path", str(settings.logs)),
        ],
        env={**os.environ, "OBSERVATOIRE_ENTREPOT": str(settings.warehouse)},
        pass_fds=(lock,),
        capture_output=True,
        text=True,
        check=False,
    )
    log.debug("%s", process.stdout)
    if not results.exists():
        raise BuildFailed(
            "dbt s'est arrêté sans résultat : rien n'est publié, la publication en cours reste.\n"
            + process.stdout[-2000:]
            + process.stderr[-2000:]
        )
    outcome = json.loads(results.read_text(encoding="utf-8"))["results"]
    failed = [r for r in outcome if r["status"] not in ("success", "pass", "warn", "skipped")]
    if failed or process.returncode:
        names = "\n".join(
            f"  - {r['unique_id'].split('.')[2]} : {(r['message'] or r['status']).strip()[:500]}"
            for r in failed
        )
        raise BuildFailed(
            "Les modèles n'ont pas pu être construits, ou un de leurs contrôles a échoué : rien "
            f"n'est publié, la publication en cours reste.\n{names}"
        )
    warned = [
        f"Contrôle « {r['unique_id'].split('.')[2]} » : {r['failures']} ligne(s) à regarder."
        for r in outcome
        if r["status"] == "warn"
    ]
    for said in warned:
        log.warning("%s", said)
    return warned


def current_manifest(settings: Settings) -> dict[str, Any]:
    """The manifest of the release that readers see; empty before the first."""
    path = settings.current / MANIFEST
    return _read(path) if path.exists() else {}


def _read(path: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


@dataclass(frozen=True)
class _Table:
    schema: str
    name: str
    lignes: int


def _fingerprint(con: duckdb.DuckDBPyConnection, loads: list[Load]) -> str:
    """Changes when a release built now would say something else."""
    refusals = standing_refusals(con, loads[0].demonstration)
    catalogue = con.execute("select distinct contrats_sha256 from audit.datasets").fetchall()
    overdue = con.execute(
        "select dataset from audit.datasets where attendu_le < current_date order by dataset"
    ).fetchall()
    rooms = [DBT, PROJECT / "expectations" / "suites"]
    code = [
        hashlib.sha256(path.read_bytes()).hexdigest()
        for room in rooms
        for path in sorted(room.rglob("*"))
        if path.suffix in {".sql", ".yml", ".csv", ".py"}
        and path.name != "_unit_tests.yml"
        and not {"target", "logs"} & set(path.relative_to(room).parts)
    ]
    state = json.dumps(
        [
            [(load.dataset, load.millesime, load.sha256, load.contrat_sha256) for load in loads],
            [(load.dataset, load.fichier, load.sha256, load.motif) for load in refusals],
            catalogue,
            overdue,
            code,
        ]
    )
    return hashlib.sha256(state.encode()).hexdigest()


def _write_candidate(settings: Settings, loads: list[Load], state: str, warned: list[str]) -> Path:
    folder = new_scratch_folder(settings.releases, _DRAFT)
    folder.chmod(0o755)
    tables = _export(settings.warehouse, folder)
    moment = now()
    manifest = {
        "release": f"{moment:%Y%m%dT%H%M%S}{moment.microsecond // 1000:03d}Z",
        "publie_le": moment.isoformat(timespec="seconds") + "Z",
        "empreinte": state,
        "demonstration": loads[0].demonstration,
        "duckdb": duckdb.__version__,
        "tables": [asdict(table) for table in tables],
        "fichiers_sources": [
            {
                "dataset": load.dataset,
                "millesime": load.millesime,
                "fichier": load.fichier,
                "sha256": load.sha256,
                "load_id": load.load_id,
                "lignes": load.lignes_chargees,
            }
            for load in loads
        ],
        "fichiers": {
            str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        },
        "avertissements": warned,
        "changements": changes_between(settings.current / DATABASE, folder / DATABASE),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")
    return folder


def _export(warehouse: Path, folder: Path) -> list[_Table]:
    """Copy marts and reference into a file of their own, with their comments, and to Parquet."""
    (folder / "parquet").mkdir()
    database = folder / DATABASE
    with duckdb.connect(database, config=dict(STORAGE)) as con:
        con.execute(f"attach {literal(warehouse)} as entrepot (read_only)")
        found = con.execute(
            "select schema_name, table_name, comment from duckdb_tables()"
            " where database_name = 'entrepot' and list_contains(?, schema_name) order by all",
            [list(RELEASED_SCHEMAS)],
        ).fetchall()
        tables = []
        for schema, name, comment in found:
            table = quoted(f"{schema}.{name}")
            con.execute(f"create schema if not exists {quoted(schema)}")
            con.execute(f"create table {table} as from entrepot.{table} order by all")
            _copy_comments(con, schema, name, comment)
            if schema == "marts":
                path = literal(folder / "parquet" / f"{name}.parquet")
                con.execute(f"copy (from {table}) to {path} (format parquet)")
            (rows,) = one_row(con, f"select count(*) from {table}")
            tables.append(_Table(schema, name, rows))
        con.execute("detach entrepot")
        con.execute("checkpoint")
    if database.with_name(database.name + ".wal").exists():
        raise BuildFailed("Le fichier à publier n'est pas refermé proprement : rien n'est publié.")
    return tables


def _copy_comments(
    con: duckdb.DuckDBPyConnection, schema: str, name: str, comment: str | None
) -> None:
    table = quoted(f"{schema}.{name}")
    if comment:
        con.execute(f"comment on table {table} is {literal(comment)}")
    described = con.execute(
        "select column_name, comment from duckdb_columns() where database_name = 'entrepot'"
        " and schema_name = ? and table_name = ? and comment is not null",
        [schema, name],
    ).fetchall()
    for column, text in described:
        con.execute(f"comment on column {table}.{quoted(column)} is {literal(text)}")
