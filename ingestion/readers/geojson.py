"""Read a GeoJSON collection: one row per feature, its properties as text, its geometry as WKB."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ingestion.readers.cells import BadLine, Reading
from ingestion.readers.geometry import with_wkb
from ingestion.readers.json_text import (
    AGAIN,
    Item,
    Wording,
    cell,
    frame_of,
    is_storable,
    names_of,
    parsed,
    refuse_too_many_bad,
    shown,
    text_of,
)
from ingestion.readers.options import ReadOptions
from ingestion.refusal import Refusal
from warehouse.literal import literal

GEOMETRY = "geometry"
WORDING = Wording("GeoJSON", "la couche attendue", "entité")
# Longitude then latitude, in WGS84: all that the present standard allows.
WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:([0-9.]*:)?CRS84|EPSG:([0-9.]*:)?4326)", re.IGNORECASE)


def read_geojson(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`, every cell as text.

    The header is every property in order of first appearance, then `geometry`: hexadecimal WKB
    (see `with_wkb`), or the received text where it cannot be made of it. The number of a row is
    the rank of its feature, from 1: a whole file may stand on one line. Numbers keep the spelling
    received. GeoJSON is UTF-8 by definition, whatever `options` say.

    Raises `Refusal` where the bytes are not a collection of features in longitude and latitude.
    """
    del options
    collection = _collection(text_of(source, WORDING))
    _refuse_other_projection(collection.get("crs"))
    features, bad = _well_formed(collection["features"])
    header = names_of([_properties(feature) for feature in features], WORDING)
    _write(features, header, target)
    return Reading([*header, GEOMETRY], len(features), bad)


def _collection(text: str) -> dict[str, Any]:
    """The collection; its features are a list that is not empty."""
    read = parsed(text, WORDING, lambda made: made.get("type") == "Feature")
    collection: dict[str, Any] = read if isinstance(read, dict) else {}
    features = collection.get("features")
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise Refusal(
            "format",
            "Le fichier est du JSON, mais pas une collection d'entités GeoJSON "
            "(« FeatureCollection »). Réexportez la couche en GeoJSON.",
        )
    if not features:
        raise Refusal("fichier_vide", "Le fichier ne contient aucune entité. " + AGAIN)
    return collection


def _refuse_other_projection(crs: object) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not WGS84.fullmatch(name):
        said = f" « {shown(name)} »" if isinstance(name, str) else " inconnu"
        raise Refusal(
            "projection",
            f"Le fichier annonce un système de coordonnées{said}. Des longitudes et des latitudes "
            "(WGS84, EPSG:4326) sont attendues : reprojetez la couche, puis renvoyez-la.",
        )


def _well_formed(received: list[Any]) -> tuple[list[Item], list[BadLine]]:
    """The features, each with its rank as `rank`, and what stands among them that is none."""
    features, bad = [], []
    for rank, feature in enumerate(received, start=1):
        fault = _fault(feature)
        if fault:
            bad.append(BadLine(rank, fault))
        else:
            features.append(feature | {"rank": rank})
    refuse_too_many_bad(bad, len(received), WORDING)
    return features, bad


def _fault(feature: object) -> str | None:
    """Why this is no feature that can be kept (French), or None."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return "ce n'est pas une entité GeoJSON (« Feature »)"
    if not isinstance(feature.get("properties"), dict | None):
        return "ses propriétés ne sont pas un objet"
    if not is_storable(_properties(feature)):
        return "une propriété contient un caractère interdit (nul, ou moitié de caractère)"
    return None


def _properties(feature: Item) -> Item:
    return feature.get("properties") or {}


def _write(features: Sequence[Item], header: Sequence[str], target: Path) -> None:
    import duckdb

    from warehouse.spatial import load_spatial

    columns = [[cell(_properties(f).get(name)) for f in features] for name in header]
    columns.append([_geometry_text(feature) for feature in features])
    with duckdb.connect() as con:
        load_spatial(con)
        con.register("features", frame_of(columns, [feature["rank"] for feature in features]))
        rows = with_wkb("features", f"c{len(header)}")
        con.execute(f"copy ({rows}) to {literal(target)} (format parquet)")


def _geometry_text(feature: Item) -> str | None:
    geometry = feature.get(GEOMETRY)
    return None if geometry is None else json.dumps(geometry)
