"""Reader of lists in any format: pasted text, CSV, XLSX, ODS, GeoJSON, GeoPackage."""

import contextlib
import json
import tempfile
import warnings
from dataclasses import replace
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio

from geozones.common.bounds import has_too_many_parts
from geozones.common.french import plural
from geozones.domain.terms import terms
from geozones.intake.delimited import read_text
from geozones.intake.documents import (
    MAX_BYTES,
    MAX_CELLS,
    MAX_LINES,
    MAX_TEXT_LINES,
    DocumentLine,
    ListError,
    Note,
    SourceDocument,
    clipped,
    decode,
    too_long,
)
from geozones.intake.workbooks import read_workbook


def read_geojson(text: str) -> SourceDocument:
    """Read a FeatureCollection.

    The first line holds the names of the properties, then « latitude » and « longitude ».
    """
    if has_too_many_parts(text):
        raise ListError(
            f"ce GeoJSON a trop d'éléments pour une liste {terms().site.of_plural}. Ôtez-en les "
            "contours, ou exportez-le en CSV."
        )
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ListError("ce GeoJSON est tronqué ou altéré. Exportez-le à nouveau.") from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise ListError("ce JSON n'est pas une collection GeoJSON (« features »).")
    features, notes = _of_lycees(features)
    names: dict[str, None] = {}
    for feature in features[:MAX_LINES]:
        names.update(dict.fromkeys(_properties(feature)))
    heads = [*list(names)[: MAX_CELLS - 2], "latitude", "longitude"]
    lines = [DocumentLine(1, tuple(clipped(head) for head in heads))]
    for rank, feature in enumerate(features[:MAX_LINES], start=2):
        row, point = _properties(feature), _point(feature)
        if not row:
            notes.append(Note(rank, f"Élément {rank - 1} : ni propriété ni nom, ignoré."))
            continue
        cells = [_geojson_cell(row.get(head)) for head in heads[:-2]] + point
        lines.append(DocumentLine(rank, tuple(clipped(cell) for cell in cells)))
    if len(features) > MAX_LINES:
        notes.append(too_long(len(features)))
    return SourceDocument("geojson", tuple(lines), tuple(notes))


def _of_lycees(features: list[object]) -> tuple[list[object], list[Note]]:
    """Return the features of the layer « lycees » in a file that geozones exported.

    In any other file, return all of them.
    """
    kept = [feature for feature in features if _properties(feature).get("couche") == "lycees"]
    if not kept or len(kept) == len(features):
        return features, []
    left = plural(len(features) - len(kept), "élément")
    return kept, [Note(0, f"Couche lue : « lycees » ({left} des autres couches, non lus).")]


def _properties(feature: object) -> dict[str, Any]:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    return properties if isinstance(properties, dict) else {}


def _point(feature: object) -> list[str]:
    """Return the latitude and the longitude of a feature; two empty cells if it is no point."""
    geometry = feature.get("geometry") if isinstance(feature, dict) else None
    point = geometry.get("coordinates") if isinstance(geometry, dict) else None
    if isinstance(point, list) and len(point) >= 2 and all(map(_is_number, point[:2])):
        return [str(point[1]), str(point[0])]
    return ["", ""]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _geojson_cell(value: object) -> str:
    """Return a property as text; empty for an object."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " ; ".join(str(part) for part in value[:10] if not isinstance(part, dict | list))
    return str(value)


#: First bytes of a SQLite file, which a GeoPackage is.
SIGNATURE = b"SQLite format 3\0"
_DAMAGED = "ce GeoPackage est tronqué ou altéré. Exportez-le à nouveau, ou en CSV."


def read_geopackage(content: bytes) -> SourceDocument:
    """Read the first layer of points, else the first layer; positions are in degrees (WGS84)."""
    try:
        # GDAL warns of each oddity of a file; without its extension, of that too
        with warnings.catch_warnings(), tempfile.NamedTemporaryFile(suffix=".gpkg") as file:
            warnings.simplefilter("ignore")
            file.write(content)
            file.flush()
            layer, others = _layer_to_read(file.name)
            frame = pyogrio.read_dataframe(file.name, layer=layer, max_features=MAX_LINES + 1)
    except ListError:
        raise
    except Exception as error:  # the drivers of GDAL raise exceptions that no documentation lists
        raise ListError(_DAMAGED) from error
    if not len(frame):
        raise ListError(f"la couche « {clipped(layer)[:60]} » de ce GeoPackage n'a aucune ligne.")
    notes = [Note(0, f"Couche lue : « {clipped(layer)} ».")] if others else []
    if len(frame) > MAX_LINES:
        notes.append(too_long(None))
    return SourceDocument("geopackage", tuple(_lines(frame.head(MAX_LINES))), tuple(notes))


def _layer_to_read(path: str) -> tuple[str, bool]:
    """Return the name of the layer to read, and whether there are others."""
    layers = [(str(name), kind or "") for name, kind in pyogrio.list_layers(path)]
    if not layers:
        raise ListError("ce GeoPackage n'a aucune couche.")
    points = (name for name, kind in layers if "Point" in kind)
    return next(points, layers[0][0]), len(layers) > 1


def _lines(frame: pd.DataFrame) -> list[DocumentLine]:
    lat, lon = _degrees(frame)
    names = [name for name in frame.columns if name != "geometry"][: MAX_CELLS - 2]
    columns = [[_geopackage_cell(value) for value in frame[name]] for name in names]
    lines = [DocumentLine(1, (*map(clipped, map(str, names)), "latitude", "longitude"))]
    lines += [
        DocumentLine(rank, cells)
        for rank, cells in enumerate(zip(*columns, lat, lon, strict=True), start=2)
    ]
    return lines


def _degrees(frame: pd.DataFrame) -> tuple[list[str], list[str]]:
    """Return the latitude and the longitude of each feature; empty if it is no point."""
    if not isinstance(frame, gpd.GeoDataFrame):
        return [""] * len(frame), [""] * len(frame)
    points = frame.geometry
    if points.crs is not None:
        with contextlib.suppress(RuntimeError):  # a layer without a usable projection
            points = points.to_crs(4326)
    one = points.geom_type.eq("Point") & ~points.is_empty
    return (
        [str(point.y) if is_point else "" for point, is_point in zip(points, one, strict=True)],
        [str(point.x) if is_point else "" for point, is_point in zip(points, one, strict=True)],
    )


def _geopackage_cell(value: object) -> str:
    """Return an attribute as text: a whole number without decimals."""
    if value is None or (isinstance(value, float) and value != value):  # noqa: PLR0124 - NaN
        return ""
    if value is pd.NaT or value is pd.NA:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return clipped(str(value))


_TOO_MANY_LINES = "elle a plus d'un million de lignes. Importez-la en plusieurs fois."
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


def read_document(content: bytes | str) -> SourceDocument:
    """Read the bytes of a file, or a pasted text, recognising its format from its content."""
    if len(content) > MAX_BYTES:
        raise ListError(f"elle est trop grosse ({MAX_BYTES // 1_000_000} Mo au plus).")
    if not (content.strip("\ufeff \t\r\n") if isinstance(content, str) else content.strip()):
        raise ListError("elle est vide.")
    if isinstance(content, str):
        return _text(content)
    if content.startswith(b"PK"):
        return read_workbook(content)
    if content.startswith(SIGNATURE):
        return read_geopackage(content)
    if content.startswith(_OLD_EXCEL):
        raise ListError("c'est un ancien classeur Excel (.xls). Enregistrez-le en .xlsx ou en CSV.")
    if content.count(b"\n") + content.count(b"\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    text, notes = decode(content)
    document = _text(text)
    return replace(document, notes=(*notes, *document.notes))


def _text(text: str) -> SourceDocument:
    """Read a text, which is GeoJSON if it begins with a brace."""
    if not text.strip("\ufeff \t\r\n"):
        raise ListError("elle est vide.")
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return read_geojson(text)
    if text.count("\n") + text.count("\r") > 2 * MAX_TEXT_LINES:
        raise ListError(_TOO_MANY_LINES)
    return read_text(text.lstrip("\ufeff"))
