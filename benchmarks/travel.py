"""Speed and memory of the travel-time engines, each measure in a process of its own.

Run ``python benchmarks/travel.py --roads DIR`` with a folder of nodes.csv and edges.csv. Prints one
table and exits 1 when a target is missed. See README.md.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import osmium
import pandas as pd
from osmium.osm.mutable import Node, Way

from geozones.domain import TravelTimes
from geozones.travel.engine import Engine, Positions
from geozones.travel.estimate import EstimatedDrives
from geozones.travel.ors_blocks import block_plan, plan_seconds
from geozones.travel.ors_settings import OrsSettings
from geozones.travel.roadgraph import RoadGraphEngine
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import build_tiles
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.roles import LOCAL
from geozones.workspace.study import Study, open_study

REBUILD_S = 5.0
ROW_MS = 50.0
SIZES = ((120, 120), (120, 1228), (1000, 1000))
ROUTES = 200
#: OpenStreetMap's word for a class of the graph that has not the same name there.
HIGHWAYS = {"express": "trunk", "access": "residential", "ferry": "tertiary"}
KNOWN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "residential"})


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--roads", type=Path, required=True, help="folder of the road graph")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.roads, *options.one)))
        return 0
    with tempfile.TemporaryDirectory() as folder:
        tiles = Path(folder) / "tiles"
        built = build_tiles(write_pbf(options.roads, Path(folder) / "roads.osm.pbf"), tiles)
        print(f"tiles: {built.tiles}, {built.megabytes:.1f} MB, {built.seconds:.1f} s\n")
        missed = table(options.roads, tiles)
    print_plan(2600)
    return int(missed)


def table(roads: Path, tiles: Path) -> bool:
    """Print what each measure took; tell whether a target was missed."""
    route = child(roads, "route", str(tiles))
    print(f"{'':<34}{'seconds':>10}{'peak MB':>10}{'against one route a pair':>27}")
    for engine, place in (("roadgraph", roads), ("valhalla", tiles)):
        for rows, columns in SIZES:
            found = child(roads, "matrix", engine, str(place), str(rows), str(columns))
            naive = route["seconds"] * rows * columns
            ratio = f"{naive / found['seconds']:,.0f}x ({naive:,.0f} s)"
            name = f"{engine}, {rows} x {columns}"
            print(f"{name:<34}{found['seconds']:>10.2f}{found['megabytes']:>10.0f}{ratio:>27}")
    missed = False
    rebuild = child(roads, "rebuild")
    missed |= report("shipped matrix rebuilt, all pairs", rebuild["seconds"], REBUILD_S, "s")
    for engine, place in (("estimate", roads), ("roadgraph", roads), ("valhalla", tiles)):
        row = child(roads, "row", engine, str(place))
        name = f"a new lycée's row, {engine}"
        missed |= report(name, row["seconds"] * 1000, ROW_MS, "ms")
    return missed


def report(name: str, value: float, target: float, unit: str) -> bool:
    """Print a figure with its target; tell whether it is missed."""
    good = value <= target
    print(f"{name:<34}{value:>8.2f} {unit}  target {target:g} {unit}  {'PASS' if good else 'FAIL'}")
    return not good


def print_plan(lycees: int) -> None:
    """Print how a national matrix would be asked for under the public quota."""
    settings = OrsSettings()
    blocks = block_plan(lycees, lycees, settings.max_pairs)
    seconds = plan_seconds(blocks, settings.per_minute)
    print(
        f"\nopenrouteservice, public quota, {lycees} lycées: {lycees**2:,} pairs in "
        f"{len(blocks):,} calls of at most {settings.max_pairs:,} pairs, "
        f"{settings.per_minute} calls a minute: {seconds / 60:.0f} min at least"
    )


# -- one measure, in a child ---------------------------------------------------------------------


def child(roads: Path, *arguments: str) -> dict[str, float]:
    """Run one measure in a process of its own: its seconds and its peak resident megabytes."""
    command = [sys.executable, __file__, "--roads", str(roads), "--one", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(roads: Path, what: str, *arguments: str) -> dict[str, float]:
    """Do one measure."""
    study = open_study()
    measures: dict[str, Callable[..., float]] = {
        "matrix": one_matrix, "route": one_route, "row": one_row, "rebuild": one_rebuild,
    }  # fmt: skip
    seconds = measures[what](study, roads, *arguments)
    # kilobytes on Linux
    return {
        "seconds": seconds,
        "megabytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000,
    }


def places(study: Study, count: int) -> Positions:
    """Return the lycées, then communes."""
    towns = {entry.place: (entry.lat, entry.lon) for entry in study.atlas.communes}
    return dict(islice({**study.territory.positions, **towns}.items(), count))


def made(engine: str, place: str, study: Study) -> Engine:
    """Return an engine."""
    if engine == "estimate":
        return EstimatedDrives(study.territory.positions, study.times)
    return RoadGraphEngine(Path(place)) if engine == "roadgraph" else Valhalla(Path(place))


def timed(work: Callable[[], object]) -> float:
    """Return the seconds of a piece of work."""
    start = perf_counter()
    work()
    return perf_counter() - start


def one_matrix(study: Study, _: Path, engine: str, place: str, rows: str, columns: str) -> float:
    """Time a matrix, the opening of the engine's files included."""
    origins, destinations = places(study, int(rows)), places(study, int(columns))
    return timed(lambda: made(engine, place, study).matrix(origins, destinations))


def one_route(study: Study, _: Path, tiles: str) -> float:
    """Time one route call, the mean over pairs of lycées."""
    engine = Valhalla(Path(tiles))
    points = list(study.territory.positions.values())
    pairs = list(islice(_pairs(points), ROUTES))
    engine.route(*pairs[0])
    return timed(lambda: [engine.route(a, b) for a, b in pairs]) / len(pairs)


def _pairs[T](points: list[T]) -> Iterator[tuple[T, T]]:
    for step in range(1, len(points)):
        for rank in range(len(points)):
            yield points[rank], points[(rank + 37 * step) % len(points)]


def one_row(study: Study, _: Path, engine: str, place: str) -> float:
    """Time the row of a place that no matrix knows, the median of 20, the engine open."""
    opened = made(engine, place, study)

    def row(rank: int) -> TravelTimes:
        point = (47.2 + rank / 100, -0.8 + rank / 90)
        return opened.matrix({"new": point}, study.territory.positions)

    row(0)
    return median(timed(lambda rank=rank: row(rank)) for rank in range(1, 21))


def one_rebuild(study: Study, roads: Path) -> float:
    """Time a full matrix by roadgraph, written: lycée × lycée, lycée × commune each way."""
    import dataclasses  # noqa: PLC0415 - here alone

    settings = dataclasses.replace(study.territory.drives.settings, roads=roads)
    drives = dataclasses.replace(study.territory.drives, settings=settings)
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder) / "travel_times.parquet"
        return timed(lambda: build_matrix(drives, LOCAL, ["roadgraph"], path=target))


def write_pbf(roads: Path, path: Path) -> Path:
    """Write a road graph as an .osm.pbf, its speeds as limits."""
    nodes = pd.read_csv(roads / "nodes.csv")
    edges = pd.read_csv(roads / "edges.csv", keep_default_na=False)
    ids = {key: rank for rank, key in enumerate(nodes["id"], 1)}
    with osmium.SimpleWriter(str(path)) as writer:
        for key, lat, lon in zip(nodes["id"], nodes["lat"], nodes["lon"], strict=True):
            writer.add_node(Node(id=ids[key], version=1, location=(lon, lat)))
        rows = zip(edges["u"], edges["v"], edges["class"], edges["kmh"], strict=True)
        for rank, (u, v, kind, kmh) in enumerate(rows, 1):
            highway = HIGHWAYS.get(kind, kind)
            tags = {
                "highway": highway if highway in KNOWN else "secondary",
                "maxspeed": str(int(kmh)),
            }
            writer.add_way(Way(id=rank, version=1, nodes=[ids[u], ids[v]], tags=tags))
    return path


if __name__ == "__main__":
    sys.exit(main())
