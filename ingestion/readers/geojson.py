"""Read a GeoJSON collection: one row per feature, its properties as text, its geometry as WKB."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from ingestion.readers.cells import ROW_NUMBER, BadLine, Reading
from ingestion.readers.geometry import with_wkb
from ingestion.readers.options import ReadOptions
from ingestion.readers.signatures import ZIP, is_web_page
from ingestion.refusal import Refusal

if TYPE_CHECKING:
    from pandas import DataFrame

GEOMETRY = "geometry"
MAX_SIZE = 128 << 20  # bytes; the largest real file here has 2.5 MB
MAX_PROPERTIES = 200
MAX_BAD_FEATURES = 1000
SHOWN_CHARS = 60
# Longitude then latitude, in WGS84: all that the present standard allows.
WGS84 = re.compile(r"(urn:ogc:def:crs:)?(OGC:([0-9.]*:)?CRS84|EPSG:([0-9.]*:)?4326)", re.IGNORECASE)
FORBIDDEN = re.compile("[\x00\ud800-\udfff]")  # a null byte, half of a character

_AGAIN = "Demandez un nouvel envoi, ou téléchargez-le de nouveau."


def read_geojson(source: Path, options: ReadOptions, target: Path) -> Reading:
    """Read `source` into the Parquet file `target`, every cell as text.

    The header is every property in order of first appearance, then `geometry`: hexadecimal WKB
    (see `with_wkb`), or the received text where it cannot be made of it. The number of a row is
    the rank of its feature, from 1: a whole file may stand on one line. Numbers keep the spelling
    received. GeoJSON is UTF-8 by definition, whatever `options` say.

    Raises `Refusal` where the bytes are not a collection of features in longitude and latitude.
    """
    del options
    collection = _parsed(_text(source))
    _refuse_other_projection(collection.get("crs"))
    features, bad = _well_formed(collection["features"])
    header = _header(features)
    _write(features, header, target)
    return Reading([*header, GEOMETRY], len(features), bad)


def _text(source: Path) -> str:
    if source.stat().st_size > MAX_SIZE:
        raise Refusal(
            "fichier_trop_gros",
            f"Le fichier dépasse {MAX_SIZE >> 20} Mo : ce n'est pas la couche attendue. "
            "Vérifiez que c'est le bon fichier.",
        )
    data = source.read_bytes()
    if not data:
        raise Refusal("fichier_vide", "Le fichier est vide (0 octet). Demandez un nouvel envoi.")
    if data.startswith(ZIP):
        raise Refusal(
            "format",
            "Le fichier est une archive .zip renommée en .geojson : extrayez-en le GeoJSON.",
        )
    if is_web_page(data):
        raise Refusal(
            "format",
            "Le fichier est une page web, pas un GeoJSON : le téléchargement a échoué. "
            "Téléchargez-le de nouveau depuis la page du producteur.",
        )
    if b"\x00" in data:
        raise Refusal(
            "octet_nul",
            "Le fichier contient un octet nul : il est abîmé, ou n'est pas en UTF-8. " + _AGAIN,
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if error.end == len(data) and error.reason == "unexpected end of data":
            raise _truncated() from error
        raise Refusal(
            "encodage",
            f"L'octet 0x{data[error.start]:02X}, au rang {error.start + 1}, n'est pas de l'UTF-8, "
            "le seul encodage d'un GeoJSON. Réexportez-le en UTF-8.",
        ) from error


class _Number(float):
    """A number that remembers how it was written: `995.0` is not `995`."""

    __slots__ = ("text",)

    def __new__(cls, text: str) -> _Number:
        number = super().__new__(cls, text)
        number.text = text
        return number

    text: str


class _Objects:
    """Make the objects of the text; a name that stands twice in one is not settled by chance."""

    def __init__(self) -> None:
        self.features = 0

    def __call__(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            names = [name for name, _ in pairs]
            twice = next(name for name in names if names.count(name) > 1)
            raise Refusal(
                "propriete_en_double",
                f"Entité n° {self.features + 1} : « {_shown(twice)} » y figure deux fois. Chaque "
                "nom doit être unique : réexportez le fichier.",
                rows_received=self.features,
            )
        if made.get("type") == "Feature":
            self.features += 1
        return made


def _parsed(text: str) -> dict[str, Any]:
    """The collection; its features are a list that is not empty."""
    objects = _Objects()
    try:
        read = json.loads(
            text,
            object_pairs_hook=objects,
            parse_float=_Number,
            parse_int=_Number,
            parse_constant=_refuse_constant,
        )
    except json.JSONDecodeError as error:
        ended = text.rstrip()
        if error.pos >= len(ended) or not ended.endswith("}"):
            raise _truncated(objects.features) from error
        raise Refusal(
            "format",
            f"Ligne {error.lineno}, caractère {error.colno} : ce n'est pas du JSON. " + _AGAIN,
            rows_received=objects.features,
        ) from error
    except RecursionError as error:
        raise Refusal(
            "format",
            "Le fichier emboîte trop de niveaux les uns dans les autres : ce n'est pas une couche "
            "de contours. Vérifiez que c'est le bon fichier.",
        ) from error
    collection: dict[str, Any] = read if isinstance(read, dict) else {}
    features = collection.get("features")
    if not isinstance(features, list) or collection.get("type") != "FeatureCollection":
        raise Refusal(
            "format",
            "Le fichier est du JSON, mais pas une collection d'entités GeoJSON "
            "(« FeatureCollection »). Réexportez la couche en GeoJSON.",
        )
    if not features:
        raise Refusal("fichier_vide", "Le fichier ne contient aucune entité. " + _AGAIN)
    return collection


def _refuse_constant(name: str) -> NoReturn:
    raise Refusal(
        "format",
        f"Le fichier contient « {name} », qui n'est pas du JSON : une valeur absente s'y écrit "
        "null. Réexportez-le.",
    )


def _truncated(features: int = 0) -> Refusal:
    return Refusal(
        "fichier_tronque",
        f"Le fichier s'arrête au milieu d'une entité (après la n° {features}) : il a été coupé "
        "pendant l'envoi. " + _AGAIN,
        rows_received=features,
    )


def _refuse_other_projection(crs: object) -> None:
    if crs is None:
        return
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or not WGS84.fullmatch(name):
        said = f" « {_shown(name)} »" if isinstance(name, str) else " inconnu"
        raise Refusal(
            "projection",
            f"Le fichier annonce un système de coordonnées{said}. Des longitudes et des latitudes "
            "(WGS84, EPSG:4326) sont attendues : reprojetez la couche, puis renvoyez-la.",
        )


def _well_formed(received: list[Any]) -> tuple[list[dict[str, Any]], list[BadLine]]:
    """The features, each with its rank as `rank`, and what stands among them that is none."""
    features, bad = [], []
    for rank, feature in enumerate(received, start=1):
        fault = _fault(feature)
        if fault:
            bad.append(BadLine(rank, fault))
        else:
            features.append(feature | {"rank": rank})
    if len(bad) > MAX_BAD_FEATURES or not features:
        raise Refusal(
            "structure",
            f"{len(bad)} entités sur {len(received)} sont mal formées. Par exemple, entité "
            f"n° {bad[0].line} : {bad[0].reason}. " + _AGAIN,
            rows_received=len(received),
        )
    return features, bad


def _fault(feature: object) -> str | None:
    """Why this is no feature that can be kept (French), or None."""
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        return "ce n'est pas une entité GeoJSON (« Feature »)"
    properties = feature.get("properties")
    if not isinstance(properties, dict | None):
        return "ses propriétés ne sont pas un objet"
    for name, value in (properties or {}).items():
        if FORBIDDEN.search(name + (_cell(value) or "")):
            return "une propriété contient un caractère interdit (nul, ou moitié de caractère)"
    return None


def _header(features: Sequence[dict[str, Any]]) -> list[str]:
    names = dict.fromkeys(name for feature in features for name in feature["properties"] or {})
    if len(names) > MAX_PROPERTIES:
        raise Refusal(
            "entete",
            f"Les entités ont {len(names)} propriétés différentes, {MAX_PROPERTIES} au plus sont "
            "attendues : ce n'est pas une couche de contours.",
            rows_received=len(features),
        )
    return list(names)


def _cell(value: object) -> str | None:
    match value:
        case None:
            return None
        case _Number():
            return value.text
        case str():
            return unicodedata.normalize("NFC", value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _shown(name: str) -> str:
    return FORBIDDEN.sub("\ufffd", name)[:SHOWN_CHARS]


def _write(features: Sequence[dict[str, Any]], header: Sequence[str], target: Path) -> None:
    import duckdb

    from warehouse.spatial import load_spatial

    with duckdb.connect() as con:
        load_spatial(con)
        con.register("features", _frame(features, header))
        path = str(target).replace("'", "''")
        rows = with_wkb("features", f"c{len(header)}")
        con.execute(f"copy ({rows}) to '{path}' (format parquet)")


def _frame(features: Sequence[dict[str, Any]], header: Sequence[str]) -> DataFrame:
    import pandas  # costly, and needed only now

    cells = {
        f"c{rank}": [_cell((feature["properties"] or {}).get(name)) for feature in features]
        for rank, name in enumerate(header)
    }
    cells[f"c{len(header)}"] = [_geometry_text(feature) for feature in features]
    frame = pandas.DataFrame(cells, dtype="string")
    frame[ROW_NUMBER] = [feature["rank"] for feature in features]
    return frame


def _geometry_text(feature: dict[str, Any]) -> str | None:
    geometry = feature.get(GEOMETRY)
    return None if geometry is None else json.dumps(geometry)
