"""An operator's file goes back to its depot, taken or refused, with a report beside it.

`depots/<operateur>/fichier` moves to `depots/<operateur>/traites/` or `refuses/`, its name preceded
by the moment it was taken. After the retention the original is erased; the ledger keeps the proof.
"""

from __future__ import annotations

import logging
import re
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from ingestion.contract import contracts
from ingestion.findings import Findings
from ingestion.landing import Landed, sha256_of
from ingestion.origins import DEPOT, REFUSED, TREATED
from ingestion.return_report import PAGE, WORKBOOK, write_report
from warehouse.database import writer
from warehouse.ledger import Load, now, record_purge
from warehouse.settings import Settings

log = logging.getLogger("observatoire.ingestion")

STAMP = "%Y%m%dT%H%M%S"
_STAMPED = re.compile(r"(\d{8}T\d{6})_(.+)")


def hand_back(landed: Landed, load: Load, findings: Findings, settings: Settings) -> None:
    """Move the file that was judged, and write its report; one that broke us stays for next time.

    A file put in its place meanwhile is another one, and stays.
    """
    if load.verdict == "erreur" or landed.waiting_at is None:
        return
    source = Path(landed.waiting_at)
    if not source.exists() or sha256_of(source) != landed.sha256:
        return
    folder = _depot_of(source, settings) / (REFUSED if load.verdict == "refuse" else TREATED)
    folder.mkdir(exist_ok=True)
    target = folder / f"{load.recu_le:{STAMP}}_{source.name}"
    write_report(load, findings, source, target)
    source.rename(target)


def purge(settings: Settings, today: datetime | None = None) -> list[Path]:
    """Erase the originals and reports older than the retention; the ledger says which, and when.

    Returns the originals that were erased.
    """
    limit = (today or now()) - timedelta(days=settings.retention_days)
    erased = []
    for folder in (TREATED, REFUSED):
        # A file put at the root of the depots went to the folders beside those of the operators.
        places = [settings.depots.glob(f"{inside}{folder}/*") for inside in ("", "*/")]
        for path in sorted(path for place in places for path in place):
            taken = _STAMPED.fullmatch(path.name)
            if taken is None or datetime.strptime(taken[1], STAMP) > limit:
                continue
            if not path.name.endswith((PAGE, WORKBOOK)):
                with writer(settings) as con:
                    digest = sha256_of(path)
                    record_purge(con, _proven(con, path, digest, settings), digest)
                erased.append(path)
            path.unlink()
    if erased:
        log.info("%d original(aux) d'opérateurs effacé(s), la durée de garde passée", len(erased))
    return erased


def _proven(con: duckdb.DuckDBPyConnection, path: Path, digest: str, settings: Settings) -> str:
    """What the ledger says was erased: the dataset where the file's name may be a person's."""
    row = con.execute(
        "select max(dataset) from audit.loads where sha256 = ? and origine = ?", [digest, DEPOT]
    ).fetchone()
    dataset = row[0] if row else None
    contract = contracts().get(dataset or "")
    if contract and not contract.may_hold_personal_data:
        return str(path.relative_to(settings.depots))
    return dataset or "inconnu"


def _depot_of(source: Path, settings: Settings) -> Path:
    """The operator's folder, however deep the file lies in it."""
    inside = source.relative_to(settings.depots)
    return settings.depots / inside.parts[0] if len(inside.parts) > 1 else settings.depots
