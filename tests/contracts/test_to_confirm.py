"""Contracts written from a documentation only: an invented file of that layout loads."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from ingestion.contract import Contract, contracts
from ingestion.pipeline import ingest, receive
from tests.conftest import DEMO
from tests.expectations.cases import QUARTIERS_2024
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


def test_an_invented_school_base_loads(tmp_path: Path) -> None:
    at = desk("insee.educ_qpv", tmp_path)
    (at.folder / "EDUC_2019.csv").write_text(
        "CODGEO;LIBGEO;TX_NSNE_16A25;ec_mat;ec_elem;ec_elem_pri;coll;coll_pri\r\n"
        "QP078006;Merisiers;24,5;1;2;0;1;\r\n",
        encoding="utf-8",
    )
    # Of this edition, the rate alone is known.
    (at.folder / "EDUC_2022.csv").write_text(
        "CODGEO;LIBGEO;TX_NSNE_16A25\r\nQP078006;Merisiers;22,1\r\n", encoding="utf-8"
    )
    assert [(load.verdict, load.lignes_chargees) for load in at.ingest()] == [("charge", 1)] * 2
    assert at.query(
        "select part_16_25_ans_sans_emploi_ni_etudes_pct, ecoles_elementaires, colleges_prives"
        " from raw.{table} order by _millesime"
    ) == [(24.5, 2, None), (22.1, None, None)]


# The header of the list, and the official one of the correspondence, as public re-uses give them.
LIST_2024 = (
    "code_qp;lib_qp;insee_reg;lib_reg;insee_dep;lib_dep;insee_com;lib_com;siren_epci;lib_epci"
)
PASSAGE = "QP2024 ;Label_QP2024;Statut" + "".join(
    f";QP2015_{n};Label_QP2015_{n}" for n in (1, 2, 3)
)


def test_an_invented_list_of_quartiers_loads(tmp_path: Path) -> None:
    at = desk("insee.liste_qpv2024", tmp_path)
    row = '{};Inventé;11;Île-de-France;78;Yvelines;"=""78621;78490""";Trappes;200058782;SQY;;'
    lines = [LIST_2024 + ";;", *(row.format(code) for code in QUARTIERS_2024)]
    (at.folder / "listeqp2024-cog2024.csv").write_text(
        "\r\n".join(lines), encoding="utf-8-sig", newline=""
    )
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 8), load.motif
    assert load.avertissements == 0
    assert at.query("select distinct libelle, code_epci from raw.{table}") == [
        ("Inventé", "200058782")
    ]


def test_an_invented_correspondence_loads(tmp_path: Path) -> None:
    at = desk("insee.correspondance_qpv2015_2024", tmp_path)
    rows = [
        f"{code};Inventé;;{'' if code.endswith('N') else 'QP078006;Inventé'};;;;"
        for code in QUARTIERS_2024
    ]
    rows = [row + ";" * (PASSAGE.count(";") - row.count(";")) for row in rows]
    (at.folder / "liste-correspondance-qp2024-qp2015.csv").write_text(
        "\r\n".join([PASSAGE, *rows]), encoding="utf-8-sig", newline=""
    )
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 8), load.motif
    assert at.query(
        "select code_qpv_2015_1, code_qpv_2015_2, count(*) from raw.{table} group by all order by 1"
    ) == [("QP078006", None, 6), (None, None, 2)]


# Ages, then ages by sex, then groups of occupation: the latter changed with the edition of 2022.
AGES = "0002 0305 0610 1117 1824 2539 4054 5564 6579 80P 0014 1529 3044 4559 6074 75P 0019 2064 65P"
BY_SEX = AGES.split()[10:]
GROUPS = {
    "20": [f"CS{n}" for n in range(1, 9)],
    "22": [
        f"STAT_GSEC{n}" for n in ["11_21", "12_22", "13_23", "14_24", "15_25", "16_26", "32", "40"]
    ],
}


def census_header(year: str) -> list[str]:
    """The 76 columns of the base, in order."""
    counted = ["POP", *(f"POP{age}" for age in AGES.split())]
    for sex in "HF":
        counted += [f"POP{sex}", *(f"{sex}{age}" for age in BY_SEX)]
    jobs = [
        name
        for part in ("POP15P", "H15P", "F15P")
        for name in (part, *(f"{part}_{group}" for group in GROUPS[year]))
    ]
    last = ["POP_FR", "POP_ETR", "POP_IMM", "PMEN", "PHORMEN"]
    return [
        *("IRIS", "COM", "TYP_IRIS", "LAB_IRIS"),
        *(f"P{year}_{name}" for name in counted),
        *(f"C{year}_{name}" for name in jobs),
        *(f"P{year}_{name}" for name in last),
    ]


@pytest.mark.parametrize("year", ["20", "22"])
def test_an_invented_census_loads(year: str, tmp_path: Path) -> None:
    at = desk("insee.recensement_iris_population", tmp_path)
    header = census_header(year)
    assert len(header) == 76
    figures = dict.fromkeys(header, "0") | {
        "IRIS": "786210101",
        "COM": "78621",
        "TYP_IRIS": "H",
        "LAB_IRIS": "1",
    }
    # One IRIS that holds the country, so that its total is that of a whole file.
    whole = ("POP", "POP2539", "POPF", "POP_FR", "PMEN")
    figures |= {f"P{year}_{name}": "67000000.25" for name in whole}
    name = f"base-ic-evol-struct-pop-20{year}"
    with zipfile.ZipFile(at.folder / f"{name}_csv.zip", "w") as archive:
        text = ";".join(header) + "\r\n" + ";".join(figures[cell] for cell in header) + "\r\n"
        archive.writestr(f"{name}.CSV", text)
        archive.writestr(f"meta_{name}.CSV", "COD_VAR;LIB_VAR\r\n")
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1), load.motif
    assert "Colonnes inconnues" not in load.motif
    assert at.query(
        "select population, hommes, population_menages, type_iris from raw.{table}"
    ) == [(67000000.25, 0.0, 67000000.25, "H")]


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
        demonstrated = any(contract.claim_at(path) for path in DEMO.rglob("*"))
        if not demonstrated:
            assert ingest(contract, receive(contract, settings), settings) == []
