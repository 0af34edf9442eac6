"""Contracts written from a documentation only: an invented file of that layout loads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingestion.contract import Contract, contracts
from ingestion.pipeline import ingest, receive
from tests.conftest import DEMO
from tests.fixtures.contracts import revised
from tests.fixtures.receptions import Desk
from warehouse.settings import Settings

TO_CONFIRM = [c for c in contracts().values() if c.to_confirm]

# The official columns of the stock, from a public sample of three records.
SIRENE = [
    "siren",
    "nic",
    "siret",
    "statutDiffusionEtablissement",
    "dateCreationEtablissement",
    "trancheEffectifsEtablissement",
    "anneeEffectifsEtablissement",
    "activitePrincipaleRegistreMetiersEtablissement",
    "dateDernierTraitementEtablissement",
    "etablissementSiege",
    "nombrePeriodesEtablissement",
    "complementAdresseEtablissement",
    "numeroVoieEtablissement",
    "indiceRepetitionEtablissement",
    "typeVoieEtablissement",
    "libelleVoieEtablissement",
    "codePostalEtablissement",
    "libelleCommuneEtablissement",
    "libelleCommuneEtrangerEtablissement",
    "distributionSpecialeEtablissement",
    "codeCommuneEtablissement",
    "codeCedexEtablissement",
    "libelleCedexEtablissement",
    "codePaysEtrangerEtablissement",
    "libellePaysEtrangerEtablissement",
    "complementAdresse2Etablissement",
    "numeroVoie2Etablissement",
    "indiceRepetition2Etablissement",
    "typeVoie2Etablissement",
    "libelleVoie2Etablissement",
    "codePostal2Etablissement",
    "libelleCommune2Etablissement",
    "libelleCommuneEtranger2Etablissement",
    "distributionSpeciale2Etablissement",
    "codeCommune2Etablissement",
    "codeCedex2Etablissement",
    "libelleCedex2Etablissement",
    "codePaysEtranger2Etablissement",
    "libellePaysEtranger2Etablissement",
    "dateDebut",
    "etatAdministratifEtablissement",
    "enseigne1Etablissement",
    "enseigne2Etablissement",
    "enseigne3Etablissement",
    "denominationUsuelleEtablissement",
    "activitePrincipaleEtablissement",
    "nomenclatureActivitePrincipaleEtablissement",
    "caractereEmployeurEtablissement",
]
PERSON = "Dupont-Inventé"


def desk(dataset: str, tmp_path: Path) -> Desk:
    """Real files, not extracts: their contract bounds the rows, lowered to what is invented."""
    folder = tmp_path / "recus"
    folder.mkdir()
    known = contracts()[dataset]
    contract = revised(known, rows=known.rows.model_dump() | {"min": 1})
    return Desk(contract, Settings(tmp_path / "home", folder))


@pytest.mark.parametrize("contract", TO_CONFIRM, ids=lambda contract: contract.dataset)
def test_it_says_what_is_not_verified(contract: Contract) -> None:
    assert contract.to_confirm
    assert contract.page.startswith("https://")


def test_an_invented_economic_base_loads(tmp_path: Path) -> None:
    at = desk("insee.teco_qpv", tmp_path)
    (at.folder / "TECO_2019.csv").write_text(
        "CODGEO;LIBGEO;NBETAB;ENS_SANTE;SERV_PAR;SERV_TOT;AUTO_ENT;AUTRE\r\n"
        "QP078006;Merisiers;1 282;37;72;137;;5\r\n",
        encoding="utf-8",
    )
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1)
    assert "Colonnes inconnues, laissées de côté : AUTRE" in load.motif
    assert at.query(
        "select etablissements, etablissements_services, creations_auto_entrepreneurs"
        " from raw.{table}"
    ) == [(1282, 137, None)]


def test_an_invented_stock_loads_without_name_or_address(tmp_path: Path) -> None:
    at = desk("insee.sirene_etablissements", tmp_path)
    said = {
        "siret": "00588003400011",
        "statutDiffusionEtablissement": "O",
        "etablissementSiege": "true",
        "codeCommuneEtablissement": "78621",
        "etatAdministratifEtablissement": "A",
        "activitePrincipaleEtablissement": "47.11F",
        "enseigne1Etablissement": PERSON,
        "libelleVoieEtablissement": PERSON,
    }
    row = ",".join(said.get(name, "") for name in SIRENE)
    with zipfile.ZipFile(at.folder / "StockEtablissement_2026-11.zip", "w") as archive:
        archive.writestr("StockEtablissement_utf8.csv", f"{','.join(SIRENE)}\n{row}\n")
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1), load.motif
    assert at.query("select siret, code_territoire from raw.{table}") == [
        ("00588003400011", "78621")
    ]
    assert PERSON.encode() not in at.settings.warehouse.read_bytes()


def test_they_wait_without_being_late(tmp_path: Path) -> None:
    settings = Settings(tmp_path / "home", DEMO)
    for contract in TO_CONFIRM:
        if not contract.dataset.startswith("geo."):
            assert ingest(contract, receive(contract, settings), settings) == []
