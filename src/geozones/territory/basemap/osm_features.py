"""Reader of the features of an .osm.pbf for a background, one at a time.

The extract is read twice, as areas require: relations first, then everything. Memory holds the
position of each node (16 bytes) and the members of the relations that are kept.
"""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import shapely

from geozones.common.errors import InputError
from geozones.domain.errors import EngineMissingError
from geozones.territory.basemap.feature_kinds import KINDS, FeatureKind, Shape, kinds_by_tag

_BY_TAG = {shape: kinds_by_tag(shape) for shape in Shape}
_SHAPES = {"n": Shape.POINT, "w": Shape.LINE, "a": Shape.AREA}


class Feature(NamedTuple):
    """Feature of OpenStreetMap: kind, names, inhabitants, shape as hexadecimal WKB."""

    kind: FeatureKind
    name: str | None
    ref: str | None
    population: int | None
    wkb: str


def read_features(pbf: Path) -> Iterator[Feature]:
    """Yield the features of ``KINDS`` in an extract.

    Raises
    ------
    EngineMissingError
        If the package ``osmium`` is not installed.
    InputError
        If the extract is damaged.
    """
    osmium = load_package()
    wanted = osmium.filter.TagFilter(*{tag for kind in KINDS for tag in kind.tags})
    areas = osmium.filter.TagFilter(*_BY_TAG[Shape.AREA])
    processor = osmium.FileProcessor(str(pbf)).with_areas(areas).with_filter(wanted)
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
        raise _fault(pbf, str(error)) from error


def _fault(pbf: Path, why: str) -> InputError:
    if "out of order" in why:
        return InputError(
            f"Le fichier « {pbf.name} » n'est pas trié par numéro : triez-le avec « osmium sort »."
        )
    return InputError(f"Le fichier « {pbf.name} » est abîmé : téléchargez-le à nouveau.")


def load_package() -> ModuleType:
    """Import ``osmium``, which only the extra ``geozones[valhalla]`` installs.

    Raises
    ------
    EngineMissingError
        If it is not installed.
    """
    try:
        return import_module("osmium")
    except ImportError:
        message = (
            "La lecture d'OpenStreetMap n'est pas installée : installez-la avec "
            "« pip install 'geozones[valhalla]' »."
        )
        raise EngineMissingError(message) from None


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
