"""The ledger: one row per file seen, one per check run, one per release, one per digest.

Uniqueness is tested, not indexed: DuckDB may lose a secondary index after a crash.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Literal

import duckdb

Verdict = Literal["charge", "inchange", "refuse", "remplace", "erreur"]
Severity = Literal["critical", "warning", "info"]

_TABLES = """
create schema if not exists audit;
create schema if not exists raw;
create schema if not exists quarantine;

create table if not exists audit.loads (
    load_id varchar, dataset varchar, millesime varchar, fichier varchar, sha256 varchar,
    origine varchar, verdict varchar, motif varchar,
    lignes_recues bigint, lignes_chargees bigint, lignes_ecartees bigint,
    recu_le timestamp, charge_le timestamp,
    livraison integer, contrat_sha256 varchar, demonstration boolean, avertissements bigint,
    decide_par varchar, remplace_le timestamp, disposition varchar, lignes_de_total bigint
);
create table if not exists audit.colonnes (
    load_id varchar, colonne varchar, colonne_source varchar
);
create table if not exists audit.checks (
    load_id varchar, suite varchar, regle varchar, severite varchar,
    reussi boolean, en_erreur boolean, lignes_en_echec bigint, message varchar,
    execute_le timestamp
);
create table if not exists audit.releases (
    release_id varchar, publie_le timestamp, empreinte varchar, demonstration boolean
);
create table if not exists audit.echecs (
    etape varchar, message varchar, survenu_le timestamp
);
create table if not exists audit.bulletins (
    bulletin_id varchar, cree_le timestamp, release_id varchar
);
create table if not exists audit.datasets (
    contrats_sha256 varchar, dataset varchar, titre varchar, producteur varchar,
    licence varchar, citation varchar,
    page varchar, cadence varchar, niveau varchar, zonage varchar,
    millesime_attendu varchar, attendu_le date, a_confirmer varchar
);
create table if not exists audit.mesures (
    dataset varchar, millesime varchar, mesure varchar, libelle varchar, unite varchar,
    annee varchar, annee_deduite boolean,
    statut_vide varchar, colonne_note varchar, statuts_note map(varchar, varchar),
    additive boolean, arrondi_a integer, comparable_depuis integer,
    geographie varchar, provisoire boolean
);
create table if not exists audit.purges (
    fichier varchar, sha256 varchar, purge_le timestamp
);
create table if not exists audit.fichiers_inconnus (
    fichier varchar
);
"""

# What an earlier version of the ledger has not. The contracts' tables are rewritten whole.
_UPGRADE = """
alter table audit.loads add column if not exists disposition varchar;
alter table audit.loads add column if not exists lignes_de_total bigint default 0;
"""
_REWRITTEN = {"datasets": "a_confirmer", "mesures": "additive"}


def now() -> datetime:
    """UTC, without time zone: DuckDB timestamps compare without surprise."""
    return datetime.now(UTC).replace(tzinfo=None)


@dataclass(frozen=True)
class Load:
    """One row of `audit.loads`: what became of one file.

    `lignes_recues = lignes_chargees + lignes_ecartees`. `decide_par` is empty on the row that
    decided about these bytes, and names that row where the same bytes are seen again.
    `lignes_de_total`, among those set aside, are the producer's own totals, kept as a control.
    `livraison` is the rank of the delivery in its contract (1 = the one that is kept).
    `disposition` is the known edition whose columns the file has, where its own is not known.
    A file that was not received is an error without a hash: it is no fault of ours.
    """

    load_id: str
    dataset: str
    millesime: str
    fichier: str
    sha256: str
    origine: str
    verdict: Verdict
    motif: str
    recu_le: datetime
    lignes_recues: int = 0
    lignes_chargees: int = 0
    lignes_ecartees: int = 0
    charge_le: datetime | None = None
    livraison: int = 1
    contrat_sha256: str = ""
    demonstration: bool = False
    avertissements: int = 0
    decide_par: str | None = None
    remplace_le: datetime | None = None
    disposition: str | None = None
    lignes_de_total: int = 0

    def __post_init__(self) -> None:
        if self.lignes_recues != self.lignes_chargees + self.lignes_ecartees:
            raise ValueError(f"{self.fichier}: rows received are not rows loaded plus set aside")

    @property
    def not_received(self) -> bool:
        return self.verdict == "erreur" and not self.sha256


@dataclass(frozen=True)
class Check:
    """One row of `audit.checks`: one rule run once on one candidate (a load or a release)."""

    suite: str
    regle: str
    severite: Severity
    reussi: bool
    message: str
    en_erreur: bool = False
    lignes_en_echec: int = 0
    execute_le: datetime = field(default_factory=now)


LOAD_COLUMNS = tuple(f.name for f in fields(Load))


def create_ledger(con: duckdb.DuckDBPyConnection) -> None:
    """Create the ledger's tables where they are not there yet, and bring older ones up to date."""
    for table, newest in _REWRITTEN.items():
        columns = con.execute(
            "select column_name from duckdb_columns() where schema_name = 'audit'"
            " and table_name = ?",
            [table],
        ).fetchall()
        if columns and (newest,) not in columns:
            con.execute(f"drop table audit.{table} cascade")
    con.execute(_TABLES)
    con.execute(_UPGRADE)


def record_load(con: duckdb.DuckDBPyConnection, load: Load) -> None:
    """Write one row of `audit.loads`."""
    values = [getattr(load, name) for name in LOAD_COLUMNS]
    places = ", ".join("?" for _ in values)
    con.execute(f"insert into audit.loads ({', '.join(LOAD_COLUMNS)}) values ({places})", values)


def record_columns(
    con: duckdb.DuckDBPyConnection, load_id: str, spelled: Mapping[str, str]
) -> None:
    """Remember under which name each canonical column was found in the file of this load."""
    for name, source in spelled.items():
        con.execute("insert into audit.colonnes values (?, ?, ?)", [load_id, name, source])


def record_checks(con: duckdb.DuckDBPyConnection, load_id: str, checks: Iterable[Check]) -> None:
    """Keep the result of each rule; `load_id` is the load or the release that was checked."""
    names = [f.name for f in fields(Check)]
    for check in checks:
        con.execute(
            f"insert into audit.checks (load_id, {', '.join(names)})"
            f" values (?, {', '.join('?' for _ in names)})",
            [load_id, *(getattr(check, name) for name in names)],
        )


def decision_on(
    con: duckdb.DuckDBPyConnection,
    dataset: str,
    sha256: str,
    millesime: str | None = None,
    operator: str | None = None,
) -> Load | None:
    """The latest row that decided about these bytes for this dataset, or for one edition of it.

    Or for the editions of one operator, whose name begins them.
    """
    found = _loads(
        con,
        "dataset = ? and sha256 = ? and millesime = coalesce(?, millesime)"
        " and (? is null or split_part(millesime, '_', 1) = ?)"
        " and decide_par is null order by recu_le desc, load_id desc",
        [dataset, sha256, millesime, operator, operator],
    )
    return found[0] if found else None


def active_load(con: duckdb.DuckDBPyConnection, dataset: str, millesime: str) -> Load | None:
    """The load whose rows stand in the raw table for this vintage."""
    found = _loads(
        con, "dataset = ? and millesime = ? and verdict = 'charge'", [dataset, millesime]
    )
    return found[0] if found else None


def active_loads(con: duckdb.DuckDBPyConnection) -> list[Load]:
    """Every load whose rows stand in a raw table, in a stable order."""
    return _loads(con, "verdict = 'charge' order by dataset, millesime, load_id", [])


def holds_another_kind(
    con: duckdb.DuckDBPyConnection, demonstration: bool, ledger: str = "audit"
) -> bool:
    """Whether the rows in place are extracts where these are real files, or the reverse.

    `ledger` is the schema of the ledger, where it is that of an attached file.
    """
    query = f"select 1 from {ledger}.loads where verdict = 'charge' and demonstration <> ? limit 1"
    return con.execute(query, [demonstration]).fetchone() is not None


def seen_since(con: duckdb.DuckDBPyConnection, moment: datetime) -> list[Load]:
    """Every ledger row written, or replaced, after `moment`, oldest first."""
    return _loads(con, "recu_le > ? or remplace_le > ? order by recu_le, load_id", [moment, moment])


def standing_refusals(con: duckdb.DuckDBPyConnection, demonstration: bool) -> list[Load]:
    """Files refused, not received or in error that nothing later for their vintage has mended."""
    return _loads(
        con,
        """
        verdict in ('refuse', 'erreur') and decide_par is null and demonstration = ?
        and not exists (
            from audit.loads as later
            where later.dataset = loads.dataset and later.recu_le > loads.recu_le
            and (
                (
                    later.sha256 = loads.sha256 and later.decide_par is null
                    -- Two copies refused under two editions are two refusals.
                    and (
                        later.millesime = loads.millesime
                        or later.verdict not in ('refuse', 'erreur')
                    )
                    -- What was not received has no hash: only its name tells it from another.
                    and (later.sha256 <> '' or later.fichier = loads.fichier)
                )
                -- Other bytes have taken its name: the file put back, or another correction.
                -- For what was not received, any bytes of its edition.
                or (
                    later.millesime = loads.millesime and later.sha256 <> loads.sha256
                    and (later.fichier = loads.fichier or loads.sha256 = '')
                )
            )
        )
        and not exists (
            from audit.loads as mended
            where mended.dataset = loads.dataset and mended.millesime = loads.millesime
            and mended.verdict in ('charge', 'remplace') and mended.charge_le > loads.recu_le
        )
        order by dataset, millesime, fichier
        """,
        [demonstration],
    )


def mark_replaced(con: duckdb.DuckDBPyConnection, load_id: str, motif: str) -> None:
    """Say that this load's rows no longer stand, and why. Its row counts stay as a memory."""
    con.execute(
        "update audit.loads set verdict = 'remplace', motif = ?, remplace_le = ? where load_id = ?",
        [motif, now(), load_id],
    )


def record_unknown_files(con: duckdb.DuckDBPyConnection, files: Sequence[str]) -> None:
    """Remember the received files that no contract claims, in place of those known before."""
    if unknown_files(con) == sorted(files):
        return
    con.execute("begin")
    con.execute("delete from audit.fichiers_inconnus")
    for name in files:
        con.execute("insert into audit.fichiers_inconnus values (?)", [name])
    con.execute("commit")


def unknown_files(con: duckdb.DuckDBPyConnection) -> list[str]:
    """The received files that no contract claims, as of the last ingestion."""
    rows = con.execute("select fichier from audit.fichiers_inconnus order by fichier").fetchall()
    return [name for (name,) in rows]


def record_purge(con: duckdb.DuckDBPyConnection, file: str, sha256: str) -> None:
    """Keep the proof that an operator's original was erased: what it was, its hash, the moment.

    `file` is its dataset where its name may be a person's.
    """
    con.execute("insert into audit.purges values (?, ?, ?)", [file, sha256, now()])


def record_failure(con: duckdb.DuckDBPyConnection, step: str, message: str) -> None:
    """Remember why nothing was published; the next digest says it."""
    con.execute("insert into audit.echecs values (?, ?, ?)", [step, message, now()])


def failures_since(con: duckdb.DuckDBPyConnection, moment: datetime) -> list[str]:
    """Why nothing was published since `moment`, oldest reason first."""
    rows = con.execute(
        "select message from audit.echecs where survenu_le > ? order by survenu_le", [moment]
    ).fetchall()
    return [message for (message,) in rows]


def last_digest(con: duckdb.DuckDBPyConnection) -> datetime:
    """When the last digest was written; the beginning of time before the first."""
    row = con.execute("select max(cree_le) from audit.bulletins").fetchone()
    return row[0] if row and row[0] else datetime(1970, 1, 1)


def _loads(con: duckdb.DuckDBPyConnection, condition: str, values: list[object]) -> list[Load]:
    rows = con.execute(
        f"select {', '.join(LOAD_COLUMNS)} from audit.loads where {condition}", values
    ).fetchall()
    return [Load(*row) for row in rows]
