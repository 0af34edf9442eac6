"""Good rows of `dim_contour`, and a bad twin for each of its rules."""

from __future__ import annotations

from tests.expectations.cases import (
    COMMUNES,
    QUARTIERS,
    QUARTIERS_2024,
    Case,
    Row,
    first,
    last,
    twice,
)
from tests.fixtures.geometries import square

SHAPE: Row = {
    "millesime_contour": "2016",
    "contour_wkb": square(1.95, 48.75),
    "contour_geojson": '{"type":"Polygon","coordinates":[]}',
    "longitude": 1.95,
    "latitude": 48.75,
    "surface_m2": 1000000.0,
    "simplifie": False,
}
CASE = Case(
    [
        *(SHAPE | {"zonage": "QPV2015", "code_territoire": code} for code in QUARTIERS),
        *(
            SHAPE | {"zonage": "QPV2024", "code_territoire": code, "simplifie": True}
            for code in QUARTIERS_2024
        ),
        *(
            SHAPE | {"zonage": "COMMUNE", "code_territoire": code, "simplifie": True}
            for code in COMMUNES
        ),
        *(SHAPE | {"zonage": "IRIS", "code_territoire": f"{code}0101"} for code in COMMUNES),
    ],
    {
        "cle_unique": twice,
        "quartiers_des_deux_zonages": lambda rows: rows[1:],
        "communes_et_iris": lambda rows: rows[:-1],
        "point_dans_l_agglomeration": first(longitude=48.75, latitude=1.95),
        "surfaces_plausibles": first(surface_m2=1000.0),
        "communes_et_leurs_iris": last(surface_m2=800000.0),
        "couches_simplifiees": first(simplifie=True),
        "geojson_et_binaire": first(contour_geojson='{"type":"MultiPolygon","coordinates":[]}'),
    },
    dict.fromkeys(["zonage", "code_territoire", "millesime_contour", "contour_geojson"], "varchar")
    | dict.fromkeys(["longitude", "latitude", "surface_m2"], "double")
    | {"simplifie": "boolean", "contour_wkb": "blob"},
    along={"cle_unique": ["communes_et_leurs_iris"]},
)
