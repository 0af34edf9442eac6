"""The contracts of the house as they are before something is known to them."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ingestion import contract
from ingestion.draft import edition
from ingestion.draft.names import known_names

HoldOut = Callable[..., Path]


def _forget() -> None:
    contract.contracts.cache_clear()
    known_names.cache_clear()


@pytest.fixture
def hold_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[HoldOut]:
    """Make the house forget one edition of one dataset, and all that came with it."""
    folder = tmp_path / "contracts"
    shutil.copytree(contract.CONTRACTS, folder)
    monkeypatch.setattr(contract, "CONTRACTS", folder)
    monkeypatch.setattr(edition, "CONTRACTS", folder)

    def forget(dataset: str, vintage: str, before: str, *, spellings: str = "(?!)") -> Path:
        """`before` is the edition before it; `spellings` (a pattern) came with it."""
        producer, name = dataset.split(".")
        path = folder / producer / f"{name}.yml"
        kept = [
            re.sub(rf"\[(\w+), (?:{spellings})\]", r"\1", line.replace(f", until: {before}", ""))
            for line in path.read_text(encoding="utf-8").splitlines()
            if not re.match(rf"  {vintage}:|expected:|  \w+: .*since: {vintage}\b", line)
        ]
        path.write_text("\n".join(kept) + "\n", encoding="utf-8")
        _forget()
        return path

    yield forget
    monkeypatch.undo()
    _forget()


def apply(diff: str, text: str) -> str:
    """The text with the lines of a unified diff put where it says; fails where they do not fit."""
    lines, done = text.splitlines(), []
    at = 0
    for line in diff.splitlines():
        hunk = re.match(r"@@ -(\d+)", line)
        if hunk:
            start = int(hunk[1]) - 1
            done += lines[at:start]
            at = start
        elif line.startswith("+") and not line.startswith("+++ "):
            done.append(line[1:])
        elif line[:1] in ("-", " ") and not line.startswith("--- "):
            assert lines[at] == line[1:]
            at += line[0] == "-" or 0
            if line[0] == " ":
                done.append(lines[at])
                at += 1
    return "\n".join(done + lines[at:]) + "\n"
