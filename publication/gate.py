"""The gate: a candidate release passes every mart's suite, or is not published."""

from __future__ import annotations

import json
from pathlib import Path

from expectations.suite import load_suite
from publication.build import DATABASE, MANIFEST
from warehouse.database import writer
from warehouse.foreseen import Foreseen
from warehouse.ledger import Check, record_checks
from warehouse.settings import Settings


class GateClosed(Foreseen):
    """A critical check of a mart failed or errored: nothing is published (message in French)."""


def check_candidate(candidate: Path, settings: Settings) -> list[Check]:
    """Run the suite of each mart on the very file that would be published.

    A mart without a suite closes the gate, as does an expectation that errors. The results go to
    `audit.checks`. Raises `GateClosed`, `SuiteError`.
    """
    # Costs seconds to import: only when there is a candidate.
    from expectations.runner import build_docs, validate

    manifest = json.loads((candidate / MANIFEST).read_text(encoding="utf-8"))
    marts = [table["name"] for table in manifest["tables"] if table["schema"] == "marts"]
    checks = [
        check
        for mart in marts
        for check in validate(
            candidate / DATABASE,
            load_suite(mart),
            mart,
            schema="marts",
            label=manifest["release"],
            project=settings.expectations,
        )
    ]
    with writer(settings) as con:
        record_checks(con, manifest["release"], checks)
    build_docs(settings.expectations)
    closed = [
        check
        for check in checks
        if check.en_erreur or (check.severite == "critical" and not check.reussi)
    ]
    if closed:
        reasons = "\n".join(f"  - {_reason(check)}" for check in closed)
        raise GateClosed(
            "Les tables construites ne passent pas leurs contrôles : rien n'est publié, la "
            f"publication en cours reste.\n{reasons}"
        )
    return checks


def _reason(check: Check) -> str:
    name = f"{check.suite}, contrôle « {check.regle} »"
    if check.en_erreur:
        return f"{name} : il n'a pas pu être exécuté, et compte comme un échec."
    return f"{name} : {check.message}"
