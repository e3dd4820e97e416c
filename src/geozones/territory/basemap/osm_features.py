"""Reader of the features of OpenStreetMap extracts for a background, and their kinds.

Zooms are as in web maps: at zoom z the world is 256 × 2^z pixels wide. Tags are OpenStreetMap's
(https://wiki.openstreetmap.org/wiki/Map_features).

Extracts that overlap are merged first, each object once. Valhalla reads several files, but a road
that two of them hold becomes two roads there, and the minutes around it change (by up to 1.8 min in
the centre of Helsinki cut in two).

The extract is read twice, as areas require: relations first, then everything. The position of each
node (16 bytes) is in a temporary file, which the system keeps in memory as far as there is room;
memory holds the members of the relations that are kept.
"""

import errno
import heapq
import math
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import shapely

from geozones.common.errors import InputError
from geozones.domain.errors import INSTALL_ROADS, EngineMissingError

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
    """Kind of a feature."""

    layer: str  # One of ``LAYERS``.
    name: str  # Unique; in the file's column ``kind``.
    shape: Shape
    zoom: int  # The least zoom that draws it.
    #: A feature of this shape with one of these (key, value) has this kind.
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
    """Return the kinds of features of a shape, by their tag (key, value)."""
    return {tag: kind for kind in KINDS if kind.shape is shape for tag in kind.tags}


@dataclass(frozen=True, slots=True)
class DetailLevel:
    """Rendering of every feature, sufficient up to a zoom."""

    zoom: int  # The greatest zoom of the level.

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


_BY_TAG = {shape: kinds_by_tag(shape) for shape in Shape}
#: Largest ratio of the size of the positions of nodes to the size of their extract: nodes take 4
#: bytes or more.
_POSITIONS_SHARE = 4
_SHAPES = {"n": Shape.POINT, "w": Shape.LINE, "a": Shape.AREA}


class Feature(NamedTuple):
    """Feature of OpenStreetMap: kind, names, inhabitants, shape as hexadecimal WKB."""

    kind: FeatureKind
    name: str | None
    ref: str | None
    population: int | None
    wkb: str


def read_features(pbf: Path, folder: Path) -> Iterator[Feature]:
    """Yield the features of ``KINDS`` in an extract, with the positions of nodes in a folder."""
    osmium = load_package()
    wanted = osmium.filter.TagFilter(*{tag for kind in KINDS for tag in kind.tags})
    areas = osmium.filter.TagFilter(*_BY_TAG[Shape.AREA])
    processor = osmium.FileProcessor(str(pbf)).with_locations(_positions(pbf, folder))
    processor = processor.with_areas(areas).with_filter(wanted)
    draw = _Draw(osmium)
    try:
        for item in processor:
            shape = _SHAPES.get(item.type_str())
            kind = _kind(shape, item.tags) if shape else None
            wkb = draw(shape, item) if shape and kind else None
            if kind and wkb:
                tags = item.tags
                population = _whole_number(tags.get("population"))
                yield Feature(kind, tags.get("name"), tags.get("ref"), population, wkb)
    except RuntimeError as error:
        raise extract_fault(pbf, str(error)) from error


def extract_fault(pbf: Path, why: str) -> InputError:
    """Return the error for an extract that osmium refuses, from its message."""
    if "out of order" in why:
        return InputError(
            f"Le fichier « {pbf.name} » n'est pas trié par numéro : triez-le avec « osmium sort »."
        )
    return InputError(f"Le fichier « {pbf.name} » est abîmé : téléchargez-le à nouveau.")


def load_package() -> ModuleType:
    """Import ``osmium``, which ``make roads`` installs."""
    try:
        return import_module("osmium")
    except ImportError:
        raise EngineMissingError(
            f"La lecture d'OpenStreetMap n'est pas installée : {INSTALL_ROADS}."
        ) from None


def _positions(pbf: Path, folder: Path) -> str:
    """Return what osmium calls a file of positions; raise ``OSError`` if there is no room for it.

    Osmium writes it through a memory map: on a full disk the system would end the process.
    """
    if shutil.disk_usage(folder).free < _POSITIONS_SHARE * pbf.stat().st_size:
        raise OSError(errno.ENOSPC, "No space left on device")
    file = folder / "positions"
    # a comma ends the path in osmium's notation
    return "flex_mem" if "," in str(file) else f"sparse_file_array,{file}"


def _kind(shape: Shape, tags: Any) -> FeatureKind | None:  # noqa: ANN401 - osmium's own, read once
    by_tag = _BY_TAG[shape]
    found = (by_tag.get((tag.k, tag.v)) for tag in tags)
    return next((kind for kind in found if kind is not None), None)


class _Draw:
    """Shapes of osmium's items, as hexadecimal WKB; ``None`` if the extract holds too little."""

    def __init__(self, osmium: ModuleType) -> None:
        self._factory = osmium.geom.WKBFactory()
        # geometry beyond the edge of the extract: a line of one point, a ring that does not close
        self._faults = (osmium.InvalidLocationError, RuntimeError)

    def __call__(self, shape: Shape, item: Any) -> str | None:  # noqa: ANN401
        make = {
            Shape.POINT: self._factory.create_point,
            Shape.LINE: self._factory.create_linestring,
            Shape.AREA: self._factory.create_multipolygon,
        }[shape]
        try:
            return str(make(item))
        except self._faults:
            return _pieces(item) if shape is Shape.LINE else None


def _pieces(way: Any) -> str | None:  # noqa: ANN401
    """Return the pieces of a way inside the extract."""
    pieces: list[list[tuple[float, float]]] = [[]]
    for node in way.nodes:
        if node.location.valid():
            pieces[-1].append((node.location.lon, node.location.lat))
        else:
            pieces.append([])
    lines = [shapely.linestrings(piece) for piece in pieces if len(set(piece)) > 1]
    return shapely.to_wkb(shapely.multilinestrings(lines), hex=True) if lines else None


def _whole_number(text: str | None) -> int | None:
    """Return a number of inhabitants, ignoring blanks; ``None`` if it is no number."""
    digits = "".join((text or "").split())
    return int(digits) if digits.isdecimal() else None


_TICK = 50_000
#: Order of the types of objects in a sorted file.
_RANKS = {"n": 0, "w": 1, "r": 2}

type Bounds = tuple[float, float, float, float]
type _Key = tuple[int, int, int]


def merge_extracts(
    extracts: Sequence[Path], merged: Path, tick: Callable[[], None]
) -> list[Bounds | None]:
    """Write the objects of sorted extracts to one sorted file; return the bounds of each.

    Files are read side by side: memory does not grow with them. An extract without points has no
    bounds. ``tick`` is called every 50,000 objects; an exception that it raises stops the merge.
    """
    osmium = load_package()
    reads = [_Extract(osmium.FileProcessor(str(path)), path) for path in extracts]
    last: tuple[int, int] | None = None
    try:
        with osmium.SimpleWriter(str(merged)) as writer:
            add = (writer.add_node, writer.add_way, writer.add_relation)
            ranked = heapq.merge(*reads, key=lambda each: each[0])
            for count, ((rank, number, _), item) in enumerate(ranked):
                if count % _TICK == 0:
                    tick()
                if (rank, number) != last:
                    last = rank, number
                    add[rank](item)
    except RuntimeError as error:  # of the writer: faults of extracts have their own error
        raise OSError(str(error)) from error
    return [read.bounds for read in reads]


class _Extract:
    """Objects of an extract with their rank in the merge, and the bounds of its points."""

    def __init__(self, processor: Any, path: Path) -> None:  # noqa: ANN401 - osmium's
        self._processor, self._path = processor, path
        self._box = [math.inf, math.inf, -math.inf, -math.inf]

    @property
    def bounds(self) -> Bounds | None:
        """West, south, east and north, in degrees, once it was read."""
        west, south, east, north = self._box
        return (west, south, east, north) if west <= east else None

    def __iter__(self) -> Iterator[tuple[_Key, Any]]:
        """Yield the objects, the latest version of each first."""
        last: _Key = (-1, 0, 0)
        try:
            for item in self._processor:
                key = _RANKS[item.type_str()], item.id, -item.version
                if key < last:
                    raise extract_fault(self._path, "out of order")
                last = key
                if key[0] == 0 and item.location.valid():
                    self._stretch(item.location.lon, item.location.lat)
                yield key, item
        except RuntimeError as error:
            raise extract_fault(self._path, str(error)) from error

    def _stretch(self, lon: float, lat: float) -> None:
        west, south, east, north = self._box
        self._box = [min(west, lon), min(south, lat), max(east, lon), max(north, lat)]
