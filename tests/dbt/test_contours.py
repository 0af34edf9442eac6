"""Outlines: the areas and overlaps of the neighbourhoods, as they were measured elsewhere."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import duckdb
import pytest

from publication.build import DATABASE
from tests.conftest import DEMO
from tests.publication.night import Night, built_night, figures, ledger

# m², Lambert-93, and the share of the quartier of 2024 that was in one of 2015: measured from the
# two layers by another program (PROVENANCE.md of the geography). The layer of 2024 is simplified.
AREAS = {
    "QP078004": 113165,
    "QP078005": 159924,
    "QP078006": 979178,
    "QP078007": 147219,
    "QP078008": 255812,
    "QP078017": 110805,
    "QP078018": 56489,
    "QN07804M": 188657,
    "QN07805M": 1398091,
    "QN07806M": 154478,
    "QN07807M": 292111,
    "QN07815M": 150117,
    "QN07816M": 116508,
    "QN07821N": 64487,
    "QN07822N": 72805,
}
SHARES_PCT = {
    ("QP078006", "QN07805M"): 67,
    ("QP078007", "QN07806M"): 94,
    ("QP078008", "QN07807M"): 83,
    ("QP078005", "QN07804M"): 82,
    ("QP078017", "QN07815M"): 71,
    ("QP078018", "QN07816M"): 48,
}
SHARES = """
    select code_source, code_cible, round(100 * part_cible_dans_source)
    from intermediate.int_contours__recouvrements
    where zonage_cible = 'QPV2024' and part_cible_dans_source >= 0.05
"""


@pytest.fixture(scope="module")
def night(tmp_path_factory: pytest.TempPathFactory) -> Night:
    return built_night(tmp_path_factory)


def test_the_areas_of_the_quartiers(night: Night) -> None:
    rows = figures(
        night.candidate,
        "select code_territoire, round(surface_m2) from marts.dim_contour where zonage like 'QPV%'",
    )
    assert dict(rows) == AREAS


def test_what_the_quartiers_of_2024_keep_of_those_of_2015(night: Night) -> None:
    rows = ledger(night.settings, SHARES)
    assert {(source, target): share for source, target, share in rows} == SHARES_PCT


def test_the_overlaps_are_those_of_the_control_table(night: Night) -> None:
    """Every pair of at least 100 m², and no other, within 2 m²."""
    with (DEMO / "geo" / "recouvrement_qpv_iris_sqy.csv").open(encoding="utf-8") as reader:
        wanted = {
            (row["code_qpv"], row["code_iris"]): int(row["surface_commune_m2"])
            for row in csv.DictReader(reader, delimiter=";")
        }
    rows = ledger(
        night.settings,
        "select code_source, code_cible, surface_commune_m2, type_poids"
        " from intermediate.int_contours__recouvrements"
        " where zonage_cible = 'IRIS' and surface_commune_m2 >= 100",
    )
    assert {(source, target): area for source, target, area, _ in rows} == pytest.approx(
        wanted, abs=2
    )
    assert {kind for *_, kind in rows} == {"surface"}


def test_every_observed_territory_is_drawn_but_le_buisson(night: Night) -> None:
    rows = figures(
        night.candidate,
        "select zonage, count(contour_wkb), count(*) from marts.dim_territoire"
        " left join marts.dim_contour using (code_territoire, zonage) group by zonage",
    )
    drawn = {zonage: (count, total) for zonage, count, total in rows}
    assert drawn["QPV2015"] == (7, 7)
    assert drawn["QPV2024"] == (8, 8)
    assert drawn["COMMUNE"] == (12, 12)
    assert drawn["IRIS"] == (89, 89)
    assert drawn["QVA"] == (0, 1)


def test_a_release_is_read_without_the_geometry_functions(night: Night) -> None:
    """A blob, a text and numbers: no type of an extension, and the two outlines agree."""
    with duckdb.connect(night.candidate / DATABASE, read_only=True) as con:
        con.execute("set autoinstall_known_extensions = false")
        con.execute("set autoload_known_extensions = false")
        kinds = con.execute(
            "select distinct data_type from duckdb_columns() where table_name = 'dim_contour'"
        ).fetchall()
        rows = con.execute(
            "select contour_wkb, contour_geojson, longitude, latitude from marts.dim_contour"
        ).fetchall()
    assert {kind for (kind,) in kinds} == {"VARCHAR", "BLOB", "DOUBLE", "BOOLEAN"}
    assert len(rows) == 116
    for wkb, text, longitude, latitude in rows:
        outline = json.loads(text)
        assert {3: "Polygon", 6: "MultiPolygon"}[wkb[1]] == outline["type"]
        corners = list(_corners(outline["coordinates"]))
        assert min(x for x, _ in corners) < longitude < max(x for x, _ in corners)
        assert min(y for _, y in corners) < latitude < max(y for _, y in corners)
        assert all(round(degree, 6) == degree for corner in corners for degree in corner)


def _corners(coordinates: list) -> list[tuple[float, float]]:
    if isinstance(coordinates[0], float):
        return [tuple(coordinates)]
    return [corner for part in coordinates for corner in _corners(part)]


def test_only_whole_layers_are_not_simplified(night: Night) -> None:
    rows = figures(
        night.candidate,
        "select distinct zonage, millesime_contour, simplifie from marts.dim_contour",
    )
    assert set(rows) == {
        ("QPV2015", "2015", False),
        ("QPV2024", "2024", True),
        ("IRIS", "2016", False),
        ("COMMUNE", "2018", True),
    }


def test_every_outline_leads_to_its_file(night: Night) -> None:
    known = {
        file["load_id"]: file["sha256"]
        for file in json.loads((night.candidate / "manifest.json").read_text("utf-8"))[
            "fichiers_sources"
        ]
    }
    rows = figures(night.candidate, "select load_id, sha256, source from marts.dim_contour")
    assert all(known[load_id] == sha256 and source for load_id, sha256, source in rows)


def test_the_control_tables_are_not_published(night: Night) -> None:
    """Shares of area would be taken for shares of inhabitants."""
    tables = figures(night.candidate, "select table_name from duckdb_tables()")
    assert not [name for (name,) in tables if "recouvrement" in name or "correspondance" in name]
    assert not list(Path(night.candidate / "parquet").glob("*recouvrement*"))
