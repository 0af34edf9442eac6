"""The bulletin: one page, in French, that says what came in, what did not, and what stays."""

from __future__ import annotations

import json
import shutil
from html.parser import HTMLParser

import pytest

from ingestion.contract import contracts
from ingestion.pipeline import ingest, receive
from publication.digest import Digest, newest_digest, write_digest
from tests.conftest import DEMO
from tests.publication.night import Night, figures, ledger
from warehouse.database import writer
from warehouse.ledger import Load, now, record_failure, record_load
from warehouse.settings import Settings


class _Page(HTMLParser):
    """What a reader sees, section by section, and the tags that a browser would build."""

    def __init__(self, digest: Digest) -> None:
        super().__init__()
        self.sections: dict[str, str] = {"": ""}
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self._title = False
        self._hidden = False
        self._at = ""
        self.feed(digest.page.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self._title = tag == "h2"
        self._hidden = tag in ("style", "script", "title")

    def handle_endtag(self, tag):
        self._hidden = self._hidden and tag not in ("style", "script", "title")
        self._title = self._title and tag != "h2"

    def handle_data(self, data):
        if self._title:
            self._at = data
            self.sections[data] = ""
        elif not self._hidden:
            joined = f"{self.sections[self._at]} {' '.join(data.split())}"
            self.sections[self._at] = joined.strip()

    @property
    def head(self) -> str:
        return self.sections[""]


def test_the_first_night_says_what_was_loaded_and_published(published):
    digest = write_digest(published.settings)
    page = _Page(digest)
    assert digest.new_release
    assert digest.sound
    assert digest.late == []
    assert f"Nouvelle publication {published.candidate.name}" in page.head
    assert "Données de démonstration. Ces chiffres viennent d'extraits" in page.head
    loaded = page.sections["Fichiers chargés"]
    for path in (DEMO / "caf").glob("*.csv"):
        assert path.name in loaded
    assert "REVN_2021.csv" in loaded
    assert set(page.sections) == {"", "Fichiers chargés", "Fichiers inchangés"}
    # The other delivery of two editions, which says the same thing or says how it differs.
    assert "Autre livraison de data_DEMO_2021_V1_QP.csv" in page.sections["Fichiers inchangés"]


def test_the_page_counts_what_the_release_hides(published):
    hidden = figures(
        published.candidate,
        "select count(*) from marts.fct_indicateur where statut in ('secret', 'secret_producteur')",
    )
    assert write_digest(published.settings).masked == hidden[0][0]


def test_a_night_without_news_says_so(published):
    write_digest(published.settings)
    contract = contracts()["caf.allocataires_iris"]
    ingest(contract, receive(contract, published.settings), published.settings)

    digest = write_digest(published.settings)

    page = _Page(digest)
    assert digest.nothing_new
    assert digest.sound
    assert "Rien de nouveau : aucun fichier n'a changé" in page.head
    assert f"{published.candidate.name} reste en place" in page.head
    assert "Données de démonstration" in page.head
    assert set(page.sections) == {"", "Fichiers inchangés"}
    assert "5 fichier(s) déjà connus" in page.sections["Fichiers inchangés"]
    assert "data_CAF_2020_IRIS.csv — Déjà chargé le" in page.sections["Fichiers inchangés"]


@pytest.fixture
def with_a_cut_file(published, tmp_path) -> Night:
    """The night after: the edition that carries the report's figures comes back cut short."""
    write_digest(published.settings)
    sources = tmp_path / "sources"
    shutil.copytree(DEMO, sources)
    file = sources / "insee" / "data_DEMO_2021_V1_QP.csv"
    file.write_bytes(b"".join(file.read_bytes().splitlines(keepends=True)[:9]))
    settings = Settings(published.settings.home, sources)
    contract = contracts()["insee.demo_qpv"]
    ingest(contract, receive(contract, settings), settings)
    return Night(settings, published.candidate)


def test_a_refused_file_is_told_with_its_reason_and_the_figures_that_stay(with_a_cut_file):
    digest = write_digest(with_a_cut_file.settings)
    page = _Page(digest)
    refused = page.sections["Fichiers refusés"]
    assert "data_DEMO_2021_V1_QP.csv" in refused
    assert "8 lignes de données" in refused
    assert "22 sont attendues" in refused
    assert "demandez un nouvel envoi" in refused
    late = page.sections["En retard"]
    assert "data_DEMO_2021_V1_QP.csv (millésime 2021) a été refusé." in late
    assert f"Les chiffres de data_DEMO_2021_V1_QP.csv, chargé le {now():%d/%m/%Y}" in late
    assert "sont conservés" in late
    assert f"La publication {with_a_cut_file.candidate.name} reste en place." in page.head
    assert not digest.nothing_new
    # Refusing a bad file is a night's work well done.
    assert digest.sound


def test_a_refusal_stays_late_the_next_night_too(with_a_cut_file):
    write_digest(with_a_cut_file.settings)
    page = _Page(write_digest(with_a_cut_file.settings))
    assert "Fichiers refusés" not in page.sections
    assert "a été refusé" in page.sections["En retard"]


def test_a_vintage_that_does_not_come_is_late(published):
    ledger(
        published.settings,
        "update audit.datasets set millesime_attendu = '2022', attendu_le = date '2024-06-30'"
        " where dataset = 'insee.demo_qpv'",
    )
    digest = write_digest(published.settings)
    (late,) = digest.late
    assert late.dataset == "insee.demo_qpv"
    assert late.reason == "Le millésime 2022 était attendu le 30/06/2024."
    assert late.kept == "Les chiffres s'arrêtent au millésime 2021, conservé."
    page = _Page(digest)
    assert late.reason in page.sections["En retard"]
    assert "1 jeu(x) de données en retard" in page.head


def test_a_vintage_not_yet_due_is_not_late(published):
    ledger(
        published.settings,
        "update audit.datasets set millesime_attendu = '2099', attendu_le = date '2999-12-31'",
    )
    assert write_digest(published.settings).late == []


def test_a_failed_publication_heads_the_page(published):
    write_digest(published.settings)
    with writer(published.settings) as con:
        record_failure(con, "contrôle", "Les tables ne passent pas leurs contrôles.")
    digest = write_digest(published.settings)
    page = _Page(digest)
    assert "Rien n'a été publié cette nuit. Les tables ne passent pas leurs contrôles." in page.head
    assert not digest.sound
    # Told once: the next night starts afresh.
    assert write_digest(published.settings).failures == []


def test_before_the_first_release_the_page_can_still_be_written(tmp_path):
    digest = write_digest(Settings(tmp_path / "home", DEMO))
    assert not digest.sound
    assert digest.masked == 0
    assert "Bulletin de la nuit" in _Page(digest).head


def test_rows_set_aside_are_told_by_rule(published):
    (load_id,) = ledger(
        published.settings,
        "update audit.loads set lignes_recues = lignes_recues + 2, lignes_ecartees ="
        " lignes_ecartees + 2 where fichier = 'data_CAF_2020_IRIS.csv' returning load_id",
    )[0]
    ledger(
        published.settings,
        "insert into quarantine.caf__allocataires_iris by name select"
        f" '{load_id}' as _load_id, 'code_inconnu' as regle from range(2)",
    )
    (aside,) = write_digest(published.settings).aside
    assert (aside.dataset, aside.fichier) == ("caf.allocataires_iris", "data_CAF_2020_IRIS.csv")
    assert (aside.regle, aside.lignes) == ("code_inconnu", 2)


def test_a_control_row_is_not_told_as_set_aside(published):
    """« Ensemble » is a total, not a faulty row."""
    kept = ledger(
        published.settings,
        "select count(*) from quarantine.insee__demo_qpv where regle = 'ligne_de_controle'",
    )
    assert kept[0][0] > 0
    assert write_digest(published.settings).aside == []


HOSTILE = '"><script>alert(1)</script><img src=x onerror=alert(2)>'


def test_markup_in_a_file_name_or_a_reason_stays_text(published):
    calm = _Page(write_digest(published.settings))
    with writer(published.settings) as con:
        for rank, verdict in enumerate(("refuse", "erreur", "inchange", "remplace", "charge")):
            record_load(con, _hostile(f"h{rank}", verdict))
        record_failure(con, "construction", HOSTILE)
    page = _Page(write_digest(published.settings))
    for title in ("Fichiers refusés", "Fichiers inchangés", "Fichiers remplacés"):
        assert "<script>alert(1)</script>" in page.sections[title], title
    assert "onerror=alert(2)" in page.sections["En retard"]
    assert "onerror=alert(2)" in page.head
    assert not {"script", "img"} & page.tags
    assert page.attributes <= calm.attributes | {"class"}


def test_the_page_calls_no_other_machine(published):
    """Read from a mailbox, offline: no script, no style sheet, no image from elsewhere."""
    page = _Page(write_digest(published.settings))
    assert not {"script", "link", "img", "iframe"} & page.tags
    assert not {"src", "href"} & page.attributes


def test_the_same_is_said_to_machines(with_a_cut_file):
    digest = write_digest(with_a_cut_file.settings)
    said = newest_digest(with_a_cut_file.settings)
    beside = json.loads(digest.page.with_suffix(".json").read_text(encoding="utf-8"))
    assert said == beside
    assert said["page"] == str(digest.page)
    assert said["sound"] is True
    assert said["nothing_new"] is False
    assert [late["dataset"] for late in said["late"]] == ["insee.demo_qpv"]
    verdicts = {(load["fichier"], load["verdict"]) for load in said["loads"]}
    assert ("data_DEMO_2021_V1_QP.csv", "refuse") in verdicts
    assert ("DEMO_2017.csv", "inchange") in verdicts


def _hostile(load_id: str, verdict: str) -> Load:
    moment = now()
    return Load(
        load_id=load_id,
        dataset="insee.revn_qpv",
        # Loaded for another vintage: it must not mend the refusal.
        millesime="2098" if verdict == "charge" else "2099",
        fichier=f"{HOSTILE}{load_id}.csv",
        sha256=load_id,
        origine="mirror",
        verdict=verdict,
        motif=HOSTILE,
        recu_le=moment,
        charge_le=moment if verdict == "charge" else None,
        demonstration=True,
    )
