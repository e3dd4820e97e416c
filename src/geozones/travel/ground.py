"""Ground under access legs: rivers, the bridges over them, and built-up areas.

Three optional tables beside a road graph, in UTF-8 with a comma:

- ``rivers.csv`` (river, lat, lon): the vertices of each river's line, in order;
- ``bridges.csv`` (name, lat, lon): where a leg may cross;
- ``towns.csv`` (name, lat, lon, radius_km, kind): discs, ``kind`` being ``town``, ``city`` or
  ``centre`` (of a city).
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely

from geozones.common.files import ordinary
from geozones.travel.engine import EARTH_RADIUS_KM

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180
#: a bridge farther than this from every river connects nothing
BRIDGE_GAP_KM = 0.4
#: a leg may cross the river within this distance of its bridge
ABUTMENT_KM = 0.2


class BuiltUpDensity(IntEnum):
    """Density of buildings at a place: the denser, the slower the drive."""

    COUNTRY = 0
    TOWN = 1
    CITY = 2
    CENTRE = 3


#: the kinds of discs in the table of towns
KINDS = {"town": BuiltUpDensity.TOWN, "city": BuiltUpDensity.CITY, "centre": BuiltUpDensity.CENTRE}


@dataclass(frozen=True)
class Terrain:
    """Rivers, bridges and built-up areas; every array is read-only by convention."""

    #: Lines in (longitude, latitude) that legs cross only at bridges; ``None`` for no river.
    rivers: BaseGeometry | None
    bridges: Floats  # float[bridge, 2]: latitude and longitude, on a river.
    towns: Floats  # float[town, 3]: latitude, longitude and radius in km of built-up areas.
    built: Ints  # int[town]: the `BuiltUpDensity` of each town.

    def crosses(self, lonlat: Floats) -> NDArray[np.bool_]:
        """Return which lines, ``float[line, 2, 2]`` (longitude, latitude), cross a river."""
        if self.rivers is None or not len(lonlat):
            return np.zeros(len(lonlat), bool)
        return np.asarray(shapely.intersects(self.rivers, shapely.linestrings(lonlat)), bool)

    def crosses_to_bridge(self, lat: Floats, lon: Floats, bridge: Floats) -> NDArray[np.bool_]:
        """Return which lines to a bridge cross a river before its ends."""
        start = np.stack([lon, lat], axis=-1)
        end = np.broadcast_to(bridge[..., ::-1], start.shape)
        crow = plane_km(lat, lon, end[..., 1], end[..., 0])
        share = np.clip(1 - ABUTMENT_KM / np.maximum(crow, 1e-9), 0.0, 1.0)
        return self.crosses(np.stack([start, start + (end - start) * share[..., None]], axis=-2))

    def built_at(self, lat: Floats, lon: Floats) -> Ints:
        """Return the densest `BuiltUpDensity` among the discs around each point, ``int[...]``."""
        gap = plane_km(
            np.asarray(lat)[..., None],
            np.asarray(lon)[..., None],
            self.towns[:, 0],
            self.towns[:, 1],
        )
        inside = gap <= self.towns[:, 2]
        return np.where(inside, self.built, BuiltUpDensity.COUNTRY).max(
            axis=-1, initial=BuiltUpDensity.COUNTRY
        )


def plane_km(lat1: Floats, lon1: Floats, lat2: Floats, lon2: Floats) -> Floats:
    """Km between points some km apart, on a plane that touches the Earth there."""
    north = (lat2 - lat1) * KM_PER_DEGREE
    east = (lon2 - lon1) * KM_PER_DEGREE * np.cos(np.radians((lat1 + lat2) / 2))
    return np.asarray(np.hypot(east, north), float)


def make_terrain(
    rivers: Sequence[Sequence[tuple[float, float]]] = (),
    bridges: Sequence[tuple[str, float, float]] = (),
    towns: Sequence[tuple[float, float, float, str]] = (),
) -> Terrain:
    """Check and join the three tables; each bridge is moved onto its nearest river.

    A river is a list of (latitude, longitude), a bridge (name, latitude, longitude), a town
    (latitude, longitude, radius in km, ``town``, ``city`` or ``centre``).
    """
    if any(len(line) < 2 for line in rivers):
        raise ValueError("a river needs two points at least")
    unknown = [town[3] for town in towns if town[3] not in KINDS]
    if unknown:
        raise ValueError(f"a town is a “town”, a “city” or a “centre”, not “{unknown[0]}”")
    lines = [shapely.LineString([(lon, lat) for lat, lon in line]) for line in rivers]
    water = shapely.multilinestrings(lines) if lines else None
    if water is not None:
        shapely.prepare(water)
    points = [_on_river(water, *bridge) for bridge in bridges]
    return Terrain(
        rivers=water,
        bridges=np.array(points, float).reshape(-1, 2),
        towns=np.array([town[:3] for town in towns], float).reshape(-1, 3),
        built=np.array([KINDS[town[3]] for town in towns], np.int64),
    )


def _on_river(water: BaseGeometry | None, name: str, lat: float, lon: float) -> tuple[float, float]:
    """Return the point of the rivers nearest to a bridge."""
    gap = np.inf
    if water is not None:
        shrink = np.array([np.cos(np.radians(lat)), 1.0])
        flat = shapely.transform(water, lambda xy: xy * shrink)
        point = shapely.Point(lon * shrink[0], lat)
        near = (
            flat.interpolate(flat.project(point))
            if flat.geom_type == "LineString"
            else (shapely.get_point(shapely.shortest_line(flat, point), 0))
        )
        gap = float(shapely.distance(near, point)) * KM_PER_DEGREE
        lon, lat = near.x / shrink[0], near.y
    if not gap <= BRIDGE_GAP_KM:
        raise ValueError(
            f"the bridge “{name}” joins nothing: no river within {BRIDGE_GAP_KM * 1000:.0f} m"
        )
    return lat, lon


type Tables = tuple[
    list[list[tuple[float, float]]],
    list[tuple[str, float, float]],
    list[tuple[float, float, float, str]],
]


def load_ground(folder: Path) -> Terrain:
    """Read the tables of a folder; raise as `load_tables` and `make_terrain`."""
    return make_terrain(*load_tables(folder))


def load_tables(folder: Path) -> Tables:
    """Return rivers, bridges and towns of a folder; missing tables are empty."""
    rivers = _table(folder / "rivers.csv", ["river", "lat", "lon"])
    rows = rivers.itertuples(index=False, name=None)
    lines = [[(lat, lon) for _, lat, lon in line] for _, line in groupby(rows, lambda row: row[0])]
    bridges = _table(folder / "bridges.csv", ["name", "lat", "lon"])
    towns = _table(folder / "towns.csv", ["lat", "lon", "radius_km", "kind"])
    return (
        lines,
        list(bridges.itertuples(index=False, name=None)),
        list(towns.itertuples(index=False, name=None)),
    )


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    table = pd.read_csv(ordinary(path)) if path.exists() else pd.DataFrame(columns=columns)
    table = table[columns]
    figures = [column for column in columns if column in {"lat", "lon", "radius_km"}]
    table = table.astype(dict.fromkeys(figures, float))
    if table[figures].isna().any(axis=None):
        raise ValueError(f"{path.name} lacks a figure")
    return table
