"""Map background, its tiles of the close ground, and the land of a data folder."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

import geopandas as gpd
import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import home_folder, write_atomically
from geozones.common.french import folded
from geozones.domain import EngineUnavailableError
from geozones.domain.terms import terms
from geozones.domain.times import FloatArray
from geozones.render import CloseGround, Label, MapGround, Outline, River, Road
from geozones.render.library import deltas
from geozones.render.map_ground import (
    CITY_RANK,
    CLOSE_ZOOM,
    FAR,
    FIRST_RANK,
    RIVER_ZOOM,
    SCHEMATIC_ZOOMS,
    zooms_of_town,
)
from geozones.territory.basemap import Bounds, read_layers, read_source
from geozones.territory.land import Land, land_of
from geozones.territory.territory_files import (
    GroundFile,
    Town,
    land_bytes,
    names_of,
    read_ground,
    read_land,
    read_towns,
    towns_of,
)
from geozones.travel.engine import Positions
from geozones.travel.matrix_file import positions_hash
from geozones.travel.travel_settings import TravelSettings, read_travel_settings
from geozones.travel.valhalla_tiles import read_manifest

_log = logging.getLogger(__name__)
GROUND = "ground.parquet"
CLOSE_GROUND = "close_ground.parquet"
BACKGROUND = "background.parquet"
_NONE_NAMED: Mapping[str, str] = MappingProxyType({})
#: Colours of the ground's names, quieter than the names of sectors, zones and lycées.
_TOWN = "#2f3a43"
_INKS = {"river": "#2f7199", "departement": "#6f7679", "motorway": "#5f6b73"}
#: Names of communes rank after all others.
_LAST_RANK = 1000
#: Names of motorways rank after the names of all rivers.
_AFTER = {"motorway": 9}
_ZOOMS = {"river": (RIVER_ZOOM, FAR), "departement": (0.0, FAR), "motorway": SCHEMATIC_ZOOMS}
#: Roads that maps draw, lowest first, with the smallest zoom of each.
_ROADS = {"secondary": 10.5, "primary": 8.75, "trunk": 7.75, "motorway": 0.0}
#: Zoom whose level of detail the roads are read at, about 50 m a pixel.
_ROADS_ZOOM = 11
#: Margin around the region within which roads are read, in degrees.
_AROUND = 0.7


def open_ground(
    folder: Path,
    communes: Path,
    departements: Mapping[str, tuple[str, BaseGeometry]],
    settings: TravelSettings,
    named: Mapping[str, str] = _NONE_NAMED,
) -> MapGround:
    """Return the map background of a data folder; raise ``DataFileError``.

    Without ``ground.parquet``, the background has the region's départements and the names of its
    most populated communes. Roads of a background built here replace the schematic motorways.
    ``named`` are the communes (INSEE code) that texts name: a town there has the same name on maps.
    """
    file = read_ground(folder / GROUND)
    outlines = tuple(Outline(code, *entry) for code, entry in departements.items())
    ground = MapGround(
        departements=outlines,
        land=next((feature.geometry for feature in file.of("land")), None),
        borders=next((feature.geometry for feature in file.of("border")), None),
        lakes=tuple(feature.geometry for feature in file.of("lake")),
        rivers=tuple(
            River(feature.name, feature.rank, feature.geometry) for feature in file.of("river")
        ),
        names=_names(file, communes, named),
        credit=file.credit,
    )
    return _with_roads(ground, settings) or _with_motorways(ground, file)


def open_close_ground(folder: Path, named: Mapping[str, str] = _NONE_NAMED) -> CloseGround:
    """Return the background for close zooms, as `open_ground`; raise ``DataFileError``."""
    file = read_ground(folder / CLOSE_GROUND)
    return CloseGround(
        communes=tuple(line.geometry for line in file.of("commune")),
        waters=tuple(
            area
            for water in (*file.of("lake"), *file.of("river"))
            for area in shapely.get_parts(water.geometry)
        ),
        names=tuple(
            Label(
                "town",
                _name_of(town, named),
                town.lat,
                town.lon,
                _LAST_RANK,
                _TOWN,
                zooms=(CLOSE_ZOOM, FAR),
            )
            for town in towns_of(file)
        ),
        credit=file.credit,
    )


def background_of(settings: TravelSettings) -> Path | None:
    """Return the background built with the tiles in use; ``None`` if there is none."""
    tiles = settings.tiles_folder
    try:
        path = tiles / read_manifest(tiles).folder / BACKGROUND
    except EngineUnavailableError:
        return None
    return path if path.is_file() else None


def _name_of(town: Town, named: Mapping[str, str]) -> str:
    """Return the name of a town on maps: the name of texts, or a short form of it."""
    commune = named.get(town.code, town.name)
    return town.name if folded(commune).startswith(folded(town.name)) else commune


def _names(file: GroundFile, communes: Path, named: Mapping[str, str]) -> tuple[Label, ...]:
    towns = towns_of(file) or read_towns(communes)
    places = [(_name_of(town, named), town.lat, town.lon) for town in towns]
    names = [
        Label("town", *place, FIRST_RANK + order, _TOWN, zooms=zooms_of_town(order))
        if town.rank
        else Label("city", *place, CITY_RANK, _TOWN)
        for order, (town, place) in enumerate(zip(towns, places, strict=True))
    ]
    names = [
        label if label.text == town.name else replace(label, known_as=town.name)
        for label, town in zip(names, towns, strict=True)
    ]
    last = FIRST_RANK + len(towns)
    for each in names_of(file):
        ink, zooms = _INKS[each.kind], _ZOOMS[each.kind]
        rank = last + each.rank + _AFTER.get(each.kind, 0)
        names.append(Label(each.kind, each.name, each.lat, each.lon, rank, ink, zooms=zooms))
    return tuple(names)


def _with_motorways(ground: MapGround, file: GroundFile) -> MapGround:
    """Return a ground with the schematic motorways of its file."""
    lines = np.array([feature.geometry for feature in file.of("motorway")], object)
    if not len(lines):
        return ground
    axes = Road("motorway", _together(lines), SCHEMATIC_ZOOMS)
    return replace(ground, roads=(axes,), schematic=True)


def _with_roads(ground: MapGround, settings: TravelSettings) -> MapGround | None:
    """Return a ground with the roads of the background; ``None`` if no roads are available."""
    path = background_of(settings)
    if path is None or not ground.departements:
        return None
    try:
        roads = _roads(path, _around(ground.departements))
        credit = read_source(path).credit
    except DataFileError as error:
        _log.warning("%s", error)
        return None
    if not roads:
        return None
    names = tuple(name for name in ground.names if name.kind != "motorway")
    credits_ = dict.fromkeys(each for each in (ground.credit, credit) if each)
    return replace(ground, roads=roads, names=names, credit=", ".join(credits_))


def _roads(path: Path, bounds: Bounds) -> tuple[Road, ...]:
    rows = read_layers(path, bounds, _ROADS_ZOOM, ["roads"])["roads"]
    found = []
    for kind, zoom in _ROADS.items():
        parts = shapely.get_parts(rows.geometry[rows["kind"] == kind].to_numpy())
        lines = parts[shapely.get_type_id(parts) == shapely.GeometryType.LINESTRING]
        if len(lines):
            found.append(Road(kind, _together(lines), (zoom, FAR)))
    return tuple(found)


def _around(outlines: tuple[Outline, ...]) -> Bounds:
    west, south, east, north = shapely.total_bounds([each.geometry for each in outlines]).tolist()
    return west - _AROUND, south - _AROUND, east + _AROUND, north + _AROUND


def _together(lines: NDArray[np.object_]) -> BaseGeometry:
    """Merge lines into one shape."""
    return shapely.MultiLineString(lines.tolist())


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


#: Version of the computation: another one computes the land anew.
_VERSION = 1
#: Most lands kept in the home folder; the oldest go first.
_MAX_KEPT = 12


def computed_land(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
    home: Path | None = None,
) -> Land:
    """Return the land of sites, computed at the first call and then read from the home folder.

    Parameters
    ----------
    communes, minutes, rivers
        As `geozones.territory.land.land_of` takes them; ``None`` where the folder has none.
    home
        The home folder of a territory that is not the one in use.
    """
    key = _fingerprint(lycees, communes, minutes, rivers)
    path = (home or home_folder()) / "terres" / f"{key}.parquet"
    land = read_land(path, lycees)
    if land is None:
        land = _made(lycees, communes, minutes, rivers)
        _keep(path, land)
    return land


def _made(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
) -> Land:
    try:
        return land_of(lycees, communes, minutes, rivers)
    except ValueError as error:
        raise DataFileError(
            f"Le territoire ne peut pas être partagé entre les {terms().site.plural} : vérifiez "
            "leurs positions."
        ) from error


def _fingerprint(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
) -> str:
    """Return a fingerprint of all that the land depends on."""
    content = hashlib.sha256(f"{_VERSION} {positions_hash(lycees)}".encode())
    if communes is not None:
        content.update(" ".join(communes["code"].astype(str)).encode())
        for shape in shapely.to_wkb(communes.geometry.to_numpy()):
            content.update(shape)
    if minutes is not None:
        content.update(np.ascontiguousarray(minutes).tobytes())
    if rivers is not None:
        content.update(shapely.to_wkb(rivers))
    return content.hexdigest()


def _keep(path: Path, land: Land) -> None:
    """Keep a land in the home folder; one that cannot be kept is computed at each opening."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, land_bytes(land))
        kept = sorted(path.parent.glob("*.parquet"), key=lambda each: each.stat().st_mtime)
        for old in kept[:-_MAX_KEPT]:
            old.unlink(missing_ok=True)
    except (OSError, InputError) as error:
        _log.warning("land not kept: %s", error)
