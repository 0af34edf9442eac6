"""Where the producers' files are: one address a delivery, nothing guessed."""

from __future__ import annotations

import csv
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from pydantic import ValidationError

from ingestion.contract import Address, Claim, contracts
from ingestion.pipeline import ingest, receive
from tests.fixtures.contracts import SMALL, small_contract
from warehouse.settings import Settings

SITE = "https://exemple.fr"
YEARS = {vintage: known["years"] for vintage, known in SMALL["vintages"].items()}


def addresses(**changes: Any) -> list[Address]:
    return small_contract(**changes).addresses


def test_without_an_address_nothing_is_fetched() -> None:
    assert addresses() == []


def test_the_address_of_a_dataset_is_that_of_each_edition() -> None:
    assert addresses(url=SITE + "/{vintage}/f{yy}.csv") == [
        (Claim("2020", 1), SITE + "/2020/f20.csv", "essai_2020.csv"),
        (Claim("2021", 1), SITE + "/2021/f21.csv", "essai_2021.csv"),
    ]


def test_an_edition_or_a_delivery_has_an_address_of_its_own() -> None:
    zipped = {"name": "*_{yy}.zip", "read": {"member": "f.csv"}, "url": SITE + "/{yy}.zip"}
    assert addresses(
        url=SITE + "/{vintage}.csv",
        files=["essai_{vintage}.csv", zipped, "autre_{vintage}.csv"],
        vintages={
            "2020": {"years": YEARS["2020"]},
            "2021": {"years": YEARS["2021"], "url": SITE + "/x", "files": ["donnees.csv"]},
        },
    ) == [
        (Claim("2020", 1), SITE + "/2020.csv", "essai_2020.csv"),
        (Claim("2020", 2), SITE + "/20.zip", "_20.zip"),
        (Claim("2021", 1), SITE + "/x", "donnees.csv"),
    ]


def test_editions_that_are_not_counted_beforehand_are_not_guessed() -> None:
    changes = {"vintages": {}, "vintage_pattern": r"\d{4}", "url": SITE + "/{vintage}"}
    assert addresses(**changes) == []


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/{vintage}",
        "ftp://exemple.fr/{vintage}",
        "exemple.fr/{vintage}",
        "https:///{vintage}",
        "https://nom:secret@exemple.fr/{vintage}",
        "https://exemple.fr/un fichier {vintage}",
    ],
)
def test_what_is_no_address_of_the_web_is_refused(url: str) -> None:
    with pytest.raises(ValidationError, match=r"url\n.*should match pattern"):
        small_contract(url=url)


def test_one_address_for_every_edition_is_refused() -> None:
    with pytest.raises(ValidationError, match="toujours » ne dit pas l'édition"):
        small_contract(url=SITE + "/toujours")


def test_an_address_that_moves_has_no_file_judged_anew() -> None:
    def with_address(url: str) -> str:
        return small_contract(
            url=url + "/{vintage}",
            files=[{"name": "essai_{vintage}.csv", "url": url}],
            vintages={
                "2020": {"years": YEARS["2020"], "url": url},
                "2021": {"years": YEARS["2021"], "files": [{"name": "x.csv", "url": url}]},
            },
        ).fingerprint

    assert with_address(SITE + "/ici") == with_address("https://ailleurs.fr/")
    assert small_contract().fingerprint != small_contract(files=["autre_{vintage}.csv"]).fingerprint


@pytest.mark.parametrize("dataset", sorted(contracts()))
def test_what_is_downloaded_is_recognised_by_its_name(dataset: str) -> None:
    contract = contracts()[dataset]
    for claim, _, name in contract.addresses:
        assert contract.claim_of(name) == claim
        others = [known for known in contracts().values() if known.claim_of(name)]
        assert others == [contract], name


# --- what the official archives hold, rebuilt from the sheets that were exported to CSV --------

REBUILT = {
    "insee.communes": ("geographie/commune_2021.csv", "2021"),
    "insee.filosofi_regions": ("communes_epci/filosofi/FILO2017_DISP_REG.csv", "2017"),
    "insee.filosofi_departements": ("communes_epci/filosofi/FILO2017_DISP_DEP.csv", "2017"),
    "insee.filosofi_france": ("communes_epci/filosofi/FILO2017_DISP_METROPOLE.csv", "2017"),
    "insee.filosofi_epci": ("communes_epci/filosofi/FILO2017_DISP_EPCI.csv", "2017"),
    "insee.filosofi_iris": ("iris/filosofi/BASE_TD_FILO_DISP_IRIS_2017.csv", "2017"),
}


def _workbook(source: Path, target: Path, sheet: str, header_row: int) -> None:
    """The sheet under its titles, beside another one, numbers as numbers."""
    book = openpyxl.Workbook()
    book.active.title = "Documentation"
    page = book.create_sheet(sheet)
    for rank in range(1, header_row):
        page.append([f"Titre {rank}"])
    with source.open(encoding="utf-8-sig", newline="") as reader:
        header, *rows = csv.reader(reader, delimiter=";")
    named = [place for place, name in enumerate(header) if name]
    codes = [place for place in named if header[place] in TEXT]
    page.append([header[place] for place in named])
    for row in rows:
        page.append([row[p] if p in codes else _number(row[p]) for p in named])
    book.save(target)


TEXT = {"CODGEO", "LIBGEO", "IRIS", "LIBIRIS", "COM", "LIBCOM"}


def _number(cell: str) -> float | str | None:
    plain = cell.replace("\u202f", "").replace("\xa0", "").replace(",", ".")
    try:
        return float(plain)
    except ValueError:
        return cell or None


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("dataset", REBUILT)
def test_what_an_address_gives_is_read_as_its_csv(
    dataset: str, real_files: Path, tmp_path: Path
) -> None:
    contract = contracts()[dataset]
    relative, vintage = REBUILT[dataset]
    source = real_files / "insee" / relative
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / source.name).write_bytes(source.read_bytes())
    (claim, name), *_ = [(c, n) for c, _, n in contract.addresses if c.vintage == vintage]
    read = contract.reading_of(claim)
    packed = source if read.format == "csv" else tmp_path / (read.member or name)
    if read.format == "xlsx":
        _workbook(source, packed, read.sheet or "", read.header_row)
    if read.member:
        with zipfile.ZipFile(sources / name, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(packed, f"un dossier/{read.member}")
            archive.writestr(f"un dossier/mvt{read.member}", "un voisin")
    else:
        (sources / name).write_bytes(packed.read_bytes())
    settings = Settings(tmp_path / "home", sources)
    kept, other = ingest(contract, receive(contract, settings), settings)
    assert (kept.fichier, kept.verdict) == (source.name, "charge")
    assert (other.fichier, other.verdict) == (name, "inchange")
    assert "les mêmes valeurs" in other.motif
