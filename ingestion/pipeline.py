"""A file comes in, is checked, becomes rows."""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Sequence
from pathlib import Path

import duckdb

from expectations.suite import Suite, SuiteError, load_suite
from ingestion.catalogue import publish_contracts
from ingestion.contract import Claim, Contract, contracts
from ingestion.judgement import FailedChecks, Judgement, judge
from ingestion.landing import (
    Landed,
    StillWriting,
    announce,
    land,
    land_accepted,
    landed_files,
    take,
    unreadable,
)
from ingestion.loading import (
    compare_cells,
    load_candidate,
    same_values_as,
    shape_tables,
    withdraw,
)
from ingestion.origins import find_files, row_bounds
from ingestion.refusal import Refusal
from warehouse.database import writer
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
    standing_refusals,
)
from warehouse.scratch import scratch_folder
from warehouse.settings import Settings, SettingsError

log = logging.getLogger("observatoire.ingestion")


def receive(contract: Contract, settings: Settings) -> list[Landed]:
    """Fetch and land every file of this dataset that its origins hold."""
    landed = []
    for file in find_files(contract, settings):
        if not os.access(file.path, os.R_OK):
            landed.append(unreadable(file, contract, settings))
            continue
        try:
            bring = announce if contract.may_hold_personal_data else land
            landed.append(bring(file, contract, settings))
        except StillWriting:
            log.warning("%s : encore en cours d'écriture, repris au prochain passage", file.path)
    return landed


def ingest(contract: Contract, received: Sequence[Landed], settings: Settings) -> list[Load]:
    """Check and load what was received, and what an interrupted run left in the landing store.

    One ledger row per file. A file that is refused or that breaks us never stops the next one.
    """
    with writer(settings) as con:
        _keep_one_kind(con, settings)
        publish_contracts(con, list(contracts().values()))
        for known in [*contracts().values(), contract]:
            shape_tables(con, known)
        left = [
            landed
            for landed in landed_files(contract, settings)
            if landed.demonstration == settings.demonstration
            and decision_on(con, contract.dataset, landed.sha256) is None
            and landed.sha256 not in {r.sha256 for r in received}
        ]
    outcomes = []
    for landed in sorted([*left, *received], key=lambda file: (file.vintage, file.delivery)):
        twins = {
            r.sha256 for r in received if r.name == landed.name and r.vintage == landed.vintage
        }
        load = _ingest_file(landed, contract, settings, ambiguous=len(twins) > 1)
        log.info("%s", describe(load))
        outcomes.append(load)
    return outcomes


def check_file(path: Path, settings: Settings) -> tuple[Contract, Claim, Judgement]:
    """What would happen to this file, without landing or loading anything.

    Raises `Refusal` where it would be refused, or where no contract knows its name.
    """
    for contract in contracts().values():
        claim = contract.claim_of(path.name)
        if claim:
            with scratch_folder(settings.work, "lecture-") as folder:
                judgement = judge(path, contract, claim, settings, folder, project=folder)
            return contract, claim, judgement
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


def _ingest_file(
    landed: Landed, contract: Contract, settings: Settings, *, ambiguous: bool
) -> Load:
    try:
        suite = load_suite(contract.table)
        fingerprint = _fingerprint(contract, landed.vintage, suite, settings)
    except SuiteError as error:
        log.exception("suite of %s", contract.dataset)
        return _record(settings, _row(landed, "", "erreur", f"Contrôles indisponibles : {error}"))
    unusable = _unusable(landed, ambiguous)
    if unusable:
        # An empty fingerprint: the file is judged anew once this is mended.
        return _record(settings, _row(landed, "", "refuse", unusable))
    with writer(settings) as con:
        seen = _already_decided(con, landed, fingerprint)
        if seen:
            record_load(con, seen)
            return seen
    with scratch_folder(settings.work, "lecture-") as folder:
        try:
            path = take(landed, settings, folder)
            judgement = judge(
                path,
                contract,
                contract.claim_of(landed.name) or Claim(landed.vintage, landed.delivery),
                settings,
                folder,
                project=settings.expectations,
            )
        except Refusal as refusal:
            checks = refusal.checks if isinstance(refusal, FailedChecks) else []
            received = refusal.rows_received
            row = _row(landed, fingerprint, "refuse", refusal.message, received, 0, received)
            return _record(settings, row, checks)
        except Exception as error:
            log.exception("%s", landed.name)
            motif = f"Erreur interne ({type(error).__name__}) : voir le journal. Rien n'est chargé."
            if isinstance(error, StillWriting):
                motif = "Le fichier a changé pendant sa lecture : repris au prochain passage."
            return _record(settings, _row(landed, fingerprint, "erreur", motif))
        land_accepted(landed, path, contract, settings)
        return _load(landed, contract, settings, fingerprint, judgement)


def _unusable(landed: Landed, ambiguous: bool) -> str | None:
    """Why a file cannot even be judged (French), or None."""
    if not landed.sha256:
        return "Le fichier ne peut pas être ouvert : vérifiez ses droits, puis relancez."
    if ambiguous:
        return (
            f"Deux fichiers différents portent le nom « {landed.name} » dans les dossiers reçus. "
            "Gardez le bon et retirez l'autre."
        )
    return None


def _load(
    landed: Landed, contract: Contract, settings: Settings, fingerprint: str, judged: Judgement
) -> Load:
    received, loadable = judged.candidate.received, judged.loadable
    with writer(settings) as con:
        # Another process may have taken the same file while we were reading it.
        seen = _already_decided(con, landed, fingerprint)
        if seen:
            record_load(con, seen)
            return seen
        twin = same_values_as(con, judged.candidate, contract, landed.vintage)
        if twin and contract.vintages:
            motif = (
                f"Le fichier se dit du millésime {landed.vintage}, mais ses valeurs sont celles du "
                f"millésime {twin}, déjà en place. Vérifiez son nom, ou demandez le bon fichier."
            )
            row = _row(landed, fingerprint, "refuse", motif, received, 0, received)
            record_load(con, row)
            record_checks(con, row.load_id, judged.checks)
            return row
        active = active_load(con, contract.dataset, landed.vintage)
        if active and active.livraison < landed.delivery:
            gap = compare_cells(con, judged.candidate, contract, active)
            motif = f"Autre livraison de {active.fichier}, qui est gardée : {gap}."
            row = _row(landed, fingerprint, "inchange", motif, received, 0, received, bool(gap))
            record_load(con, row)
            record_checks(con, row.load_id, judged.checks)
            return row
        row = _row(
            landed,
            fingerprint,
            "charge",
            " ".join(judged.warnings),
            received,
            loadable,
            received - loadable,
            len(judged.warnings),
            layout=judged.conformity.layout,
        )
        spelled = judged.conformity.spelled
        load_candidate(con, judged.candidate, contract, row, judged.checks, spelled, active)
        publish_contracts(con, list(contracts().values()))
        return row


def _already_decided(
    con: duckdb.DuckDBPyConnection, landed: Landed, fingerprint: str
) -> Load | None:
    """The ledger row that says « nothing to do », or None where the file must be judged."""
    before = decision_on(con, landed.dataset, landed.sha256)
    if before is None or before.verdict == "erreur" or before.contrat_sha256 != fingerprint:
        return None
    active = active_load(con, landed.dataset, landed.vintage)
    if before.verdict == "remplace":
        # An older version put back in place of a correction is itself a correction.
        put_back = active is not None and active.fichier == landed.name
        if active is None or put_back:
            return None
    if before.verdict == "inchange" and active is None:
        return None
    day = f"{before.recu_le:%d/%m/%Y}"
    said = {
        "charge": f"Déjà chargé le {day}",
        "refuse": f"Déjà refusé le {day} : {before.motif}",
        "remplace": f"Déjà chargé, puis remplacé ({before.motif})",
    }.get(before.verdict, before.motif)
    if before.fichier != landed.name:
        said += f" (même contenu que {before.fichier}, millésime {before.millesime})"
    return _row(landed, fingerprint, "inchange", said, decided_by=before.load_id)


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


def _fingerprint(contract: Contract, vintage: str, suite: Suite, settings: Settings) -> str:
    """Changes when the same bytes might be judged otherwise."""
    bounds = row_bounds(contract, vintage, settings).model_dump_json()
    return hashlib.sha256(f"{contract.fingerprint}{suite.fingerprint}{bounds}".encode()).hexdigest()


def _row(
    landed: Landed,
    fingerprint: str,
    verdict: Verdict,
    motif: str,
    received: int = 0,
    loaded: int = 0,
    aside: int = 0,
    warnings: int = 0,
    decided_by: str | None = None,
    layout: str | None = None,
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
        lignes_ecartees=aside,
        charge_le=moment if verdict == "charge" else None,
        livraison=landed.delivery,
        contrat_sha256=fingerprint,
        demonstration=landed.demonstration,
        avertissements=warnings,
        decide_par=decided_by,
        disposition=layout if layout != landed.vintage else None,
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
            aside = f", {load.lignes_ecartees} écartées" if load.lignes_ecartees else ""
            warned = f", {load.avertissements} avertissement(s)" if load.avertissements else ""
            return what + f"chargé : {load.lignes_chargees} lignes{aside}{warned}"
        case "inchange":
            return what + f"inchangé. {load.motif}"
        case "refuse":
            return what + f"REFUSÉ. {load.motif}"
        case _:
            return what + f"ERREUR. {load.motif}"


def still_refused(contract: Contract, settings: Settings) -> list[Load]:
    """This dataset's files that are refused and that nothing loaded since has mended."""
    with writer(settings) as con:
        refusals = standing_refusals(con, settings.demonstration)
    return [load for load in refusals if load.dataset == contract.dataset]
