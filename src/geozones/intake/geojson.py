"""Reader of GeoJSON files: a row for each feature, from its properties and its point."""

import json
from typing import Any

from geozones.common.french import plural
from geozones.common.json_parts import has_too_many_parts
from geozones.domain.terms import terms
from geozones.intake.documents import (
    MAX_CELLS,
    MAX_LINES,
    DocumentLine,
    ListError,
    Note,
    SourceDocument,
    clipped,
    too_long,
)


def read_geojson(text: str) -> SourceDocument:
    """Read a FeatureCollection.

    The first line holds the names of the properties, then « latitude » and « longitude ».

    Raises
    ------
    ListError
        If the file is truncated, or is no FeatureCollection.
    """
    if has_too_many_parts(text):
        msg = (
            f"ce GeoJSON a trop d'éléments pour une liste {terms().site.of_plural}. Ôtez-en les "
            "contours, ou exportez-le en CSV."
        )
        raise ListError(msg)
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        msg = "ce GeoJSON est tronqué ou altéré. Exportez-le à nouveau."
        raise ListError(msg) from error
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        msg = "ce JSON n'est pas une collection GeoJSON (« features »)."
        raise ListError(msg)
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
        cells = [_cell(row.get(head)) for head in heads[:-2]] + point
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


def _cell(value: object) -> str:
    """Return a property as text; empty for an object."""
    if value is None or isinstance(value, dict):
        return ""
    if isinstance(value, list):
        return " ; ".join(str(part) for part in value[:10] if not isinstance(part, dict | list))
    return str(value)
