"""Geometry functions for DuckDB, from a package of the lock: nothing is fetched at run time."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path

import duckdb

from warehouse.literal import literal

PACKAGE = "duckdb_extension_spatial"


def speaks_of_geometry(sql: str) -> bool:
    """Whether a condition or query calls one of the `st_` functions."""
    return re.search(r"\bst_", sql) is not None


def extension_path() -> Path:
    """The extension that was built for this very version of DuckDB.

    Raises `ModuleNotFoundError` where its package is not installed.
    """
    found = files(PACKAGE) / "extensions" / f"v{duckdb.__version__}" / "spatial.duckdb_extension"
    return Path(str(found))


def load_spatial(con: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the `st_` functions; DuckDB checks the signature of its own makers."""
    con.execute(f"load {literal(extension_path())}")
