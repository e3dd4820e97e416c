"""Correct the source's road graph with the tables of scripts/tables."""

from __future__ import annotations

from itertools import pairwise

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _common import DATA, TABLES, check

from geozones.travel.ground import Terrain, load_tables, make_terrain, plane_km
from geozones.travel.roadgraph import RoadGraph

#: the source drives 118 km/h where 130 is allowed, and 100 where 110 is
FREE_SPEED_OVER_LIMIT = 0.91
#: passenger boat to the Île d'Yeu: the wait on the quay, then the crossing
YEU_WAIT_MIN, YEU_MIN, YEU_KM = 30.0, 45.0, 25.0
YEU_PATH = {
    "fromentine": (46.8915, -2.1480),
    "port-joinville": (46.7283, -2.3480),
    "yeu": (46.7235, -2.3490),
}
#: an end of an added road joins a junction this near, as the crow flies
LINK_GAP_KM = 0.3
#: a road's straight piece crosses a river this near to the bridge that it goes by
CROSSING_GAP_KM = 1.3
#: share of the source's free speed that is driven, by class: junctions, villages, other drivers
DRIVEN = {"primary": 0.90, "secondary": 0.90, "tertiary": 0.90}
#: a commune of this many inhabitants is a town; a large city
TOWN_PEOPLE, CITY_PEOPLE = 5_000, 100_000
#: inhabitants per km2 of the disc that a town is taken for
PEOPLE_PER_KM2 = 2_500.0
#: radius of a large city's centre, as a share of the city's
CENTRE_SHARE = 1 / 3


def corrected(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the two tables without the source's own places, with every correction."""
    nodes, edges = _without_places(nodes, edges)
    edges = _slowed(edges)
    edges = _changed(nodes, edges)
    return _with_yeu(*_linked(nodes, edges))


def _without_places(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Remove the source's places and their legs: all places are connected by one rule."""
    return nodes[nodes["kind"] != "poi"].copy(), edges[edges["class"] != "access"].copy()


def _slowed(edges: pd.DataFrame) -> pd.DataFrame:
    factor = edges["class"].map(DRIVEN).fillna(1.0)
    return edges.assign(kmh=edges["kmh"] * factor)


def _changed(nodes: pd.DataFrame, edges: pd.DataFrame) -> pd.DataFrame:
    """Apply road_changes.csv: each row to the edges of a road inside a box."""
    edges = edges.reset_index(drop=True)
    points = nodes.set_index("id")[["lat", "lon"]]
    ends = [points.loc[edges[column]].to_numpy() for column in ("u", "v")]
    changes = pd.read_csv(TABLES / "road_changes.csv").to_dict("records")
    for row in changes:
        corners = np.array([[row["lat1"], row["lon1"]], [row["lat2"], row["lon2"]]], float)
        low, high = corners.min(axis=0), corners.max(axis=0)
        inside = (edges["ref"] == row["ref"]).to_numpy()
        for end in ends:
            inside = inside & ((end >= low) & (end <= high)).all(axis=1)
        check(inside.any(), f"no {row['ref']} in the box of: {row['source']} (road_changes.csv)")
        limit, minutes = float(row["limit_kmh"]), float(row["minutes"])
        if not np.isnan(limit):
            kmh = edges.loc[inside, "kmh"]
            edges.loc[inside, "kmh"] = np.minimum(kmh, limit * FREE_SPEED_OVER_LIMIT)
        if isinstance(row["road_class"], str):
            edges.loc[inside, "class"] = row["road_class"]
        if not np.isnan(minutes):
            edges.loc[inside, "kmh"] = edges.loc[inside, "km"].sum() / minutes * 60
    return edges


def _linked(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the roads of links.csv; an end over 300 m from any junction becomes one."""
    rows = []
    for link in pd.read_csv(TABLES / "links.csv").to_dict("records"):
        ends = []
        for lat, lon in ((link["lat"], link["lon"]), (link["to_lat"], link["to_lon"])):
            gap = plane_km(nodes["lat"].to_numpy(), nodes["lon"].to_numpy(), lat, lon)
            if gap.min() > LINK_GAP_KM:
                key = int(nodes["id"].max()) + 1
                new = pd.DataFrame([{"id": key, "lat": lat, "lon": lon, "kind": "road"}])
                nodes = pd.concat([nodes, new], ignore_index=True)
                ends.append(key)
            else:
                ends.append(int(nodes["id"].to_numpy()[gap.argmin()]))
        figures = {"km": link["km"], "class": link["road_class"], "kmh": link["kmh"]}
        rows.append({"u": ends[0], "v": ends[1], "ref": link["name"], **figures})
    return nodes, pd.concat([edges, pd.DataFrame(rows)], ignore_index=True)


def _with_yeu(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the boat from Fromentine, and a street on the island for its commune to join."""
    lat, lon = YEU_PATH["fromentine"]
    near = ((nodes["lat"] - lat).abs() + (nodes["lon"] - lon).abs()).to_numpy().argmin()
    first = int(nodes["id"].max()) + 1
    ids = [int(nodes["id"].to_numpy()[near]), *range(first, first + len(YEU_PATH))]
    minutes = YEU_WAIT_MIN + YEU_MIN
    added = pd.DataFrame(
        [(key, *point, "road") for key, point in zip(ids[1:], YEU_PATH.values(), strict=True)],
        columns=["id", "lat", "lon", "kind"],
    )
    ways = [
        (1.0, "access", 36.0),
        (YEU_KM, "ferry", YEU_KM / minutes * 60),
        (0.7, "tertiary", 36.0),
    ]
    rows = zip(pairwise(ids), ways, strict=True)
    links = pd.DataFrame(
        [(u, v, km, "", kind, kmh) for (u, v), (km, kind, kmh) in rows],
        columns=["u", "v", "km", "ref", "class", "kmh"],
    )
    joined = [pd.concat(pair, ignore_index=True) for pair in ((nodes, added), (edges, links))]
    return joined[0], joined[1]


def ground() -> Terrain:
    """Return rivers and bridges of scripts/tables, and the towns of data/communes.parquet.

    A town is a disc around its commune's point, as wide as its inhabitants need at 2,500 a km2; the
    centre of a large city is a third as wide.
    """
    rivers, bridges, _ = load_tables(TABLES)
    communes = gpd.read_parquet(DATA / "communes.parquet")
    towns = communes[communes["population"] >= TOWN_PEOPLE]
    radius = np.sqrt(towns["population"] / PEOPLE_PER_KM2 / np.pi)
    kind = np.where(towns["population"] >= CITY_PEOPLE, "city", "town")
    discs = list(zip(towns["lat"], towns["lon"], radius, kind, strict=True))
    centres = [(lat, lon, km * CENTRE_SHARE, "centre") for lat, lon, km, k in discs if k == "city"]
    return make_terrain(rivers, bridges, [*discs, *centres])


def check_bridges(graph: RoadGraph, under: Terrain) -> None:
    """Stop the build where a road crosses a river far from every bridge of the table."""
    ends = [np.stack([graph.lon[node], graph.lat[node]], axis=-1) for node in (graph.u, graph.v)]
    roads = shapely.linestrings(np.stack(ends, axis=1))
    dry = graph.road_class != "ferry"
    for river in shapely.get_parts(under.rivers):
        meetings = shapely.intersection(river, roads)
        # an even number: the straight piece of a road cuts a bend, on one bank
        over = dry & (shapely.get_num_coordinates(meetings) % 2 == 1)
        for road in np.flatnonzero(over).tolist():
            point = shapely.centroid(meetings[road])
            gap = plane_km(under.bridges[:, 0], under.bridges[:, 1], point.y, point.x)
            place = f"{point.y:.4f}, {point.x:.4f}"
            check(
                float(gap.min()) <= CROSSING_GAP_KM,
                f"a road crosses a river at {place}, no bridge is listed",
            )


def described() -> dict[str, object]:
    """Return the figures of the corrections, by name, for the matrix's provenance."""
    return {
        "driven_share": DRIVEN,
        "free_speed_over_limit": FREE_SPEED_OVER_LIMIT,
        "yeu_min": YEU_WAIT_MIN + YEU_MIN,
        "people_per_km2": PEOPLE_PER_KM2,
    }
