"""The digest: one page a night that says what came in, what did not, and what changed."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import duckdb
from jinja2 import Environment, FileSystemLoader

from publication.build import current_manifest
from warehouse.database import one_row, quoted, writer
from warehouse.ledger import (
    Load,
    active_loads,
    failures_since,
    last_digest,
    now,
    seen_since,
    standing_refusals,
    unknown_files,
)
from warehouse.settings import Settings

TEMPLATES = Path(__file__).resolve().parent / "templates"
NEWS = ("charge", "refuse", "erreur")
CONTROL_RULE = "ligne_de_controle"


@dataclass(frozen=True)
class Late:
    """A dataset whose figures are older than they should be, and why (French)."""

    dataset: str
    reason: str
    kept: str


@dataclass(frozen=True)
class Aside:
    """Rows set aside tonight, by dataset and rule."""

    dataset: str
    fichier: str
    regle: str
    lignes: int


@dataclass(frozen=True)
class Digest:
    """What one page says. `loads` are the ledger rows since the digest before.

    `unknown` lists the received files that no contract claims.
    """

    written_at: datetime
    loads: list[Load]
    late: list[Late]
    aside: list[Aside]
    unknown: list[str]
    masked: int
    release: dict[str, Any]
    new_release: bool
    failures: list[str]
    page: Path

    def having(self, *verdicts: str) -> list[Load]:
        return [load for load in self.loads if load.verdict in verdicts]

    @property
    def not_received(self) -> list[Load]:
        return [load for load in self.loads if load.not_received]

    @property
    def nothing_new(self) -> bool:
        """Every file of tonight was already known, and the release stays."""
        return not self.new_release and not self.having(*NEWS)

    @property
    def sound(self) -> bool:
        """The night did its work: refusing a bad file, or not getting it, is not breaking."""
        broken = [load for load in self.having("erreur") if not load.not_received]
        return not self.failures and not broken and bool(self.release)


def write_digest(settings: Settings) -> Digest:
    """Gather the night since the last digest; write its page and, beside it, the same in JSON."""
    with writer(settings) as con:
        since = last_digest(con)
        loads = seen_since(con, since)
        release = current_manifest(settings)
        moment = now()
        digest = Digest(
            written_at=moment,
            loads=loads,
            late=_late(con, settings),
            aside=_aside(con, loads),
            unknown=unknown_files(con),
            masked=_masked(settings),
            release=release,
            new_release=_released_since(con, since),
            failures=failures_since(con, since),
            page=settings.digests / f"{moment:%Y-%m-%dT%H%M%S%f}.html",
        )
        settings.digests.mkdir(parents=True, exist_ok=True)
        digest.page.write_text(_html(digest), encoding="utf-8")
        digest.page.with_suffix(".json").write_text(_json(digest), encoding="utf-8")
        # Last: what was not written is told by the next digest.
        con.execute(
            "insert into audit.bulletins values (?, ?, ?)",
            [digest.page.name, moment, release.get("release")],
        )
    return digest


def newest_digest(settings: Settings) -> dict[str, Any]:
    """The last digest as it was written for machines; empty before the first."""
    pages = sorted(settings.digests.glob("*.json"))
    return json.loads(pages[-1].read_text(encoding="utf-8")) if pages else {}


def _released_since(con: duckdb.DuckDBPyConnection, since: datetime) -> bool:
    query = "select count(*) from audit.releases where publie_le > ?"
    return bool(one_row(con, query, [since])[0])


def _late(con: duckdb.DuckDBPyConnection, settings: Settings) -> list[Late]:
    in_place: dict[str, list[Load]] = {}
    for load in active_loads(con):
        in_place.setdefault(load.dataset, []).append(load)
    late = [
        Late(
            refusal.dataset,
            f"{refusal.fichier} (millésime {refusal.millesime}) {_what_befell(refusal)}.",
            _kept(in_place.get(refusal.dataset, []), refusal.millesime),
        )
        for refusal in standing_refusals(con, settings.demonstration)
        if not _has_better(refusal, in_place.get(refusal.dataset, []))
    ]
    overdue = con.execute(
        "select dataset, millesime_attendu, attendu_le from audit.datasets"
        " where attendu_le < current_date order by dataset"
    ).fetchall()
    for dataset, vintage, day in overdue:
        present = in_place.get(dataset, [])
        if not any(load.millesime >= vintage for load in present):
            reason = f"Le millésime {vintage} était attendu le {day:%d/%m/%Y}."
            late.append(Late(dataset, reason, _kept(present, vintage)))
    return late


def _what_befell(refusal: Load) -> str:
    if refusal.not_received:
        return "n'a pas été reçu"
    return "a été refusé" if refusal.verdict == "refuse" else "n'a pas pu être traité"


def _has_better(refusal: Load, present: list[Load]) -> bool:
    """A preferred delivery of the same edition is in place: refusing this one delays nothing."""
    return any(
        load.millesime == refusal.millesime and load.livraison < refusal.livraison
        for load in present
    )


def _kept(present: list[Load], vintage: str) -> str:
    """Which figures stand in the meantime."""
    same = [load for load in present if load.millesime == vintage]
    if same:
        return (
            f"Les chiffres de {same[0].fichier}, chargé le {same[0].charge_le:%d/%m/%Y}, "
            "sont conservés."
        )
    if present:
        newest = max(present, key=lambda load: load.millesime)
        return f"Les chiffres s'arrêtent au millésime {newest.millesime}, conservé."
    return "Aucun chiffre de ce jeu n'est en place."


def _aside(con: duckdb.DuckDBPyConnection, loads: list[Load]) -> list[Aside]:
    found = []
    for load in loads:
        if load.verdict != "charge" or not load.lignes_ecartees:
            continue
        table = quoted(f"quarantine.{load.dataset.replace('.', '__')}")
        rows = con.execute(
            f"select regle, count(*) from {table} where _load_id = ? and regle <> ?"
            " group by regle order by regle",
            [load.load_id, CONTROL_RULE],
        ).fetchall()
        found += [Aside(load.dataset, load.fichier, rule, count) for rule, count in rows]
    return found


def _masked(settings: Settings) -> int:
    """Published cells that are empty because the producer, or the observatory, hides them."""
    path = settings.current / "parquet" / "fct_indicateur.parquet"
    if not path.exists():
        return 0
    row = duckdb.execute(
        "select count(*) from read_parquet(?) where statut in ('secret_producteur', 'secret')",
        [str(path)],
    ).fetchone()
    return row[0] if row else 0


def _html(digest: Digest) -> str:
    environment = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, trim_blocks=True)
    counts = Counter(load.verdict for load in digest.loads)
    return environment.get_template("bulletin.html.j2").render(digest=digest, counts=counts)


def _json(digest: Digest) -> str:
    content = asdict(digest) | {"sound": digest.sound, "nothing_new": digest.nothing_new}
    return json.dumps(content, ensure_ascii=False, indent=2, default=str)
