"""What would happen to a file, said without changing anything."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import duckdb

from expectations.suite import load_suite
from ingestion.contract import Claim, Contract, contracts
from ingestion.decision import Decision, already_decided, decide, judging_fingerprint
from ingestion.file_names import RENAME, to_rename
from ingestion.findings import Findings, findings_of
from ingestion.judgement import Judgement, judge
from ingestion.landing import announce
from ingestion.origins import Received, deposited
from ingestion.refusal import Refusal
from warehouse.database import reader
from warehouse.ledger import holds_another_kind
from warehouse.scratch import scratch_folder
from warehouse.settings import EXTRACT_MARK, Settings


@dataclass(frozen=True)
class Prospect:
    """The dataset and edition recognised, what would become of the file, and what was judged."""

    contract: Contract
    claim: Claim
    decision: Decision
    judgement: Judgement
    findings: Findings


def check_file(path: Path, settings: Settings) -> Prospect:
    """What would happen to this file, without landing or loading anything.

    Raises `Refusal` where it would be refused, or where no contract knows its name.
    """
    contract, claim = recognised(path)
    if to_rename(path, contract, settings):
        raise Refusal("nom_de_fichier", RENAME)
    if settings.depots in path.parents:
        claim = deposited(claim, path, settings.depots)
    settings = _settings_of(path, settings)
    with scratch_folder(settings.work, "lecture-") as folder:
        judgement = judge(path, contract, claim, settings, folder, project=folder)
        decision = _foreseen(path, contract, claim, judgement, settings)
        findings = findings_of(judgement.candidate, judgement.conformity, judgement.read_as)
    if decision.verdict == "refuse":
        raise Refusal(decision.rule, decision.motif, judgement.candidate.received)
    return Prospect(contract, claim, decision, judgement, findings)


def _settings_of(path: Path, settings: Settings) -> Settings:
    """An extract or a whole file: what stands around it says so, not where files usually come."""
    around = (folder for folder in path.parents if (folder / EXTRACT_MARK).is_file())
    return replace(settings, sources=next(around, path.parent))


def recognised(path: Path) -> tuple[Contract, Claim]:
    """The contract that knows this file name, and what the name claims.

    Raises `Refusal` where there is none.
    """
    for contract in contracts().values():
        claim = contract.claim_at(path)
        if claim:
            return contract, claim
    names = _expected_names(path.suffix.lower())
    raise Refusal(
        "fichier_inconnu",
        f"Aucun contrat ne reconnaît le nom « {path.name} ». "
        f"Noms attendus : {', '.join(names) or 'aucun avec cette extension'}. « observatoire "
        "new-source FICHIER » prépare le contrat d'un nouveau jeu.",
    )


def _expected_names(suffix: str) -> list[str]:
    names = {
        delivery.name.replace("{vintage}", "AAAA" if contract.vintages else "operateur_AAAA-MM")
        for contract in contracts().values()
        for delivery in [*contract.files, *(d for v in contract.vintages.values() for d in v.files)]
    }
    return sorted(name.replace("{yy}", "AA") for name in names if Path(name).suffix == suffix)


def _foreseen(
    path: Path, contract: Contract, claim: Claim, judged: Judgement, settings: Settings
) -> Decision:
    """Compare with the warehouse, where there is one of the same kind, opened to read only."""
    alone = Decision("charge", " ".join(judged.warnings))
    if not settings.warehouse.exists():
        return alone
    landed = announce(Received(path, "check", *claim), contract, settings)
    suite = load_suite(contract.table)
    fingerprint = judging_fingerprint(contract, claim.vintage, suite, settings)
    with reader(settings), duckdb.connect(settings.warehouse, read_only=True) as con:
        if holds_another_kind(con, settings.demonstration):
            return alone
        known = already_decided(con, landed, contract, fingerprint)
        if known:
            return Decision("inchange", known.motif)
        table = con.execute(
            "select 1 from duckdb_tables() where schema_name = 'raw' and table_name = ?",
            [contract.table],
        ).fetchone()
        return decide(con, landed, contract, judged) if table else alone
