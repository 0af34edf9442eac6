"""A publication that fails leaves its reason for the digest."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from warehouse.database import writer
from warehouse.ledger import record_failure
from warehouse.settings import Settings


@contextmanager
def remembered(settings: Settings, step: str) -> Iterator[None]:
    """Record the message of whatever is raised within, and let it go on."""
    try:
        yield
    except Exception as error:
        with writer(settings) as con:
            record_failure(con, step, str(error) or type(error).__name__)
        raise
