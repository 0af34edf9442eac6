"""A read-only DuckDB dialect for Great Expectations, `duckdb+audit:///file`.

Great Expectations reads a result after its transaction was rolled back, and DuckDB throws the
result away with it. Validation only reads, so this dialect opens no transaction at all.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any, ClassVar

import duckdb
import duckdb_engine
from sqlalchemy.dialects import registry
from sqlalchemy.types import NullType

_opened: list[Any] = []


class AuditDialect(duckdb_engine.Dialect):
    """DuckDB without begin, commit and rollback."""

    supports_statement_cache = False
    # A quantity: rules look into it in SQL, and nothing else reads it.
    ischema_names: ClassVar[dict[str, Any]] = {
        **duckdb_engine.Dialect.ischema_names,
        "struct": lambda *_, **__: NullType(),
    }

    def connect(self, *args: Any, **kwargs: Any) -> Any:
        connection = super().connect(*args, **kwargs)
        _opened.append(connection)
        return connection

    def do_begin(self, dbapi_connection: Any) -> None:
        pass

    def do_commit(self, dbapi_connection: Any) -> None:
        pass

    def do_rollback(self, dbapi_connection: Any) -> None:
        pass


def register() -> None:
    """Make `duckdb+audit://` known to SQLAlchemy."""
    registry.register("duckdb.audit", __name__, AuditDialect.__name__)


def close_connections() -> None:
    """Free the checked file: Great Expectations keeps its pools for as long as the process."""
    while _opened:
        with suppress(duckdb.Error):
            _opened.pop().close()
