"""Shapes that the browser reads once, from a file, instead of at each run.

A move changes two zones and a sector or two: everything else on the map has the outline it had.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from geozones.domain.files import write_atomically


@dataclass(frozen=True, slots=True)
class ShapeLibrary:
    """Shapes in a script of the app: its file name, and the keys of the shapes it holds."""

    file: str
    keys: frozenset[str]


@lru_cache(maxsize=2048)
def geojson(geometry: BaseGeometry) -> str:
    """Return the GeoJSON text of a geometry; remembered."""
    return shapely.to_geojson(geometry)


@lru_cache(maxsize=2048)
def shape_key(geometry: BaseGeometry) -> str:
    """Return a short name that two geometries share only when they are the same."""
    return hashlib.sha256(geojson(geometry).encode()).hexdigest()[:16]


def publish_shapes(geometries: Iterable[BaseGeometry], folder: Path) -> ShapeLibrary:
    """Write shapes as a script in a folder the app serves, unless it is there already.

    Raises
    ------
    InputError
        If the file cannot be written.
    """
    texts = {shape_key(geometry): geojson(geometry) for geometry in geometries}
    entries = ",".join(f'"{key}":{text}' for key, text in sorted(texts.items()))
    content = f"geozones.learn({{{entries}}});\n"
    name = f"shapes-{hashlib.sha256(content.encode()).hexdigest()[:16]}.js"
    if not (folder / name).is_file():
        write_atomically(folder / name, content)
    return ShapeLibrary(name, frozenset(texts))
