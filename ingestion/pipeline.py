"""A file comes in, is checked, becomes rows."""

from __future__ import annotations

import logging
import os
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

import duckdb

from expectations.suite import SuiteError, load_suite
from ingestion.candidate import write_rows
from ingestion.catalogue import publish_contracts
from ingestion.contract import Claim, Contract, contracts
from ingestion.decision import Known, already_decided, decide, judging_fingerprint
from ingestion.depot import hand_back, purge
from ingestion.file_names import (
    RENAME,
    TO_RENAME,
    UNTOLD,
    to_rename,
    told_paths,
    without_its_name,
)
from ingestion.findings import NOTHING, Findings, findings_of
from ingestion.judgement import FailedChecks, Judgement, judge
from ingestion.landing import (
    Landed,
    StillWriting,
    announce,
    land,
    land_rows,
    landed_files,
    not_received,
    take,
)
from ingestion.loading import (
    load_candidate,
    shape_tables,
    withdraw,
)
from ingestion.origins import DEPOT, Missing, fetch_files, find_files, unknown_files
from ingestion.refusal import Refusal
from ingestion.traces import without_message
from warehouse.database import writer
from warehouse.foreseen import Foreseen
from warehouse.ledger import (
    Check,
    Load,
    Verdict,
    active_load,
    active_loads,
    decision_on,
    now,
    record_checks,
    record_load,
    record_unknown_files,
    standing_refusals,
)
from warehouse.scratch import scratch_folder
from warehouse.settings import Settings, SettingsError

if TYPE_CHECKING:
    from ingestion.download import Limits

log = logging.getLogger("observatoire.ingestion")

UNREADABLE = "Le fichier ne peut pas être ouvert : vérifiez ses droits, puis relancez."


def receive(contract: Contract, settings: Settings, limits: Limits | None = None) -> list[Landed]:
    """Fetch and land every file of this dataset that its origins hold.

    A file that could not be had is among them too, with the reason; `limits` bound a download.
    """
    missing = fetch_files(contract, settings, limits) if settings.web else []
    landed = []
    for file in find_files(contract, settings):
        unnamed = to_rename(file.path, contract, settings)
        if not os.access(file.path, os.R_OK):
            missing.append(Missing(file, UNREADABLE))
            continue
        try:
            bring = announce if contract.may_hold_personal_data else land
            brought = bring(file, contract, settings)
            landed.append(without_its_name(brought, file.path) if unnamed else brought)
        except StillWriting:
            told = UNTOLD if unnamed else file.path
            log.warning("%s : encore en cours d'écriture, repris au prochain passage", told)
    return landed + [_not_received(lost, contract, settings) for lost in missing]


def _not_received(lost: Missing, contract: Contract, settings: Settings) -> Landed:
    described, path = not_received(*lost, contract, settings), lost.file.path
    unnamed = to_rename(path, contract, settings)
    return without_its_name(described, path) if unnamed else described


def ingest(contract: Contract, received: Sequence[Landed], settings: Settings) -> list[Load]:
    """Check and load what was received, and what an interrupted run left in the landing store.

    One ledger row per file. A file that is refused or that breaks us never stops the next one.
    Operators' files go back to their depot; those kept long enough there are erased.
    """
    if contract.origin == DEPOT:
        purge(settings)
    with writer(settings) as con:
        _keep_one_kind(con, settings)
        publish_contracts(con, list(contracts().values()))
        unknown = unknown_files(contracts().values(), settings)
        record_unknown_files(con, sorted(told_paths(unknown)))
        for known in [*contracts().values(), contract]:
            shape_tables(con, known)
        left = [
            landed
            for landed in landed_files(contract, settings)
            # An operator's file is not in the store: it waits where it was received.
            if not contract.may_hold_personal_data
            and landed.demonstration == settings.demonstration
            and decision_on(con, contract.dataset, landed.sha256) is None
            and landed.sha256 not in {r.sha256 for r in received}
        ]
        accepted = [landed for landed in received if _accepted(con, landed)]
    outcomes = []
    for landed in sorted([*left, *received], key=_order):
        conflict = _conflict(landed, contract, received, accepted)
        load, findings = _ingest_file(landed, contract, settings, conflict)
        if landed.origin == DEPOT:
            _hand_back(landed, load, findings, settings)
        log.info("%s", describe(load))
        outcomes.append(load)
    return outcomes


def _hand_back(landed: Landed, load: Load, findings: Findings, settings: Settings) -> None:
    """Hand a file back; a depot that cannot be written does not stop the next file."""
    try:
        hand_back(landed, load, findings, settings)
    except OSError as error:
        log.error("%s : dépôt non rangé (%s). Voyez ses droits.", landed.name, error.strerror)


def _order(landed: Landed) -> tuple[bool, str, int]:
    # What could not be had comes last: its row is then newer than that of the copy we have.
    return (landed.problem is not None, landed.vintage, landed.delivery)


def _accepted(con: duckdb.DuckDBPyConnection, landed: Landed) -> bool:
    before = decision_on(con, landed.dataset, landed.sha256, landed.vintage)
    return before is not None and before.verdict not in ("refuse", "erreur")


def _conflict(
    landed: Landed, contract: Contract, received: Sequence[Landed], accepted: Sequence[Landed]
) -> str | None:
    """Why this file cannot stand beside another one that was received (French), or None.

    `accepted` are those of the received files that an earlier night accepted.
    """
    if landed.vintage == TO_RENAME:
        return RENAME
    others = [other for other in received if not other.problem]
    same_name = {r.sha256 for r in others if (r.name, r.vintage) == (landed.name, landed.vintage)}
    if len(same_name) > 1:
        return (
            f"Deux fichiers différents portent le nom « {landed.name} » dans les dossiers reçus. "
            "Gardez le bon et retirez l'autre."
        )
    editions = {r.vintage: r.name for r in others if r.sha256 == landed.sha256}
    if contract.editions_differ and len(editions) > 1 and landed not in accepted:
        names = ", ".join(f"{name} ({edition})" for edition, name in sorted(editions.items()))
        return (
            f"Le même contenu est reçu sous plusieurs millésimes : {names}. "
            "Gardez celui dont le nom est juste et demandez le bon fichier pour l'autre."
        )
    return None


def _ingest_file(
    landed: Landed, contract: Contract, settings: Settings, conflict: str | None
) -> tuple[Load, Findings]:
    try:
        suite = load_suite(contract.table)
        fingerprint = judging_fingerprint(contract, landed.vintage, suite, settings)
    except SuiteError as error:
        log.exception("suite of %s", contract.dataset)
        row = _row(landed, "", "erreur", f"Contrôles indisponibles : {error}")
        return _record(settings, row), NOTHING
    if landed.problem or conflict:
        # An empty fingerprint: the file is judged anew once this is mended.
        verdict: Verdict = "erreur" if landed.problem else "refuse"
        row = _row(landed, "", verdict, landed.problem or conflict or "")
        return _record(settings, row), NOTHING
    with writer(settings) as con:
        known = already_decided(con, landed, contract, fingerprint)
        if known:
            return _record_unchanged(con, landed, fingerprint, known), NOTHING
    with scratch_folder(settings.work, "lecture-") as folder:
        try:
            path = take(landed, settings, folder)
            judgement = judge(
                path,
                contract,
                _claim(landed, contract),
                settings,
                folder,
                project=settings.expectations,
            )
        except Refusal as refusal:
            failed = refusal if isinstance(refusal, FailedChecks) else None
            row = _row(
                landed, fingerprint, "refuse", refusal.message, received=refusal.rows_received
            )
            load = _record(settings, row, failed.checks if failed else [])
            return load, failed.findings if failed else NOTHING
        except Exception as error:
            log.error("%s\n%s", landed.name, without_message(error))
            return _record(settings, _row(landed, fingerprint, "erreur", _why(error))), NOTHING
        if landed.waiting_at:
            land_rows(landed, write_rows(judgement.candidate, folder), settings)
        load = _load(landed, contract, settings, fingerprint, judgement)
        found = judgement.candidate, judgement.conformity, judgement.read_as
        # Only a depot waits for a report.
        return load, findings_of(*found) if landed.origin == DEPOT else NOTHING


def _claim(landed: Landed, contract: Contract) -> Claim:
    """What the file claims; its name may say more now than when it landed, its folder is gone."""
    landed_as = Claim(landed.vintage, landed.delivery)
    by_folder = contract.operator_folder or landed.origin == DEPOT
    return landed_as if by_folder else contract.claim_of(landed.name) or landed_as


def _why(error: Exception) -> str:
    if isinstance(error, StillWriting):
        return "Le fichier a changé pendant sa lecture : repris au prochain passage."
    if isinstance(error, Foreseen):
        return str(error)
    return f"Erreur interne ({type(error).__name__}) : voir le journal. Rien n'est chargé."


def _load(
    landed: Landed, contract: Contract, settings: Settings, fingerprint: str, judged: Judgement
) -> Load:
    received, loadable = judged.candidate.received, judged.loadable
    with writer(settings) as con:
        # Another process may have taken the same file while we were reading it.
        known = already_decided(con, landed, contract, fingerprint)
        if known:
            return _record_unchanged(con, landed, fingerprint, known)
        decision = decide(con, landed, contract, judged)
        if decision.verdict != "charge":
            # Refused for what stands in the warehouse, which may change: it is judged anew.
            judged_by = "" if decision.verdict == "refuse" else fingerprint
            row = replace(
                _row(landed, judged_by, decision.verdict, decision.motif, received),
                avertissements=int(decision.worth_a_look),
            )
            record_load(con, row)
            record_checks(con, row.load_id, judged.checks)
            return row
        row = replace(
            _row(landed, fingerprint, "charge", decision.motif, received, loadable),
            avertissements=len(judged.warnings) + decision.worth_a_look,
            lignes_de_total=judged.aside.control,
            disposition=_assumed_layout(landed, judged),
        )
        spelled = judged.conformity.spelled
        replaced = decision.replaced
        load_candidate(con, judged.candidate, contract, row, judged.checks, spelled, replaced)
        publish_contracts(con, list(contracts().values()))
        return row


def _record_unchanged(
    con: duckdb.DuckDBPyConnection, landed: Landed, fingerprint: str, known: Known
) -> Load:
    row = replace(_row(landed, fingerprint, "inchange", known.motif), decide_par=known.load_id)
    record_load(con, row)
    return row


def withdraw_edition(contract: Contract, edition: str, settings: Settings) -> Load | None:
    """Take the rows of an edition loaded by mistake out; None where none stand."""
    with writer(settings) as con:
        load = active_load(con, contract.dataset, edition)
        if load:
            withdraw(con, contract, load, "Retiré à la main")
    return load


def _keep_one_kind(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    """Extracts and real files never stand together: real ones drive the demonstration out."""
    _refuse_extracts_over_real(con, settings)
    for load in active_loads(con):
        if load.demonstration != settings.demonstration:
            withdraw(con, contracts()[load.dataset], load, "Données de démonstration, retirées")


def refuse_mixing(settings: Settings) -> None:
    """Raise `SettingsError` where extracts would be loaded over real data."""
    if settings.warehouse.exists():
        with writer(settings) as con:
            _refuse_extracts_over_real(con, settings)


def _refuse_extracts_over_real(con: duckdb.DuckDBPyConnection, settings: Settings) -> None:
    real = any(not load.demonstration for load in active_loads(con))
    if real and settings.demonstration:
        raise SettingsError(
            "Cet entrepôt contient des données réelles : la démonstration ne s'y mélange pas. "
            "Indiquez les fichiers reçus avec OBSERVATOIRE_SOURCES, ou un autre dossier d'état "
            "avec OBSERVATOIRE_HOME."
        )


def _assumed_layout(landed: Landed, judged: Judgement) -> str | None:
    layout = judged.conformity.layout
    return layout if layout != landed.vintage else None


def _row(
    landed: Landed,
    fingerprint: str,
    verdict: Verdict,
    motif: str,
    received: int = 0,
    loaded: int = 0,
) -> Load:
    moment = now()
    return Load(
        load_id=f"{moment:%Y%m%dT%H%M%S%f}-{landed.dataset}-{landed.vintage}-{landed.sha256[:8]}",
        dataset=landed.dataset,
        millesime=landed.vintage,
        fichier=landed.name,
        sha256=landed.sha256,
        origine=landed.origin,
        verdict=verdict,
        motif=motif,
        recu_le=moment,
        lignes_recues=received,
        lignes_chargees=loaded,
        lignes_ecartees=received - loaded,
        charge_le=moment if verdict == "charge" else None,
        livraison=landed.delivery,
        contrat_sha256=fingerprint,
        demonstration=landed.demonstration,
    )


def _record(settings: Settings, load: Load, checks: Sequence[Check] = ()) -> Load:
    with writer(settings) as con:
        record_load(con, load)
        record_checks(con, load.load_id, checks)
    return load


def describe(load: Load) -> str:
    """One line for a person: the file and what became of it (French)."""
    what = f"{load.dataset} {load.millesime} · {load.fichier} · "
    match load.verdict:
        case "charge":
            faulty = load.lignes_ecartees - load.lignes_de_total
            aside = f", {faulty} écartées" if faulty else ""
            warned = f", {load.avertissements} avertissement(s)" if load.avertissements else ""
            return what + f"chargé : {load.lignes_chargees} lignes{aside}{warned}"
        case "inchange":
            return what + f"inchangé. {load.motif}"
        case "refuse":
            return what + f"REFUSÉ. {load.motif}"
        case _:
            return what + f"{'NON REÇU' if load.not_received else 'ERREUR'}. {load.motif}"


def still_refused(contract: Contract, settings: Settings) -> list[Load]:
    """This dataset's files refused, or not received, and that nothing since has mended."""
    with writer(settings) as con:
        refusals = standing_refusals(con, settings.demonstration)
    return [load for load in refusals if load.dataset == contract.dataset]
