"""The producers' real files of the quartiers of 2015, through the whole of the ingestion."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.contract import contracts
from tests.fixtures.receptions import Desk
from tests.fixtures.tables import table_of
from warehouse.ledger import Load
from warehouse.settings import Settings

pytestmark = pytest.mark.real

Query = Callable[[str], list[tuple[Any, ...]]]

CLAIMS = {
    "qpv_info_nom_commune.csv": ("insee.liste_qpv2015", "2025"),
    **{f"DEMO_{y}.csv": ("insee.demo_qpv", y) for y in ("2017", "2018", "2019", "2021")},
    **{f"data_DEMO_{y}_V1_QP.csv": ("insee.demo_qpv", y) for y in ("2019", "2020", "2021")},
    **{f"REVN_{y}.csv": ("insee.revn_qpv", y) for y in ("2017", "2018", "2019", "2021")},
    **{f"IPRO_{y}.csv": ("insee.ipro_qpv", str(y)) for y in range(2017, 2022)},
    **{f"data_filo{y}_qp_revdis.csv": ("insee.filosofi_qpv", f"20{y}") for y in (16, 17, 18)},
    "demographie_2010_qpv.xls": ("insee.recensement_qpv", "2010"),
}
# Compiled by third parties: no contract is for them.
UNCLAIMED = {"rpls_qpv.csv", "qp.csv", "meta_qp.csv"}

# The list first: the others are compared with it.
DATASETS = list(dict.fromkeys(dataset for dataset, _ in CLAIMS.values()))
NEW = {
    "insee.liste_qpv2015": {"2025": (1436, 0)},
    "insee.ipro_qpv": {str(y): (1345, int(y < 2020)) for y in range(2017, 2022)},
    "insee.filosofi_qpv": dict.fromkeys(("2016", "2017", "2018"), (1352, 1)),
    "insee.recensement_qpv": {"2010": (1292, 0)},
}

# Weight of benefits 2017, foreigners 2017, persons covered 2019, population 2018, poverty and
# median 2017, as the report and the producer publish them.
QUARTIERS = {
    "QP078004": (13.5, 20.2, 2110, 3104, 29.7, 15660),
    "QP078005": (15.8, 21.2, 2368, 3160, 31.7, 15240),
    "QP078006": (16.6, 24.9, 13126, 17726, 31.0, 15380),
    "QP078007": (16.3, 27.4, 1857, 2420, 30.3, 15030),
    "QP078008": (15.3, 21.1, 2654, 4258, 32.7, 15350),
    "QP078017": (19.2, 33.2, 2436, 3180, 38.8, 14120),
    "QP078018": (18.2, 18.6, 1255, 1647, 24.4, 15880),
}


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory, real_files: Path) -> Settings:
    return Settings(tmp_path_factory.mktemp("qpv") / "home", real_files)


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


def test_every_file_is_claimed_by_one_contract(real_files: Path) -> None:
    found = {}
    for path in (real_files / "insee" / "qpv2015").rglob("*.*"):
        claims = [
            (contract.dataset, claim.vintage)
            for contract in contracts().values()
            if (claim := contract.claim_of(path.name))
        ]
        found[path.name] = claims
    assert {name: claims for name, claims in found.items() if claims} == {
        name: [claim] for name, claim in CLAIMS.items()
    }
    assert {name for name, claims in found.items() if not claims} == UNCLAIMED


@pytest.mark.long
def test_every_file_is_loaded_without_a_word(loads: dict[str, Load]) -> None:
    assert loads.keys() == CLAIMS.keys()
    assert {(load.dataset, load.millesime) for load in loads.values()} == set(CLAIMS.values())
    assert {name for name, load in loads.items() if load.verdict != "charge"} == {
        "DEMO_2019.csv",
        "DEMO_2021.csv",
    }
    # Said of every edition of DEMO since there are rules: a quartier or so, and nothing else.
    said = {load.dataset: load.motif for load in loads.values() if load.avertissements}
    assert said.keys() == {"insee.demo_qpv"}
    assert all(
        load.motif.startswith("Plus de personnes couvertes") and load.motif.endswith("ligne(s))")
        for load in loads.values()
        if load.avertissements
    )


@pytest.mark.long
@pytest.mark.parametrize("dataset", NEW)
def test_row_counts_are_those_of_the_producer(dataset: str, loads: dict[str, Load]) -> None:
    found = {
        load.millesime: (load.lignes_chargees, load.lignes_ecartees)
        for load in loads.values()
        if load.dataset == dataset
    }
    assert found == NEW[dataset]


def number(cell: str) -> float | None:
    text = cell.replace("\u202f", "").replace("\xa0", "").replace(",", ".")
    return float(text) if text else None


@pytest.mark.long
@pytest.mark.parametrize("name", [n for n, (d, _) in CLAIMS.items() if d in NEW])
def test_every_cell_is_that_of_the_file(name: str, query: Query, real_files: Path) -> None:
    dataset, vintage = CLAIMS[name]
    contract = contracts()[dataset]
    (path,) = real_files.rglob(name)
    header, rows = table_of(path, contract)
    suffix = contract.vintages[vintage].suffix or ""
    places = {cell.removesuffix(suffix): rank for rank, cell in enumerate(header)}
    columns = contract.columns_of(vintage)
    ranks = {
        column: places[next(spelling for spelling in said.raw if spelling in places)]
        for column, said in columns.items()
    }
    key = ranks["code_territoire"]
    expected = {
        row[key]: tuple(
            (number(row[rank]) if columns[column].role == "measure" else row[rank] or None)
            for column, rank in ranks.items()
        )
        for row in rows
        if row[key] != "Ensemble"
    }
    loaded = query(
        f"select {', '.join(ranks)} from raw.{contract.table} where _millesime = '{vintage}'"
    )
    assert {row[0]: row for row in loaded} == expected


@pytest.mark.long
def test_the_seven_quartiers_are_as_published(query: Query) -> None:
    found = query(
        """
        select demo.code_territoire, revn.part_prestations_sociales_pct, demo.part_etrangers_pct,
            demo.personnes_couvertes, demo.population, filo.taux_pauvrete_pct,
            filo.niveau_vie_median_eur
        from raw.insee__demo_qpv as demo
        inner join raw.insee__revn_qpv as revn using (code_territoire)
        inner join raw.insee__filosofi_qpv as filo using (code_territoire)
        where demo._millesime = '2021' and revn._millesime = '2021' and filo._millesime = '2017'
            and filo.part_prestations_sociales_pct = revn.part_prestations_sociales_pct
        """
    )
    assert {code: values for code, *values in found if code in QUARTIERS} == {
        code: list(values) for code, values in QUARTIERS.items()
    }


@pytest.mark.long
def test_jean_mace_is_flagged_in_filosofi(query: Query) -> None:
    assert query(
        "select note_filo from raw.insee__filosofi_qpv"
        " where _millesime = '2017' and code_territoire = 'QP078007'"
    ) == [("1",)]


def gaps(query: Query, one: tuple[str, str], other: tuple[str, str]) -> dict[str, tuple[int, int]]:
    """By measure that both editions date alike: quartiers in common, and those that differ."""
    shared = query(
        f"""
        select a.mesure from audit.mesures as a inner join audit.mesures as b
            on a.mesure = b.mesure and a.annee = b.annee
        where (a.dataset, a.millesime) = {one} and (b.dataset, b.millesime) = {other}
        """
    )
    tables = [f"raw.{dataset.replace('.', '__')}" for dataset, _ in (one, other)]
    return {
        measure: query(
            f"""
            select count(*), count(*) filter (a.{measure} is distinct from b.{measure})
            from {tables[0]} as a inner join {tables[1]} as b using (code_territoire)
            where a._millesime = '{one[1]}' and b._millesime = '{other[1]}'
            """
        )[0]
        for (measure,) in shared
    }


@pytest.mark.long
def test_filosofi_2017_is_that_of_revn_2021(query: Query) -> None:
    found = gaps(query, ("insee.revn_qpv", "2021"), ("insee.filosofi_qpv", "2017"))
    assert len(found) == 12
    assert set(found.values()) == {(1352, 0)}


@pytest.mark.long
@pytest.mark.parametrize("edition", ["2017", "2018"])
@pytest.mark.parametrize(("base", "measures"), [("demo", 6), ("ipro", 6)])
def test_the_census_of_2010_is_that_of_the_first_editions(
    base: str, measures: int, edition: str, query: Query
) -> None:
    found = gaps(query, (f"insee.{base}_qpv", edition), ("insee.recensement_qpv", "2010"))
    assert len(found) == measures
    assert set(found.values()) == {(1292, 0)}


@pytest.mark.long
def test_brackets_of_age_of_the_census_make_those_of_demo(query: Query) -> None:
    found = query(
        """
        select count(*), max(abs(demo.part_0_24_ans_pct - rp.part_0_14_ans_pct
            - rp.part_15_24_ans_pct))
        from raw.insee__demo_qpv as demo
        inner join raw.insee__recensement_qpv as rp using (code_territoire)
        where demo._millesime = '2017' and demo.part_0_24_ans_pct is not null
            and rp.part_0_14_ans_pct is not null and rp.part_15_24_ans_pct is not null
        """
    )
    assert [(rows, round(gap, 1)) for rows, gap in found] == [(1285, 0.0)]


@pytest.mark.long
def test_two_datasets_never_contradict_each_other(query: Query) -> None:
    """One value is kept of those that speak of the same year: whichever it is, it is the same."""
    editions = sorted(set(CLAIMS.values()))
    pairs = [(a, b) for a in editions for b in editions if a < b and a[0] != b[0]]
    differ = {
        (one, other, measure): counts[1]
        for one, other in pairs
        for measure, counts in gaps(query, one, other).items()
        if counts[1]
    }
    # In 2019 REVN says nothing of six quartiers of Martinique, that DEMO gives and that is kept.
    assert differ == {
        (("insee.demo_qpv", "2021"), ("insee.revn_qpv", "2021"), "foyers_allocataires"): 6
    }
    assert query(
        """
        select distinct left(demo.code_territoire, 5), revn.foyers_allocataires
        from raw.insee__demo_qpv as demo inner join raw.insee__revn_qpv as revn
            using (code_territoire)
        where demo._millesime = '2021' and revn._millesime = '2021'
            and demo.foyers_allocataires is distinct from revn.foyers_allocataires
        """
    ) == [("QP972", None)]


@pytest.mark.long
@pytest.mark.parametrize(("edition", "rows"), [("2019", 1311), ("2020", 1286), ("2021", 1282)])
def test_jobseekers_of_an_edition_are_one_year_after_those_of_the_last(
    edition: str, rows: int, query: Query
) -> None:
    """What the deduced years rest on: the producer's own change is the one between editions."""
    ((counted, gap),) = query(
        f"""
        select count(*), median(abs(suivant.evolution_demandeurs_emploi_a_pct
            - 100 * (suivant.demandeurs_emploi_a / avant.demandeurs_emploi_a - 1)))
        from raw.insee__ipro_qpv as suivant
        inner join raw.insee__ipro_qpv as avant using (code_territoire)
        where suivant._millesime = '{edition}' and avant._millesime = '{int(edition) - 1}'
            and suivant.evolution_demandeurs_emploi_a_pct is not null
            and avant.demandeurs_emploi_a is not null
        """
    )
    assert counted == rows
    assert gap < 0.5


@pytest.mark.long
def test_a_code_that_does_not_exist_is_set_aside(real_files: Path, tmp_path: Path) -> None:
    sources = tmp_path / "recus"
    sources.mkdir()
    settings = Settings(tmp_path / "home", sources)
    (listed,) = real_files.rglob("qpv_info_nom_commune.csv")
    (filosofi,) = real_files.rglob("data_filo18_qp_revdis.csv")
    shutil.copy(listed, sources)
    content = filosofi.read_bytes()
    assert content.count(b"QP001001;") == 1
    (sources / filosofi.name).write_bytes(content.replace(b"QP001001;", b"QP001999;"))
    with listed.open(encoding="utf-8") as reader:
        assert "QP001999" not in {row["code"] for row in csv.DictReader(reader)}
    for dataset in ("insee.liste_qpv2015", "insee.filosofi_qpv"):
        desk = Desk(contracts()[dataset], settings)
        (load,) = desk.ingest()
    assert (load.verdict, load.lignes_chargees, load.lignes_ecartees) == ("charge", 1351, 2)
    assert desk.query(
        "select regle, message from quarantine.{table} where regle <> 'ligne_de_controle'"
    ) == [("codes_connus", "Un code n'est pas dans la liste des quartiers prioritaires de 2015.")]
