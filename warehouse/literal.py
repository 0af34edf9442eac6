"""A text or a path as SQL: not a parameter, which the engine imports pandas to bind."""

from __future__ import annotations

from pathlib import Path


def literal(value: str | Path) -> str:
    """The value between quotes, those that it holds doubled."""
    return "'" + str(value).replace("'", "''") + "'"
