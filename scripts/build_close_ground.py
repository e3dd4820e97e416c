"""Build data/close_ground.parquet: outlines and names of communes, rivers as wide as they are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from itertools import pairwise
from typing import Any, cast

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _common import BUILD_DATE, DATA, TABLES
from build_ground import write_rows
from ground_shapes import SCALE, Row
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry
from shapely.ops import substring

from geozones.territory.borders import smooth_lines
from geozones.territory.units import scaled, shrink_of

CREDIT = (
    "communes, IGN et INSEE (Licence Ouverte 2.0) ; cours d'eau, © les contributeurs "
    "d’OpenStreetMap (ODbL), largeurs de mémoire"
)
#: coordinates are rounded to this, in degrees: 1 m
GRID = 1e-5
#: a line of communes runs along the border of two lands where it leaves it by this at most, in km
ALONG_KM = 0.12
#: elsewhere a line is simplified by this, in km
LINE_KM = 0.015
#: rivers are drawn in and around the region, this far, in degrees; banks are a point each, in km
AROUND, STEP_KM, BANK_KM = 0.12, 0.12, 0.006
#: metres of the second arm of the Loire in Nantes
ARM_M = 200
#: a tributary that stops this near to the other river is led on to it, in km
END_KM = 2.0
#: a commune whose town is this near is named by it already, in km
SAME_KM = 4.0


def commune_lines(communes: gpd.GeoDataFrame) -> list[Row]:
    """Return the smooth lines between two communes; the same as between the lands of lycées."""
    shapes = communes.geometry.to_numpy()
    shrink = shrink_of(shapes)
    pairs, curves = smooth_lines(scaled(shapes, shrink))
    fine = gpd.read_parquet(DATA / "fine_borders.parquet").geometry.to_numpy()
    lands = scaled(fine, shrink)
    tree = shapely.STRtree(lands)
    lines = [_on_land(line, lands, tree) for line in curves[pairs[:, 1] >= 0]]
    return [Row("commune", geometry=line) for line in scaled(np.array(lines, object), 1 / shrink)]


def _on_land(line: BaseGeometry, lands: NDArray[np.object_], tree: shapely.STRtree) -> BaseGeometry:
    """Return the part of a land's border that a line of communes runs along, else the line."""
    ends = [shapely.Point(xy) for xy in shapely.get_coordinates(line)[[0, -1]]]
    near = ALONG_KM / SCALE[1]
    for rank in tree.query(ends[0], predicate="dwithin", distance=near / 4):
        land = lands[rank]
        if shapely.distance(land, ends[1]) > near / 4:
            continue
        part = substring(land, *shapely.line_locate_point(land, ends).tolist())
        if part.geom_type == "LineString" and line.hausdorff_distance(part) < near:
            return part
    return line.simplify(LINE_KM / SCALE[1])


def names(communes: pd.DataFrame, towns: list[Row]) -> list[Row]:
    """Return the communes that no town of the ground names, the most populated first."""
    known = {town.code: shapely.get_coordinates(town.geometry)[0] for town in towns}
    found = []
    for code, name, people, lat, lon in communes.itertuples(index=False):
        town = known.get(code)
        if town is None or np.hypot(*((town - (lon, lat)) * SCALE)) > SAME_KM:
            found.append(Row("town", name, 2, int(people), code, shapely.Point(lon, lat)))
    return sorted(found, key=lambda row: (-row.population, row.code))


def wide_rivers(courses: list[Row], region: BaseGeometry, land: BaseGeometry) -> list[Row]:
    """Return the rivers of the ground as areas, by the widths of the table where seen."""
    listed = json.loads((TABLES / "rivieres.json").read_text(encoding="utf-8"))["rivieres"]
    table = {each["nom"]: each for each in listed}
    seen = shapely.box(*shapely.buffer(shapely.box(*region.bounds), AROUND).bounds)
    communes = pd.read_parquet(DATA / "communes.parquet", columns=["code", "lon", "lat"])
    at = {code: (lon, lat) for code, lon, lat in communes.itertuples(index=False)}
    lines = _meeting(courses, table)
    dry = shapely.union_all([region, land])
    found = []
    for course, line in zip(courses, lines, strict=True):
        wide = _wide(line, table.get(course.name), at).intersection(seen).intersection(dry)
        if not wide.is_empty:
            found.append(Row("river", course.name, course.rank, geometry=wide))
    return found


def _meeting(courses: list[Row], table: Mapping[str, Mapping[str, Any]]) -> list[BaseGeometry]:
    """Return courses in km; a tributary ends where it first meets an arm of the other river."""
    km = {
        rank: shapely.LineString(shapely.get_coordinates(each.geometry) * SCALE)
        for rank, each in enumerate(courses)
    }
    found = []
    for rank, course in enumerate(courses):
        into = table.get(course.name, {}).get("dans")
        arms = [
            km[other]
            for other, each in enumerate(courses)
            if into and each.name in {into, *([""] if into == "Loire" else [])}
        ]
        found.append(_ended(km[rank], shapely.union_all(arms)) if arms else km[rank])
    return found


def _ended(line: shapely.LineString, other: BaseGeometry) -> BaseGeometry:
    """Return a line up to where it meets another, or led on to it where it stops near."""
    met = shapely.get_coordinates(line.intersection(other))
    if len(met):
        first = min(line.project(shapely.Point(xy)) for xy in met)
        return cast("BaseGeometry", substring(line, 0, first))
    last = shapely.Point(line.coords[-1])
    end = shapely.shortest_line(last, other)
    return shapely.LineString([*line.coords, end.coords[-1]]) if end.length < END_KM else line


def _wide(
    line: BaseGeometry, listed: Mapping[str, Any] | None, at: dict[str, tuple[float, float]]
) -> BaseGeometry:
    """Return a course (km) as an area: its width goes evenly from town to town."""
    known = [] if listed is None else _known(line, listed, at)
    count = max(2, int(line.length / STEP_KM))
    along = np.linspace(0, line.length, count)
    half = np.full(count, ARM_M / 2000)
    if known:
        places, metres = zip(*sorted(known), strict=True)
        half = np.interp(along, places, metres) / 2000
    discs = shapely.buffer([line.interpolate(km) for km in along], half, quad_segs=6)
    pairs = shapely.multipolygons([list(pair) for pair in pairwise(discs)])
    wide = shapely.union_all(shapely.convex_hull(pairs)).simplify(BANK_KM)
    return shapely.transform(wide, lambda xy: xy / SCALE)


def _known(
    line: BaseGeometry, listed: Mapping[str, Any], at: dict[str, tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the places along a course, in km, whose width in metres is in the table."""
    return [
        (line.project(shapely.Point(np.array(at[str(code)]) * SCALE)), float(metres))
        for code, metres in zip(listed["villes"], listed["largeurs"], strict=True)
        if code in at
    ]


def build(date: str) -> None:
    """Write the file."""
    communes = gpd.read_parquet(DATA / "communes.parquet")
    ground = gpd.read_parquet(DATA / "ground.parquet")
    rows = [Row(*row) for row in ground[list(Row.__dataclass_fields__)].itertuples(index=False)]
    of = {layer: [row for row in rows if row.layer == layer] for layer in ("town", "river", "lake")}
    land = shapely.union_all([row.geometry for row in rows if row.layer == "land"])
    region = shapely.coverage_union_all(communes.geometry.values)
    made = [
        *commune_lines(communes),
        *of["lake"],
        *wide_rivers(of["river"], region, land),
        *names(communes[["code", "nom", "population", "lat", "lon"]], of["town"]),
    ]
    write_rows(made, DATA / "close_ground.parquet", GRID, {"date": date, "credit": CREDIT})


if __name__ == "__main__":
    build(BUILD_DATE)
