"""GeoJSON: each feature is a row of the text received and a geometry to trust, or is refused."""

from __future__ import annotations

import json
import math
import tempfile
import unicodedata
from pathlib import Path
from typing import Any

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingestion.readers import json_text
from ingestion.readers.cells import BadLine, Reading
from ingestion.readers.delimited import read_delimited
from ingestion.readers.geojson import read_geojson
from ingestion.readers.options import ReadOptions
from ingestion.reading import read as read_in_child
from ingestion.refusal import Refusal
from tests.fixtures.geometries import point, square
from warehouse.spatial import load_spatial

OPTIONS = ReadOptions(format="geojson")
Rows = list[tuple[Any, ...]]

POINT = {"type": "Point", "coordinates": [2.0, 48.0]}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def read(content: bytes | str) -> tuple[Reading, Rows]:
    """The report, and each row as its rank then its cells."""
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "recu.geojson", Path(name) / "lignes.parquet"
        source.write_bytes(content.encode() if isinstance(content, str) else content)
        reading = read_geojson(source, OPTIONS, target)
        rows = duckdb.sql(f"from '{target}' order by _row_number").fetchall()
    return reading, [(row[-1], *row[:-1]) for row in rows]


def refusal(content: bytes | str) -> Refusal:
    with pytest.raises(Refusal) as refused:
        read(content)
    return refused.value


def feature(geometry: object = POINT, **properties: object) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def collection(*features: object, **members: object) -> str:
    return json.dumps({"type": "FeatureCollection", **members, "features": list(features)})


def geometry_of(geometry: object) -> str | None:
    """The cell that the reader gives for a geometry."""
    _, [(_, cell)] = read(collection({"type": "Feature", "properties": {}, "geometry": geometry}))
    return cell


def measured(cell: str | None) -> tuple[Any, ...]:
    """Type, validity and area (square degrees) of a cell, told by the database."""
    with duckdb.connect() as con:
        load_spatial(con)
        found = con.execute(
            "select st_geometrytype(g)::varchar, st_isvalid(g), st_area(g)"
            " from (select st_geomfromwkb(unhex(?)) as g)",
            [cell],
        ).fetchone()
    assert found
    return found


def test_a_feature_is_a_row_and_its_rank_is_its_number() -> None:
    reading, rows = read(collection(feature(code="01004"), feature(code="2A004")))
    assert reading == Reading(["code", "geometry"], 2, [])
    wkb = point(2, 48).hex().upper()
    assert rows == [(1, "01004", wkb), (2, "2A004", wkb)]


def test_the_header_is_every_property_in_order_of_appearance() -> None:
    reading, rows = read(collection(feature(b="1"), feature(a="2", b="3"), feature()))
    assert reading.header == ["b", "a", "geometry"]
    assert [row[1:3] for row in rows] == [("1", None), ("3", "2"), (None, None)]


def test_numbers_keep_the_spelling_received() -> None:
    text = (
        '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":'
        '{"fid":995.0,"grand":12345678901234567890123,"petit":1E-7,"zero":-0,"code":"01004"}}]}'
    )
    _, [row] = read(text)
    assert row == (1, "995.0", "12345678901234567890123", "1E-7", "-0", "01004", None)


def test_other_values_are_text_too() -> None:
    properties = {"oui": True, "rien": None, "vide": "", "liste": ["é", None], "objet": {"a": "b"}}
    _, [row] = read(collection(feature(None, **properties)))
    assert row == (1, "true", None, "", '["é", null]', '{"a": "b"}', None)


def test_letters_and_their_accents_are_one_character() -> None:
    reading, [row] = read(collection(feature(None, **{"de\u0301partement": "Ache\u0300res"})))
    assert reading.header[0] == "de\u0301partement"
    assert row[1] == "Achères"


@pytest.mark.parametrize(
    "content",
    [
        b"\xef\xbb\xbf" + collection(feature(code="1")).encode(),
        json.dumps(json.loads(collection(feature(code="1"))), indent=2).replace("\n", "\r\n"),
        json.dumps({"features": [feature(code="1")], "type": "FeatureCollection"}),
        collection(feature(code="1"), crs=None),
    ],
    ids=["byte order mark", "indented", "type at the end", "no projection"],
)
def test_the_layout_of_the_text_does_not_matter(content: bytes | str) -> None:
    assert read(content)[1] == [(1, "1", point(2, 48).hex().upper())]


@pytest.mark.parametrize(
    "name",
    [
        "urn:ogc:def:crs:OGC:1.3:CRS84",
        "urn:ogc:def:crs:OGC::CRS84",
        "urn:ogc:def:crs:EPSG::4326",
        "EPSG:4326",
        "OGC:CRS84",
    ],
)
def test_the_projection_may_be_said(name: str) -> None:
    said = {"type": "name", "properties": {"name": name}}
    assert read(collection(feature(), crs=said))[0].rows == 1


@pytest.mark.parametrize(
    ("crs", "told"),
    [
        ({"type": "name", "properties": {"name": "EPSG:2154"}}, "« EPSG:2154 »"),
        ({"type": "name", "properties": {"name": "EPSG:43260"}}, "« EPSG:43260 »"),
        ({"type": "name", "properties": {"name": 4326}}, "inconnu"),
        ({"type": "link", "properties": {"href": "ailleurs"}}, "inconnu"),
        ("EPSG:4326", "inconnu"),
        ({"type": "name", "properties": {"name": "\ud800" * 500}}, "\ufffd"),
    ],
)
def test_another_projection_is_refused(crs: object, told: str) -> None:
    refused = refusal(collection(feature(), crs=crs))
    assert refused.rule == "projection"
    assert told in refused.message
    assert len(refused.message) < 400
    refused.message.encode()


GOOD = collection(feature(code="1"), feature(code="2"), feature(code="3"))
NAMED = (
    '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":null,"properties":%s}]}'
)


@pytest.mark.parametrize(
    ("content", "rule", "told"),
    [
        (b"", "fichier_vide", "0 octet"),
        (collection(), "fichier_vide", "aucune entité"),
        (b"PK\x03\x04" + b"x" * 50, "format", ".zip"),
        (b"<!DOCTYPE html><html></html>", "format", "page web"),
        (b"\xff\xfe" + GOOD.encode("utf-16-le"), "octet_nul", "octet nul"),
        (GOOD.replace("1", "\x00", 1), "octet_nul", "octet nul"),
        (GOOD.replace('"1"', '"é"').encode("cp1252"), "encodage", "0xE9"),
        ("code;nom\n1;a\n}", "format", "Ligne 1, caractère 1"),
        (GOOD + " {}", "format", "ce n'est pas du JSON"),
        (GOOD.replace('"2"', "NaN"), "format", "« NaN »"),
        (GOOD.replace('"2"', "-Infinity"), "format", "« -Infinity »"),
        ("[" * 100_000 + "}", "format", "emboîte"),
        ('{"a":' * 100_000 + "}", "format", "emboîte"),
        ("[{}]", "format", "FeatureCollection"),
        ("{}", "format", "FeatureCollection"),
        ('{"type": "FeatureCollection", "features": {}}', "format", "FeatureCollection"),
        ('{"type": "FeatureCollection"}', "format", "FeatureCollection"),
        (json.dumps(feature(code="1")), "format", "FeatureCollection"),
        (GOOD.replace("FeatureCollection", "Topology"), "format", "FeatureCollection"),
        (NAMED % '{"code":"1","code":"2"}', "propriete_en_double", "Entité n° 1 : « code »"),
        (NAMED % '{"\\ud800":"1","\\ud800":"2"}', "propriete_en_double", "\ufffd"),
        (collection(*[1, 2, 3]), "structure", "3 entités sur 3"),
        (collection(feature(**{f"p{n}": "" for n in range(201)})), "entete", "201 propriétés"),
    ],
    ids=range(23),
)
def test_what_is_no_collection_is_refused_by_its_rule(
    content: bytes | str, rule: str, told: str
) -> None:
    refused = refusal(content)
    assert (refused.rule, told in refused.message) == (rule, True), refused.message


def test_a_name_that_stands_twice_is_told_with_its_feature() -> None:
    refused = refusal(GOOD.replace('"code": "3"', '"code": "3", "code": "4"'))
    assert refused.message.startswith("Entité n° 3 : « code » y figure deux fois")
    assert refused.rows_received == 2


def test_a_file_that_is_too_large_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_text, "MAX_SIZE", len(GOOD) - 1)
    assert refusal(GOOD).rule == "fichier_trop_gros"
    monkeypatch.setattr(json_text, "MAX_SIZE", len(GOOD))
    assert read(GOOD)[0].rows == 3


@settings(max_examples=60, deadline=None)
@given(st.integers(min_value=1, max_value=len(GOOD.encode()) - 1))
def test_a_file_cut_anywhere_is_refused_as_cut(length: int) -> None:
    assert refusal(GOOD.encode()[:length]).rule == "fichier_tronque"


def test_a_file_cut_in_the_middle_of_a_letter_is_refused_as_cut() -> None:
    content = json.dumps(json.loads(GOOD.replace('"3"', '"é"')), ensure_ascii=False).encode()
    assert refusal(content[: content.index(b"\xa9")]).rule == "fichier_tronque"


def test_how_far_a_cut_file_went_is_told() -> None:
    refused = refusal(GOOD[: GOOD.index('"3"')])
    assert "après la n° 2" in refused.message
    assert refused.rows_received == 2


def test_what_is_no_feature_is_set_aside_with_its_rank() -> None:
    bad = [
        17,
        {"type": "Point", "coordinates": [2, 48]},
        {"type": "Feature", "properties": [1], "geometry": None},
        feature(nom="\x00"),
        feature(nom="\ud800"),
    ]
    reading, rows = read(collection(feature(code="1"), *bad, feature(code="2")))
    assert [row[:2] for row in rows] == [(1, "1"), (7, "2")]
    assert [line.line for line in reading.bad_lines] == [2, 3, 4, 5, 6]
    assert reading.bad_lines[0] == BadLine(2, "ce n'est pas une entité GeoJSON (« Feature »)")
    assert "propriétés" in reading.bad_lines[2].reason
    assert "caractère interdit" in reading.bad_lines[4].reason


def test_too_many_that_are_no_feature_refuse_the_file() -> None:
    few, many = [[None] * count for count in (1000, 1001)]
    assert len(read(collection(feature(code="1"), *few))[0].bad_lines) == 1000
    assert refusal(collection(feature(code="1"), *many)).rule == "structure"


def test_a_property_named_geometry_makes_two_columns_of_that_name() -> None:
    """The comparison with the contract refuses a name that stands twice."""
    reading, _ = read(NAMED % '{"geometry":"rue"}')
    assert reading.header == ["geometry", "geometry"]


def test_no_geometry_is_a_blank() -> None:
    assert geometry_of(None) is None
    _, [row] = read(collection({"type": "Feature", "properties": {"code": "1"}}))
    assert row == (1, "1", None)


def test_a_bow_tie_becomes_its_two_triangles() -> None:
    # Two triangles of base 1 and height 1/2: half a square degree in all.
    assert measured(geometry_of(BOW_TIE)) == ("MULTIPOLYGON", True, 0.5)


def test_a_spike_leaves_no_line_behind() -> None:
    ring = [[0, 0], [1, 0], [1, 1], [0, 1], [0, 0], [5, 0], [0, 0]]
    assert measured(geometry_of({"type": "Polygon", "coordinates": [ring]}))[1:] == (True, 1.0)


def test_a_valid_outline_keeps_its_points() -> None:
    ring = [[1.998, 47.998], [2.002, 47.998], [2.002, 48.002], [1.998, 48.002], [1.998, 47.998]]
    assert geometry_of({"type": "Polygon", "coordinates": [ring]}) == square(2, 48).hex().upper()


def test_heights_are_dropped() -> None:
    assert geometry_of({"type": "Point", "coordinates": [2, 48, 150]}) == point(2, 48).hex().upper()


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Point", "coordinates": [652_000, 6_862_000]},
        {"type": "Point", "coordinates": [2, 90.1]},
        {"type": "Point", "coordinates": ["2", 48]},
        {"type": "Point", "coordinates": [2]},
        {"type": "Polygon", "coordinates": [[[2, 48], [2, 48.1], [2.1, 48]]]},
        {"type": "MultiPolygon", "coordinates": [[[[2.48, 48.6]] * 3]]},
        {"type": "Polygon", "coordinates": []},
        {"type": "Cercle", "coordinates": [2, 48]},
        {"coordinates": [2, 48]},
        [2, 48],
        "POINT (2 48)",
        17,
    ],
    ids=str,
)
def test_what_is_no_geometry_keeps_its_text(geometry: object) -> None:
    cell = geometry_of(geometry)
    assert cell is not None
    assert json.loads(cell) == geometry


def test_a_number_beyond_every_number_is_no_geometry() -> None:
    text = collection(feature(code="1")).replace("[2.0, 48.0]", "[1e999, 48.0]")
    [row] = read(text)[1]
    assert row[2].startswith("{")


def test_a_text_of_digits_does_not_pass_for_a_geometry() -> None:
    """The candidate takes hexadecimal digits for a geometry that a reader made."""
    assert geometry_of("0101") == '"0101"'
    _, [row] = delimited("CODE;Geo Shape\n1;0101\n", "Geo Shape")
    assert row[1] == '"0101"'


# Thousandths of a degree: a sliver finer than that has no area that a float can tell from none.
degrees = st.tuples(
    st.integers(-180_000, 180_000).map(lambda n: n / 1000),
    st.integers(-90_000, 90_000).map(lambda n: n / 1000),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(degrees, min_size=3, max_size=12))
def test_any_ring_becomes_a_valid_polygon_or_keeps_its_text(corners: list[Any]) -> None:
    ring = [list(corner) for corner in [*corners, corners[0]]]
    cell = geometry_of({"type": "Polygon", "coordinates": [ring]})
    assert cell is not None
    if cell.startswith("{"):
        assert json.loads(cell)["coordinates"] == [ring]
    else:
        kind, valid, area = measured(cell)
        assert (kind in ("POLYGON", "MULTIPOLYGON"), valid, area > 0) == (True, True, True)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.dictionaries(
            st.text(
                st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8
            ),
            st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")),
            max_size=3,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_any_text_comes_back(properties: list[dict[str, str]]) -> None:
    reading, rows = read(collection(*[feature(None, **each) for each in properties]))
    assert reading.rows == len(properties)
    for rank, (each, row) in enumerate(zip(properties, rows, strict=True), start=1):
        cells = dict(zip(reading.header[:-1], row[1:], strict=False))
        wanted = {name: unicodedata.normalize("NFC", value) for name, value in each.items()}
        assert {name: value for name, value in cells.items() if value is not None} == wanted
        assert row[0] == rank


def test_the_confined_child_reads_it_too(tmp_path: Path) -> None:
    source, target = tmp_path / "recu.geojson", tmp_path / "lignes.parquet"
    source.write_text(collection(feature(BOW_TIE, code="1")), encoding="utf-8")
    assert read_in_child(source, OPTIONS, target) == Reading(["code", "geometry"], 1, [])
    [(code, cell, rank)] = duckdb.sql(f"from '{target}'").fetchall()
    assert (code, rank) == ("1", 1)
    assert measured(cell) == ("MULTIPOLYGON", True, 0.5)


def delimited(content: str, geometry: str) -> tuple[Reading, Rows]:
    with tempfile.TemporaryDirectory() as name:
        source, target = Path(name) / "recu.csv", Path(name) / "lignes.parquet"
        source.write_text(content, encoding="utf-8")
        reading = read_delimited(source, ReadOptions(geometry=geometry), target)
        return reading, duckdb.sql(f"from '{target}'").fetchall()


def quoted(cell: object) -> str:
    return '"' + json.dumps(cell).replace('"', '""') + '"'


def test_the_geometry_column_of_a_delimited_file_is_converted() -> None:
    lines = ["CODE;Geo Shape;NOM", f"1;{quoted(POINT)};a", "2;;b", "3;rue;c", "4;0101;d"]
    reading, rows = delimited("\n".join(lines) + "\n", "Geo Shape")
    assert reading == Reading(["CODE", "Geo Shape", "NOM"], 4, [])
    assert rows == [
        ("1", point(2, 48).hex().upper(), "a", 2),
        ("2", None, "b", 3),
        ("3", "rue", "c", 4),
        ("4", '"0101"', "d", 5),
    ]


def test_an_outline_in_a_delimited_file_is_repaired() -> None:
    _, [row] = delimited(f"CODE;Geo Shape\n1;{quoted(BOW_TIE)}\n", "Geo Shape")
    kind, valid, area = measured(row[1])
    assert (kind, valid) == ("MULTIPOLYGON", True)
    assert math.isclose(area, 0.5)


def test_a_delimited_file_without_its_geometry_column_is_still_read() -> None:
    """The comparison with the contract says that the column is missing."""
    reading, rows = delimited("CODE;NOM\n1;a\n", "Geo Shape")
    assert (reading.header, rows) == (["CODE", "NOM"], [("1", "a", 2)])
