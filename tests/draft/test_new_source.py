"""`observatoire new-source`, as a person runs it: a draft, or the lines of a new edition."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from ingestion import contract
from ingestion.contract import read_contract
from ingestion.draft.names import known_names
from observatoire.cli import app
from tests.draft.conftest import HoldOut, apply
from warehouse.settings import PROJECT

DEMO = PROJECT / "data" / "demo" / "insee"


@pytest.fixture(autouse=True)
def _here(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OBSERVATOIRE_HOME", str(home))
    monkeypatch.setenv("OBSERVATOIRE_SOURCES", str(PROJECT / "data" / "demo"))


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(app, [str(word) for word in words])


EDITIONS = [
    (
        "insee.revn_qpv",
        "REVN_2021.csv",
        "2019",
        {
            "gone": {"PART_CHOMPRINC", "CCMUC", "APRES50", "APRES100"},
            "new": {"DECUC_D1D9", "DISP_D1D9", "C", "CC2S"},
            "renamed": {},
        },
        "2021: {rows: 41, years: {filosofi: 2017, cnaf: 2019, cnam: 2019},",
    ),
    (
        "insee.ipro_qpv",
        "IPRO_2021.csv",
        "2020",
        {
            "gone": set(),
            "new": set(),
            "renamed": {
                "TX_TOT_EPREC": "TX_TOT_EDLIM",
                "TX_F_EPREC": "TX_F_EDLIM",
                "TX_ET_EPREC": "TX_ET_EDLIM",
            },
        },
        "2021: {rows: 41, years: {rp: 2017, pole_emploi: 2020, asp: 2020},",
    ),
]


@pytest.mark.long
@pytest.mark.parametrize(
    ("dataset", "name", "before", "expected", "entry"), EDITIONS, ids=["revn", "ipro"]
)
def test_an_edition_whose_columns_changed_is_refused_proposed_then_loaded(
    dataset: str,
    name: str,
    before: str,
    expected: dict[str, set[str] | dict[str, str]],
    entry: str,
    hold_out: HoldOut,
) -> None:
    path = hold_out(dataset, "2021", before, spellings=r"\w+EDLIM")
    file = DEMO / name
    # What the file has is counted with nothing of ours.
    header, *rows = file.read_text(encoding="utf-8-sig").splitlines()
    entry = entry.replace("rows: 41", f"rows: {len(rows)}")

    refused = run("check", file)
    assert refused.exit_code == 1
    told = " ".join(refused.output.split())
    assert f"Le millésime 2021 n'est pas dans le contrat {dataset}" in told
    for spelling in expected["gone"]:
        assert f"« {spelling} »" in told
    for spelling in expected["new"]:
        assert spelling in header.split(";")
        assert f"« {spelling} »" in told
    for old, new in dict(expected["renamed"]).items():
        assert f"« {old} »" in told
        assert f"peut-être renommée « {new} »" in told

    proposed = run("new-source", file, "--dataset", dataset)
    assert (proposed.exit_code, proposed.stderr) == (0, "")
    assert f"comparée à {before}" in proposed.stdout
    assert f"+  {entry}" in proposed.stdout
    answer = json.loads(run("new-source", file, "--dataset", dataset, "--json").stdout)
    assert set(answer["disparues"]) == expected["gone"]
    assert set(answer["nouvelles"]) == expected["new"]
    assert answer["renommees"] == expected["renamed"]
    assert answer["lignes"] == len(rows)
    assert answer["lignes_ecartees"] == 0
    assert answer["modification"] in proposed.stdout

    remarks = [line for line in proposed.stdout.splitlines() if line.startswith("#")]
    diff = proposed.stdout.split("\n", len(remarks))[-1]
    known = read_contract(path)
    path.write_text(apply(diff, path.read_text(encoding="utf-8")), encoding="utf-8")
    contract.contracts.cache_clear()
    loaded = run("check", file)
    assert loaded.exit_code == 0, loaded.output
    assert "Il serait chargé" in loaded.output
    again = run("new-source", file, "--dataset", dataset)
    assert "Le contrat lit déjà ce fichier : rien n'est à ajouter." in again.stdout
    # The editions before have the columns that they had.
    changed = read_contract(path)
    for vintage in known.vintages:
        assert changed.columns_of(vintage).keys() == known.columns_of(vintage).keys(), vintage


def test_a_draft_reads_as_it_stands(tmp_path: Path) -> None:
    target = tmp_path / "brouillon.yml"
    done = run("new-source", DEMO / "REVN_2019.csv", "--output", target)
    assert (done.exit_code, done.stdout) == (0, "")
    draft = read_contract(target)
    assert draft.to_confirm
    assert draft.to_confirm.startswith("Brouillon")
    assert draft.claim_of("REVN_2019.csv") == ("2019", 1)
    assert run("new-source", DEMO / "REVN_2019.csv").stdout == target.read_text(encoding="utf-8")
    # What is there is never written over.
    again = run("new-source", DEMO / "REVN_2018.csv", "--output", target)
    assert again.exit_code == 1
    assert "existe déjà" in again.stderr
    assert read_contract(target) == draft


def test_a_machine_reads_the_guesses(home: Path) -> None:
    done = run("new-source", DEMO / "FILO2017_DISP_DEP.csv", "--json")
    answer = json.loads(done.stdout)
    assert answer["lecture"]["separator"]["valeur"] == ";"
    assert answer["lecture"]["decimal"]["valeur"] == ","
    assert answer["cle"] == ["code_territoire"]
    (gini,) = [c for c in answer["colonnes"] if c["nom"] == "indice_gini"]
    assert (gini["brut"], gini["type"], gini["role"]) == ("GI", "decimal", "measure")
    assert yaml.safe_load(answer["contrat"])["vintages"][2017]["suffix"] == "17"
    # Nothing is left behind.
    assert [path for path in home.rglob("*") if path.is_file()] == []


@pytest.mark.parametrize("options", [[], ["--json"]])
def test_what_cannot_be_read_fails(options: list[str], tmp_path: Path) -> None:
    path = tmp_path / "page.csv"
    path.write_text("<!DOCTYPE html><html></html>", encoding="utf-8")
    done = run("new-source", path, *options)
    assert done.exit_code == 1
    if options:
        assert json.loads(done.stdout)["regle"] == "format"
    else:
        assert "page.csv ne peut pas être lu. Le fichier est une page web" in done.stderr


def foreseen(*words: str | Path) -> str:
    done = run(*words)
    assert done.exit_code == 1
    assert done.exception is not None
    return str(done.exception)


def test_an_edition_needs_a_known_dataset_and_a_year(tmp_path: Path) -> None:
    file = DEMO / "REVN_2019.csv"
    said = foreseen("new-source", file, "--dataset", "insee.inconnu")
    assert said.startswith("Jeu inconnu : insee.inconnu. Jeux connus : ")
    copy = tmp_path / "revenus.csv"
    shutil.copy(file, copy)
    said = foreseen("new-source", copy, "--dataset", "insee.revn_qpv")
    assert "« revenus.csv » ne dit pas de quelle année" in said
    said = foreseen("new-source", file, "--dataset", "operateurs.activite_agregee")
    assert "ne sont pas des années" in said


def test_a_known_name_is_used_where_the_house_agrees() -> None:
    names = known_names()
    assert names["PERCOU"].name == "personnes_couvertes"
    # Households here, jobseekers there.
    assert "A" not in names


@pytest.mark.parametrize("text", ["CODGEO;NB\n", "bonjour\n"])
def test_a_file_without_a_row_of_data_is_said_so(tmp_path: Path, text: str) -> None:
    file = tmp_path / "vide.csv"
    file.write_text(text, encoding="utf-8")
    result = run("new-source", file)
    assert result.exit_code != 0
    assert "n'a pas de ligne de données" in f"{result.exception}{result.output}"
