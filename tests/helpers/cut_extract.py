"""Cutter of OpenStreetMap extracts into pieces, as the files of neighbouring regions are."""

from pathlib import Path

import osmium
from osmium.osm import Node, Relation, Way


def _piece(extract: Path, path: Path, west: float, east: float) -> Path:
    """Write the piece of an extract between two longitudes.

    It has the points inside, and whole the lines that have one of them: a line on a border is in
    both pieces, each of which lacks some of its points.
    """
    inside: set[int] = set()
    with osmium.SimpleWriter(str(path)) as writer:
        for item in osmium.FileProcessor(str(extract)):
            match item:
                case Node() if west <= item.location.lon <= east:
                    inside.add(item.id)
                    writer.add_node(item)
                case Way() if any(node.ref in inside for node in item.nodes):
                    writer.add_way(item)
                case Relation():
                    writer.add_relation(item)
    return path


def cut_in_two(extract: Path, folder: Path, middle: float, overlap: float = 0.0) -> list[Path]:
    """Cut an extract along a longitude into « ouest » and « est », which may overlap."""
    return [
        _piece(extract, folder / "ouest.osm.pbf", -180, middle + overlap),
        _piece(extract, folder / "est.osm.pbf", middle - overlap, 180),
    ]
