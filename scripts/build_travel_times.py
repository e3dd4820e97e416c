"""Build data/travel_times.parquet: driving minutes and km, lycée × lycée and lycée × commune."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from _common import DATA, arguments, check, report
from road_corrections import check_bridges, corrected, described, ground

from geozones.domain import Provenance
from geozones.domain.times import INTERVAL_CHECK
from geozones.travel.matrix_file import rounded_for_file, write_matrix
from geozones.travel.roadgraph import (
    AccessRules,
    RoadDrives,
    drives_over,
    graph_from_tables,
    interval,
    surroundings_of,
)

SOURCE = (
    "graphe des autoroutes, routes nationales et départementales tiré des données publiques "
    "Travel Mapping ; vitesses libres, sans trafic"
)
REFERENCES = DATA / "temps_de_reference.csv"


def lycee_positions() -> dict[str, tuple[float, float]]:
    """Return the positions of data/lycees.geojson: id → (lat, lon)."""
    collection = json.loads((DATA / "lycees.geojson").read_text(encoding="utf-8"))
    return {
        feature["properties"]["id"]: tuple(feature["geometry"]["coordinates"][::-1])
        for feature in collection["features"]
    }


def commune_positions() -> dict[str, tuple[float, float]]:
    """Return the positions of data/communes.parquet: ``commune:CODE`` → (lat, lon)."""
    table = gpd.read_parquet(DATA / "communes.parquet")
    return {
        f"commune:{code}": (lat, lon)
        for code, lat, lon in zip(table["code"], table["lat"], table["lon"], strict=True)
    }


def interval_check(*tables: RoadDrives) -> dict[str, int]:
    """Count the control drives, and those that are within their interval."""
    control = pd.read_csv(REFERENCES)
    control = control[control["usage"] == "contrôle"]
    held = 0
    for drives in tables:
        known = control[control["a"].isin(drives.destinations)]
        row = {place: rank for rank, place in enumerate(drives.origins)}
        column = {place: rank for rank, place in enumerate(drives.destinations)}
        at = known["de"].map(row).to_numpy(), known["a"].map(column).to_numpy()
        low, high = interval(drives.minutes[at], drives.by_kind[at])
        low, high = rounded_for_file("low", low), rounded_for_file("high", high)
        held += int(((low <= known["minutes"]) & (known["minutes"] <= high)).sum())
    return {"drives": len(control), "held": held}


def build(source: Path, date: str) -> None:
    """Write the file, after checking it."""
    roads = source / "roads"
    nodes = pd.read_csv(roads / "nodes.csv")
    edges = pd.read_csv(roads / "edges.csv", keep_default_na=False)
    graph, under = graph_from_tables(*corrected(nodes, edges)), ground()
    check_bridges(graph, under)
    lycees, communes = lycee_positions(), commune_positions()
    around = surroundings_of(graph, under, AccessRules())
    there = drives_over(around, lycees, lycees, stops=lycees)
    out = drives_over(around, lycees, communes, stops=lycees)
    maker = Provenance(
        engine="roadgraph",
        date=date,
        parameters={
            **AccessRules().described(),
            **described(),
            INTERVAL_CHECK: interval_check(there, out),
        },
        source=SOURCE,
        licence="Travel Mapping (données publiques)",
    )
    tables = [drives.made_by(maker) for drives in (there, out, out.reversed)]
    for table in tables:
        check(not np.isnan(table.minutes).any(), "a pair has no time: part of the roads is cut off")
        check(bool((table.minutes[~table.same] > 0).all()), "a trip takes no time")
    path = DATA / "travel_times.parquet"
    write_matrix(path, tables, lycees)
    pairs = sum(table.minutes.size for table in tables)
    report(path, f"{pairs} pairs, longest {max(table.minutes.max() for table in tables):.0f} min")


if __name__ == "__main__":
    options = arguments(__doc__)
    build(options.source, options.date)
