"""Tiles of the close ground: roads, built-up land and waters of an OpenStreetMap extract."""

import hashlib
import json
from functools import lru_cache
from pathlib import Path

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError
from geozones.render.library import deltas
from geozones.render.map_ground import CLOSE_ZOOM
from geozones.territory.basemap.file import Bounds, read_layers
from geozones.travel.travel_settings import TravelSettings, read_travel_settings
from geozones.workspace.ground import background_of

#: A tile is 512 pixels wide: as SIDE in static/geozones-ground.js.
_ZOOM_OF_ONE_TILE = 1
#: Lines go on beyond the tile by this part of its width, so that no stroke ends at its edge.
_MARGIN = 0.03
_LAST_ZOOM = 17
_LAYERS = ("woods", "built_up", "water", "roads")
#: A line without sides: the sea is not drawn by it.
_NOT_DRAWN = frozenset({"coast"})


def tiles_stamp(settings: TravelSettings) -> str:
    """Return the fingerprint of the background in use, for `packed_tile`; empty without one."""
    path = background_of(settings)
    if path is None:
        return ""
    state = path.stat()
    return hashlib.sha256(f"{path} {state.st_mtime_ns} {state.st_size}".encode()).hexdigest()[:16]


def packed_tile(stamp: str, zoom: int, column: int, row: int) -> str | None:
    """Return a tile as JSON, ``{kind: [[number of the road, line, …], …]}``.

    Columns and rows are those of web maps, for tiles of 512 pixels. A line is in the format of
    `deltas`; an area is its rings. ``None`` if this is not the background in use, or no such tile.
    """
    settings = read_travel_settings()
    count = 2 ** max(zoom - _ZOOM_OF_ONE_TILE, 0)
    inside = 0 <= column < count and 0 <= row < count and CLOSE_ZOOM <= zoom <= _LAST_ZOOM
    if not inside or not stamp or stamp != tiles_stamp(settings):
        return None
    path = background_of(settings)
    try:
        return None if path is None else _tile(path, stamp, zoom, column, row)
    except DataFileError:
        return None  # the page of the data says so


@lru_cache(maxsize=256)
def _tile(path: Path, stamp: str, zoom: int, column: int, row: int) -> str:  # noqa: ARG001 - the stamp is of the content
    found: dict[str, list[list[object]]] = {}
    layers = read_layers(path, _bounds(zoom, column, row), zoom, _LAYERS)
    for frame in layers.values():
        for kind, ref, shape in zip(frame["kind"], frame["ref"], frame.geometry, strict=True):
            if kind not in _NOT_DRAWN and (lines := _lines(shape)):
                found.setdefault(kind, []).append([ref if isinstance(ref, str) else "", *lines])
    return json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def _lines(shape: BaseGeometry) -> list[list[int]]:
    parts = shapely.get_parts(shape)
    kinds = shapely.get_type_id(parts)
    lines = parts[kinds == shapely.GeometryType.LINESTRING]
    rings = shapely.get_rings(parts[kinds == shapely.GeometryType.POLYGON])
    return [deltas(line) for line in (*lines, *rings)]


def _bounds(zoom: int, column: int, row: int) -> Bounds:
    """Return the bounds of a tile with its margin, in degrees."""
    count = 2 ** (zoom - _ZOOM_OF_ONE_TILE)
    west, east = ((column + side) / count * 360 - 180 for side in (-_MARGIN, 1 + _MARGIN))
    south, north = (
        float(np.degrees(np.arctan(np.sinh(np.pi * (1 - 2 * (row + side) / count)))))
        for side in (1 + _MARGIN, -_MARGIN)
    )
    return west, south, east, north
