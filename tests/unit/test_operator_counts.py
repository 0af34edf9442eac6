"""Counts that operators and the CAF send as CSV: places are known, and nobody is named."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest

from ingestion.contract import contracts
from tests.fixtures.receptions import DEMO, Desk, empty_folder
from warehouse.settings import Settings

FILES = {
    "operateurs.recoupement": "operateurs/non-recours-invente/recoupement_invente_2023.csv",
    "operateurs.enquete_renoncement": (
        "operateurs/non-recours-invente/enquete_renoncement_inventee_2023.csv"
    ),
    "caf.retours_detection": "caf/retours-inventes/retours_detection_inventes_2023.csv",
}
NAMED = [
    (dataset, column)
    for dataset, columns in {
        "operateurs.recoupement": ["Opérateur A", "Opérateur B", "Territoire"],
        "operateurs.enquete_renoncement": ["Enquête", "Territoire"],
        "caf.retours_detection": ["Campagne", "Territoire"],
    }.items()
    for column in columns
]


def desk_of(dataset: str, folder: Path) -> Desk:
    settings = Settings(folder / "home", empty_folder(folder / "recus"))
    return Desk(contracts()[dataset], settings)


def put(desk: Desk, changes: dict[str, str]) -> None:
    """The file of the demonstration, the rows of its last territory changed."""
    source = DEMO / FILES[desk.contract.dataset]
    with source.open(encoding="utf-8-sig", newline="") as lines:
        rows = list(csv.DictReader(lines, delimiter=";"))
    place = rows[-1]["Territoire"]
    rows = [row | (changes if row["Territoire"] == place else {}) for row in rows]
    with (desk.folder / source.name).open("w", encoding="utf-8", newline="") as target:
        writer = csv.DictWriter(target, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.parametrize("dataset", FILES)
def test_the_demonstration_loads_whole(dataset: str, tmp_path: Path) -> None:
    desk = desk_of(dataset, tmp_path)
    put(desk, {})
    (load,) = desk.ingest()
    assert (load.verdict, load.lignes_ecartees) == ("charge", 0)


@pytest.mark.parametrize(("dataset", "column"), NAMED)
def test_a_civility_is_refused_wherever_one_types(
    dataset: str, column: str, tmp_path: Path
) -> None:
    desk = desk_of(dataset, tmp_path)
    put(desk, {column: "Mme Zaca5 Paulette"})
    (load,) = desk.ingest()
    assert (load.verdict, "Zaca" in load.motif) == ("refuse", False)
    assert f"colonne « {column} »" in load.motif
    assert "un nom de personne" in load.motif


@pytest.mark.parametrize("dataset", FILES)
def test_an_unknown_territory_is_told(dataset: str, tmp_path: Path) -> None:
    desk = desk_of(dataset, tmp_path)
    put(desk, {"Territoire": "Valibou"})
    (load,) = desk.ingest()
    assert desk.query("select distinct regle, message from quarantine.{table}") == [
        (
            "territoire_inconnu",
            "Colonne « Territoire » : « Valibou » : territoire inconnu ; le plus proche :"
            " « Valibout » (Plaisir).",
        )
    ]
    assert (load.verdict, load.lignes_ecartees > 0) == ("charge", True)
