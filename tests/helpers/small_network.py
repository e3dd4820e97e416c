"""A network small enough to know its times by hand, written as .osm.pbf.

Coordinates are km east and north of 47° N, 1° W:

- a town: streets every 0.5 km from (0, 0) to (3.5, 3.5), 50 km/h;
- the road: straight east from the town's (3.5, 0) to (13.5, 0), 80 km/h;
- the one-way street: from the town's (3.5, 3.5) to (6.5, 3.5), 50 km/h; back by the lane;
- the lane: from (6.5, 3.5) south to the road's (6.5, 0), 50 km/h;
- a motorway eastwards beside the road, 0.3 km south, joined to the road's two ends and limited to
  60 km/h, so that no one gains by it;
- an islet: 0.2 km of street at (-1, 1), joined to nothing, 0.8 km from the town;
- an island: 0.5 km of street at (90, 20), joined to nothing, tiles away from all.
"""

import math
from collections.abc import Sequence
from pathlib import Path

import osmium
from osmium.osm.mutable import Node, Relation, Way

Km = tuple[float, float]
LAT, LON = 47.0, -1.0
NORTH = 180 / math.pi / 6371.0088
EAST = NORTH / math.cos(math.radians(LAT))
DATE = "2026-01-02"


def at(x: float, y: float) -> tuple[float, float]:
    """Latitude and longitude of a point."""
    return LAT + y * NORTH, LON + x * EAST


def streets() -> list[tuple[list[Km], dict[str, str]]]:
    street = {"highway": "tertiary", "maxspeed": "50"}
    fast = {"maxspeed": "60", "oneway": "yes"}
    steps = [i * 0.5 for i in range(8)]
    town = [([(x, y) for x in steps], street) for y in steps]
    town += [([(x, y) for y in steps], street) for x in steps]
    return [
        *town,
        ([(3.5, 0), (6.5, 0), (13.5, 0)], {"highway": "secondary", "maxspeed": "80"}),
        ([(3.5, 3.5), (6.5, 3.5)], {**street, "oneway": "yes"}),
        ([(6.5, 3.5), (6.5, 0)], street),
        ([(4, -0.3), (12, -0.3)], {"highway": "motorway", **fast}),
        ([(3.5, 0), (4, -0.3)], {"highway": "motorway_link", **fast}),
        ([(12, -0.3), (13.5, 0)], {"highway": "motorway_link", **fast}),
        ([(-1, 1), (-0.8, 1)], street),
        ([(90, 20), (90.5, 20)], street),
    ]


type Tags = dict[str, str]


def write_pbf(
    path: Path,
    ways: Sequence[tuple[list[Km], Tags]],
    points: Sequence[tuple[Km, Tags]] = (),
    areas: Sequence[tuple[dict[int, str], Tags]] = (),
) -> Path:
    """Write an extract; ``areas`` are relations, of the rank of each way and its role."""
    ids = {place: i for i, place in enumerate({p: None for line, _ in ways for p in line}, 1)}
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", f"{DATE}T00:00:00Z")
    with osmium.SimpleWriter(str(path), header=header) as writer:
        for place, i in ids.items():
            lat, lon = at(*place)
            writer.add_node(Node(id=i, version=1, location=(lon, lat)))
        for i, (place, tags) in enumerate(points, len(ids) + 1):
            lat, lon = at(*place)
            writer.add_node(Node(id=i, version=1, location=(lon, lat), tags=tags))
        for i, (line, tags) in enumerate(ways, 1):
            writer.add_way(Way(id=i, version=1, nodes=[ids[place] for place in line], tags=tags))
        for i, (roles, tags) in enumerate(areas, 1):
            members = [("w", rank + 1, role) for rank, role in roles.items()]
            whole = {"type": "multipolygon", **tags}
            writer.add_relation(Relation(id=i, version=1, members=members, tags=whole))
    return path
