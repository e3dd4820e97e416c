"""Reader of ``ground.parquet`` and ``close_ground.parquet``, which a data folder may lack."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary
from geozones.territory.territory_files import Town

#: a name of a river or motorway is repeated at about this distance in degrees
_DEGREES_APART = 1.2
_COLUMNS = ("layer", "name", "rank", "population", "code", "geometry")


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """Feature of the ground, WGS84.

    Parameters
    ----------
    layer
        ``land``, ``border`` (between départements around), ``lake``, ``river`` (areas and lines),
        ``motorway`` (a schematic line), ``bank`` (the line of a river in a town between lycées,
        not drawn); ``departement`` and ``town`` (points, to be named); ``commune`` (a line between
        two communes, of the close ground alone).
    rank
        0 for the most important features of the layer.
    population
        Inhabitants of a town; 0 for all else.
    code
        INSEE code of the commune of a town; empty for all else.
    """

    layer: str
    name: str
    rank: int
    population: int
    code: str
    geometry: BaseGeometry


@dataclass(frozen=True, slots=True)
class GroundName:
    """Name on the ground (``departement``, ``river``, ``motorway``) and its place, in degrees."""

    kind: str
    name: str
    rank: int
    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class GroundFile:
    """Features of the file, by importance, and the credit of the data."""

    features: tuple[GroundFeature, ...] = ()
    credit: str = ""

    def of(self, layer: str) -> Iterable[GroundFeature]:
        """Return the features of a layer."""
        return (feature for feature in self.features if feature.layer == layer)


def read_ground(path: Path) -> GroundFile:
    """Read the file; return an empty ground if it is missing.

    Raises
    ------
    DataFileError
        If the file is altered.
    """
    if not path.exists():
        return GroundFile()
    try:
        frame = gpd.read_parquet(ordinary(path))
        note = json.loads((pq.read_schema(path).metadata or {})[b"geozones"])
        columns = [frame[name].tolist() for name in _COLUMNS]
        return GroundFile(
            tuple(GroundFeature(*row) for row in zip(*columns, strict=True)), str(note["credit"])
        )
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        msg = (
            f"Le fichier {path.name} est illisible ou altéré : reconstruisez-le "
            "(« make data », voir docs/data.md), ou retirez-le."
        )
        raise DataFileError(msg) from error


def towns_of(file: GroundFile) -> tuple[Town, ...]:
    """Return the towns to name, the most important first."""
    return tuple(
        Town(town.name, town.population, *_latlon(town.geometry), town.rank, town.code)
        for town in file.of("town")
    )


def banks_of(file: GroundFile) -> BaseGeometry | None:
    """Return the lines that separate the lycées of a town, as one; ``None`` if there are none."""
    lines = [bank.geometry for bank in file.of("bank")]
    return shapely.union_all(lines) if lines else None


def names_of(file: GroundFile) -> tuple[GroundName, ...]:
    """Return the names of the départements around, of rivers and motorways along their courses."""
    around = [
        GroundName("departement", each.name, 0, *_latlon(each.geometry))
        for each in file.of("departement")
    ]
    lines = (*file.of("river"), *file.of("motorway"))
    return (*around, *(name for line in lines if line.name for name in _along(line)))


def _along(line: GroundFeature) -> list[GroundName]:
    """Return the name of a line at its middle, or at several places of a long line."""
    count = max(1, round(line.geometry.length / _DEGREES_APART))
    parts = [(rank + 0.5) / count for rank in range(count)]
    places = [line.geometry.interpolate(part, normalized=True) for part in parts]
    return [GroundName(line.layer, line.name, line.rank, *_latlon(at)) for at in places]


def _latlon(point: BaseGeometry) -> tuple[float, float]:
    lon, lat = point.coords[0]
    return lat, lon
