"""Readers of the territory's files: cells, départements, towns."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary
from geozones.domain.terms import terms, worded

_REBUILD = "reconstruisez-le (« make data », voir docs/data.md)"


@dataclass(frozen=True, slots=True)
class Town:
    """Town as a label: name, inhabitants, its position (WGS84 degrees).

    ``rank`` is 0 for a préfecture, 1 for a sous-préfecture, 2 for another, 3 for a suburb; ``code``
    is the INSEE code of its commune, empty if unknown.
    """

    name: str
    population: int
    lat: float
    lon: float
    rank: int = 2
    code: str = ""


@dataclass(frozen=True, slots=True)
class Commune:
    """Commune: INSEE code, name, inhabitants, a point inside, its polygon (WGS84 degrees)."""

    code: str
    name: str
    departement: str
    population: int
    lat: float
    lon: float
    geometry: BaseGeometry

    @property
    def place(self) -> str:
        """Id of the commune as a place of a matrix."""
        return f"commune:{self.code}"


def read_commune_frame(path: Path) -> gpd.GeoDataFrame:
    """Read the communes for building cells: a valid coverage, not simplified.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    try:
        return gpd.read_parquet(ordinary(path), columns=["code", "nom", "departement", "geometry"])
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {_REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {_REBUILD}."
        raise DataFileError(msg) from error


def read_commune_points(path: Path) -> dict[str, tuple[float, float]]:
    """Read a point of each commune: ``commune:CODE`` -> (latitude, longitude) in degrees.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    frame = _read_table(path, ["code", "lat", "lon"])
    columns = (frame[name].tolist() for name in ("code", "lat", "lon"))
    return {f"commune:{code}": (lat, lon) for code, lat, lon in zip(*columns, strict=True)}


def _read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read some columns without shapes; raise ``DataFileError``."""
    try:
        return pd.read_parquet(ordinary(path), columns=columns)
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {_REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, ValueError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {_REBUILD}."
        raise DataFileError(msg) from error


#: A vertex of a commune is removed if its triangle is smaller than the square of this.
_COMMUNE_DEGREES = 0.004


def read_communes(path: Path) -> tuple[Commune, ...]:
    """Read the communes, their polygons simplified together for the screen.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    try:
        frame = gpd.read_parquet(ordinary(path))
        shapes = shapely.coverage_simplify(frame.geometry.to_numpy(), _COMMUNE_DEGREES)
        names = ("code", "nom", "departement", "population", "lat", "lon")
        columns = [frame[name].tolist() for name in names]
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {_REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {_REBUILD}."
        raise DataFileError(msg) from error
    return tuple(Commune(*row) for row in zip(*columns, shapes, strict=True))


def read_cells(path: Path, lycees: Iterable[str], positions_sha256: str) -> dict[str, BaseGeometry]:
    """Read the cell of each lycée (WGS84 polygons).

    Parameters
    ----------
    path
        A GeoParquet file with columns ``id`` and ``geometry``.
    lycees
        The lycées that must have a cell.
    positions_sha256
        The ``positions_hash`` of their positions.

    Raises
    ------
    DataFileError
        If the file is missing, altered, was made for other positions, or lacks a lycée.
    """
    try:
        meta = pq.read_schema(ordinary(path)).metadata or {}
        frame = gpd.read_parquet(ordinary(path))
        cells = dict(zip(frame["id"].astype(str), frame.geometry, strict=True))
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {_REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {_REBUILD}."
        raise DataFileError(msg) from error
    if set(cells) != set(lycees):
        msg = f"Le fichier {path.name} n'a pas une cellule par {terms().site} : {_REBUILD}."
        raise DataFileError(msg)
    if positions_sha256 not in meta.get(b"geozones", b"").decode():
        msg = (
            f"{worded('{A_site}')} a changé de place depuis le calcul de {path.name} : {_REBUILD}."
        )
        raise DataFileError(msg)
    return cells


def read_departements(folder: Path) -> dict[str, tuple[str, BaseGeometry]]:
    """Read ``departements/*.geojson``: code -> (name, WGS84 polygon).

    Raises
    ------
    DataFileError
        If there is none or one cannot be read.
    """
    outlines: dict[str, tuple[str, BaseGeometry]] = {}
    for path in sorted(folder.glob("*.geojson")):
        try:
            feature = json.loads(ordinary(path).read_text(encoding="utf-8"))
            properties: Mapping[str, str] = feature["properties"]
            outlines[path.stem] = (properties["nom"], shape(feature["geometry"]))
        except (OSError, ValueError, KeyError, TypeError, shapely.errors.ShapelyError) as error:
            msg = f"Le fichier departements/{path.name} est illisible ou altéré : {_REBUILD}."
            raise DataFileError(msg) from error
    if not outlines:
        msg = f"Il manque les contours des départements ({folder.name}/) : {_REBUILD}."
        raise DataFileError(msg)
    return outlines


def read_towns(path: Path, largest: int = 40) -> tuple[Town, ...]:
    """Read the most populated communes, largest first.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    frame = _read_table(path, ["nom", "population", "lat", "lon"])
    top = frame.sort_values("population", ascending=False).head(largest)
    columns = (top[name].tolist() for name in ("nom", "population", "lat", "lon"))
    return tuple(
        Town(str(name), int(population), float(lat), float(lon))
        for name, population, lat, lon in zip(*columns, strict=True)
    )
