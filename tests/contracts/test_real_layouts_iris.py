"""The producers' real files of IRIS, communes and wider: claimed, read, judged and counted.

What is expected is read again from the files with `csv` and `zipfile`, or printed by the producers.
"""

from __future__ import annotations

import csv
import io
import os
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import pytest

from ingestion.contract import contracts
from ingestion.foresight import check_file
from ingestion.pipeline import ingest, receive
from ingestion.reading import read
from ingestion.refusal import Refusal
from warehouse.ledger import Load
from warehouse.settings import PROJECT, Settings

pytestmark = pytest.mark.real

YEARS = range(2014, 2019)
CLAIMS: dict[str, tuple[str, str, int]] = {
    "commune_2021.csv": ("insee.communes", "2021", 1),
    "iris_2021.csv": ("insee.iris", "2021", 1),
    "EPCI_2020.csv": ("insee.composition_epci", "2020", 1),
    "EPCI.csv": ("insee.composition_epci", "2020", 2),
    "seed_insee_epci_commune.csv": ("insee.composition_epci", "2025", 1),
    "bpe18_ensemble_csv.zip": ("insee.bpe", "2018", 1),
    "ECO_ETAB_STOCKS.csv": ("insee.melodi_etablissements", "2023", 1),
    "POP_FILOSOFI_AGE.csv": ("insee.melodi_filosofi_age", "2021", 1),
    "POP_FILOSOFI_MENAGE_MONO.csv": ("insee.melodi_filosofi_menages", "2021", 1),
    "POP_RECENSEMENT.csv": ("insee.melodi_population", "2022", 1),
    "INSEE_MTP_CAFiris_2009.csv": ("insee.caf_iris_ancien", "2009", 1),
    "INSEE_MTP_CAFiris_2009.xls": ("insee.caf_iris_ancien", "2009", 2),
    "INSEE_MTP_CAFzus_2009.xls": ("insee.caf_zus_ancien", "2009", 1),
    "INSEE_MTP_RevenusFiscIRIS_2009.csv": ("insee.revenus_iris_ancien", "2009", 1),
    "INSEE_MTP_RevenusFiscIRIS_2009.xls": ("insee.revenus_iris_ancien", "2009", 2),
    **{
        f"cafdata_qf_communes_{extent}.csv": ("caf.prestations_qf_communes", extent, 1)
        for extent in ("grenoble_rennes_2020-2023", "5_metropoles_2020-2023")
    },
    **{
        f"data_CAF_{year}_IRIS.csv": ("caf.allocataires_iris", str(year), 1)
        for year in range(2016, 2021)
    },
    **{
        f"BASE_TD_FILO_DISP_IRIS_{year}.csv": ("insee.filosofi_iris", str(year), 1)
        for year in YEARS
    },
    **{
        f"FILO{year}_DISP_COM.csv": ("insee.filosofi_communes", str(year), 1)
        for year in (2016, 2018)
    },
    **{
        f"FILO{year}_DISP_{code}.csv": (f"insee.filosofi_{level}", str(year), 1)
        for code, level in (
            ("EPCI", "epci"), ("DEP", "departements"), ("REG", "regions"), ("METROPOLE", "france"),
        )
        for year in YEARS
    },
}  # fmt: skip
DATASETS = [name for name in contracts() if name in {claim[0] for claim in CLAIMS.values()}]

UNKNOWN_IRIS = "Le code d'un IRIS n'est pas dans le référentiel des IRIS"
UNKNOWN_COMMUNE = "Le code d'une commune n'est pas dans le code officiel géographique"
# Every warning that these files give: how its text starts, and how many rows it is about.
WARNINGS = {
    "data_CAF_2016_IRIS.csv": (UNKNOWN_IRIS, 81),
    "data_CAF_2017_IRIS.csv": (UNKNOWN_IRIS, 27),
    "data_CAF_2018_IRIS.csv": (UNKNOWN_IRIS, 4),
    "BASE_TD_FILO_DISP_IRIS_2014.csv": (UNKNOWN_IRIS, 68),
    "BASE_TD_FILO_DISP_IRIS_2015.csv": (UNKNOWN_IRIS, 45),
    "BASE_TD_FILO_DISP_IRIS_2016.csv": (UNKNOWN_IRIS, 24),
    "BASE_TD_FILO_DISP_IRIS_2017.csv": (UNKNOWN_IRIS, 24),
    "BASE_TD_FILO_DISP_IRIS_2018.csv": (UNKNOWN_IRIS, 4),
    "bpe18_ensemble_csv.zip": (UNKNOWN_IRIS, 8524),
    "FILO2016_DISP_COM.csv": (UNKNOWN_COMMUNE, 45),
    "FILO2018_DISP_COM.csv": (UNKNOWN_COMMUNE, 2),
    "cafdata_qf_communes_grenoble_rennes_2020-2023.csv": ("La commune n'a pas de nom", 63),
}
COMMUNES_OF_SQY = (
    "78165", "78168", "78208", "78297", "78356", "78383",
    "78423", "78490", "78621", "78644", "78674", "78688",
)  # fmt: skip


def found(folder: Path, name: str) -> Path:
    (path,) = folder.rglob(name)
    return path


def rows_of(content: bytes, separator: str = ";", *, above: int = 0) -> Iterator[dict[str, str]]:
    """The rows under the header; bytes that are not UTF-8 (in headers only) are not looked at."""
    text = content.decode("utf-8-sig", errors="replace")
    lines = io.StringIO(text.replace("\r\n", "\n"), newline="")
    for _ in range(above):
        lines.readline()
    return csv.DictReader(lines, delimiter=separator)


def equipment(folder: Path) -> Iterator[dict[str, str]]:
    with zipfile.ZipFile(found(folder, "bpe18_ensemble_csv.zip")) as archive:
        (name,) = archive.namelist()
        with archive.open(name) as reader:
            yield from csv.DictReader(io.TextIOWrapper(reader, "utf-8"), delimiter=";")


@pytest.mark.parametrize("name", CLAIMS)
def test_one_contract_claims_the_file(name: str, real_files: Path) -> None:
    assert found(real_files, name).is_file()
    claims = [
        (dataset, *claim)
        for dataset, contract in contracts().items()
        if (claim := contract.claim_of(name))
    ]
    assert claims == [CLAIMS[name]]


def test_a_cut_of_the_equipment_is_no_edition(real_files: Path) -> None:
    name = found(real_files, "bpe18_ensemble_78.csv").name
    assert [c.dataset for c in contracts().values() if c.claim_of(name)] == []


def test_a_file_saved_by_a_spreadsheet_is_refused_for_its_lost_zeros(
    real_files: Path, tmp_path: Path
) -> None:
    path = found(real_files, "EPCI.csv")
    widths = {"COM": 5, "DEP": 2, "REG": 2}
    damaged = sum(
        any(len(row[name]) < width for name, width in widths.items())
        for row in rows_of(path.read_bytes())
    )
    with pytest.raises(Refusal) as refused:
        check_file(path, Settings(tmp_path / "home", real_files))
    assert refused.value.rule == "zero_initial_perdu"
    assert refused.value.rows_received == 34965
    assert refused.value.message == (
        f"{damaged} code(s) ont perdu leur zéro initial : le fichier a sans doute été ouvert puis "
        "enregistré par un tableur, qui les a pris pour des nombres. Ligne 2 : Colonne « COM » : "
        "« 1001 » a perdu son zéro initial. Colonne « DEP » : « 1 » a perdu son zéro initial. "
        "Demandez le fichier d'origine, sans l'ouvrir dans un tableur."
    )


def test_the_header_in_two_encodings_is_read(real_files: Path, tmp_path: Path) -> None:
    contract = contracts()["caf.prestations_qf_communes"]
    path = found(real_files, "cafdata_qf_communes_grenoble_rennes_2020-2023.csv")
    start = path.read_bytes()[:40]
    assert start.startswith(b"Date r\xe9f\xe9rence;Num\xc3\xa9ro commune;")
    claim = contract.claim_of(path.name)
    assert claim
    reading = read(path, contract.reading_of(claim), tmp_path / "lignes.parquet")
    assert reading.header[:4] == [
        "Date référence", "Numéro commune", "Quotient familial", "Nom commune",
    ]  # fmt: skip
    assert reading.rows == 2848


@dataclass(frozen=True)
class Loaded:
    """A warehouse with every file above judged, and the staging models of some built on it."""

    loads: dict[str, Load]
    path: Path

    def query(self, sql: str) -> list[tuple[Any, ...]]:
        with duckdb.connect(self.path, read_only=True) as con:
            return con.execute(sql).fetchall()


@pytest.fixture(scope="module")
def loaded(real_files: Path, tmp_path_factory: pytest.TempPathFactory) -> Loaded:
    settings = Settings(tmp_path_factory.mktemp("iris"), real_files)
    loads = {
        load.fichier: load
        for dataset in DATASETS
        for load in ingest(contracts()[dataset], receive(contracts()[dataset], settings), settings)
    }
    models = [
        "stg_caf__prestations_qf_communes",
        "stg_insee__bpe",
        "stg_insee__composition_epci",
        "stg_insee__iris",
        "stg_insee__melodi_filosofi_age",
        "stg_insee__melodi_filosofi_menages",
    ]
    build = subprocess.run(
        [
            *(sys.executable, "-m", "dbt.cli.main", "run", "--select", *models),
            *("--project-dir", "dbt", "--profiles-dir", "dbt"),
            *("--target-path", settings.home / "dbt", "--log-path", settings.home / "dbt"),
        ],
        cwd=PROJECT,
        env={**os.environ, "OBSERVATOIRE_ENTREPOT": str(settings.warehouse)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert build.returncode == 0, build.stdout
    return Loaded(loads, settings.warehouse)


@pytest.mark.long
def test_true_files_are_accepted_and_only_the_damaged_one_is_refused(loaded: Loaded) -> None:
    assert {name: load.verdict for name, load in loaded.loads.items()} == {
        name: {"EPCI.csv": "refuse"}.get(name, "charge" if rank == 1 else "inchange")
        for name, (_, _, rank) in CLAIMS.items()
    }
    assert all(load.lignes_recues == load.lignes_chargees for load in loads_of(loaded, "charge"))


@pytest.mark.long
def test_true_files_give_these_warnings_and_no_other(loaded: Loaded) -> None:
    warned = {load.fichier: load for load in loads_of(loaded, "charge") if load.motif}
    assert warned.keys() == WARNINGS.keys()
    for name, (start, rows) in WARNINGS.items():
        load = warned[name]
        assert load.avertissements == 1, name
        assert load.motif.startswith(start), name
        assert load.motif.endswith(f"({rows} ligne(s))"), name


def loads_of(loaded: Loaded, verdict: str) -> list[Load]:
    return [load for load in loaded.loads.values() if load.verdict == verdict]


@pytest.mark.long
@pytest.mark.parametrize("base", ["CAFiris", "RevenusFiscIRIS"])
def test_the_text_and_the_workbook_of_2009_say_the_same(loaded: Loaded, base: str) -> None:
    other = loaded.loads[f"INSEE_MTP_{base}_2009.xls"]
    assert other.motif == (
        f"Autre livraison de INSEE_MTP_{base}_2009.csv, qui est gardée : les mêmes valeurs."
    )
    assert other.avertissements == 0


@pytest.mark.long
@pytest.mark.parametrize(
    ("table", "name", "separator", "measure", "raw"),
    [
        ("caf_iris_ancien", "CAFiris", ",", "personnes_couvertes", "PERCOU"),
        ("revenus_iris_ancien", "RevenusFiscIRIS", ";", "personnes_menages_fiscaux", "NbPers"),
    ],
)
def test_codes_of_2009_are_joined(
    loaded: Loaded, real_files: Path, table: str, name: str, separator: str, measure: str, raw: str
) -> None:
    content = found(real_files, f"INSEE_MTP_{name}_2009.csv").read_bytes()
    rows = list(rows_of(content, separator, above=6))[1:]  # the first is that of the labels
    expected = {
        row["dc"] + row["iris"]: float(row[raw].replace(",", ".")) if row[raw] else None
        for row in rows
    }
    assert all(len(code) == 9 for code in expected)
    found_here = loaded.query(f"select code_territoire, {measure} from raw.insee__{table}")
    assert dict(found_here) == expected


def extracts(folder: Path) -> dict[tuple[str, str, str], tuple[bool, list[int]]]:
    """Both extracts by month, commune and class: is the commune named, and the fifteen figures.

    A row that both give is the same in both, or is named in the second alone.
    """
    rows: dict[tuple[str, str, str], tuple[bool, list[int]]] = {}
    for extent in ("grenoble_rennes", "5_metropoles"):
        content = found(folder, f"cafdata_qf_communes_{extent}_2020-2023.csv").read_bytes()
        for row in rows_of(content):
            month, code, class_, commune, *cells = row.values()
            values = [int(cell) for cell in cells[:15]]
            assert rows.get((month, code, class_), (True, values))[1] == values
            rows[month, code, class_] = bool(commune), values
    return rows


@pytest.mark.long
def test_extracts_that_overlap_are_counted_once(loaded: Loaded, real_files: Path) -> None:
    expected = extracts(real_files)
    named = [values for is_named, values in expected.values() if is_named]
    assert (len(expected), len(named)) == (7761, 7698)
    staged = "from staging.stg_caf__prestations_qf_communes"
    assert loaded.query(f"select count(*), count(valeur) {staged}") == [
        (15 * len(expected), 15 * len(named))
    ]
    # The header gives three figures a benefit: homes, people and amount.
    sums = [sum(values[rank] for values in named) for rank in range(3)]
    assert loaded.query(
        "select sum(valeur) filter (mesure = 'foyers_allocataires'),"
        " sum(valeur) filter (mesure = 'personnes_couvertes'),"
        f" sum(valeur) filter (mesure = 'montant_prestations_eur') {staged}"
    ) == [tuple(sums)]


@pytest.mark.long
def test_rounded_figures_keep_their_bounds(loaded: Loaded, real_files: Path) -> None:
    expected: Counter[tuple[bool, int]] = Counter(
        (rank % 3 == 2, value)
        for is_named, values in extracts(real_files).values()
        if is_named
        for rank, value in enumerate(values)
    )
    rows = loaded.query(
        "select mesure like 'montant%', valeur, valeur_basse, valeur_haute, statut, count(*)"
        " from staging.stg_caf__prestations_qf_communes where valeur is not null group by all"
    )
    half = {False: 2, True: 50}
    assert {(amount, value): count for amount, value, *_, count in rows} == expected
    for amount, value, low, high, status, _ in rows:
        assert (low, high) == (max(0, value - half[amount]), value + half[amount])
        assert status == "arrondi"
    assert loaded.query(
        "select distinct valeur_basse, valeur_haute, statut, unite in ('foyers', 'personnes')"
        " from staging.stg_caf__prestations_qf_communes where valeur is null order by all"
    ) == [(None, None, "non_disponible", False), (None, None, "non_disponible", True)]


@pytest.mark.long
def test_every_equipment_is_there(loaded: Loaded, real_files: Path) -> None:
    rows = count = 0
    in_sqy: Counter[str] = Counter()
    for row in equipment(real_files):
        rows += 1
        count += int(row["NB_EQUIP"])
        if row["DEPCOM"] in COMMUNES_OF_SQY:
            in_sqy[row["DEPCOM"]] += int(row["NB_EQUIP"])
    assert (rows, count) == (1_035_564, 2_504_782)
    staged = "from staging.stg_insee__bpe"
    assert loaded.query(f"select count(*), sum(nombre_equipements) {staged}") == [(rows, count)]
    codes = ", ".join(f"'{code}'" for code in COMMUNES_OF_SQY)
    found_here = loaded.query(
        f"select code_commune, sum(nombre_equipements) {staged} where code_commune in ({codes})"
        " group by all"
    )
    assert dict(found_here) == in_sqy
    assert loaded.query(f"select distinct periode, length(code_territoire) {staged}") == [
        ("2018", 9)
    ]
    assert loaded.query(
        f"select distinct code_territoire {staged} where code_recu in ('78005_0101', '78003')"
        " order by all"
    ) == [("780030000",), ("780050101",)]


@pytest.mark.long
def test_the_iris_of_sqy(loaded: Loaded) -> None:
    communes = ", ".join(f"'{code}'" for code in COMMUNES_OF_SQY)
    of_sqy = f"left(code_territoire, 5) in ({communes})"
    (count,) = loaded.query(f"select count(*) from staging.stg_insee__iris where {of_sqy}")
    assert count == (89,)
    for dataset, expected in (
        ("caf__allocataires_iris", [77, 77, 77, 81, 81]),
        ("insee__filosofi_iris", [73] * 5),
    ):
        counts = loaded.query(
            f"select count(*) from raw.{dataset} where {of_sqy} group by _millesime"
            " order by _millesime"
        )
        assert [count for (count,) in counts] == expected


# As the provenance of the files gives them: the sum of the IRIS that are published.
TRAPPES = {
    "2016": (7012, 20896, 1512, 991, 477),
    "2017": (6905, 20832, 1614, 887, 458),
    "2018": (7356, 21441, 1885, 948, 515),
    "2019": (7818, 22170, 2599, 993, 535),
    "2020": (8023, 22316, 2671, 1131, 531),
}


@pytest.mark.long
def test_the_control_totals_of_trappes(loaded: Loaded) -> None:
    rows = loaded.query(
        "select _millesime, sum(foyers_allocataires), sum(personnes_couvertes),"
        " sum(foyers_prime_activite), sum(foyers_rsa_socle), sum(foyers_aah)"
        " from raw.caf__allocataires_iris where code_territoire like '78621%' group by all"
    )
    assert {vintage: tuple(sums) for vintage, *sums in rows} == TRAPPES


@pytest.mark.long
def test_the_weight_of_benefits_that_the_report_prints(loaded: Loaded) -> None:
    assert loaded.query(
        "select part_prestations_sociales_pct from raw.insee__filosofi_epci"
        " where _millesime = '2017' and code_territoire = '200058782'"
    ) == [(4.7,)]


@pytest.mark.long
@pytest.mark.parametrize(
    ("dataset", "name"),
    [("age", "POP_FILOSOFI_AGE.csv"), ("menages", "POP_FILOSOFI_MENAGE_MONO.csv")],
)
def test_what_the_producer_hides_says_so(
    loaded: Loaded, real_files: Path, dataset: str, name: str
) -> None:
    rows = list(rows_of(found(real_files, name).read_bytes()))
    hidden = sum(
        row["Statut de confidentialité"] == "Confidentiel (secret statistique)" for row in rows
    )
    assert hidden == sum(not row["Valeur"] for row in rows)
    assert dict(
        loaded.query(
            f"select statut, count(*) from staging.stg_insee__melodi_filosofi_{dataset}"
            " where (valeur is null) = (statut = 'secret_producteur') group by all"
        )
    ) == {"observe": len(rows) - hidden, "secret_producteur": hidden}


@pytest.mark.long
def test_four_islands_have_no_intercommunalite(loaded: Loaded) -> None:
    rows = loaded.query(
        "select millesime, code_territoire from staging.stg_insee__composition_epci"
        " where code_epci is null order by millesime, code_territoire"
    )
    islands = ("22016", "29083", "29155", "85113")
    assert rows == [(year, code) for year in ("2020", "2025") for code in islands]
