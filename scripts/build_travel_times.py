"""Build data/travel_times.parquet: driving minutes and km, lycée × lycée and lycée × commune."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from _common import DATA, TABLES, arguments, check, report
from shapely.geometry.base import BaseGeometry

from geozones.domain import Provenance, TravelTimes
from geozones.travel.access import AccessRules
from geozones.travel.matrix_file import write_matrix
from geozones.travel.roadgraph import graph_from_tables, travel_times

SOURCE = (
    "graphe des autoroutes, routes nationales et départementales tiré des données publiques "
    "Travel Mapping ; vitesses libres, sans trafic"
)
#: passenger boat to the Île d'Yeu, crossing only: the roads stop at the sea
FERRY_MIN, FERRY_KM = 45.0, 25.0
#: car ferry between Couëron and Le Pellerin, wait and crossing: a road (M91) in the source
BAC_REF, BAC_MIN = "M91", 15.0
FERRY_PATH = {
    "fromentine": (46.8915, -2.1480),
    "port-joinville": (46.7283, -2.3480),
    "yeu": (46.7235, -2.3490),
}


def with_ferry(nodes: pd.DataFrame, edges: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Add the boat from Fromentine, and a street on the island for its commune to join."""
    lat, lon = FERRY_PATH["fromentine"]
    roads = nodes[nodes["kind"] == "road"]
    near = ((roads["lat"] - lat).abs() + (roads["lon"] - lon).abs()).to_numpy().argmin()
    first = int(nodes["id"].max()) + 1
    ids = [int(roads["id"].to_numpy()[near]), *range(first, first + len(FERRY_PATH))]
    kinds = ["access", "ferry", "tertiary"]
    km = [1.0, FERRY_KM, 0.7]
    kmh = [36.0, FERRY_KM / FERRY_MIN * 60, 36.0]
    added = pd.DataFrame(
        [
            (key, lat, lon, "road")
            for key, (lat, lon) in zip(ids[1:], FERRY_PATH.values(), strict=True)
        ],
        columns=["id", "lat", "lon", "kind"],
    )
    rows = zip(pairwise(ids), km, kinds, kmh, strict=True)
    links = pd.DataFrame(
        [(u, v, length, "", kind, speed) for (u, v), length, kind, speed in rows],
        columns=["u", "v", "km", "ref", "class", "kmh"],
    )
    joined = [pd.concat(pair, ignore_index=True) for pair in ((nodes, added), (edges, links))]
    return joined[0], joined[1]


def loire() -> BaseGeometry:
    """Draw the Loire below Saumur, read off the borders of the communes of its two banks.

    Communes that lie on both banks (Nantes, Les Ponts-de-Cé, Saumur…) leave it open: their
    bridges are in town.
    """
    table = gpd.read_parquet(DATA / "communes.parquet").set_index("nom")
    banks = json.loads((TABLES / "loire.json").read_text(encoding="utf-8"))
    names = [name for bank in banks.values() for name in bank]
    for name in names:
        count = int((table.index == name).sum())
        check(count == 1, f"{count} communes are called {name} (scripts/tables/loire.json)")
    north, south = (
        shapely.coverage_union_all(table.geometry[bank].to_numpy()) for bank in banks.values()
    )
    river = shapely.intersection(shapely.boundary(north), shapely.boundary(south))
    return shapely.union_all([part for part in shapely.get_parts(river) if part.length > 0])


def river_crossings(
    nodes: pd.DataFrame, edges: pd.DataFrame, river: BaseGeometry
) -> tuple[pd.DataFrame, int]:
    """Correct what crosses the river without a bridge; also return the number of edges touched.

    The source's access legs over the water are dropped and its ferry gets a ferry's time.
    """
    points = nodes.set_index("id")[["lon", "lat"]]
    ends = np.stack([points.loc[edges["u"]].to_numpy(), points.loc[edges["v"]].to_numpy()], axis=1)
    over = shapely.intersects(river, shapely.linestrings(ends))
    ferry = over & (edges["ref"] == BAC_REF).to_numpy()
    legs = over & (edges["class"] == "access").to_numpy()
    check(
        int(ferry.sum()) == 1, f"{ferry.sum()} edges {BAC_REF} over the Loire, expected the ferry"
    )
    edges = edges.copy()
    edges.loc[ferry, "class"] = "ferry"
    edges.loc[ferry, "kmh"] = edges.loc[ferry, "km"] / BAC_MIN * 60
    return edges[~legs], int(ferry.sum() + legs.sum())


def lycee_positions() -> dict[str, tuple[float, float]]:
    """Id -> (lat, lon) of data/lycees.geojson."""
    collection = json.loads((DATA / "lycees.geojson").read_text(encoding="utf-8"))
    return {
        feature["properties"]["id"]: tuple(feature["geometry"]["coordinates"][::-1])
        for feature in collection["features"]
    }


def commune_positions() -> dict[str, tuple[float, float]]:
    """``commune:CODE`` -> (lat, lon) of data/communes.parquet."""
    table = gpd.read_parquet(DATA / "communes.parquet")
    return {
        f"commune:{code}": (lat, lon)
        for code, lat, lon in zip(table["code"], table["lat"], table["lon"], strict=True)
    }


def build(source: Path, date: str) -> None:
    """Write the file, after checking it."""
    roads = source / "roads"
    nodes = pd.read_csv(roads / "nodes.csv")
    edges = pd.read_csv(roads / "edges.csv", keep_default_na=False)
    river = loire()
    edges, corrected = river_crossings(nodes, edges, river)
    graph = graph_from_tables(*with_ferry(nodes, edges))
    lycees, communes = lycee_positions(), commune_positions()
    there = travel_times(graph, lycees, lycees, barrier=river)
    out = travel_times(graph, lycees, communes, barrier=river)
    maker = Provenance(
        engine="roadgraph",
        date=date,
        parameters={**AccessRules().described(), "bateau_yeu_min": FERRY_MIN, "bac_min": BAC_MIN},
        source=SOURCE,
        licence="Travel Mapping (données publiques)",
    )
    tables = [
        TravelTimes(there.origins, there.destinations, there.minutes, there.km, maker),
        TravelTimes(out.origins, out.destinations, out.minutes, out.km, maker),
        # the roads are undirected
        TravelTimes(out.destinations, out.origins, out.minutes.T, out.km.T, maker),
    ]
    for table in tables:
        check(not np.isnan(table.minutes).any(), "a pair has no time: part of the roads is cut off")
        check(bool((table.minutes[~table.same] > 0).all()), "a trip takes no time")
    path = DATA / "travel_times.parquet"
    write_matrix(path, tables, lycees)
    pairs = sum(table.minutes.size for table in tables)
    longest = f"longest {max(table.minutes.max() for table in tables):.0f} min"
    report(path, f"{pairs} pairs, {longest}, {corrected} crossings of the Loire corrected")


if __name__ == "__main__":
    options = arguments(__doc__)
    build(options.source, options.date)
