"""Read one file and say whether its rows may be loaded."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

from expectations.suite import load_suite
from ingestion.candidate import (
    LOST_ZERO_RULE,
    TABLE,
    Candidate,
    SetAside,
    build_candidate,
    lost_zeros,
    rows_set_aside,
    set_aside,
)
from ingestion.conformity import Conformity, find_layout, unknown_columns
from ingestion.context import give_context
from ingestion.contract import Claim, Contract, RowBounds
from ingestion.findings import NOTHING, findings_of
from ingestion.handling import handle
from ingestion.origins import DEPOT, row_bounds
from ingestion.periods import period_named
from ingestion.personal_data import (
    looks_personal,
    personal_among,
    refuse_nominative,
    refuse_personal_data,
)
from ingestion.reading import read
from ingestion.refusal import Refusal
from warehouse.ledger import Check
from warehouse.settings import Settings

NOT_REPEATED = (
    "Ce qui ne va pas dans ce fichier ressemble à une donnée personnelle et n'est donc pas répété. "
    "Vérifiez ses en-têtes et les noms de ses feuilles, retirez-en toute personne, puis "
    "renvoyez-le."
)
NOT_WARNED = "Une remarque n'est pas répétée : elle ressemble à une donnée personnelle."


@dataclass(frozen=True)
class Judgement:
    """What the checks say of one file that could be read. `warnings` are for the digest.

    `read_as` is the contract with the reading options of this very edition and delivery.
    """

    candidate: Candidate
    conformity: Conformity
    aside: SetAside
    checks: list[Check]
    read_as: Contract
    warnings: list[str] = field(default_factory=list)

    @property
    def loadable(self) -> int:
        return self.candidate.received - self.aside.rows - self.aside.control


class FailedChecks(Refusal):
    """A critical check failed; carries the results for the ledger, and the findings for whoever
    sent the file."""

    findings = NOTHING

    def __init__(self, rule: str, message: str, received: int, checks: list[Check]) -> None:
        super().__init__(rule, message, received)
        self.checks = checks


def judge(
    path: Path,
    contract: Contract,
    claim: Claim,
    settings: Settings,
    folder: Path,
    project: Path,
) -> Judgement:
    """Read and check one file in the scratch `folder`; nothing else is written but check results.

    `project` is the Great Expectations project that keeps them. Raises `Refusal` where the file
    must not be loaded; its message names nobody where the contract speaks of people.
    """
    try:
        judged = _judge(path, contract, claim, settings, folder, project)
    except Refusal as refusal:
        if contract.may_hold_personal_data and looks_personal(refusal.message):
            refusal.message = NOT_REPEATED
            refusal.args = (NOT_REPEATED,)
        raise
    if contract.may_hold_personal_data:
        told = zip(judged.warnings, personal_among(judged.warnings), strict=True)
        return replace(judged, warnings=[NOT_WARNED if hide else said for said, hide in told])
    return judged


def _judge(
    path: Path, contract: Contract, claim: Claim, settings: Settings, folder: Path, project: Path
) -> Judgement:
    parquet = folder / "lignes.parquet"
    options = contract.reading_of(claim)
    reading = read(path, options, parquet)
    # Cells are typed, and named to people, as this very delivery writes them.
    as_read = contract.model_copy(update={"read": options})
    if contract.may_hold_personal_data:
        refuse_nominative(reading, contract)
        refuse_personal_data(parquet, reading, as_read)
    conformity = find_layout(reading, contract, claim.vintage)
    parquet = handle(
        parquet, conformity, contract, claim.vintage, settings, folder / "traitees.parquet"
    )
    candidate = build_candidate(
        parquet,
        reading,
        conformity,
        as_read,
        folder / "candidat.duckdb",
        period_named(claim.vintage) if contract.origin == DEPOT else None,
    )
    _refuse_lost_zeros(candidate, contract)
    _refuse_odd_row_count(candidate, row_bounds(contract, claim.vintage, settings))
    warnings = give_context(candidate, contract, claim.vintage, settings)
    try:
        checks = _run_suite(candidate, contract, project, label=path.name)
        aside = rows_set_aside(candidate)
        _refuse_too_many_set_aside(candidate, aside, contract, checks)
    except FailedChecks as refusal:
        refusal.findings = findings_of(candidate, conformity, as_read)
        raise
    warnings += [
        check.message + _how_many(check)
        for check in checks
        if check.severite == "warning" and not check.reussi
    ]
    if aside.unknown:
        warnings.append(
            f"{aside.unknown} ligne(s) écartée(s), leur territoire n'étant pas connu. Par exemple, "
            + " ; ".join(aside.names)
        )
    if conformity.unknown:
        told = unknown_columns(reading.header, conformity.unknown, contract)
        warnings.append(f"Colonnes inconnues, laissées de côté : {told}")
    if contract.vintages and conformity.layout != claim.vintage:
        warnings.append(
            f"Millésime {claim.vintage} inconnu du contrat : ses colonnes sont celles de "
            f"{conformity.layout}, et ses années en sont déduites. À confirmer dans le contrat."
        )
    return Judgement(candidate, conformity, aside, checks, as_read, warnings)


def _refuse_lost_zeros(candidate: Candidate, contract: Contract) -> None:
    """Codes that a spreadsheet took for numbers: where there are many, it is the whole file."""
    rows, example = lost_zeros(candidate)
    if rows > candidate.received * contract.rows.quarantine_max:
        raise Refusal(
            LOST_ZERO_RULE,
            f"{rows} code(s) ont perdu leur zéro initial : le fichier a sans doute été ouvert puis "
            f"enregistré par un tableur, qui les a pris pour des nombres. {example} "
            "Demandez le fichier d'origine, sans l'ouvrir dans un tableur.",
            rows_received=candidate.received,
        )


def _refuse_odd_row_count(candidate: Candidate, bounds: RowBounds) -> None:
    rows = candidate.received - rows_set_aside(candidate).control
    if not bounds.min <= rows <= bounds.max:
        expected = (
            f"{bounds.min} sont attendues"
            if bounds.min == bounds.max
            else f"entre {bounds.min} et {bounds.max} sont attendues"
        )
        raise Refusal(
            "nombre_de_lignes",
            f"{rows} lignes de données ; {expected}. Le fichier est sans doute incomplet, ou n'est "
            "pas de ce millésime : demandez un nouvel envoi.",
            rows_received=candidate.received,
        )


def _run_suite(candidate: Candidate, contract: Contract, project: Path, label: str) -> list[Check]:
    # Great Expectations costs seconds to import: only when there is a file to check.
    from expectations.runner import validate

    suite = load_suite(contract.table)
    checks = validate(candidate.database, suite, TABLE, label=label, project=project)
    failed = {check.regle: check for check in checks if not check.reussi}
    broken = [check for check in checks if check.en_erreur]
    if broken:
        raise FailedChecks(
            "controle_en_erreur",
            f"Le contrôle « {broken[0].regle} » n'a pas pu être exécuté : par prudence, le fichier "
            "est refusé. Prévenez l'équipe de l'observatoire.",
            candidate.received,
            checks,
        )
    for rule in suite.rules:
        if rule.rule not in failed or rule.severity != "critical":
            continue
        if not rule.quarantine:
            raise FailedChecks(
                rule.rule,
                f"{rule.message}{_how_many(failed[rule.rule])} Demandez un nouvel envoi.",
                candidate.received,
                checks,
            )
        set_aside(candidate, rule.rule, rule.message, rule.failing_rows(TABLE))
    return checks


def _refuse_too_many_set_aside(
    candidate: Candidate, aside: SetAside, contract: Contract, checks: list[Check]
) -> None:
    rows, bounds = candidate.received - aside.control, contract.rows
    apart = aside.unknown if bounds.unknown_names_max is not None else 0
    for count, share, shown in (
        (apart, bounds.unknown_names_max or 0, aside.names),
        (aside.rows - apart, bounds.quarantine_max, aside.examples),
    ):
        if count <= rows * share:
            continue
        allowed = f"{100 * share:g} %".replace(".", ",")
        raise FailedChecks(
            "trop_de_lignes_ecartees",
            f"{count} ligne(s) sur {rows} sont fautives ; au plus {allowed} peuvent être "
            f"écartées. Par exemple, {' ; '.join(shown)} Corrigez et renvoyez le fichier.",
            candidate.received,
            checks,
        )


def _how_many(check: Check) -> str:
    """A rule about the whole table fails on no row, or on all of them: it has no count."""
    return f" ({check.lignes_en_echec} ligne(s))" if check.lignes_en_echec else ""
