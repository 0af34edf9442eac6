"""data·inclusion: contracts say what the schemas say; a faulty workbook is told its faults."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from ingestion.contract import contracts
from tests.fixtures.receptions import Desk
from warehouse.ledger import Load
from warehouse.settings import PROJECT, Settings

SCHEMAS = PROJECT / "tests" / "fixtures" / "data_inclusion_v1"
KINDS = {"structures": "structure", "services": "service"}
# What names people or lets them be reached, and what people write freely.
NEVER_LOADED = {"telephone", "courriel", "contact_nom_prenom", "description"}
PERSON, MAIL, PHONE = "Dupont-Inventé", "dupont@invente.example", "+33199001234"

Repair = Callable[[Worksheet], object]


def schema(kind: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((SCHEMAS / f"{KINDS[kind]}.json").read_text("utf-8"))
    return read


@pytest.mark.parametrize("kind", KINDS)
def test_every_property_is_loaded_or_left_aside(kind: str) -> None:
    contract = contracts()[f"operateurs.data_inclusion_{kind}"]
    loaded = {column.raw[0]: column for column in contract.columns.values()}
    left = {*contract.ignore, *contract.dropped}
    assert set(loaded) - {"__ignore__"} | left == set(schema(kind)["properties"])
    assert not set(loaded) & left
    assert NEVER_LOADED & set(schema(kind)["properties"]) <= left
    # The workbook does not say its source.
    required = {name for name, column in loaded.items() if not column.optional}
    assert required == set(schema(kind)["required"]) - {"source", "description"}


@pytest.mark.parametrize("kind", KINDS)
def test_values_are_those_of_the_schema(kind: str) -> None:
    contract = contracts()[f"operateurs.data_inclusion_{kind}"]
    read = schema(kind)
    enumerated = {
        name: read["$defs"][branch["$ref"].split("/")[-1]]["enum"]
        for name, said in read["properties"].items()
        for branch in said.get("anyOf", [])
        if "$ref" in branch
    }
    assert {
        column.raw[0]: column.allowed
        for name, column in contract.columns.items()
        if column.allowed and name != "ligne_d_explication"
    } == enumerated


def desk(kind: str, tmp_path: Path) -> Desk:
    folder = tmp_path / "recus"
    folder.mkdir()
    return Desk(
        contracts()[f"operateurs.data_inclusion_{kind}"], Settings(tmp_path / "home", folder)
    )


STRUCTURE = {
    "source": "inventée",
    "id": "inventee--1",
    "nom": "Structure inventée",
    "date_maj": "2026-02-23",
    "siret": "00000000000000",
    "description": f"Demander {PERSON}.",
    "adresse": "1 rue Inventée",
    "code_insee": "78621",
    "code_postal": "78190",
    "telephone": PHONE,
    "courriel": MAIL,
    "latitude": 48.7774,
    "longitude": 2.0022,
    "reseaux_porteurs": ["ccas-cias", "france-service"],
    "horaires_accueil": "Mo-Fr 09:00-18:00",
}
SERVICE = {
    "source": "inventée",
    "structure_id": "inventee--1",
    "id": "inventee--2",
    "nom": "Service inventé",
    "description": f"Demander {PERSON}.",
    "date_maj": "2026-02-23",
    "type": "atelier",
    "contact_nom_prenom": PERSON,
    "courriel": MAIL,
    "telephone": PHONE,
    "volume_horaire_hebdomadaire": 1.5,
    "nombre_semaines": 3,
    "modes_accueil": ["en-presentiel"],
}


@pytest.mark.parametrize(
    ("kind", "record", "expected"),
    [
        (
            "structures",
            STRUCTURE,
            ("inventee--1", "78621", 48.7774, '["ccas-cias", "france-service"]'),
        ),
        ("services", SERVICE, ("inventee--2", "inventee--1", 1.5, 3)),
    ],
)
def test_an_invented_export_loads_without_contacts(
    kind: str, record: dict[str, Any], expected: tuple[object, ...], tmp_path: Path
) -> None:
    at = desk(kind, tmp_path)
    path = at.folder / f"data_inclusion_{kind}_2026-02.json"
    path.write_text(json.dumps([record], ensure_ascii=False), encoding="utf-8")
    (load,) = at.ingest()
    assert (load.verdict, load.lignes_chargees) == ("charge", 1), load.motif
    columns = {
        "structures": "code_structure, code_commune, latitude, reseaux_porteurs",
        "services": "code_service, code_structure, heures_hebdo, semaines",
    }[kind]
    assert at.query(f"select {columns} from raw.{{table}}") == [expected]
    stored = at.settings.warehouse.read_bytes()
    assert record["nom"].encode() in stored
    assert not [word for word in (PERSON, MAIL, PHONE) if word.encode() in stored]


def test_a_property_that_the_schema_has_not_refuses_the_file(tmp_path: Path) -> None:
    at = desk("structures", tmp_path)
    path = at.folder / "data_inclusion_structures_2026-02.json"
    path.write_text(json.dumps([STRUCTURE | {"responsable": PERSON}]), encoding="utf-8")
    (load,) = at.ingest()
    assert load.verdict == "refuse"
    assert "ne demande pas la colonne" in load.motif
    assert "responsable" not in load.motif


def cell(name: str, value: object) -> Repair:
    return lambda sheet: setattr(sheet[name], "value", value)


def without(*columns: int) -> Repair:
    """The columns of these ranks, the last first, are taken out."""
    return lambda sheet: [sheet.delete_cols(rank) for rank in columns]


# The faults of the publisher's own test workbook, in the order in which they are told, and what its
# author repairs once told. A SIRET and codes that a spreadsheet holds as floats lose nothing here.
FAULTS: dict[str, list[tuple[str, Repair]]] = {
    "structures": [
        ("« date_maj » (Jour de la dernière mise à jour)", cell("C1", "date_maj")),
        ("ne demande pas la colonne R, S :", without(19, 18)),
        ("ligne 4 : Colonne « code_postal » : la valeur n'a pas la forme", cell("J4", 75012)),
    ],
    "services": [
        ("« lien_source » figure deux fois", without(10)),
        ("La colonne D porte une date en guise de nom", cell("D1", "date_maj")),
        ("ne demande pas la colonne AF, AG :", without(33, 32)),
        (
            "ligne 4 : Colonne « nombre_semaines » : la valeur n'est pas un nombre entier",
            lambda sheet: [setattr(sheet[name], "value", 1) for name in ("AD4", "AD5")],
        ),
        ("ligne 5 : Le code de la commune n'existe pas", cell("P5", 59350)),
    ],
}
LOADED = {
    "structures": (
        "select siret, code_postal, mis_a_jour_le from raw.{table}",
        [("82454114801871", "75012", "2026-02-23")],
        "Le nom d'une structure se termine par un point. (1 ligne(s))",
    ),
    "services": (
        "select code_service, code_commune, semaines from raw.{table} order by all",
        [
            ("53669028-8862-4f42-a80c-d3f269456ed2", "59350", 1),
            ("53669028-8862-4f42-a80c-d3f269456edc", "59350", 1),
        ],
        "Un mode d'accueil, de mobilisation ou une personne mobilisatrice n'est pas dans la liste",
    ),
}


@pytest.mark.real
@pytest.mark.long
@pytest.mark.parametrize("kind", KINDS)
def test_the_publishers_faulty_workbook_is_told_fault_by_fault(
    kind: str, real_files: Path, tmp_path: Path
) -> None:
    at = desk(kind, tmp_path)
    (communes,) = real_files.rglob("commune_2021.csv")
    shutil.copy(communes, at.folder)
    Desk(contracts()["insee.communes"], at.settings).ingest()
    (faulty,) = real_files.rglob("data_inclusion_classeur_avec_erreurs.xlsx")
    book = openpyxl.load_workbook(faulty)
    for said, repair in FAULTS[kind]:
        load = sent(at, kind, book)
        assert load.verdict == "refuse"
        assert said in load.motif
        assert "@" not in load.motif
        repair(book[kind.capitalize()])
    load = sent(at, kind, book)
    query, rows, told = LOADED[kind]
    assert (load.verdict, load.lignes_chargees) == ("charge", len(rows))
    assert told in load.motif
    assert at.query(query) == rows
    # The two rows that explain are set aside without a word, and without their cells.
    assert (
        at.query("select regle, ligne from quarantine.{table}") == [("ligne_de_controle", None)] * 2
    )


def sent(at: Desk, kind: str, book: openpyxl.Workbook) -> Load:
    book.save(at.folder / f"data_inclusion_{kind}_2026-02.xlsx")
    return at.ingest()[-1]
