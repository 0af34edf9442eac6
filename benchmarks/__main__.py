"""`python -m benchmarks`: each of our paths in turn with the bare engine, or the usual way.

The file is the CAF layout with invented values, `ROWS` lines long. Times are medians of `RUNS`
runs, taken alternately, so that a machine that slows down slows both.
"""

from __future__ import annotations

import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb

from benchmarks.national import measure_national
from benchmarks.operators import measure_operators
from expectations.runner import validate
from expectations.suite import load_suite
from ingestion.candidate import build_candidate
from ingestion.conformity import match_columns
from ingestion.contract import contracts
from ingestion.reading import read
from warehouse.settings import PROJECT

ROWS = 300_000
RUNS = 5


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        source = _caf_like_file(folder / "data_CAF_2020_IRIS.csv")
        size = source.stat().st_size / 1e6
        print(f"{ROWS} lignes, {size:.0f} Mo, médianes de {RUNS} essais alternés\n")
        print(f"{'ce qui est mesuré':58}{'nous':>8}{'témoin':>9}{'rapport':>9}")
        _reading(source, folder)
        _checking(folder)
        _starting()
    measure_national()
    measure_operators()


def _reading(source: Path, folder: Path) -> None:
    contract = contracts()["caf.allocataires_iris"]
    target = folder / "ours.parquet"

    def ours() -> None:
        read(source, contract.read, target)

    def bare() -> None:
        duckdb.execute(
            f"copy (from read_csv('{source}', delim=';', all_varchar=true, header=true))"
            f" to '{folder / 'bare.parquet'}'"
        )

    def usual() -> None:
        import pandas

        pandas.read_csv(source, sep=";", dtype=str)

    _compare("lire (enfant confiné, lignes comptées) / DuckDB nu", ours, bare)
    _compare("lire (enfant confiné, lignes comptées) / pandas", ours, usual)


def _checking(folder: Path) -> None:
    import pandas

    contract = contracts()["caf.allocataires_iris"]
    parquet = folder / "ours.parquet"
    reading = read(folder / "data_CAF_2020_IRIS.csv", contract.read, parquet)
    conformity = match_columns(reading, contract, "2020")
    database = folder / "candidat.duckdb"

    def typed() -> None:
        database.unlink(missing_ok=True)
        build_candidate(parquet, reading, conformity, contract, database)

    received = duckdb.execute("from read_parquet(?)", [str(parquet)]).df()

    def typed_by_pandas() -> None:
        frame = received.copy()
        for name in frame.columns[2:-1]:
            frame[name] = pandas.to_numeric(frame[name])

    _compare("typer, et écarter les lignes fautives / pandas to_numeric", typed, typed_by_pandas)
    suite = load_suite(contract.table)
    frame = duckdb.connect(database, read_only=True).execute("from candidat").df()

    def inside() -> None:
        validate(database, suite, "candidat", label="mesure", project=folder / "gx")

    def on_frame() -> None:
        _validate_frame(frame)

    _compare("contrôler 8 règles dans DuckDB / 8 attentes sur pandas", inside, on_frame)


def _validate_frame(frame: object) -> None:
    """The same kind of work the usual way: as many column expectations on a pandas frame."""
    import great_expectations as gx
    import great_expectations.expectations as gxe

    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    batch = (
        context.data_sources.add_pandas("frame")
        .add_dataframe_asset("frame")
        .add_batch_definition_whole_dataframe("whole")
    )
    suite = gx.ExpectationSuite(name="frame")
    suite.add_expectation(gxe.ExpectColumnValuesToBeUnique(column="code_territoire"))
    for name in ("foyers_allocataires", "personnes_couvertes", "foyers_isoles", "foyers_aah"):
        suite.add_expectation(gxe.ExpectColumnValuesToBeBetween(column=name, min_value=5))
    suite.add_expectation(gxe.ExpectColumnValuesToBeInSet(column="note_cnaf", value_set=["0"]))
    for low, high in (("foyers_isoles", "foyers_allocataires"), ("foyers_aah", "enfants_couverts")):
        suite.add_expectation(
            gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                column_A=high, column_B=low, or_equal=True, ignore_row_if="either_value_is_missing"
            )
        )
    batch.get_batch(batch_parameters={"dataframe": frame}).validate(suite)


def _starting() -> None:
    def command() -> None:
        _python("-m", "observatoire", "--help")

    def nothing() -> None:
        _python("-c", "pass")

    def dags() -> None:
        _python("-c", "import sys; sys.path.insert(0, 'dags'); import ingest, publish")

    def airflow() -> None:
        _python("-c", "import airflow.sdk; airflow.sdk.DAG, airflow.sdk.task")

    _compare("démarrer la ligne de commande / python nu", command, nothing)
    _compare("importer les DAG / importer airflow.sdk", dags, airflow)


def _python(*words: str) -> None:
    subprocess.run([sys.executable, *words], check=True, capture_output=True, cwd=PROJECT)


def _compare(what: str, ours: Callable[[], None], other: Callable[[], None]) -> None:
    ours(), other()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(RUNS):
        for side, action in zip(times, (ours, other), strict=True):
            start = time.perf_counter()
            action()
            side.append(time.perf_counter() - start)
    mine, theirs = median(times[0]), median(times[1])
    print(f"{what:58}{mine:7.2f}s{theirs:8.2f}s{mine / theirs:8.1f}×", flush=True)


def _caf_like_file(path: Path) -> Path:
    """Invented values under the true header; totals above their parts, as the rules ask."""
    header = (PROJECT / "data/demo/caf/data_CAF_2020_IRIS.csv").read_text("utf-8").split("\n")[0]
    draw = random.Random(2022)
    with path.open("w", encoding="utf-8", newline="") as lines:
        lines.write(header.strip() + "\r\n")
        for rank in range(ROWS):
            parts = [draw.randint(10, 90) for _ in range(6)]
            cells = [f"{rank:09d}", "0", 1000, 2500, 200, 90, 60, 300, 80, sum(parts), *parts]
            cells += [20, 50, 600, 300, 70, 200, 150]
            lines.write(";".join(map(str, cells)) + "\r\n")
    return path


if __name__ == "__main__":
    main()
