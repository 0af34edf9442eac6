"""What is taken from a depot goes to `traites/` or `refuses/` with a report, then is erased."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta
from pathlib import Path

import openpyxl
import pytest

from ingestion import judgement
from ingestion.contract import contracts
from ingestion.depot import hand_back, purge
from ingestion.file_names import told_paths
from ingestion.findings import NOTHING
from ingestion.foresight import check_file
from ingestion.pipeline import receive, withdraw_edition
from ingestion.pseudonyms import KEYS
from ingestion.refusal import Refusal
from tests.fixtures.receptions import DEMO, Desk
from warehouse.ledger import Load, now
from warehouse.settings import Settings

OPERATOR = "operateurs.activite_agregee"
MJD = "activite_mjd_2021.xlsx"
PERSON = "Zéphyrine Tartempion"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    """Real files: an empty folder of sources, and the depot of one operator."""
    (tmp_path / "recus").mkdir()
    at = Desk(contracts()[OPERATOR], Settings(tmp_path / "home", tmp_path / "recus"))
    (at.settings.depots / "mjd").mkdir(parents=True)
    return at


def deposit(at: Desk, source: str = MJD, age_s: int = 3600, name: str | None = None) -> Path:
    path = at.settings.depots / "mjd" / (name or source)
    path.write_bytes((DEMO / "operateurs" / source).read_bytes())
    moment = time.time() - age_s
    os.utime(path, (moment, moment))
    return path


def spoilt(path: Path, column: str, value: object) -> None:
    """Put a value under this name, in the first row of data; the file stays as old as it was."""
    age = path.stat().st_mtime
    book = openpyxl.load_workbook(path)
    sheet = book["Activité"]
    place = next(cell.column for cell in sheet[4] if cell.value == column)
    sheet.cell(5, place, value)
    book.save(path)
    os.utime(path, (age, age))


def folder(at: Desk, name: str) -> dict[str, Path]:
    """The files of a folder of the depot, by their names without the moment they were taken."""
    return {path.name.partition("_")[2]: path for path in at.settings.depots.glob(f"mjd/{name}/*")}


def test_an_accepted_file_is_moved_with_its_report(desk: Desk) -> None:
    path = deposit(desk)
    content = path.read_bytes()
    (load,) = desk.ingest()
    assert (load.verdict, load.origine) == ("charge", "depot")
    taken = folder(desk, "traites")
    assert set(taken) == {MJD, f"{MJD}.compte-rendu.html", f"{MJD}.compte-rendu.xlsx"}
    assert taken[MJD].read_bytes() == content
    assert not path.exists()
    assert not folder(desk, "refuses")
    page = taken[f"{MJD}.compte-rendu.html"].read_text("utf-8")
    assert "<strong>Accepté.</strong>" in page
    assert "<b>1</b>lignes reçues" in page
    assert "Ce compte rendu vous redit ce que vous avez écrit ; ne le transmettez pas." in page
    assert 'somme, en ETP)</td><td class="nombre">6,2</td>' in page
    summary = openpyxl.load_workbook(taken[f"{MJD}.compte-rendu.xlsx"])["Compte rendu"]
    said = {row[0].value: row[1].value for row in summary.iter_rows(min_row=2)}
    assert (said["Verdict"], said["Lignes reçues"], said["Lignes chargées"]) == ("Accepté", 1, 1)
    assert desk.receive() == []


def test_a_refused_file_is_told_cell_by_cell_and_nothing_is_repeated(desk: Desk) -> None:
    spoilt(deposit(desk), "Bénéficiaires", f"{PERSON} et sa fille")
    (load,) = desk.ingest()
    assert load.verdict == "refuse"
    taken = folder(desk, "refuses")
    assert MJD in taken
    assert not folder(desk, "traites")
    page = taken[f"{MJD}.compte-rendu.html"].read_text("utf-8")
    assert "<strong>Refusé.</strong>" in page
    assert "<td>Activité, G5</td>" in page
    assert "Colonne « Bénéficiaires » : la valeur n&#39;est pas un nombre entier." in page
    assert "Écrivez un nombre, sans texte ni unité." in page
    report = openpyxl.load_workbook(taken[f"{MJD}.compte-rendu.xlsx"])
    assert report.sheetnames == ["À corriger", "Compte rendu", "Activité", "Lisez-moi"]
    note = report["Activité"]["G5"].comment.text
    assert "la valeur n'est pas un nombre entier. Écrivez un nombre" in note
    assert report["Activité"]["F5"].comment is None
    (header, told, row) = report["À corriger"].iter_rows(values_only=True)
    to_know = "Corrigez votre fichier d'origine et renvoyez-le : celui-ci n'est qu'un compte rendu."
    assert told[:2] == ("À savoir", to_know)
    assert report["Compte rendu"]["B2"].value == to_know
    assert header == ("Où", "Ce qui ne va pas", "Comment le corriger")
    assert row[0] == "Activité, G5"
    # The annotated copy is the operator's own file, in its own depot.
    theirs = (taken[MJD], taken[f"{MJD}.compte-rendu.xlsx"])
    for path in desk.settings.home.rglob("*"):
        if path.is_file() and path not in theirs:
            assert PERSON.encode() not in path.read_bytes(), path


CANARY, NUMBER = "Zafa1", "0611223344"


def renamed(path: Path, cells: dict[str, str]) -> None:
    """Write these cells of the sheet; the file stays as old as it was."""
    age = path.stat().st_mtime
    book = openpyxl.load_workbook(path)
    for cell, text in cells.items():
        book["Activité"][cell] = text
    book.save(path)
    os.utime(path, (age, age))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"G4": f"Bénéficiaires {CANARY} {NUMBER}"}, "(peut-être la colonne G)"),
        ({"O4": f"{CANARY} Paulin", "P4": f"{CANARY} Paulin"}, "les colonnes O, P portent"),
        ({"O4": f"{CANARY} {NUMBER}", "P5": "x"}, "dernière colonne nommée (O)"),
        ({"O4": f"{CANARY} {NUMBER}"}, "la colonne O : retirez"),
    ],
    ids=["renamed", "twice", "stray", "unknown"],
)
def test_a_person_in_a_header_is_repeated_nowhere(
    desk: Desk, cells: dict[str, str], said: str
) -> None:
    renamed(deposit(desk), cells)
    (load,) = desk.ingest()
    assert load.verdict == "refuse"
    assert said in load.motif
    theirs = set(folder(desk, "refuses").values())
    assert_no_trace(desk, CANARY, NUMBER, but=theirs)
    page = folder(desk, "refuses")[f"{MJD}.compte-rendu.html"].read_text("utf-8")
    assert CANARY not in page


def assert_no_trace(at: Desk, *words: str, but: set[Path]) -> None:
    for path in at.settings.home.rglob("*"):
        if path.is_file() and path not in but:
            content = path.read_bytes()
            assert not any(word.encode() in content for word in words), path
    for word in words:
        assert not any(word in str(row) for row in at.query("select * from audit.loads")), word


def test_a_refusal_that_looks_personal_is_not_repeated(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a message repeats, the scan is passed before it is recorded."""

    def refuse(*_: object) -> None:
        raise Refusal("essai", f"Feuille « {CANARY} {NUMBER} »", 3)

    monkeypatch.setattr(judgement, "find_layout", refuse)
    deposit(desk)
    (load,) = desk.ingest()
    assert (load.verdict, load.motif) == ("refuse", judgement.NOT_REPEATED)


def test_a_file_that_is_being_sent_waits(desk: Desk) -> None:
    path = deposit(desk, age_s=5)
    deposit(desk, name=f"{MJD}.part")
    assert desk.receive() == []
    assert path.exists()


def test_the_same_file_again_is_taken_and_said_known(desk: Desk) -> None:
    deposit(desk)
    desk.ingest()
    deposit(desk)
    (again,) = desk.ingest()
    assert again.verdict == "inchange"
    pages = [path.read_text("utf-8") for path in desk.settings.depots.glob("mjd/traites/*.html")]
    assert sum("Déjà reçu, rien à faire" in page for page in pages) == 1


def test_a_corrected_month_replaces_the_first(desk: Desk) -> None:
    deposit(desk)
    desk.ingest()
    spoilt(deposit(desk), "ETP", 7.5)
    (load,) = desk.ingest()
    assert load.verdict == "charge"
    assert desk.query("select etp from raw.{table}") == [(7.5,)]


def test_a_file_put_in_its_place_meanwhile_stays(desk: Desk) -> None:
    path = deposit(desk)
    (landed,) = receive(desk.contract, desk.settings)
    path.write_bytes(b"un autre")
    load = Load("1", OPERATOR, "mjd_2021", MJD, landed.sha256, "depot", "charge", "", now())
    hand_back(landed, load, NOTHING, desk.settings)
    assert path.read_bytes() == b"un autre"
    assert not folder(desk, "traites")


def test_a_file_that_broke_us_stays_for_next_time(desk: Desk) -> None:
    path = deposit(desk)
    (landed,) = receive(desk.contract, desk.settings)
    load = Load("1", OPERATOR, "mjd_2021", MJD, landed.sha256, "depot", "erreur", "", now())
    hand_back(landed, load, NOTHING, desk.settings)
    assert path.exists()


def test_originals_are_erased_after_the_retention_with_a_proof(desk: Desk) -> None:
    path = deposit(desk)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    desk.ingest()
    kept = set(folder(desk, "traites").values())
    assert purge(desk.settings, now() + timedelta(days=29)) == []
    assert set(folder(desk, "traites").values()) == kept
    (erased,) = purge(desk.settings, now() + timedelta(days=31))
    assert erased.name.endswith(MJD)
    assert folder(desk, "traites") == {}, "the reports go with it"
    ((file, sha256),) = desk.query("select fichier, sha256 from audit.purges")
    assert (file, sha256) == (OPERATOR, digest)
    assert desk.query("select count(*) from raw.{table}") == [(1,)], "the figures stay"


@pytest.mark.parametrize(("value", "where"), [(6.5, "traites"), ("Zafa7", "refuses")])
def test_an_original_put_at_the_root_is_erased_too(desk: Desk, value: object, where: str) -> None:
    path = deposit(desk)
    spoilt(path, "ETP", value)
    path.rename(desk.settings.depots / MJD)
    desk.ingest()
    assert len(list(desk.settings.depots.glob(f"{where}/*"))) == 3
    (erased,) = purge(desk.settings, now() + timedelta(days=31))
    assert erased.parent == desk.settings.depots / where
    assert list(desk.settings.depots.glob(f"{where}/*")) == []


def test_what_a_hand_put_in_the_folders_is_left(desk: Desk) -> None:
    note = desk.settings.depots / "mjd" / "traites" / "note.txt"
    note.parent.mkdir()
    note.write_text("à garder", encoding="utf-8")
    assert purge(desk.settings, now() + timedelta(days=400)) == []
    assert note.exists()


def test_the_folder_says_the_operator_whatever_the_name_says(desk: Desk) -> None:
    deposit(desk)
    other = desk.settings.depots / "ccas" / MJD
    other.parent.mkdir()
    deposit(desk).rename(other)
    deposit(desk)
    spoilt(other, "ETP", 1)
    loads = desk.ingest()
    assert [(load.millesime, load.verdict) for load in loads] == [
        ("ccas_2021", "charge"),
        ("mjd_2021", "charge"),
    ]
    assert desk.query("select _millesime, etp from raw.{table} order by all") == [
        ("ccas_2021", 1.0),
        ("mjd_2021", 6.2),
    ]


def test_each_tool_knows_its_operator_by_its_folder(tmp_path: Path) -> None:
    (tmp_path / "recus").mkdir()
    contract = contracts()["operateurs.coop_v1_statistiques"]
    at = Desk(contract, Settings(tmp_path / "home", tmp_path / "recus"))
    export = next((DEMO / "operateurs").rglob("Mes_statistiques_*.csv"))
    for operator in ("Ville de Trappes", "ccas"):
        depot = at.settings.depots / operator
        depot.mkdir(parents=True)
        copy = depot / export.name
        # Two operators' files of one name are two files, whatever they hold.
        copy.write_bytes(
            export.read_bytes().replace(b"totaux;58", f"totaux;{len(operator)}".encode())
        )
        os.utime(copy, (0, 0))
    loads = at.ingest()
    assert [(load.millesime, load.verdict) for load in loads] == [
        ("ccas_01-01-2023_31-03-2023", "charge"),
        ("ville-de-trappes_01-01-2023_31-03-2023", "charge"),
    ]
    assert (at.settings.depots / "Ville de Trappes" / "traites").is_dir()


@pytest.mark.parametrize("column", ["Durée (min)", "Participants"])
def test_an_activity_that_contradicts_itself_is_set_aside(
    column: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rules that compare rows with one another set rows aside too."""
    monkeypatch.setenv(KEYS, f"2024={'k' * 32}")
    (tmp_path / "recus").mkdir()
    contract = contracts()["operateurs.coop_accompagnements"]
    at = Desk(contract, Settings(tmp_path / "home", tmp_path / "recus"))
    path = tmp_path / "recus" / "ccas" / "coop-numerique_accompagnements_2024-02-01.xlsx"
    path.parent.mkdir()
    book = openpyxl.load_workbook(next((DEMO / "operateurs").rglob(path.name)))
    sheet = book["Activités"]
    header = next(row for row in sheet.iter_rows() if row[1].value == "Enregistré le")
    place = {cell.value: cell.column for cell in header}
    workshop = next(
        row
        for row in range(header[0].row + 1, sheet.max_row)
        if str(sheet.cell(row, place["Participants"]).value) == "1/7"
    )
    sheet.cell(workshop, place[column], 95 if column.startswith("D") else "1/9")
    book.save(path)
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_ecartees) == ("charge", 7)


def test_without_its_key_an_export_waits_and_says_why(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(KEYS, f"2023={'k' * 32}")
    (tmp_path / "recus").mkdir()
    contract = contracts()["operateurs.administration_plus"]
    at = Desk(contract, Settings(tmp_path / "home", tmp_path / "recus"))
    export = next((DEMO / "operateurs").rglob("aplus-demandes-2025-01-15*.csv"))
    copy = at.settings.depots / "ccas" / export.name
    copy.parent.mkdir(parents=True)
    copy.write_bytes(export.read_bytes())
    os.utime(copy, (0, 0))
    (load,) = at.ingest()
    assert load.verdict == "erreur"
    assert "pas de clé pour 2024" in load.motif
    assert copy.exists()
    assert not list(at.settings.landing.rglob("*.parquet"))
    monkeypatch.setenv(KEYS, f"2024={'k' * 32},2025={'l' * 32}")
    (load,) = at.ingest()
    assert load.verdict == "charge"
    # A key that leaked: the edition is taken out, and its original loaded with another one.
    before = at.query("select id_demande from raw.{table} order by all")
    monkeypatch.setenv(KEYS, f"2024={'m' * 32},2025={'n' * 32}")
    assert withdraw_edition(contract, load.millesime, at.settings)
    copy.write_bytes(export.read_bytes())
    os.utime(copy, (0, 0))
    assert [again.verdict for again in at.ingest()] == ["charge"]
    after = at.query("select id_demande from raw.{table} order by all")
    assert len(before) == len(after) == 12
    assert not {*before} & {*after}


def test_a_depot_that_cannot_be_written_does_not_stop_the_next(desk: Desk) -> None:
    deposit(desk)
    (desk.settings.depots / "mjd" / "traites").write_text("un fichier à la place du dossier")
    other = desk.settings.depots / "relais" / "activite_relais_2021.xlsx"
    other.parent.mkdir()
    deposit(desk, "activite_relais-du-coeur_2021.xlsx").rename(other)
    assert [load.verdict for load in desk.ingest()] == ["charge", "charge"]
    assert not other.exists()
    assert list(other.parent.glob("traites/*_activite_relais_2021.xlsx"))


def test_a_file_that_no_contract_knows_is_listed(desk: Desk) -> None:
    deposit(desk, name="Activité MJD mars 2021.xlsx")
    deposit(desk)
    desk.ingest()
    assert desk.query("select fichier from audit.fichiers_inconnus") == [
        ("mjd/Activité MJD mars 2021.xlsx",)
    ]


@pytest.mark.parametrize(
    ("depot", "name"),
    [
        ("mjd", "activite_zaba8-0611220008_2022-03.xlsx"),
        ("mjd", "activite_zaba8-06-11-22-00-08_2022.xlsx"),
        ("mjd", "activite_mme-zaba8_2022.xlsx"),
        ("Zaba8 Paul 0611220008", MJD),
        ("mjd/Mme Zaba8", MJD),
    ],
)
def test_a_file_named_after_a_person_is_to_be_renamed(desk: Desk, depot: str, name: str) -> None:
    path = desk.settings.depots / depot / name
    path.parent.mkdir(parents=True, exist_ok=True)
    deposit(desk).rename(path)
    with pytest.raises(Refusal, match="Renommez-le"):
        check_file(path, desk.settings)
    (load,) = desk.ingest()
    assert (load.verdict, load.millesime) == ("refuse", "a-renommer")
    assert "Renommez-le" in load.motif
    assert load.fichier == f"fichier-a-renommer-{load.sha256[:8]}.xlsx"
    refused = list(desk.settings.depots.rglob("refuses/*"))
    assert len(refused) == 3, "handed back with its report"
    purge(desk.settings, now() + timedelta(days=31))
    assert desk.query("select fichier from audit.purges") == [(OPERATOR,)]
    for told in ("zaba8", "Zaba8", "0611220008", "06-11-22"):
        assert_no_trace(desk, told, but=set())
        for root in (desk.settings.landing, desk.settings.work):
            assert not [found for found in root.rglob("*") if told in str(found)]
    deposit(desk)
    (load,) = desk.ingest()
    assert (load.verdict, load.fichier) == ("charge", MJD)


def test_an_unknown_file_named_after_a_person_is_told_without_her(desk: Desk) -> None:
    deposit(desk, name="liste Mme Zafa4 0611220012.csv")
    other = desk.settings.depots / "Zaba9 Paul 0611220009" / "bilan.xlsx"
    other.parent.mkdir()
    deposit(desk).rename(other)
    desk.ingest()
    assert desk.query("select fichier from audit.fichiers_inconnus order by all") == [
        ("(nom non répété)/bilan.xlsx",),
        ("mjd/(nom non répété).csv",),
    ]
    assert_no_trace(desk, "Zafa4", "0611220012", "Zaba9", "0611220009", but={other})


def test_the_names_of_the_demonstration_are_no_person_s() -> None:
    paths = [str(path.relative_to(DEMO)) for path in DEMO.rglob("*")]
    paths += ["aplus-demandes-2025-01-15-14h05.csv", "Mes_statistiques_01-02-2023_31-03-2023.csv"]
    assert told_paths(paths) == paths


def test_a_home_under_a_folder_of_that_name_is_no_obstacle(tmp_path: Path) -> None:
    sources = tmp_path / "traites" / "recus"
    sources.mkdir(parents=True)
    at = Desk(contracts()[OPERATOR], Settings(tmp_path / "traites" / "home", sources))
    (at.settings.depots / "mjd").mkdir(parents=True)
    deposit(at)
    assert [load.verdict for load in at.ingest()] == ["charge"]


def test_checking_a_file_of_a_depot_says_what_its_folder_says(desk: Desk) -> None:
    path = deposit(desk, name="activite_autre_2021.xlsx")
    assert check_file(path, desk.settings).claim.vintage == "mjd_2021"


@pytest.mark.parametrize(
    ("dataset", "source", "name"),
    [
        (
            "operateurs.enquete_renoncement",
            "non-recours-invente/enquete_renoncement_inventee_2023.csv",
            "enquete_renoncement_2023.csv",
        ),
        ("operateurs.bilan_bailleur", "bilan-bailleur_2022.xlsx", "bilan-bailleur_2022.xlsx"),
        (
            "operateurs.suivi_centre_social",
            "suivi_centre-social-les-tilleuls_2022.xlsx",
            "suivi_centre-social-les-tilleuls_2022.xlsx",
        ),
    ],
)
def test_the_same_name_in_two_folders_is_two_editions(
    desk: Desk, dataset: str, source: str, name: str
) -> None:
    at = Desk(contracts()[dataset], desk.settings)
    for operator in ("ccas", "mjd"):
        path = at.settings.depots / operator / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes((DEMO / "operateurs" / source).read_bytes())
        os.utime(path, (0, 0))
        if operator == "mjd" and path.suffix == ".csv":
            path.write_bytes(path.read_bytes().replace(b";60;24;", b";60;25;", 1))
            os.utime(path, (0, 0))
    year = name[-9:-5] if name.endswith(".xlsx") else name[-8:-4]
    editions = {load.millesime: load.verdict for load in at.ingest()}
    assert set(editions) == {f"ccas_{year}", f"mjd_{year}"}
    assert editions[f"ccas_{year}"] == "charge"
    if path.suffix == ".csv":
        assert at.query("select distinct _millesime from raw.{table} order by 1") == [
            ("ccas_2023",),
            ("mjd_2023",),
        ]


def test_the_bytes_of_another_operator_are_not_already_received(desk: Desk) -> None:
    """A model sent by two operators, or a first file put in the wrong folder."""
    deposit(desk)
    (first,) = desk.ingest()
    other = desk.settings.depots / "relais" / "activite_relais_2021.xlsx"
    other.parent.mkdir()
    deposit(desk).rename(other)
    (second,) = desk.ingest()
    assert (first.verdict, second.verdict) == ("charge", "charge")
    assert (first.millesime, second.millesime) == ("mjd_2021", "relais_2021")
    (page,) = other.parent.glob("traites/*.compte-rendu.html")
    assert MJD not in page.read_text("utf-8")
    deposit(desk).rename(other)
    (again,) = desk.ingest()
    assert (again.verdict, MJD in again.motif) == ("inchange", False)


def test_a_file_refused_under_a_wrong_month_loads_once_renamed(desk: Desk) -> None:
    deposit(desk, name="activite_mjd_2022.xlsx")
    (load,) = desk.ingest()
    assert (load.verdict, "la ligne dit 2021" in load.motif) == ("refuse", True)
    deposit(desk)
    (load,) = desk.ingest()
    assert (load.verdict, load.millesime) == ("charge", "mjd_2021")
