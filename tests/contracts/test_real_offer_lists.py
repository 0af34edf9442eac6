"""The real lists of places and posts of access to rights, through the whole of the ingestion."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.contract import contracts
from tests.fixtures.receptions import Desk
from warehouse.ledger import Load
from warehouse.settings import Settings

pytestmark = [pytest.mark.real, pytest.mark.long]

Query = Callable[[str], list[tuple[Any, ...]]]
Rows = list[dict[str, Any]]

DATASETS = [
    "operateurs.france_services",
    "operateurs.conseillers_numeriques_structures",
    "operateurs.conseillers_numeriques_postes",
    "operateurs.adultes_relais",
    "operateurs.postes_fonjep",
]
ROWS = {
    "france_services_2020-01-31.csv": 534,
    "france_services_2020-03-02.csv": 531,
    "france_services_2020-10.geojson": 908,
    "france_services_2022-12-01.csv": 2683,
    "france_services_2023-07.csv": 2707,
    "conseillers_numeriques_structures_2021-06.json": 1450,
    "conseillers_numeriques_postes_2023-09.json": 2485,
    "adultes_relais_2020_2025_yvelines.csv": 714,
    "postes_fonjep_2020_2025_yvelines.csv": 106,
}
# Distinct posts of the contracts of SQY, by year: counted by hand in the files (2024 on, the code
# of the contract is another).
POSTS = {
    ("adultes_relais", "2020"): 13,
    ("adultes_relais", "2021"): 20,
    ("adultes_relais", "2022"): 23,
    ("adultes_relais", "2023"): 26,
    ("adultes_relais", "2024"): 17,
    ("adultes_relais", "2025"): 8,
    ("postes_fonjep", "2020"): 2,
    ("postes_fonjep", "2021"): 2,
    ("postes_fonjep", "2022"): 2,
    ("postes_fonjep", "2023"): 2,
    ("postes_fonjep", "2024"): 2,
    ("postes_fonjep", "2025"): 3,
}
# Commune codes that are of no commune, or not of the département: counted in the files.
WARNED = {
    "france_services_2020-01-31.csv": 29,
    "france_services_2020-10.geojson": 2,
    "france_services_2022-12-01.csv": 1,
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, real_files: Path) -> Settings:
    return Settings(tmp_path_factory.mktemp("offre") / "home", real_files)


@pytest.fixture(scope="module")
def loads(settings: Settings) -> dict[str, Load]:
    """What the ledger says of each file, by its name."""
    return {
        load.fichier: load
        for dataset in DATASETS
        for load in Desk(contracts()[dataset], settings).ingest()
    }


@pytest.fixture(scope="module")
def query(settings: Settings, loads: dict[str, Load]) -> Query:
    def run(sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(settings.warehouse, read_only=True) as con:
            return con.execute(sql).fetchall()

    return run


@pytest.fixture(scope="module")
def operators(real_files: Path) -> Path:
    return real_files / "operateurs"


def table(path: Path, separator: str) -> Rows:
    with path.open(encoding="utf-8-sig", newline="") as reader:
        return list(csv.DictReader(reader, delimiter=separator))


def received(path: Path) -> Rows:
    """The rows of a list of France services, as Python reads them."""
    if path.suffix == ".geojson":
        features = json.loads(path.read_text(encoding="utf-8"))["features"]
        return [feature["properties"] for feature in features]
    return table(path, ";" if "2020" in path.name else ",")


def cell(value: object) -> str | None:
    """A cell as the candidate keeps it: no-break spaces are spaces, a blank is nothing."""
    text = "" if value is None else str(value)
    # Spaces and no-break spaces are trimmed; line ends inside are the reader's.
    text = text.replace("\u00a0", " ").replace("\u202f", " ").replace("\r\n", "\n")
    return text.strip(" ") or None


def number(value: object) -> float | None:
    return float(str(value).replace(",", ".")) if cell(value) else None


def test_every_file_is_loaded_whole(loads: dict[str, Load]) -> None:
    assert {name: load.verdict for name, load in loads.items()} == dict.fromkeys(ROWS, "charge")
    assert {name: (load.lignes_chargees, load.lignes_ecartees) for name, load in loads.items()} == {
        name: (rows, 0) for name, rows in ROWS.items()
    }


def test_only_odd_commune_codes_are_told(loads: dict[str, Load]) -> None:
    told = {
        name: load.motif
        for name, load in loads.items()
        if load.dataset == "operateurs.france_services" and load.motif
    }
    assert told.keys() == WARNED.keys()
    for name, motif in told.items():
        assert motif.startswith("Le code de la commune n'en est pas un"), motif
        assert motif.endswith(f"({WARNED[name]} ligne(s))"), motif


@pytest.mark.parametrize("name", [name for name in ROWS if name.startswith("france_services")])
def test_every_cell_of_a_list_is_that_of_its_file(name: str, query: Query, operators: Path) -> None:
    edition = re.sub("france_services_|.csv|.geojson", "", name)
    days = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi")
    spelled = {
        "code_structure": ("MATRICULE", "id_fs"),
        "libelle": ("FRANCE SERVICES", "lib_france_services", "lib_fs"),
        "code_departement": ("DEPARTEMENT", "insee_dep"),
        "adresse": ("ADRESSE", "adresse"),
        "code_commune": ("CODE INSEE", "insee_com"),
        "code_postal": ("CODE POSTAL", "code_postal"),
        "latitude": ("LATITUDE", "latitude"),
        "longitude": ("LONGITUDE", "longitude"),
        **{f"horaires_{day}": (f"HORAIRES {day.upper()}", f"h_{day}") for day in days},
        "itinerance": ("ITINERANCE", "itinerance"),
        "labellisation": ("Labellisation", "labellisation"),
    }
    expected = []
    for row in received(operators / name):
        values: list[object] = []
        for column, names in spelled.items():
            (value,) = [row[n] for n in names if n in row] or [None]
            read = number if column in ("latitude", "longitude") else cell
            values.append(read(value))
        expected.append(tuple(values))
    loaded = query(
        f"select {', '.join(spelled)} from raw.operateurs__france_services"
        f" where _millesime = '{edition}'"
    )
    assert sorted(loaded) == sorted(expected)


def test_every_structure_with_advisers_is_that_of_its_file(query: Query, operators: Path) -> None:
    spelled = {
        "code_structure": "id",
        "siret": "siret",
        "libelle": "raison_sociale",
        "adresse": "adresse",
        "code_commune": "insee_com",
        "code_postal": "code_postal_bis",
        "code_departement": "insee_dep",
        "latitude": "latitude",
        "longitude": "longitude",
        "conseillers": "nb_cnfs",
        "valide_le": "date_de_validation_en_comité_de_sélection",
        "qpv": "qpv",
    }
    numbers = ("latitude", "longitude", "conseillers")
    path = operators / "conseillers_numeriques_structures_2021-06.json"
    expected = {
        str(record["id"]): tuple(
            record.get(name) if column in numbers else cell(record.get(name))
            for column, name in spelled.items()
        )
        for record in json.loads(path.read_text(encoding="utf-8"))
    }
    loaded = query(
        f"select {', '.join(spelled)} from raw.operateurs__conseillers_numeriques_structures"
    )
    assert {row[0]: row for row in loaded} == expected


def test_every_post_of_advisers_is_that_of_its_file(query: Query, operators: Path) -> None:
    path = operators / "conseillers_numeriques_postes_2023-09.json"
    expected = {
        name: (
            name,
            str(record["Siret"]),
            str(record["Code commune Insee"]),
            str(record["Code postal"]),
            record["Nb de conseillers attribués"],
            record["Nb de conseillers recrutés"],
            float(
                record["Investissement estimatif de l'état"].replace("\u202f", "").replace(",", ".")
            ),
            record["Postes attribués en QPV"],
        )
        for name, record in json.loads(path.read_text(encoding="utf-8")).items()
    }
    loaded = query(
        "select libelle, siret, code_commune, code_postal, postes_attribues, postes_pourvus,"
        " montant_eur, postes_en_qpv from raw.operateurs__conseillers_numeriques_postes"
    )
    assert {row[0]: row for row in loaded} == expected
    # Codes that begin with a zero are text in this edition: none has lost it.
    assert sum(code.startswith("0") for _, _, code, *_ in loaded) > 150


@pytest.mark.parametrize("name", ["adultes_relais", "postes_fonjep"])
def test_every_post_is_that_of_its_file(name: str, query: Query, operators: Path) -> None:
    columns = ("fichier_source", "rang_source", "id_poste", "annee", "code_cv", "raison_sociale")
    expected = [
        (*(cell(row[column]) for column in columns), float(row["montant"]))
        for row in table(operators / f"{name}_2020_2025_yvelines.csv", ";")
    ]
    loaded = query(
        "select fichier_source, rang_source::varchar, id_poste, annee, code_contrat, porteur,"
        f" montant_eur from raw.operateurs__{name}"
    )
    assert sorted(loaded, key=str) == sorted(expected, key=str)


def test_distinct_posts_of_sqy(query: Query) -> None:
    counted = {
        (name, year): posts
        for name in ("adultes_relais", "postes_fonjep")
        for year, posts in query(
            f"select annee, count(distinct id_poste) from raw.operateurs__{name}"
            " where code_contrat in ('CV290', 'CV293', 'CV295', 'CN07801I') group by annee"
        )
    }
    assert counted == POSTS


def test_no_contact_reaches_the_warehouse(
    settings: Settings, loads: dict[str, Load], operators: Path
) -> None:
    """Neither mail boxes nor telephones, wherever the file wrote them."""
    stored = settings.warehouse.read_bytes()
    assert b"4 rue Koprivnice" in stored
    contacts = {
        row[column]
        for name in ROWS
        if name.startswith("france_services")
        for row in received(operators / name)
        for column in row
        if re.fullmatch("(CONTACT[ .])?mail|telephone", column, re.IGNORECASE)
        and len(row[column] or "") > 10
    }
    assert len(contacts) > 6000
    # The file is compressed: the tables are searched, not only the bytes.
    assert not [contact for contact in contacts if contact.encode() in stored]
    with duckdb.connect(settings.warehouse, read_only=True) as con:
        tables = con.execute(
            "select table_schema || '.' || table_name from information_schema.tables"
            " where table_schema in ('raw', 'quarantine', 'audit')"
        ).fetchall()
        for (name,) in tables:
            con.execute(f"from {name}")
            texts = {
                str(value) for row in con.fetchall() for value in row if isinstance(value, str)
            }
            assert not texts & contacts, name
            assert not [text for text in texts if re.search(r"[\w.-]+@[\w-]+\.fr", text)], name
