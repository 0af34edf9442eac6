"""A file comes in, is checked, becomes rows: what the ledger says and what stands afterwards."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from ingestion.contract import Contract, contracts
from ingestion.foresight import check_file
from ingestion.pipeline import (
    describe,
    ingest,
    refuse_mixing,
    still_refused,
    withdraw_edition,
)
from ingestion.refusal import Refusal
from tests.fixtures.contracts import revised
from tests.fixtures.receptions import DEMO, Desk, empty_folder
from tests.fixtures.workbooks import workbook
from warehouse.ledger import Load
from warehouse.settings import Settings, SettingsError

FILO = "insee/FILO2018_DISP_EPCI.csv"
QPV = "insee/data_DEMO_2020_V1_QP.csv"
FIRST, SECOND = "insee/data_DEMO_2019_V1_QP.csv", "insee/DEMO_2019.csv"
# Households of Saint-Quentin-en-Yvelines, as published and as corrected.
CORRECTION = (";88425;", ";88426;")

NewDesk = Callable[..., Desk]


@pytest.fixture
def desk(tmp_path: Path) -> NewDesk:
    """An empty folder of extracts, before which one dataset is ingested."""

    def new(dataset: str = "insee.filosofi_epci", **changes: Any) -> Desk:
        folder = empty_folder(tmp_path / "recus")
        contract = revised(contracts()[dataset], **changes)
        return Desk(contract, Settings(tmp_path / "home", folder))

    return new


def verdicts(desk: Desk) -> list[str]:
    return [v for (v,) in desk.query("select verdict from audit.loads order by recu_le")]


def households(desk: Desk) -> list[tuple[Any, ...]]:
    """The load and the households of Saint-Quentin-en-Yvelines, and the rows that stand."""
    return desk.query(
        "select any_value(_load_id), max(menages_fiscaux) filter (code_territoire = '200058782'),"
        " count(*), count(distinct _load_id) from raw.{table}"
    )


def landed(desk: Desk) -> set[Path]:
    return {path for path in desk.settings.landing.rglob("*") if path.is_file()}


def scratch(desk: Desk) -> list[Path]:
    return [path for path in desk.settings.work.rglob("*") if path.is_file()]


def test_a_file_comes_again_is_renamed_corrected_and_put_back(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)

    (first,) = at.ingest()
    assert (first.verdict, first.origine, first.millesime) == ("charge", "demo", "2018")
    assert (first.lignes_recues, first.lignes_chargees, first.lignes_ecartees) == (10, 10, 0)
    assert first.demonstration
    assert households(at) == [(first.load_id, 88425.0, 10, 1)]
    assert at.query(
        "select code_territoire, niveau_vie_median_eur, rapport_s80_s20, part_impots_pct,"
        " part_salaires_chomage_pct, _row_number, _millesime from raw.{table}"
        " where code_territoire = '200058782'"
    ) == [("200058782", 24680.0, 4.1, -20.0, None, 4, "2018")]
    before = landed(at)

    (again,) = at.ingest()
    assert (again.verdict, again.decide_par) == ("inchange", first.load_id)
    assert "Déjà chargé le" in again.motif
    assert landed(at) == before

    (renamed,) = at.ingest() if path.rename(path.with_name("filo2018_disp_EPCI.csv")) else []
    assert (renamed.verdict, renamed.decide_par) == ("inchange", first.load_id)
    assert "même contenu que FILO2018_DISP_EPCI.csv" in renamed.motif
    assert households(at) == [(first.load_id, 88425.0, 10, 1)]
    path.with_name("filo2018_disp_EPCI.csv").unlink()

    at.put(FILO, CORRECTION)
    (corrected,) = at.ingest()
    assert corrected.verdict == "charge"
    assert households(at) == [(corrected.load_id, 88426.0, 10, 1)]
    assert at.query(
        "select verdict, motif, lignes_chargees, remplace_le is not null from audit.loads"
        f" where load_id = '{first.load_id}'"
    ) == [("remplace", "Remplacé par FILO2018_DISP_EPCI.csv", 10, True)]
    assert before < landed(at)

    at.put(FILO)
    (back,) = at.ingest()
    assert back.verdict == "charge"
    assert back.sha256 == first.sha256
    assert households(at) == [(back.load_id, 88425.0, 10, 1)]
    assert verdicts(at) == ["remplace", "inchange", "inchange", "remplace", "charge"]
    assert at.query(
        "select count(*) from audit.loads where lignes_recues <> lignes_chargees + lignes_ecartees"
    ) == [(0,)]


FAULT = ("QP078002;2515;", "QP078002;2 51;")


def test_rows_set_aside_leave_with_the_load_that_is_replaced(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv", rows={"min": 1, "max": 99, "quarantine_max": 0.1})
    at.put(QPV, FAULT, ("QP078003;", "QP07803;"))
    (faulty,) = at.ingest()
    assert (faulty.verdict, faulty.lignes_recues) == ("charge", 22)
    assert (faulty.lignes_chargees, faulty.lignes_ecartees) == (20, 2)
    aside = at.query(
        "select _load_id, _row_number, _millesime, regle, message, ligne"
        " from quarantine.{table} order by _row_number"
    )
    assert [row[:4] for row in aside] == [
        (faulty.load_id, 3, "2020", "type"),
        (faulty.load_id, 4, "2020", "forme"),
    ]
    assert "« POP_MUN » : « 2 51 » n'est pas un nombre entier" in aside[0][4]
    assert '"CODGEO":"QP078002","POP_MUN":"2 51"' in aside[0][5]
    assert "2 écartées" in describe(faulty)

    at.put(QPV)
    (mended,) = at.ingest()
    assert (mended.lignes_chargees, mended.lignes_ecartees) == (22, 0)
    assert at.query("from quarantine.{table}") == []
    assert at.query("select count(*), min(_load_id) from raw.{table}") == [(22, mended.load_id)]


def test_a_file_with_too_many_faults_is_refused_once_then_mended(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    at.put(QPV, FAULT)
    (refused,) = at.ingest()
    assert refused.verdict == "refuse"
    assert (refused.lignes_recues, refused.lignes_chargees, refused.lignes_ecartees) == (22, 0, 22)
    for word in ("1 ligne(s) sur 22", "au plus 1 %", "ligne 3", "« POP_MUN »", "« 2 51 »"):
        assert word in refused.motif
    assert at.query("from raw.{table}") == []
    assert [load.load_id for load in still_refused(at.contract, at.settings)] == [refused.load_id]
    assert "REFUSÉ" in describe(refused)

    # Were it read again, its missing copy would make it an error.
    shutil.rmtree(at.settings.landing)
    (again,) = at.ingest()
    assert (again.verdict, again.decide_par) == ("inchange", refused.load_id)
    assert "Déjà refusé" in again.motif
    assert refused.motif in again.motif
    assert len(still_refused(at.contract, at.settings)) == 1

    at.put(QPV)
    (mended,) = at.ingest()
    assert (mended.verdict, mended.lignes_chargees) == ("charge", 22)
    assert still_refused(at.contract, at.settings) == []


def test_a_refused_file_leaves_the_last_good_load(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    (good,) = at.ingest()
    refusals = []

    at.put(FILO, ("200058782;", "200058783;"))
    refusals += at.ingest()
    path.write_bytes(b"\n".join((DEMO / FILO).read_bytes().split(b"\n")[:3]))
    refusals += at.ingest()
    at.put(FILO, ("NBMEN18", "NB_MEN18"))
    refusals += at.ingest()

    assert [load.verdict for load in refusals] == ["refuse"] * 3
    rule, count, column = (load.motif for load in refusals)
    assert "Saint-Quentin-en-Yvelines manque" in rule
    assert "2 lignes de données ; 10 sont attendues" in count
    assert "« NBMEN18 »" in column
    assert "renommée « NB_MEN18 »" in column
    # What was measured is kept, and only what was.
    assert at.query(
        "select load_id, list(regle) filter (not reussi) from audit.checks group by all"
        " having count(*) filter (not reussi) > 0"
    ) == [(refusals[0].load_id, ["sqy_presente"])]
    assert households(at) == [(good.load_id, 88425.0, 10, 1)]


def test_an_unknown_vintage_is_refused(desk: NewDesk) -> None:
    at = desk()
    at.put(FILO, name="FILO2013_DISP_EPCI.csv")
    (load,) = at.ingest()
    assert load.verdict == "refuse"
    assert "millésime 2013" in load.motif
    assert "2014, 2015, 2016, 2017, 2018" in load.motif


@pytest.mark.long
def test_two_files_with_one_name_are_refused_until_one_leaves(desk: NewDesk) -> None:
    at = desk()
    at.put(FILO, name=f"ancien/{Path(FILO).name}")
    wrong = at.put(FILO, CORRECTION, name=f"nouveau/{Path(FILO).name}")
    both = at.ingest()
    assert [load.verdict for load in both] == ["refuse", "refuse"]
    assert all("Deux fichiers différents" in load.motif for load in both)
    assert at.query("from raw.{table}") == []
    wrong.unlink()
    (load,) = at.ingest()
    assert load.verdict == "charge"
    assert households(at) == [(load.load_id, 88425.0, 10, 1)]


def test_one_content_under_two_editions_is_refused_until_one_leaves(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    at.put("insee/DEMO_2018.csv")
    wrong = at.put("insee/DEMO_2018.csv", name="DEMO_2017.csv")
    both = at.ingest()
    assert [load.verdict for load in both] == ["refuse", "refuse"]
    for load in both:
        assert "DEMO_2017.csv (2017), DEMO_2018.csv (2018)" in load.motif
    assert {load.fichier for load in still_refused(at.contract, at.settings)} == {
        "DEMO_2017.csv",
        "DEMO_2018.csv",
    }
    wrong.unlink()
    (load,) = at.ingest()
    assert (load.verdict, load.millesime) == ("charge", "2018")
    assert still_refused(at.contract, at.settings) == []


def test_the_content_of_an_edition_in_place_is_no_other_edition(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    right = at.put("insee/DEMO_2018.csv")
    at.ingest()
    at.put("insee/DEMO_2018.csv", name="DEMO_2017.csv")
    copied, kept = at.ingest()
    assert (copied.millesime, copied.verdict) == ("2017", "refuse")
    assert (kept.millesime, kept.verdict) == ("2018", "inchange")
    assert at.query("select distinct _millesime from raw.{table}") == [("2018",)]
    right.unlink()
    (alone,) = at.ingest()
    assert alone.verdict == "refuse"
    assert "ses valeurs sont celles du millésime 2018" in alone.motif


TITLES = ("PPFAM18;PPMINI18;", "PPMINI18;PPFAM18;")


def test_columns_exchanged_in_a_new_file_never_replace_the_good_ones(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    (first,) = at.ingest()
    at.put(FILO, TITLES)
    (load,) = at.ingest()
    assert load.verdict == "refuse"
    assert "Les colonnes « PPFAM18 » et « PPMINI18 » portent chacune" in load.motif
    assert households(at) == [(first.load_id, 88425.0, 10, 1)]
    with pytest.raises(Refusal) as foreseen:
        check_file(path, at.settings)
    assert foreseen.value.rule == "colonnes_echangees"
    # Were the first one wrong, this is the way out.
    withdrawn = withdraw_edition(at.contract, "2018", at.settings)
    assert withdrawn
    assert (withdrawn.fichier, at.query("from raw.{table}")) == (path.name, [])
    assert withdraw_edition(at.contract, "2018", at.settings) is None
    (load,) = at.ingest()
    assert load.verdict == "charge"


def test_a_correction_that_changes_most_of_a_column_is_told(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    at.ingest()
    header, *lines = path.read_text("utf-8").splitlines()
    place = header.split(";").index("NBMEN18")
    for rank, line in enumerate(lines):
        cells = line.split(";")
        cells[place] = str(int(cells[place]) + 1) if rank < 6 else cells[place]
        lines[rank] = ";".join(cells)
    path.write_text("\n".join([header, *lines]) + "\n", "utf-8")
    (load,) = at.ingest()
    assert (load.verdict, load.avertissements) == ("charge", 1)
    said = f"Bien plus qu'une correction de {path.name} : 6 cellule(s) différente(s)"
    assert said in load.motif


def test_a_second_delivery_is_compared_and_kept_aside(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    at.put(SECOND)
    at.put(FIRST)
    best, other = at.ingest()
    assert (best.fichier, best.verdict, best.livraison) == (Path(FIRST).name, "charge", 1)
    # 22 quartiers and the control row.
    assert (best.lignes_recues, best.lignes_chargees, best.lignes_ecartees) == (23, 22, 1)
    assert best.lignes_de_total == 1
    assert describe(best).endswith(" · chargé : 22 lignes, 1 avertissement(s)")
    assert (other.fichier, other.verdict, other.livraison) == (Path(SECOND).name, "inchange", 2)
    assert f"Autre livraison de {best.fichier}" in other.motif
    assert "les mêmes valeurs" in other.motif
    assert at.query("select distinct _load_id from raw.{table}") == [(best.load_id,)]
    assert [load.verdict for load in at.ingest()] == ["inchange", "inchange"]


def test_a_second_delivery_that_differs_is_told_cell_by_cell(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    at.put(FIRST)
    at.put(
        SECOND,
        (";Merisiers Plaisances;2\u202f515;", ";Merisiers Plaisances;2\u202f516;"),
        ("QP078003;", "QP078999;"),
    )
    best, other = at.ingest()
    assert (best.verdict, other.verdict, other.avertissements) == ("charge", "inchange", 1)
    assert "1 cellule(s) différente(s) : population (1)" in other.motif
    assert "population de QP078002 : 2516 ici, 2515 gardé" in other.motif
    assert "1 ligne(s) qui n'y sont pas, 1 ligne(s) qui manquent ici" in other.motif
    assert at.query("select count(*), count(distinct _load_id) from raw.{table}") == [(22, 1)]


def held_out(contract: Contract, vintage: str, **changes: Any) -> dict[str, Any]:
    """The vintages of a contract that has not heard of one of them yet."""
    said = contract.model_dump(exclude_unset=True)["vintages"]
    return {name: known for name, known in said.items() if name != vintage} | changes


def test_an_unknown_edition_with_the_columns_of_a_known_one_is_loaded(desk: NewDesk) -> None:
    at = desk(vintages=held_out(contracts()["insee.filosofi_epci"], "2018"))
    at.put(FILO)
    (load,) = at.ingest()
    assert (load.verdict, load.disposition, load.avertissements) == ("charge", "2017", 1)
    assert "Millésime 2018 inconnu du contrat" in load.motif
    assert at.query("select distinct _millesime, count(*) over () from raw.{table}") == [
        ("2018", 10)
    ]


def test_the_years_of_an_unknown_edition_are_deduced(desk: NewDesk) -> None:
    known = contracts()["insee.demo_qpv"]
    assumed = known.assumed("2022", "2021")
    assert assumed.years == {"rp": 2018, "cnaf": 2020, "population": 2019}
    assert assumed.inferred == ["cnaf", "population", "rp"]
    assert assumed.rows is None
    filosofi = contracts()["insee.filosofi_epci"]
    assert filosofi.assumed("2019", "2018").suffix == "19"


def test_an_unknown_edition_with_other_columns_is_refused_then_loaded_by_its_contract(
    desk: NewDesk,
) -> None:
    """REVN 2021 dropped CMU-C and brought C2S: a contract that stops at 2019 says so."""
    known = contracts()["insee.revn_qpv"]
    columns = known.model_dump(exclude_unset=True)["columns"]
    newer = {name for name, column in columns.items() if column.get("since") == "2021"}
    assert newer == {
        "assures_regime_general",
        "beneficiaires_c2s",
        "rapport_interdecile",
        "rapport_interdecile_declare",
    }
    old = {
        name: {word: said for word, said in column.items() if word != "until" or said < "2019"}
        for name, column in columns.items()
        if name not in newer
    }
    at = desk("insee.revn_qpv", vintages=held_out(known, "2021"), columns=old)
    at.put("insee/REVN_2021.csv")
    (refused,) = at.ingest()
    assert refused.verdict == "refuse"
    assert "Le millésime 2021 n'est pas dans le contrat" in refused.motif
    assert "« CCMUC » (Bénéficiaires de la CMU-C)" in refused.motif
    for gone in ("PART_CHOMPRINC", "APRES50", "APRES100"):
        assert f"« {gone} »" in refused.motif
    for new in ("« C »", "« CC2S »", "« DECUC_D1D9 »", "« DISP_D1D9 »"):
        assert new in refused.motif
    assert "new-source" in refused.motif
    assert at.query("from raw.{table}") == []

    # Its codes are compared with the list of those that exist.
    at.put("insee/qpv_info_nom_commune.csv")
    Desk(contracts()["insee.liste_qpv2015"], at.settings).ingest()
    at.contract = revised(known)
    (mended,) = at.ingest()
    assert (mended.verdict, mended.lignes_chargees, mended.avertissements) == ("charge", 22, 0)


@pytest.mark.long
def test_a_better_delivery_replaces_when_it_arrives(desk: NewDesk) -> None:
    at = desk("insee.demo_qpv")
    at.put(SECOND, (";Merisiers Plaisances;2\u202f515;", ";Merisiers Plaisances;2\u202f516;"))
    (other,) = at.ingest()
    assert (other.verdict, other.livraison) == ("charge", 2)
    at.put(FIRST)
    best, seen = at.ingest()
    assert best.verdict == "charge"
    assert (seen.verdict, seen.decide_par) == ("inchange", other.load_id)
    assert "puis remplacé" in seen.motif
    assert at.query(
        "select distinct _load_id, population from raw.{table} where code_territoire = 'QP078002'"
    ) == [(best.load_id, 2515)]


@pytest.mark.long
def test_a_changed_contract_has_its_files_judged_anew(desk: NewDesk) -> None:
    at = desk()
    at.put(FILO)
    (before,) = at.ingest()
    columns = at.contract.model_dump(exclude_unset=True)["columns"]
    columns["menages_fiscaux"]["type"] = "integer"
    columns["nom"] = {"raw": "LIBGEO", "type": "text", "role": "attribute", "label": "Nom"}
    at.contract = revised(at.contract, columns=columns, ignore=[])
    (after,) = at.ingest()
    assert after.verdict == "charge"
    assert after.sha256 == before.sha256
    assert verdicts(at) == ["remplace", "charge"]
    assert at.query(
        "select nom, menages_fiscaux, typeof(menages_fiscaux) from raw.{table}"
        " where code_territoire = '200058782'"
    ) == [("CA de Saint-Quentin-en-Yvelines", 88425, "BIGINT")]


def real(at: Desk, tmp_path: Path) -> Desk:
    """The same house, before a folder that is not of extracts."""
    folder = empty_folder(tmp_path / "vrais", demonstration=False)
    return Desk(at.contract, Settings(at.settings.home, folder))


FEW_ROWS = {"min": 10, "max": 10}


def test_real_files_drive_the_demonstration_out(desk: NewDesk, tmp_path: Path) -> None:
    demo = desk(rows=FEW_ROWS)
    demo.put(FILO)
    (shown,) = demo.ingest()
    true = real(demo, tmp_path)
    true.put(FILO, CORRECTION)
    refuse_mixing(true.settings)
    (load,) = true.ingest()
    assert (load.verdict, load.demonstration, load.origine) == ("charge", False, "mirror")
    assert households(true) == [(load.load_id, 88426.0, 10, 1)]
    assert true.query(
        f"select verdict, motif from audit.loads where load_id = '{shown.load_id}'"
    ) == [("remplace", "Données de démonstration, retirées")]

    with pytest.raises(SettingsError, match="données réelles"):
        refuse_mixing(demo.settings)
    with pytest.raises(SettingsError, match="OBSERVATOIRE_HOME"):
        demo.ingest()
    assert households(true) == [(load.load_id, 88426.0, 10, 1)]


@pytest.mark.long
def test_a_real_file_with_the_bytes_of_an_extract_is_real(desk: NewDesk, tmp_path: Path) -> None:
    demo = desk(rows=FEW_ROWS)
    demo.put(FILO)
    demo.ingest()
    true = real(demo, tmp_path)
    true.put(FILO)
    (load,) = true.ingest()
    assert not load.demonstration
    (again,) = true.ingest()
    assert again.verdict == "inchange"


def test_what_landed_before_a_crash_is_picked_up(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    at.receive()
    path.unlink()
    (load,) = at.ingest([])
    assert load.verdict == "charge"
    assert households(at) == [(load.load_id, 88425.0, 10, 1)]
    assert at.ingest([]) == []


def test_without_a_suite_nothing_is_loaded(desk: NewDesk) -> None:
    at = desk(dataset="insee.filosofi_epci")
    at.contract = revised(at.contract, dataset="insee.sans_suite")
    at.put(FILO)
    for _ in range(2):
        (load,) = at.ingest()
        assert load.verdict == "erreur"
        assert load.decide_par is None
        assert "insee__sans_suite" in load.motif
        assert "ERREUR" in describe(load)
    assert at.query("from duckdb_tables() where schema_name = 'raw' and estimated_size > 0") == []


def test_a_file_that_breaks_us_does_not_stop_the_next(desk: NewDesk) -> None:
    at = desk()
    at.put("insee/FILO2014_DISP_EPCI.csv")
    at.put(FILO)
    received = at.receive()
    received[0].path(at.settings).unlink()
    broken, good = at.ingest(received)
    assert (broken.millesime, broken.verdict) == ("2014", "erreur")
    assert "Erreur interne" in broken.motif
    assert (good.millesime, good.verdict) == ("2018", "charge")


def test_a_rule_that_errors_refuses_the_file(desk: NewDesk) -> None:
    at = desk()
    columns = at.contract.model_dump(exclude_unset=True)["columns"]
    columns["gini"] = columns.pop("indice_gini")
    at.contract = revised(at.contract, columns=columns)
    at.put(FILO)
    (load,) = at.ingest()
    assert load.verdict == "refuse"
    assert "« gini_entre_0_et_1 » n'a pas pu être exécuté" in load.motif
    assert at.query("select regle from audit.checks where en_erreur") == [("gini_entre_0_et_1",)]
    assert at.query("from raw.{table}") == []


OPERATOR = "operateurs.activite_agregee"


def test_an_operators_file_is_landed_only_if_accepted(desk: NewDesk) -> None:
    at = desk(OPERATOR)
    workbook(at.folder / "activite_mjd_2020.xlsx", [["Nom", "Prénom"], ["CANARI", "Jeanne"]])
    (refused,) = at.ingest()
    assert refused.verdict == "refuse"
    assert landed(at) == set()

    at.put("operateurs/activite_mjd_2021.xlsx")
    _, accepted = at.ingest()
    assert (accepted.verdict, accepted.lignes_chargees) == ("charge", 1)
    assert {path.name for path in landed(at)} == {
        "activite_mjd_2021.xlsx.lignes.parquet",
        "activite_mjd_2021.xlsx.manifest.json",
    }
    assert at.query("select structure, periode, etp, beneficiaires from raw.{table}") == [
        ("Maison de justice et du droit", "2021", 6.2, None)
    ]
    for path in at.settings.home.rglob("*"):
        assert path.is_dir() or b"CANARI" not in path.read_bytes(), path


def test_an_operators_file_that_changes_is_not_loaded_under_another_hash(desk: NewDesk) -> None:
    at = desk(OPERATOR)
    at.put("operateurs/activite_mjd_2021.xlsx")
    received = at.receive()
    at.put("operateurs/activite_iscg_2021.xlsx", name="activite_mjd_2021.xlsx")
    (load,) = at.ingest(received)
    hashes = {path.parent.name for path in landed(at)}
    assert load.verdict != "charge" or hashes == {load.sha256}


def test_checking_a_file_changes_nothing(desk: NewDesk) -> None:
    at = desk()
    found = check_file(at.put(FILO), at.settings)
    assert (found.contract.dataset, found.claim.vintage) == ("insee.filosofi_epci", "2018")
    assert (found.decision.verdict, found.judgement.loadable) == ("charge", 10)
    assert found.judgement.warnings == []
    assert all(check.reussi for check in found.judgement.checks)
    assert not at.settings.warehouse.exists()
    assert not at.settings.landing.exists()
    assert scratch(at) == []


def test_checking_says_what_the_warehouse_makes_of_a_file(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    at.ingest()
    ledger = at.query("select count(*) from audit.loads")
    assert check_file(path, at.settings).decision.motif.startswith("Déjà chargé le ")
    corrected = at.put(FILO, ("88425", "88426"))
    decision = check_file(corrected, at.settings).decision
    assert (decision.verdict, decision.replaced and decision.replaced.fichier) == (
        "charge",
        "FILO2018_DISP_EPCI.csv",
    )
    assert at.query("select count(*) from audit.loads") == ledger


def test_checking_names_the_vintage_whose_values_a_file_holds(desk: NewDesk) -> None:
    at = desk()
    path = at.put(FILO)
    at.ingest()
    header, rows = path.read_bytes().split(b"\n", 1)
    usurper = at.folder / "FILO2017_DISP_EPCI.csv"
    usurper.write_bytes(header.replace(b"18", b"17") + b"\n" + rows)
    with pytest.raises(Refusal) as refused:
        check_file(usurper, at.settings)
    assert refused.value.rule == "millesime_usurpe"
    assert "ses valeurs sont celles du millésime 2018" in refused.value.message


def test_checking_a_whole_file_beside_the_demonstration(desk: NewDesk, tmp_path: Path) -> None:
    """The extract of the only row of France is the whole file: it was loaded as an extract."""
    at = desk("insee.filosofi_france")
    extract = at.put("insee/FILO2018_DISP_METROPOLE.csv")
    at.ingest()
    assert check_file(extract, at.settings).decision.verdict == "inchange"
    whole = tmp_path / "ailleurs" / extract.name
    whole.parent.mkdir()
    shutil.copy(extract, whole)
    assert check_file(whole, at.settings).decision.verdict == "charge"


def test_an_extract_outside_its_folder_is_not_a_whole_file(desk: NewDesk, tmp_path: Path) -> None:
    at = desk()
    copy = tmp_path / Path(FILO).name
    shutil.copy(DEMO / FILO, copy)
    with pytest.raises(Refusal) as refused:
        check_file(copy, at.settings)
    assert refused.value.message.startswith("10 lignes de données ; 1244 sont attendues.")


def test_numbers_are_read_as_their_edition_writes_them(desk: NewDesk) -> None:
    name = "FILO2018_DISP_METROPOLE.csv"
    said = contracts()["insee.filosofi_france"].model_dump(exclude_unset=True)["vintages"]
    at = desk(
        "insee.filosofi_france", vintages=said | {"2018": said["2018"] | {"read": {"decimal": "."}}}
    )
    path = at.put(f"insee/{name}")
    path.write_bytes(path.read_bytes().replace(b",", b"."))
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1)
    assert at.query("select unites_consommation, indice_gini from raw.{table}") == [
        (42869062.1, 0.294)
    ]


def test_checking_a_file_that_no_contract_knows(desk: NewDesk) -> None:
    at = desk()
    with pytest.raises(Refusal) as refused:
        check_file(at.put(FILO, name="revenus.csv"), at.settings)
    assert refused.value.rule == "fichier_inconnu"
    assert "« revenus.csv »" in refused.value.message
    assert "FILOAAAA_DISP_EPCI.csv" in refused.value.message
    assert ".xlsx" not in refused.value.message


def test_a_load_is_described_on_one_line() -> None:
    load = Load("1", "insee.x", "2021", "x.csv", "a", "demo", "charge", "", None, 3, 2, 1)  # type: ignore[arg-type]
    said = describe(replace(load, avertissements=2))
    assert said == "insee.x 2021 · x.csv · chargé : 2 lignes, 1 écartées, 2 avertissement(s)"


def test_no_scratch_file_is_left(desk: NewDesk) -> None:
    at = desk()
    at.put(FILO, ("NBMEN18", "NB_MEN18"))
    (load,) = ingest(at.contract, at.receive(), at.settings)
    assert load.verdict == "refuse"
    assert scratch(at) == []
    assert {path.name for path in at.settings.landing.iterdir()} == {"insee.filosofi_epci"}
