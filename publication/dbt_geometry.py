"""A plugin of dbt-duckdb: the models have the `st_` functions, whoever runs dbt."""

from __future__ import annotations

import duckdb
from dbt.adapters.duckdb.plugins import BasePlugin

from warehouse.spatial import load_spatial


class Plugin(BasePlugin):
    """Named by dbt/profiles.yml; dbt-duckdb asks for a class of this name."""

    def configure_connection(self, conn: duckdb.DuckDBPyConnection) -> None:
        load_spatial(conn)
