"""Speed and memory of the travel-time engines, each measure in a process of its own.

Run ``python benchmarks/travel.py --roads DIR`` with a folder of nodes.csv and edges.csv, or
``--sizes 0.6 2.4 10`` for extracts of so many millions of nodes: tiles, matrix and background, and
whether any grows faster than its extract. Prints one table and exits 1 when a target is missed. See
README.md.
"""

import argparse
import json
import random
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from statistics import median
from time import perf_counter

import osmium
import pandas as pd
from copies import LIKE_FRANCE, REAL, WIDE, copies_of, lay_out, read_extract, shift
from osmium.osm.mutable import Node, Way
from processor import processor_seconds

from geozones.common.pacing import MINUTE_S
from geozones.domain import TravelTimes
from geozones.travel.engine import Engine, EstimatedDrives, Positions
from geozones.travel.engine_chain import TravelSettings
from geozones.travel.openrouteservice import OrsSettings, block_plan
from geozones.travel.pbf import merge_extracts
from geozones.travel.roadgraph import RoadGraphEngine
from geozones.travel.valhalla import Valhalla, build_tiles
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.reachability.matrix import MinutesSources, build_matrix, first_minutes
from geozones.workspace.roles import LOCAL

REBUILD_S = 5.0
ROW_MS = 50.0
SIZES = ((120, 120), (120, 1228), (1000, 1000))
ROUTES = 200
#: OpenStreetMap's word for a class of the graph that has not the same name there.
HIGHWAYS = {"express": "trunk", "access": "residential", "ferry": "tertiary"}
KNOWN = frozenset({"motorway", "trunk", "primary", "secondary", "tertiary", "residential"})
#: Seconds per million nodes of an extract, over those of the smallest: more grows faster than it.
#: The search of a matrix takes n log n, 1.21 times as much a node from 0.6 to 10 million.
GROWTH = {"merge": 1.2, "tiles": 1.2, "background": 1.2, "first matrix": 1.3}
#: Sites of the matrices over an extract: those of a large region, all of whose drives are kept.
SITES = 100
#: Crossings of an extract where a site may be: those where most roads meet.
CROSSINGS = 300
#: Sites of a matrix that keeps drives of 90 min only, and millions of nodes of its extracts, whose
#: towns are 40 km apart: the area of 90 minutes is a part of each.
WIDE_SITES, WIDE_SIZES = 300, (0.6, 1.2, 2.4)


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    inputs = parser.add_mutually_exclusive_group(required=True)
    inputs.add_argument("--roads", type=Path, help="folder of the road graph")
    inputs.add_argument("--sizes", type=float, nargs="+", help="millions of nodes of extracts")
    parser.add_argument("--one", nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.one:
        print(json.dumps(one(options.roads, *options.one)))
        return 0
    if options.sizes:
        with tempfile.TemporaryDirectory() as folder:
            return int(size_tables(options.sizes, Path(folder)))
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
    print(f"{'':<34}{'seconds':>10}{'peak MB':>10}{'against one call a pair':>27}")
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
    seconds = MINUTE_S * ((len(blocks) - 1) // settings.per_minute)
    print(
        f"\nopenrouteservice, public quota, {lycees} lycées: {lycees**2:,} pairs in "
        f"{len(blocks):,} calls of at most {settings.max_pairs:,} pairs, "
        f"{settings.per_minute} calls a minute: {seconds / 60:.0f} min at least"
    )


# -- extracts by size ----------------------------------------------------------------------------


def size_tables(sizes: Sequence[float], folder: Path) -> bool:
    """Print what extracts of some sizes take; tell whether anything grows faster than they do."""
    print(f"towns 4.7 km apart, the density of France; {SITES} sites")
    missed = size_table(sizes, folder, LIKE_FRANCE, SITES)
    print(f"\ntowns 40 km apart; {WIDE_SITES} sites, whose file keeps drives of 90 min")
    return missed | size_table(WIDE_SIZES, folder, WIDE, WIDE_SITES)


def size_table(sizes: Sequence[float], folder: Path, step: tuple[float, float], sites: int) -> bool:
    """Print seconds of processor and peak memory by size of the extract."""
    print(f"{'':<34}{'seconds':>10}{'a million':>12}{'peak MB':>10}{'grows':>8}")
    first: dict[str, float] = {}
    missed = False
    for millions in sorted(sizes):
        with tempfile.TemporaryDirectory(dir=folder) as work:
            for what in SIZED:
                if step == WIDE and what == "merge":
                    continue  # where towns are makes no difference
                found = child(Path(work), what, str(millions), *map(str, step), str(sites))
                each = found["seconds"] / millions
                growth = each / first.setdefault(what, each)
                figures = f"{found['seconds']:>10.1f}{each:>12.2f}{found['megabytes']:>10.0f}"
                good = "PASS" if growth <= GROWTH.get(what, growth) else "FAIL"
                missed |= good == "FAIL"
                print(f"{f'{millions:g} million nodes, {what}':<34}{figures}{growth:>8.2f}  {good}")
    return missed


def one_extract(work: Path, millions: float, step: tuple[float, float], _: int) -> float:
    """Write an extract: the tool of the benchmark, no part of what it measures."""
    extract = read_extract(REAL)
    copies = copies_of(extract, millions)
    return spent(lambda: lay_out(extract, copies, work / "roads.osm.pbf", step, joined=True))


def one_merge(work: Path, *_: object) -> float:
    """Put the extract and another together, as is done where several are given."""
    extracts = [work / "roads.osm.pbf", REAL]
    return spent(lambda: merge_extracts(extracts, work / "merged.osm.pbf", lambda: None))


def one_tiles(work: Path, *_: object) -> float:
    """Build Valhalla's tiles of the extract."""
    return spent(lambda: build_tiles(work / "roads.osm.pbf", work / "tiles"))


def one_sites(work: Path, millions: float, step: tuple[float, float], count: int) -> float:
    """Fill a matrix between crossings of towns chosen at random, as a territory's first one."""
    extract = read_extract(REAL)
    copies = copies_of(extract, millions)
    where = {item.number: item.content for item in extract.nodes}
    crossings = extract.crossings[:CROSSINGS]
    draws = random.Random(2026)  # noqa: S311 - a layout, not a secret
    sites = {}
    for rank in range(count):
        lon, lat = where[draws.choice(crossings)]
        east, north = shift(draws.randrange(copies), copies, step)
        sites[f"s{rank}"] = (lat + north, lon + east)
    settings = TravelSettings(home=work, tiles=work / "tiles")
    sources = MinutesSources(engines=[Valhalla.name])
    return spent(lambda: first_minutes(sites, sources, settings=settings))


#: Measures of an extract, in order: each reads what those before it wrote.
SIZED = {
    "extract": one_extract,
    "merge": one_merge,
    "tiles": one_tiles,
    "first matrix": one_sites,
}


def spent(work: Callable[[], object]) -> float:
    """Return the seconds of processor of a piece of work and of the programs that it ran."""
    start = processor_seconds()
    work()
    return processor_seconds() - start


# -- one measure, in a child ---------------------------------------------------------------------


def child(roads: Path, *arguments: str) -> dict[str, float]:
    """Run one measure in a process of its own: its seconds and its peak resident megabytes."""
    command = [sys.executable, __file__, "--roads", str(roads), "--one", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def one(roads: Path, what: str, *arguments: str) -> dict[str, float]:
    """Do one measure."""
    if what in SIZED:
        millions, east, south, sites = map(float, arguments)
        seconds = SIZED[what](roads, millions, (east, south), int(sites))
        usages = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        return {"seconds": seconds, "megabytes": max(use.ru_maxrss for use in usages) / 1000}
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
    """Time a matrix of one pair, the mean over pairs of lycées."""
    engine = Valhalla(Path(tiles))
    points = list(study.territory.positions.values())
    pairs = list(islice(_pairs(points), ROUTES))
    engine.matrix({"a": pairs[0][0]}, {"b": pairs[0][1]})
    return timed(lambda: [engine.matrix({"a": a}, {"b": b}) for a, b in pairs]) / len(pairs)


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
