"""Kinds of OpenStreetMap features in the background: layer and first zoom of each.

Zooms are as in web maps: at zoom z the world is 256 × 2^z pixels wide. Tags are OpenStreetMap's
(https://wiki.openstreetmap.org/wiki/Map_features).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

#: In the order of drawing, the lowest first.
LAYERS = ("woods", "built_up", "water", "roads", "places")
_WORLD_PIXELS = 256
_WORLD_DEGREES = 360


class Shape(Enum):
    """Geometry of the features of a kind."""

    POINT = "point"
    LINE = "line"
    AREA = "area"


@dataclass(frozen=True, slots=True)
class FeatureKind:
    """Kind of a feature.

    Parameters
    ----------
    layer
        One of ``LAYERS``.
    name
        Unique; in the file's column ``kind``.
    zoom
        The least zoom that draws it.
    tags
        A feature of this shape with one of these (key, value) has this kind.
    """

    layer: str
    name: str
    shape: Shape
    zoom: int
    tags: tuple[tuple[str, str], ...]


def _road(name: str, zoom: int, *values: str) -> FeatureKind:
    tags = tuple(("highway", value) for value in (values or (name,)))
    return FeatureKind("roads", name, Shape.LINE, zoom, tags)


def _place(name: str, zoom: int, *values: str) -> FeatureKind:
    tags = tuple(("place", value) for value in (values or (name,)))
    return FeatureKind("places", name, Shape.POINT, zoom, tags)


def _landuse(*values: str) -> tuple[tuple[str, str], ...]:
    return tuple(("landuse", value) for value in values)


_WATER = (("natural", "water"), ("waterway", "riverbank"), ("waterway", "dock"))
#: The main kind first in each layer.
KINDS = (
    FeatureKind("woods", "wood", Shape.AREA, 8, (("natural", "wood"), *_landuse("forest"))),
    FeatureKind("built_up", "homes", Shape.AREA, 8, _landuse("residential")),
    FeatureKind(
        "built_up", "works", Shape.AREA, 10, _landuse("industrial", "commercial", "retail")
    ),
    FeatureKind("water", "coast", Shape.LINE, 0, (("natural", "coastline"),)),
    FeatureKind("water", "lake", Shape.AREA, 0, (*_WATER, *_landuse("reservoir", "basin"))),
    FeatureKind("water", "river", Shape.LINE, 7, (("waterway", "river"),)),
    FeatureKind("water", "canal", Shape.LINE, 10, (("waterway", "canal"),)),
    _road("motorway", 0),
    _road("trunk", 0),
    _road("primary", 8),
    _road("secondary", 10),
    _road("tertiary", 12),
    _road("slip", 12, "motorway_link", "trunk_link", "primary_link", "secondary_link"),
    _road("street", 14, "residential", "unclassified", "living_street", "tertiary_link"),
    FeatureKind("roads", "ferry", Shape.LINE, 9, (("route", "ferry"),)),
    _place("city", 0),
    _place("town", 8),
    _place("village", 11),
    _place("district", 12, "suburb", "quarter"),
    _place("hamlet", 14, "hamlet", "neighbourhood", "isolated_dwelling"),
)


def kinds_by_tag(shape: Shape) -> dict[tuple[str, str], FeatureKind]:
    """Return the kind of a feature of some shape that has this (key, value)."""
    return {tag: kind for kind in KINDS if kind.shape is shape for tag in kind.tags}


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """Rendering of every feature, sufficient up to a zoom.

    Parameters
    ----------
    zoom
        The greatest zoom of the level.
    """

    zoom: int

    @property
    def pixel(self) -> float:
        """Width of a pixel at that zoom, in degrees of longitude (of latitude, it is less)."""
        return _WORLD_DEGREES / (_WORLD_PIXELS * 2.0**self.zoom)

    @property
    def kinds(self) -> Iterable[FeatureKind]:
        """Kinds drawn at that zoom or before."""
        return (kind for kind in KINDS if kind.zoom <= self.zoom)


#: Levels of the region, a département, a town, its streets.
LEVELS = (DetailLevel(9), DetailLevel(11), DetailLevel(13), DetailLevel(15))


def level_of(zoom: float) -> DetailLevel:
    """Return the coarsest level fine enough for a zoom; the finest beyond the last."""
    return next((level for level in LEVELS if zoom <= level.zoom), LEVELS[-1])
