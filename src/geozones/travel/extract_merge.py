"""Merge of OpenStreetMap extracts that overlap: each object once, in one sorted file.

Valhalla reads several files, but a road that two of them hold becomes two roads there, and the
minutes around it change (by up to 1.8 min in the centre of Helsinki cut in two).
"""

import heapq
import math
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

from geozones.common.errors import InputError
from geozones.domain.errors import INSTALL_ROADS, EngineMissingError
from geozones.travel.pbf import Bounds


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


_TICK = 50_000
#: Order of the types of objects in a sorted file.
_RANKS = {"n": 0, "w": 1, "r": 2}

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
                    lon = item.location.lon
                    lat = item.location.lat
                    west, south, east, north = self._box
                    self._box = [min(west, lon), min(south, lat), max(east, lon), max(north, lat)]
                yield key, item
        except RuntimeError as error:
            raise extract_fault(self._path, str(error)) from error
