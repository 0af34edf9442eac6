"""Suites as they are written: one YAML file per table, without importing Great Expectations."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any, Literal, Self

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from warehouse.foreseen import Foreseen

SUITES = Path(__file__).resolve().parent / "suites"


class SuiteError(Foreseen):
    """A suite that is missing, empty or unreadable: nothing may be loaded without its checks."""


class Rule(BaseModel):
    """One check. Either `where` (SQL, true for a failing row) or a Great Expectations type.

    `critical` refuses the candidate, `warning` is told in the digest, `info` is only recorded.
    With `quarantine`, the failing rows are set aside first, up to the share the contract allows.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    rule: str = Field(pattern=r"^[a-z0-9_]+$")
    severity: Literal["critical", "warning", "info"]
    message: str
    where: str | None = None
    expectation: str | None = None
    kwargs: dict[str, Any] = {}
    quarantine: bool = False

    @model_validator(mode="after")
    def _one_way_to_say_it(self) -> Self:
        if (self.where is None) == (self.expectation is None):
            raise ValueError("a rule needs either where or expectation")
        if self.quarantine and (self.where is None or self.severity != "critical"):
            raise ValueError("quarantine needs where, and severity critical")
        return self

    def failing_rows(self, table: str) -> str:
        """The SQL condition of a failing row of `table`; only a rule with `where` has one."""
        if self.where is None:
            raise ValueError(f"rule {self.rule} does not speak of rows")
        return self.where.replace("{batch}", table)


class Suite(BaseModel):
    """The rules of one table; `name` is also the table's."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    rules: list[Rule] = Field(min_length=1)
    fingerprint: str

    @model_validator(mode="after")
    def _rules_have_names(self) -> Self:
        names = [rule.rule for rule in self.rules]
        if len(names) != len(set(names)):
            raise ValueError("two rules share a name")
        return self


@cache
def load_suite(name: str) -> Suite:
    """The suite of a table; raise `SuiteError` where there is none: fail closed."""
    path = SUITES / f"{name}.yml"
    try:
        text = path.read_text(encoding="utf-8")
        return Suite(
            name=name,
            rules=yaml.safe_load(text) or [],
            fingerprint=hashlib.sha256(text.encode()).hexdigest(),
        )
    except (OSError, ValidationError, yaml.YAMLError) as error:
        raise SuiteError(f"Suite de contrôles {name} : {error}") from error
