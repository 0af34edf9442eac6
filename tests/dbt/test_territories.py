"""Territories over time: passages, conversions and sums, each computed again from the files."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import pytest

from tests.conftest import DEMO
from tests.publication.night import Night, built_night, figures, ledger

SPACES = str.maketrans("", "", " \u00a0\u202f")
OUTSIDE = "HORS_ZONAGE"


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as reader:
        return list(csv.DictReader(reader, delimiter=";"))


def _number(cell: str | None) -> float | None:
    text = (cell or "").translate(SPACES).replace(",", ".")
    return float(text) if text else None


# --- passages -------------------------------------------------------------------------------


def test_the_passages_from_2015_to_2024_are_those_of_the_control_table(night):
    """Areas measured elsewhere; what is left of each source is outside, Petits Prés wholly."""
    wanted = {("QP078004", OUTSIDE): 1.0}
    for row in _rows(DEMO / "geo" / "correspondance_qpv_2015_2024_yvelines.csv"):
        if row["dans_sqy"] == "oui" and row["code_qpv_2015"] and row["code_qpv_2024"]:
            share = int(row["surface_commune_m2"]) / int(row["surface_2015_m2"])
            wanted[row["code_qpv_2015"], row["code_qpv_2024"]] = share
            wanted[row["code_qpv_2015"], OUTSIDE] = 1 - share
    rows = figures(
        night.candidate,
        "select code_source, code_cible, poids from marts.dim_passage"
        " where zonage_source = 'QPV2015' and zonage_cible = 'QPV2024'",
    )
    assert len(wanted) == 13
    assert {(source, target): weight for source, target, weight in rows} == pytest.approx(
        wanted, abs=1e-4
    )


def test_the_new_quartiers_come_from_nowhere(night):
    rows = figures(
        night.candidate,
        "select code_source, code_cible, poids from marts.dim_passage"
        " where code_source in ('QN07821N', 'QN07822N') and zonage_cible = 'QPV2015' order by all",
    )
    assert rows == [("QN07821N", OUTSIDE, 1.0), ("QN07822N", OUTSIDE, 1.0)]


def test_le_buisson_is_followed_by_no_quartier(night):
    rows = figures(
        night.candidate,
        "select zonage_cible, code_cible, poids, qualite from marts.dim_passage"
        " where zonage_source = 'QVA' order by all",
    )
    assert rows == [("COMMUNE", "78356", 1.0, "A"), ("QPV2024", OUTSIDE, 1.0, "A")]


def test_the_agglomeration_of_2015_is_that_of_the_files(night):
    """The five communes of the CAF file of 2016 that carry the former code, of the seven."""
    former = {
        row["DEPCOM"]
        for row in _rows(DEMO / "caf" / "data_CAF_2016_IRIS.csv")
        if row["EPCI"] == "247800451"
    }
    others = {row["DEPCOM"] for row in _rows(DEMO / "caf" / "data_CAF_2016_IRIS.csv")} - former
    rows = figures(
        night.candidate,
        "select millesime, code_source, code_cible from marts.dim_passage"
        " where zonage_cible = 'EPCI'",
    )
    of = defaultdict(set)
    for year, commune, target in rows:
        of[year, target].add(commune)
    assert former < of["2015", "247800451"]
    assert others < of["2015", OUTSIDE]
    assert {key: len(communes) for key, communes in of.items()} == {
        ("2015", "247800451"): 7,
        ("2015", OUTSIDE): 5,
        ("2016", "200058782"): 12,
    }


def test_surfaces_are_never_well_graded_and_2024_is_a_break(night):
    rows = figures(
        night.candidate,
        "select distinct qualite, rupture_le::varchar from marts.dim_passage"
        " where type_poids = 'surface' and zonage_source <> 'IRIS' and zonage_cible <> 'IRIS'",
    )
    assert set(rows) == {("C", "2024-01-01"), ("D", "2024-01-01")}


# --- no join on digits ----------------------------------------------------------------------


def _digits(code: str) -> str:
    return "".join(letter for letter in code if letter.isdigit())


def test_a_join_on_digits_is_impossible(night):
    """No released column holds the digits of a quartier, and no code is that of two zonings."""
    codes = figures(
        night.candidate,
        "select zonage, code_territoire from marts.dim_territoire where niveau = 'quartier'",
    )
    by_zoning = defaultdict(set)
    for zoning, code in codes:
        assert not code.isdigit()
        by_zoning[zoning].add(code)
    assert len(by_zoning["QPV2015"]) == 7
    assert len(by_zoning["QPV2024"]) == 8
    assert sum(map(len, by_zoning.values())) == len({code for _, code in codes})

    # Le Buisson's own code holds that of its commune.
    before, after = ({_digits(code) for code in by_zoning[z]} for z in ("QPV2015", "QPV2024"))
    assert not before & after
    assert not {int(text) for text in before} & {int(text) for text in after}
    digits = before | after | {text.lstrip("0") for text in before | after}
    columns = figures(
        night.candidate,
        "select schema_name, table_name, column_name, data_type from duckdb_columns()"
        " where schema_name in ('marts', 'reference')",
    )
    listed = ", ".join(f"'{text}'" for text in sorted(digits))
    for schema, table, column, kind in columns:
        named = column.startswith("code_") or column in ("quartier_id", "zonage")
        assert not named or kind == "VARCHAR", f"{table}.{column} is {kind}"
        if kind == "VARCHAR":
            found = figures(
                night.candidate,
                f'select distinct "{column}" from {schema}.{table} where "{column}" in ({listed})',
            )
            assert not found, f"{table}.{column}: {found}"


def test_the_digits_would_have_misled(night):
    """QP078005 is in Guyancourt, QN07805M in Trappes: `quartier_id` leads each to its own."""
    rows = figures(
        night.candidate,
        "select avant.code_territoire, apres.code_territoire"
        " from marts.dim_territoire as avant join marts.dim_territoire as apres using (quartier_id)"
        " where avant.zonage = 'QPV2015' and apres.zonage = 'QPV2024' order by all",
    )
    assert rows == [
        ("QP078005", "QN07804M"),
        ("QP078006", "QN07805M"),
        ("QP078007", "QN07806M"),
        ("QP078008", "QN07807M"),
        ("QP078017", "QN07815M"),
        ("QP078018", "QN07816M"),
    ]


# --- converted counts -----------------------------------------------------------------------


def test_converted_counts_are_those_of_the_file_and_the_weights(night):
    """Coverage of each target, weight of its source, counts of edition 2021."""
    received = {row["CODGEO"]: row for row in _rows(DEMO / "insee" / "data_DEMO_2021_V1_QP.csv")}
    passages = figures(
        night.candidate,
        "select code_source, code_cible, poids, part_cible_couverte from marts.dim_passage"
        " where zonage_source = 'QPV2015' and zonage_cible = 'QPV2024'"
        " and code_cible <> 'HORS_ZONAGE'",
    )
    rows = ledger(
        night.settings,
        "select code_territoire, mesure, valeur, valeur_partielle, statut, part_cible_couverte"
        " from intermediate.int_mesures__converties where dataset = 'insee.demo_qpv'"
        " and millesime = '2021' and mesure in ('population', 'personnes_couvertes')",
    )
    found = {(code, measure): rest for code, measure, *rest in rows}
    assert len(found) == 2 * len(passages) == 12
    for source, target, weight, covered in passages:
        for measure, column in (("population", "POP_MUN"), ("personnes_couvertes", "PERCOU")):
            value, partial, status, said = found[target, measure]
            assert partial == pytest.approx(weight * float(received[source][column]))
            assert said == covered < 0.95
            assert (value, status) == (None, "non_disponible")


def test_friches_of_2024_has_no_converted_count(night):
    """48 % of it was in a quartier of 2015: a count would be half of one."""
    rows = ledger(
        night.settings,
        "select distinct valeur, qualite, round(part_cible_couverte, 2)"
        " from intermediate.int_mesures__converties where code_territoire = 'QN07816M'",
    )
    assert rows == [(None, "D", 0.48)]


def test_only_additive_measures_are_converted(night):
    rows = ledger(
        night.settings,
        "select distinct mesure from intermediate.int_mesures__converties where mesure in ("
        " select mesure from audit.mesures where not coalesce(additive, false)"
        " and dataset in (select dataset from intermediate.int_mesures__converties))",
    )
    assert rows == []
    units = ledger(
        night.settings, "select distinct unite from intermediate.int_mesures__converties"
    )
    assert not {unit for (unit,) in units} & {"%", "€", "ratio", "indice"}


# --- sums of IRIS ---------------------------------------------------------------------------

# Read in the files of the CAF by another program (PROVENANCE.md of the CAF).
TRAPPES = {
    "foyers_allocataires": ("A", [7012, 6905, 7356, 7818, 8023]),
    "personnes_couvertes": ("PERCOU", [20896, 20832, 21441, 22170, 22316]),
    "foyers_prime_activite": ("APPA", [1512, 1614, 1885, 2599, 2671]),
    "foyers_rsa_socle": ("ARSAS", [991, 887, 948, 993, 1131]),
    "foyers_aah": ("AAAH", [477, 458, 515, 535, 531]),
}
YEARS = ["2016", "2017", "2018", "2019", "2020"]


@pytest.mark.parametrize("measure", TRAPPES)
def test_the_totals_of_trappes(night, measure):
    rows = ledger(
        night.settings,
        "select millesime, valeur, statut, iris_publies, iris_attendus"
        " from intermediate.int_mesures__sommes"
        f" where code_territoire = '78621' and mesure = '{measure}' order by millesime",
    )
    _, totals = TRAPPES[measure]
    assert rows == [
        (year, total, "observe", 12, 12) for year, total in zip(YEARS, totals, strict=True)
    ]


@pytest.mark.parametrize("year", YEARS)
def test_every_sum_is_that_of_the_csv_and_a_blank_makes_a_lower_bound(night, year):
    columns = {name: column for name, (column, _) in TRAPPES.items()} | {
        "foyers_monoparents": "AM",
        "foyers_etudiants": "A_ETUD",
    }
    attended = dict(
        ledger(
            night.settings,
            "select code_commune, count(*) from intermediate.int_territoires__observes"
            " where zonage = 'IRIS' group by code_commune",
        )
    )
    wanted = {}
    for measure, column in columns.items():
        cells = defaultdict(list)
        for row in _rows(DEMO / "caf" / f"data_CAF_{year}_IRIS.csv"):
            cells[row["CODGEO"][:5]].append(_number(row[column]))
        for commune, count in attended.items():
            given = [cell for cell in cells[commune] if cell is not None]
            status = "observe" if len(given) == count else "borne_basse"
            if not given:
                status = "secret_producteur" if cells[commune] else "non_disponible"
            total = sum(given) if given else None
            wanted[commune, measure] = (total, status, len(given), count)
    names = ", ".join(f"'{name}'" for name in columns)
    rows = ledger(
        night.settings,
        "select code_territoire, mesure, valeur, statut, iris_publies, iris_attendus"
        " from intermediate.int_mesures__sommes"
        f" where millesime = '{year}' and mesure in ({names})",
    )
    assert {(code, measure): tuple(rest) for code, measure, *rest in rows} == wanted
    assert {status for _, status, *_ in wanted.values()} >= {"observe", "borne_basse"}


# --- references -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dataset", "edition", "file", "columns"),
    [
        (
            *("insee.demo_qpv", "2018", "DEMO_2018.csv"),
            {
                "population": "POP_MUN",
                "personnes_couvertes": "PERCOU",
                "foyers_monoparents": "AM",
                "part_etrangers_pct": "TX_TOT_ET",
                "population_commune": "POP_COM",
            },
        ),
        (
            *("insee.demo_qpv", "2019", "data_DEMO_2019_V1_QP.csv"),
            {"personnes_couvertes": "PERCOU", "part_etrangers_pct": "TX_TOT_ET"},
        ),
        (
            *("insee.revn_qpv", "2019", "REVN_2019.csv"),
            {"part_prestations_sociales_pct": "PPSOC", "niveau_vie_median_eur": "DISP_Q2"},
        ),
        (
            *("insee.ipro_qpv", "2018", "IPRO_2018.csv"),
            {"demandeurs_emploi_abc": "ABC"},
        ),
        (
            *("insee.filosofi_qpv", "2018", "data_filo18_qp_revdis.csv"),
            {"niveau_vie_median_eur": "DISP_MED_A18", "taux_pauvrete_pct": "DISP_TP60_A18"},
        ),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_the_references_are_the_control_row_of_the_file(night, dataset, edition, file, columns):
    (control,) = [
        {name.strip(): cell for name, cell in row.items() if name}
        for row in _rows(DEMO / "insee" / file)
        if "Ensemble" in row.values()
    ]
    rows = ledger(
        night.settings,
        "select mesure, valeur, statut, valeur_haute - valeur_basse, zonage, code_territoire"
        f" from intermediate.int_mesures__references where dataset = '{dataset}'"
        f" and millesime = '{edition}'",
    )
    found = {measure: rest for measure, *rest in rows}
    for measure, column in columns.items():
        value = _number(control[column])
        rounded = value is not None and "_pct" not in measure and "_eur" not in measure
        rounded = rounded and value % 100 == 0
        status = "arrondi" if rounded else "non_disponible" if value is None else "observe"
        width = 100 if rounded else None
        assert found[measure] == [value, status, width, "QPV_FRANCE", "QPV2015"], measure


# --- lineage --------------------------------------------------------------------------------


def test_every_composed_value_is_the_sum_of_its_cells(night):
    (wrong,) = ledger(
        night.settings,
        """
        select count(*)
        from (
            from intermediate.int_mesures__converties
            select *, valeur_partielle as total
            union all by name
            from intermediate.int_mesures__sommes select *, valeur as total
            union all by name
            from intermediate.int_mesures__references select *, valeur as total
        ) as composees
        left join (
            select dataset, millesime, zonage, code_territoire, mesure,
                sum(poids * valeur) as somme, count(*) as cellules
            from intermediate.int_mesures__cellules group by all
        ) as cellules using (dataset, millesime, zonage, code_territoire, mesure)
        where cellules is null or (total is not null and abs(total - somme) > 1e-6)
        """,
    )
    assert wrong == (0,)


def test_a_cell_leads_to_its_row_in_the_file(night):
    """Every cell of the CAF and of the converted populations: file, row, column, value."""
    rows = ledger(
        night.settings,
        "select fichier, ligne, colonne_source, code_source, valeur"
        " from intermediate.int_mesures__cellules"
        " join audit.loads using (load_id)"
        " where (composition = 'somme' and mesure in ('foyers_apl', 'foyers_allocataires'))"
        " or (composition = 'conversion' and mesure = 'population')",
    )
    files: dict[str, list[list[str]]] = {}
    for file, line, column, source, value in rows:
        if file not in files:
            (path,) = DEMO.rglob(file)
            with path.open(encoding="utf-8-sig", newline="") as reader:
                files[file] = list(csv.reader(reader, delimiter=";"))
        header, cells = files[file][0], files[file][line - 1]
        assert source in cells
        assert _number(cells[header.index(column)]) == value
    assert len(rows) > 500
