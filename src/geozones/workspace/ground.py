"""Map background: the data folder's ground, and the roads of a background built here."""

import logging
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError
from geozones.common.folding import folded
from geozones.domain import EngineUnavailableError
from geozones.render import CloseGround, Label, MapGround, Outline, River, Road
from geozones.render.map_ground import (
    CITY_RANK,
    CLOSE_ZOOM,
    FAR,
    FIRST_RANK,
    RIVER_ZOOM,
    SCHEMATIC_ZOOMS,
    zooms_of_town,
)
from geozones.territory.basemap.file import Bounds, read_layers, read_source
from geozones.territory.ground_file import GroundFile, names_of, read_ground, towns_of
from geozones.territory.territory_files import Town, read_towns
from geozones.travel.travel_settings import TravelSettings
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
