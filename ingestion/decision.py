"""What becomes of a file, given what stands in the warehouse: loaded, unchanged or refused."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import duckdb

from expectations.suite import Suite
from ingestion.comparison import compare_cells, same_values_as
from ingestion.contract import Contract
from ingestion.judgement import Judgement
from ingestion.landing import Landed
from ingestion.origins import DEPOT, row_bounds
from ingestion.periods import period_named
from ingestion.territories import names_fingerprint
from warehouse.ledger import Load, Verdict, active_load, decision_on
from warehouse.settings import Settings


@dataclass(frozen=True)
class Known:
    """The same bytes were decided about before: why there is nothing to do (French), and where."""

    motif: str
    load_id: str


@dataclass(frozen=True)
class Decision:
    """What becomes of a file that passed its checks.

    `motif` says why (French), and `rule` names it where it is a refusal; `replaced` is the load
    whose rows leave; `worth_a_look` marks a delivery that differs from the one in place.
    """

    verdict: Verdict
    motif: str
    replaced: Load | None = None
    worth_a_look: bool = False
    rule: str = ""


def judging_fingerprint(contract: Contract, vintage: str, suite: Suite, settings: Settings) -> str:
    """Changes when the same bytes might be judged otherwise."""
    bounds = row_bounds(contract, vintage, settings).model_dump_json()
    # A spelling that was added may let in rows that were set aside.
    names = names_fingerprint() if contract.names_territories else ""
    # The periods of the rows must be of the file's name: under another one, it is judged anew.
    dated = any(column.type == "period" for column in contract.columns.values())
    period = period_named(vintage) or "" if dated else ""
    judged_by = f"{contract.fingerprint}{suite.fingerprint}{bounds}{names}{period}"
    return hashlib.sha256(judged_by.encode()).hexdigest()


def already_decided(
    con: duckdb.DuckDBPyConnection, landed: Landed, contract: Contract, fingerprint: str
) -> Known | None:
    """Why there is nothing to do, or None where the file must be judged.

    What was decided of the same bytes under another edition's name does not count, nor of those of
    another operator, whose file is never named.
    """
    edition = landed.vintage if contract.vintages else None
    operator = landed.vintage.partition("_")[0] if contract.origin == DEPOT else None
    before = decision_on(con, landed.dataset, landed.sha256, edition, operator)
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
    return Known(said, before.load_id)


def decide(
    con: duckdb.DuckDBPyConnection, landed: Landed, contract: Contract, judged: Judgement
) -> Decision:
    """Compare a file that passed its checks with what stands in the warehouse."""
    twin = same_values_as(con, judged.candidate, contract, landed.vintage)
    if twin:
        return Decision(
            "refuse",
            f"Le fichier se dit du millésime {landed.vintage}, mais ses valeurs sont celles du "
            f"millésime {twin}, déjà en place. Vérifiez son nom, ou demandez le bon fichier.",
            rule="millesime_usurpe",
        )
    active = active_load(con, contract.dataset, landed.vintage)
    if active is None:
        return Decision("charge", " ".join(judged.warnings))
    gap = compare_cells(con, judged.candidate, contract, active)
    if active.livraison < landed.delivery:
        return Decision(
            "inchange",
            f"Autre livraison de {active.fichier}, qui est gardée : {gap}.",
            worth_a_look=bool(gap),
        )
    if gap.exchanged:
        spelled = judged.conformity.spelled
        names = " et ".join(f"« {spelled.get(name, name)} »" for name in gap.exchanged)
        return Decision(
            "refuse",
            f"Les colonnes {names} portent chacune les valeurs de l'autre dans {active.fichier}, "
            "qui est en place : vérifiez leurs titres. Si c'est le fichier en place qui est faux, "
            "ôtez-le des dossiers reçus, puis lancez "
            f"« observatoire withdraw {contract.dataset} {landed.vintage} ».",
            rule="colonnes_echangees",
        )
    wide = [f"Bien plus qu'une correction de {active.fichier} : {gap}."] if gap.wide else []
    motif = " ".join([*judged.warnings, *wide])
    return Decision("charge", motif, replaced=active, worth_a_look=gap.wide)
