"""Values as a hand writes them in a contract."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

# What YAML reads as plain text, on a line of its own and between braces.
_PLAIN = re.compile(r"[^\W\d][\w '’.()/€+-]*")
_NOT_TEXT = re.compile(r"y|n|yes|no|on|off|true|false|null|nan|inf", re.IGNORECASE)


def written(value: object) -> str:
    """A value in the flow style of YAML: `{a: 1, b: [x, "2021"]}`; text is quoted where it must."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value)
        case Mapping():
            return "{" + ", ".join(f"{_text(str(k))}: {written(v)}" for k, v in value.items()) + "}"
        case Sequence():
            return "[" + ", ".join(written(item) for item in value) + "]"
        case _:
            return str(value)


def _text(value: str) -> str:
    if _PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value) and value == value.strip():
        return value
    if "\\" in value and "'" not in value:  # a pattern keeps its backslashes
        return f"'{value}'"
    return json.dumps(value, ensure_ascii=False)
