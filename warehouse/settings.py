"""Where the observatory keeps its state and where its files come from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from warehouse.foreseen import Foreseen

PROJECT = Path(__file__).resolve().parent.parent

# A source folder that holds this file is made of extracts, not of the producers' whole files.
EXTRACT_MARK = "extrait.yml"

DOWNLOADS = "telechargements"
RETENTION = "OBSERVATOIRE_RETENTION_JOURS"
RETENTION_DAYS = 30


class SettingsError(Foreseen):
    """A setting that cannot be used; the message (French) says which one and what to do."""


@dataclass(frozen=True)
class Settings:
    """The settings of a run, and the paths that follow from them.

    `home` is the state directory (`OBSERVATOIRE_HOME`, default `var/` of the project);
    `sources` the directory that is searched for received files (`OBSERVATOIRE_SOURCES`). Where
    that says `web`, it is the directory of `home` that holds what was downloaded.
    `retention_days` (`OBSERVATOIRE_RETENTION_JOURS`) is how long operators' originals are kept.
    """

    home: Path
    sources: Path
    retention_days: int = RETENTION_DAYS

    @classmethod
    def from_environment(cls) -> Self:
        """Read both settings; raise `SettingsError` where the sources cannot be used."""
        home = Path(os.environ.get("OBSERVATOIRE_HOME") or PROJECT / "var").resolve()
        choice = os.environ.get("OBSERVATOIRE_SOURCES") or "demo"
        known = {"demo": PROJECT / "data" / "demo", "web": home / DOWNLOADS}
        sources = known.get(choice) or Path(choice).resolve()
        if choice != "web" and not sources.is_dir():
            what = "n'est pas un dossier" if sources.exists() else "ce dossier n'existe pas"
            raise SettingsError(
                f"OBSERVATOIRE_SOURCES={choice} : {what}. "
                "Indiquez un dossier de fichiers reçus, « demo » ou « web »."
            )
        if home.exists() and not (home.is_dir() and os.access(home, os.W_OK)):
            raise SettingsError(
                f"OBSERVATOIRE_HOME={home} : ce n'est pas un dossier où l'on peut écrire. "
                "Indiquez-en un autre, ou changez ses droits."
            )
        return cls(home, sources, _retention())

    @property
    def demonstration(self) -> bool:
        """True where the sources are extracts (`data/demo`, or a copy of it)."""
        return (self.sources / EXTRACT_MARK).is_file()

    @property
    def web(self) -> bool:
        """True where the producers' files are downloaded from their official addresses."""
        return self.sources == self.home / DOWNLOADS

    @property
    def warehouse(self) -> Path:
        """The working file: only the pipeline opens it."""
        return self.home / "warehouse.duckdb"

    @property
    def lock(self) -> Path:
        return self.home / "warehouse.lock"

    @property
    def landing(self) -> Path:
        return self.home / "landing"

    @property
    def depots(self) -> Path:
        return self.home / "depots"

    @property
    def releases(self) -> Path:
        return self.home / "releases"

    @property
    def current(self) -> Path:
        """Symbolic link to the release that readers open."""
        return self.home / "courant"

    @property
    def digests(self) -> Path:
        return self.home / "bulletins"

    @property
    def expectations(self) -> Path:
        """The Great Expectations project: validation results and Data Docs."""
        return self.home / "great_expectations"

    @property
    def data_docs(self) -> Path:
        """The page of the Data Docs."""
        return self.expectations / "gx/uncommitted/data_docs/local_site/index.html"

    @property
    def work(self) -> Path:
        """Scratch files of the run under way; nothing in it is kept."""
        return self.home / "travail"

    @property
    def logs(self) -> Path:
        return self.home / "journaux"

    @property
    def airflow(self) -> Path:
        return self.home / "airflow"


def _retention() -> int:
    given = os.environ.get(RETENTION) or str(RETENTION_DAYS)
    if not given.isdecimal():
        raise SettingsError(f"{RETENTION}={given} : un nombre de jours est attendu.")
    return int(given)
