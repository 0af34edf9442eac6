"""From a published value back to the very cell of the file that was received."""

from __future__ import annotations

import csv
import hashlib
from pathlib import Path

import pytest

from publication.explain import Unexplained, _kept_file, explain
from tests.publication.night import figures
from warehouse.settings import Settings


def _cell(cell: dict, column: str) -> float:
    """Read the file kept, without any code of the pipeline."""
    with Path(cell["fichier_conserve"]).open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file, delimiter=";"))
    text = lines[cell["ligne"] - 1][lines[0].index(column)]
    return float(text.replace(" ", "").replace(" ", "").replace(" ", "").replace(",", "."))


def _first_cell(line: str) -> str:
    return next(csv.reader([line], delimiter=";"))[0]


def test_a_computed_rate_leads_to_its_two_cells(published):
    found = explain("QP078006", "caf_taux_couverture", "2019", published.settings)

    assert [cell["role"] for cell in found.cells] == ["numerateur", "denominateur"]
    covered, inhabitants = (
        _cell(cell, column) for cell, column in zip(found.cells, ("PERCOU", "POP_MUN"), strict=True)
    )
    assert [cell["colonne_source"] for cell in found.cells] == ["PERCOU", "POP_MUN"]
    assert [cell["valeur"] for cell in found.cells] == [covered, inhabitants]
    assert [cell["annee"] for cell in found.cells] == ["2019", "2018"]
    # What the report of 2022 prints for Merisiers: 74,0 %.
    assert found.value["valeur"] == pytest.approx(100 * covered / inhabitants, rel=1e-12)
    assert round(found.value["valeur"], 1) == 74.0


def test_the_file_kept_has_the_hash_that_is_published(published):
    for cell in explain("QP078006", "caf_taux_couverture", "2019", published.settings).cells:
        kept = Path(cell["fichier_conserve"])
        assert kept.is_relative_to(published.settings.landing)
        assert hashlib.sha256(kept.read_bytes()).hexdigest() == cell["sha256"]
        received = published.settings.sources / "insee" / cell["fichier"]
        assert kept.read_bytes() == received.read_bytes()


def test_the_line_is_shown_as_it_was_received(published):
    for cell in explain("QP078006", "caf_taux_couverture", "2019", published.settings).cells:
        lines = Path(cell["fichier_conserve"]).read_text(encoding="utf-8-sig").splitlines()
        assert cell["texte_recu"] == lines[cell["ligne"] - 1].rstrip(";")
        assert _first_cell(cell["texte_recu"]) == "QP078006"


def test_a_published_share_leads_to_one_cell(published):
    found = explain("200058782", "ctx_poids_presta", "2017", published.settings)
    (cell,) = found.cells
    assert (cell["role"], cell["colonne_source"]) == ("numerateur", "PPSOC17")
    assert cell["fichier"] == "FILO2017_DISP_EPCI.csv"
    assert _cell(cell, "PPSOC17") == found.value["valeur"] == 4.7
    assert found.value["origine"] == "publie"


def test_a_quotation_leads_to_the_page_and_to_no_file(published):
    found = explain("QP078017", "ctx_etab_100", "../2022", published.settings)
    (cell,) = found.cells
    assert cell["role"] == "citation"
    assert "p. 3, imprimé « 1,32 »" in cell["source"]
    assert (cell["fichier_conserve"], cell["texte_recu"], cell["sha256"]) == (None, None, None)
    assert found.value["valeur"] == 1.32


def test_a_value_that_was_not_communicated_is_explained_too(published):
    found = explain("QVA78356A", "caf_taux_couverture", "2019", published.settings)
    assert (found.value["valeur"], found.value["statut"]) == (None, "non_communique")
    assert "imprimé « N/C »" in found.cells[0]["source"]


@pytest.mark.long
def test_every_value_of_the_release_can_be_explained(published):
    keys = figures(
        published.candidate,
        "select code_territoire, code_indicateur, periode, origine, zonage,"
        " mesure_denominateur is not null from marts.fct_indicateur"
        " join marts.dim_indicateur using (code_indicateur) where origine <> 'estime'"
        " and mesure_numerateur is not null",
    )
    assert len(keys) > 1000
    for territory, indicator, period, origin, zoning, ratio in keys:
        found = explain(territory, indicator, period, published.settings)
        roles = {cell["role"] for cell in found.cells}
        if origin in ("cite", "derive"):
            assert roles == {"citation"}, (territory, indicator, period)
            continue
        expected = {"numerateur", "denominateur"} if ratio else {"numerateur"}
        assert roles == expected, (territory, indicator, period)
        if zoning in ("QPV2015", "QPV2024"):
            for cell in found.cells:
                if cell["texte_recu"]:
                    place = cell["code_source"] or territory
                    assert _first_cell(cell["texte_recu"]) == place, (indicator, period)


def test_a_file_no_longer_kept_is_said_so(published):
    cell = explain("200058782", "ctx_poids_presta", "2017", published.settings).cells[0]
    Path(cell["fichier_conserve"]).unlink()
    again = explain("200058782", "ctx_poids_presta", "2017", published.settings).cells[0]
    assert again["fichier_conserve"] is None
    assert again["texte_recu"] is None
    assert again["sha256"] == cell["sha256"]


def test_an_unknown_period_names_those_that_exist(published):
    with pytest.raises(Unexplained, match=r"Périodes : 2015, 2016, 2017, 2018, 2019\."):
        explain("QP078006", "caf_taux_couverture", "1999", published.settings)


def test_unknown_codes_are_said_so(published):
    with pytest.raises(Unexplained, match="aucune pour ces deux codes"):
        explain("QP999999' or '1'='1", "caf_taux_couverture", "2019", published.settings)


def test_before_the_first_release(tmp_path):
    with pytest.raises(Unexplained, match="Aucune publication"):
        explain("QP078006", "caf_taux_couverture", "2019", Settings(tmp_path, tmp_path))


def test_what_is_kept_of_a_file_is_not_its_manifest(tmp_path):
    settings = Settings(tmp_path / "home", tmp_path)
    kept = settings.landing / "d" / "2021" / "abc"
    kept.mkdir(parents=True)
    for name in ("x.json", "x.json.manifest.json"):
        (kept / name).write_text("[]")
    cell = {"sha256": "abc", "dataset": "d", "fichier": "x.json"}
    assert _kept_file(cell, settings) == kept / "x.json"
    (kept / "x.json").rename(kept / "x.json.lignes.parquet")
    assert _kept_file(cell, settings) == kept / "x.json.lignes.parquet"
