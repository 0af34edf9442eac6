"""How a guessed column is called and written in a contract."""

from __future__ import annotations

from typing import Any

from ingestion.draft.guess import Guess
from ingestion.draft.names import Known, canonical, known_names, words_of
from ingestion.readers.cells import Layout

TO_FILL = "à compléter"
_NUMBERS = ("integer", "decimal")


def proposed_name(found: Guess, layout: Layout) -> str:
    """The name that the house already gives to such a column, or one made of its own words."""
    known = known_as(found)
    if known:
        return known.name
    label = layout.label_of(found.profile.rank)
    told = label if len(words_of(label)) > 1 else found.profile.name
    return canonical(told, found.unit)


def column_entry(found: Guess, layout: Layout, year: str | None) -> dict[str, Any]:
    """What a contract may say of a column that is no part of the key; `year` dates a measure."""
    known = known_as(found)
    whole_here = found.type == "integer" and known and known.type == "decimal"
    entry: dict[str, Any] = {
        "raw": found.profile.name,
        "type": "decimal" if whole_here else found.type,
        "role": found.role,
    }
    if found.role == "measure":
        entry["unit"] = found.unit or (known and known.unit) or TO_FILL
        if year:
            entry["year"] = year
    # What a measure says is the same everywhere; a name (`LIBGEO`) is that of another territory.
    told = known.label if known and found.role != "attribute" else None
    label = told or layout.label_of(found.profile.rank)
    return entry | {"label": label or f"{TO_FILL} ({found.profile.name})"}


def evidence_of(found: Guess) -> str:
    """Why a column is taken for what it is (French)."""
    known = known_as(found)
    return f"{found.why} ; nommée comme dans {known.datasets[0]}" if known else found.why


def known_as(found: Guess) -> Known | None:
    """What the house calls a column of this name and kind, if it knows it."""
    known = known_names().get(found.profile.name)
    if known is None:
        return None
    alike = known.type == found.type or (known.type in _NUMBERS and found.type in _NUMBERS)
    return known if alike else None
