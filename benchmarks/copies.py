"""Larger extracts for benchmarks: copies of the tests' extract, side by side, in one .osm.pbf.

The extract is 1 km by 1.7 km of Helsinki. Every copy has ids of its own, spread over the range that
OpenStreetMap uses, and is moved in space. Joined copies have one road to their eastern and southern
neighbours, so that a drive between any two of them exists.
"""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import osmium
from osmium.osm.mutable import Node, Relation, Way

REAL = Path(__file__).parents[1] / ".osm-extract" / "Helsinki.osm.pbf"
#: Degrees of longitude and latitude from a copy to the next: side by side; 4.7 km, which gives
#: copies of 24,260 nodes the density of France (600 million nodes on 544,000 km²); 40 km.
ADJACENT, LIKE_FRANCE, WIDE = (0.03, 0.02), (0.0845, 0.0422), (0.72, 0.36)
#: Ids of OpenStreetMap's nodes go up to this: those of a small extract are far from one another.
_LAST_ID = 13_000_000_000
_DRIVEN = frozenset({"primary", "secondary", "tertiary", "residential", "unclassified"})


class Item(NamedTuple):
    """Object of an extract: id, tags, and its position, nodes or members."""

    number: int
    content: Any
    tags: dict[str, str]


class Extract(NamedTuple):
    """Objects of an extract in memory, sorted by id; small extracts only."""

    nodes: list[Item]
    ways: list[Item]
    relations: list[Item]

    @property
    def crossings(self) -> list[int]:
        """Ids of nodes that several driven roads share, those shared by most first."""
        roads = (way for way in self.ways if way.tags.get("highway") in _DRIVEN)
        uses = Counter(node for way in roads for node in set(way.content))
        return [node for node, count in uses.most_common() if count > 1]


def read_extract(path: Path) -> Extract:
    """Read an extract."""
    found: dict[str, list[Item]] = {"n": [], "w": [], "r": []}
    for item in osmium.FileProcessor(str(path)):
        kind = item.type_str()
        if kind == "n":
            content = (item.location.lon, item.location.lat)
        elif kind == "w":
            content = [node.ref for node in item.nodes]
        else:
            content = [(member.type, member.ref, member.role) for member in item.members]
        found[kind].append(Item(item.id, content, dict(item.tags)))
    return Extract(*(sorted(items) for items in found.values()))


def copies_of(extract: Extract, millions: float) -> int:
    """Return how many copies have so many millions of nodes."""
    return max(1, round(millions * 1e6 / len(extract.nodes)))


def shift(copy: int, copies: int, step: tuple[float, float]) -> tuple[float, float]:
    """Return degrees of longitude and latitude from the first copy to another; rows go south."""
    row, column = divmod(copy, math.ceil(math.sqrt(copies)))
    return column * step[0], -row * step[1]


def lay_out(
    extract: Extract,
    copies: int,
    out: Path,
    step: tuple[float, float] = ADJACENT,
    *,
    joined: bool = False,
) -> int:
    """Write copies of an extract in one pass, sorted by type and id; return the number of nodes."""
    layout = _Layout(extract, copies)
    joint = extract.crossings[0] if joined else None
    with osmium.SimpleWriter(str(out), overwrite=True) as writer:
        for copy in range(copies):
            east, north = shift(copy, copies, step)
            for key, (lon, lat), tags in extract.nodes:
                place = (lon + east, lat + north)
                writer.add_node(Node(id=layout.id("n", key, copy), location=place, tags=tags))
        for copy in range(copies):
            for key, nodes, tags in extract.ways:
                refs = [layout.id("n", node, copy) for node in nodes]
                writer.add_way(Way(id=layout.id("w", key, copy), nodes=refs, tags=tags))
        if joint is not None:
            for rank, ends in enumerate(_neighbours(copies)):
                refs = [layout.id("n", joint, copy) for copy in ends]
                tags = {"highway": "secondary", "maxspeed": "80"}
                writer.add_way(Way(id=_LAST_ID + rank, nodes=refs, tags=tags))
        for copy in range(copies):
            for key, members, tags in extract.relations:
                moved = [(what, layout.id(what, ref, copy), role) for what, ref, role in members]
                writer.add_relation(
                    Relation(id=layout.id("r", key, copy), members=moved, tags=tags)
                )
    return copies * len(extract.nodes)


class _Layout:
    """Ids of copies: those of a copy follow one another, as far apart as in a real extract."""

    def __init__(self, extract: Extract, copies: int) -> None:
        self._ranks, self._steps = {}, {}
        for kind, items in zip("nwr", extract, strict=True):
            used = {item.number for item in items}
            if kind == "n":
                used |= {node for way in extract.ways for node in way.content}
            used |= {
                ref for each in extract.relations for what, ref, _ in each.content if what == kind
            }
            self._ranks[kind] = {number: rank for rank, number in enumerate(sorted(used))}
            self._steps[kind] = max(1, _LAST_ID // (copies * len(used) + 1))

    def id(self, kind: str, number: int, copy: int) -> int:
        """Return the id in a copy of an object of the extract."""
        ranks = self._ranks[kind]
        return (copy * len(ranks) + ranks[number] + 1) * self._steps[kind]


def _neighbours(copies: int) -> Iterator[tuple[int, int]]:
    """Yield each copy with the next to its east and the next to its south."""
    abreast = math.ceil(math.sqrt(copies))
    for copy in range(copies):
        if copy % abreast < abreast - 1 and copy + 1 < copies:
            yield copy, copy + 1
        if copy + abreast < copies:
            yield copy, copy + abreast
