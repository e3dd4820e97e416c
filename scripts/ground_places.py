"""Neighbouring départements, and the towns of the region under their usual names."""

from __future__ import annotations

import csv
from collections.abc import Hashable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import shapely
from _common import DATA, DEPARTEMENTS, TABLES, check
from build_territory import ARTICLES, SPELLINGS, geometries, read_table
from ground_shapes import SCALE, Row, area_km2, grown
from numpy.typing import NDArray
from shapely.geometry.base import BaseGeometry

#: neighbours are named this far from the region, where they have that much room
_CLEAR_KM, _AROUND_KM, _ROOM_KM2 = 16.0, 62.0, 350.0
_BORDER_DEGREES, _SHORT_DEGREES = 0.012, 0.05
#: neighbours whose borders are drawn have their middle within this of the region
_SHOWN_DEGREES = 1.6
#: a place of fewer people is not named on a map of zones
_POPULATION = 2500
#: rank of a town that is neither a préfecture nor a sous-préfecture
_OTHERS = 2
#: a town this near a préfecture, or a sous-préfecture, is one of its suburbs
_SUBURB_KM = (11.0, 6.0)
#: the parts that the source lists of a merged commune are all of it, its main town too, where they
#: have at least this part of its people
_MOST = 0.7


def all_communes() -> pd.DataFrame:
    """Return the communes of France, former ones included: département, name and shapes."""
    communes, departements = read_table("communes"), read_table("departements")
    codes = dict(zip(departements["id"], departements["code"], strict=True))
    communes["departement"] = communes["departement_id"].map(codes)
    articles = communes["type_nom"].map(ARTICLES).fillna("")
    communes["nom"] = articles + communes["nom"].replace(SPELLINGS)
    return communes


def departement_names() -> dict[str, str]:
    """Return the name of each département of France, by code."""
    table = read_table("departements")
    return dict(zip(table["code"], table["nom"], strict=True))


def neighbours(communes: pd.DataFrame, region: BaseGeometry, land: BaseGeometry) -> list[Row]:
    """Return the borders of the départements around as one row, and their names where visible."""
    names = departement_names()
    whole = communes[(communes["type"] == "COM") & communes["geometry"].notna()]
    around = whole[~whole["departement"].isin(list(DEPARTEMENTS))]
    shapes: dict[str, BaseGeometry] = {}
    for code, group in around.groupby("departement"):
        parts = geometries(group["geometry"])
        middle = shapely.centroid(shapely.multipoints(shapely.centroid(parts)))
        if shapely.distance(middle, region) < _SHOWN_DEGREES:
            shapes[str(code)] = _closed(parts)
    rows = [Row("border", geometry=_borders(list(shapes.values()), region))]
    ring = grown(region, _AROUND_KM).difference(grown(region, _CLEAR_KM))
    seen = shapely.intersection(ring, land)
    for code, shape in shapes.items():
        parts = shapely.get_parts(shape.intersection(seen))
        room = max(parts, key=area_km2, default=None)
        if room is not None and area_km2(room) > _ROOM_KM2:
            middle = shapely.maximum_inscribed_circle(room, tolerance=0.01).coords[0]
            rows.append(Row("departement", names[code], geometry=shapely.Point(middle)))
    return rows


def _closed(parts: NDArray[np.object_]) -> BaseGeometry:
    """Return the union of polygons whose borders do not quite meet."""
    wider: BaseGeometry = shapely.union_all(shapely.buffer(parts, 0.002))
    return shapely.buffer(wider, -0.002)


def _borders(shapes: list[BaseGeometry], region: BaseGeometry) -> BaseGeometry:
    """Return the borders between some shapes: neither the coast nor the region's own border."""
    clean = shapely.coverage_clean(  # type: ignore[attr-defined]  # newer than its stubs
        np.array(shapes, object), gap_width=0.01, snapping_distance=1e-4
    )
    edges = shapely.boundary(shapely.coverage_simplify(clean, _BORDER_DEGREES))
    shared = [
        shapely.intersection(edges[rank], edges[rank + 1 :]) for rank in range(len(edges) - 1)
    ]
    joined = shapely.line_merge(shapely.union_all(np.concatenate(shared)))
    lines = shapely.get_parts(joined.difference(region.buffer(0.01)))
    kept = (shapely.get_type_id(lines) == 1) & (shapely.length(lines) > _SHORT_DEGREES)
    return shapely.MultiLineString(list(lines[kept]))


def towns(communes: pd.DataFrame) -> list[Row]:
    """Return the towns of the region, ranked: préfectures, sous-préfectures, then by population.

    A merged commune is named by the largest of the towns that make it.
    """
    with (TABLES / "villes.csv").open(encoding="utf-8") as file:
        by_hand = {row["code"]: row for row in csv.DictReader(file)}
    today = communes[(communes["type"] == "COM") & communes["departement"].isin(list(DEPARTEMENTS))]
    check(set(by_hand) <= set(today["code"]), "villes.csv names a commune that is not there")
    points = pd.read_parquet(DATA / "communes.parquet", columns=["code", "lon", "lat"])
    at = {code: (lon, lat) for code, lon, lat in points.itertuples(index=False)}
    old = communes[communes["type"].isin(["COMD", "COMA"]) & communes["geometry"].notna()]
    parts = {str(parent): group for parent, group in old.groupby("commune_parent_id")}
    found = []
    for row in today.to_dict("records"):
        code, hand = str(row["code"]), by_hand.get(row["code"], {})
        name, population, place = str(row["nom"]), _people(row), at[code]
        merged = parts.get(row["id"])
        if merged is not None and not _keeps_a_name(name, population, merged):
            main = max(merged.to_dict("records"), key=_people)
            name, population = str(main["nom"]), _people(main)
            place = _inside(place, main["geometry"])
        if hand.get("lat"):
            place = (float(hand["lon"]), float(hand["lat"]))
        rank = int(hand.get("rang") or _OTHERS)
        if population >= _POPULATION or rank < _OTHERS:
            point = shapely.Point(place)
            found.append(Row("town", hand.get("nom") or name, rank, population, code, point))
    ranked = [replace(each, rank=each.rank + _is_suburb(each, found)) for each in found]
    return sorted(ranked, key=lambda town: (town.rank, -town.population, town.code))


def _is_suburb(town: Row, towns: list[Row]) -> bool:
    """Tell whether a town is so near a préfecture or sous-préfecture that it comes after others."""
    if town.rank < _OTHERS:
        return False
    here = shapely.get_coordinates(town.geometry)[0]
    away = [
        float(np.hypot(*((shapely.get_coordinates(other.geometry)[0] - here) * SCALE)))
        for other in towns
        if other.rank < _OTHERS
    ]
    ranks = [other.rank for other in towns if other.rank < _OTHERS]
    return any(km < _SUBURB_KM[rank] for km, rank in zip(away, ranks, strict=True))


def _people(row: dict[Hashable, Any]) -> int:
    """Return the inhabitants of a place, 0 where the source has none."""
    people = row["population_municipale"]
    return 0 if pd.isna(people) else int(people)


def _keeps_a_name(name: str, people: int, merged: pd.DataFrame) -> bool:
    """Tell whether a commune has the name of its main town, which may not be listed as merged."""
    parts = sum(map(_people, merged.to_dict("records")))
    return name in set(merged["nom"]) or parts < _MOST * people


def _inside(place: tuple[float, float], geometry: str) -> tuple[float, float]:
    """Return a place if it is inside a shape (hexadecimal WKB), else a point that is."""
    shape = geometries(pd.Series([geometry]))[0]
    if shapely.contains_xy(shape, *place):
        return place
    point = shapely.point_on_surface(shape)
    return round(point.x, 5), round(point.y, 5)
