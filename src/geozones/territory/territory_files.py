"""Readers of the territory's files: cells, départements, towns, ground."""

import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from shapely.errors import ShapelyError
from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import MEND, DataFileError
from geozones.common.files import ordinary
from geozones.domain.identifiers import commune_place
from geozones.territory.land import Land

_FRAME = ("code", "nom", "departement")
#: What `read_shapes` raises of a file that is missing, no ordinary file, or altered.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, pa.ArrowException, ShapelyError)


def read_shapes(path: Path) -> pd.DataFrame:
    """Read a GeoParquet file whose column ``geometry`` is in WGS84, as its shapes.

    Its reference system is not read: ``geopandas`` takes 30 ms to build it from its description.
    Raise one of `UNREADABLE` if it cannot be read.
    """
    table = pq.read_table(ordinary(path))
    if b"geo" not in (table.schema.metadata or {}):
        raise ValueError(f"{path.name} is no GeoParquet file")
    frame: pd.DataFrame = table.to_pandas()
    return frame.assign(geometry=shapely.from_wkb(frame["geometry"]))


def _altered(name: str) -> DataFileError:
    return DataFileError(f"Le fichier {name} est illisible ou altéré : {MEND}.")


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
        return commune_place(self.code)


def read_commune_frame(path: Path) -> gpd.GeoDataFrame:
    """Read the communes for building cells: a valid coverage, not simplified; none without file."""
    if not path.exists():
        return gpd.GeoDataFrame({name: [] for name in _FRAME}, geometry=[], crs="EPSG:4326")
    try:
        return gpd.read_parquet(ordinary(path), columns=[*_FRAME, "geometry"])
    except UNREADABLE as error:
        raise _altered(path.name) from error


def read_commune_points(path: Path) -> dict[str, tuple[float, float]]:
    """Read a point of each commune: ``commune:CODE`` -> (latitude, longitude); none if no file."""
    frame = _read_table(path, ["code", "lat", "lon"])
    columns = (frame[name].tolist() for name in ("code", "lat", "lon"))
    return {commune_place(code): (lat, lon) for code, lat, lon in zip(*columns, strict=True)}


def read_epcis(path: Path) -> dict[str, str]:
    """Read the EPCI of each commune (INSEE code), its optional column ``epci``.

    Empty without the file or the column; a commune without an EPCI is left out.
    """
    try:
        frame = _read_table(path, ["code", "epci"])
    except DataFileError:
        return {}
    pairs = zip(frame["code"].tolist(), frame["epci"].tolist(), strict=True)
    return {str(code): epci for code, epci in pairs if isinstance(epci, str) and epci}


def _read_table(path: Path, columns: list[str]) -> pd.DataFrame:
    """Read some columns without shapes, empty without the file; raise ``DataFileError``."""
    if not path.exists():
        return pd.DataFrame({name: [] for name in columns})
    try:
        return pd.read_parquet(ordinary(path), columns=columns)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise _altered(path.name) from error


#: A vertex of a commune is removed if its triangle is smaller than the square of this.
_COMMUNE_DEGREES = 0.004


def read_communes(path: Path) -> tuple[Commune, ...]:
    """Read the communes, simplified together for the screen; none without file."""
    if not path.exists():
        return ()
    try:
        frame = read_shapes(path)
        shapes = shapely.coverage_simplify(frame["geometry"].to_numpy(), _COMMUNE_DEGREES)
        names = ("code", "nom", "departement", "population", "lat", "lon")
        columns = [frame[name].tolist() for name in names]
    except UNREADABLE as error:
        raise _altered(path.name) from error
    return tuple(Commune(*row) for row in zip(*columns, shapes, strict=True))


def read_cells(
    path: Path, lycees: Iterable[str], positions_sha256: str
) -> dict[str, BaseGeometry] | None:
    """Read the cell of each lycée (WGS84 polygons); ``None`` if no file has these.

    The file has columns ``id`` and ``geometry``; ``positions_sha256`` is the ``positions_hash`` of
    the positions that it was made for: for others, or other lycées, cells are computed.
    """
    if not path.exists():
        return None
    try:
        meta = pq.read_schema(ordinary(path)).metadata or {}
        frame = read_shapes(path)
        cells = dict(zip(frame["id"].astype(str), frame["geometry"], strict=True))
    except UNREADABLE as error:
        raise DataFileError(
            f"Le fichier {path.name} est illisible ou altéré : {MEND}, ou retirez-le : il sera "
            "recalculé."
        ) from error
    fits = positions_sha256 in meta.get(b"geozones", b"").decode()
    return cells if fits and set(cells) == set(lycees) else None


def land_bytes(land: Land) -> bytes:
    """Return the content of a file of computed land, which `read_land` reads again."""
    frames = {"cell": land.cells, "departement": land.departements}
    kinds = [kind for kind, frame in frames.items() for _ in range(len(frame))]
    ids = [key for frame in frames.values() for key in frame["id"]]
    shapes = [shape for frame in frames.values() for shape in frame.geometry]
    buffer = io.BytesIO()
    table = gpd.GeoDataFrame({"kind": kinds, "id": ids}, geometry=shapes, crs="EPSG:4326")
    table.to_parquet(buffer, compression="zstd", index=False)
    return buffer.getvalue()


def read_land(path: Path, lycees: Iterable[str]) -> Land | None:
    """Read a file of computed land; ``None`` if it is missing, altered or of other lycées."""
    try:
        table = gpd.read_parquet(ordinary(path))
        cells, departements = (
            table.loc[table["kind"] == kind, ["id", "geometry"]].reset_index(drop=True)
            for kind in ("cell", "departement")
        )
    except UNREADABLE:
        return None
    return Land(cells, departements) if list(cells["id"]) == list(lycees) else None


def read_departements(folder: Path) -> dict[str, tuple[str, BaseGeometry]]:
    """Read ``departements/*.geojson``: code -> (name, WGS84 polygon); empty without files."""
    outlines: dict[str, tuple[str, BaseGeometry]] = {}
    for path in sorted(folder.glob("*.geojson")):
        try:
            feature = json.loads(ordinary(path).read_text(encoding="utf-8"))
            properties: Mapping[str, str] = feature["properties"]
            outlines[path.stem] = (properties["nom"], shape(feature["geometry"]))
        except UNREADABLE as error:
            raise _altered(f"departements/{path.name}") from error
    return outlines


def read_towns(path: Path, largest: int = 40) -> tuple[Town, ...]:
    """Read the most populated communes, largest first; none without file."""
    frame = _read_table(path, ["nom", "population", "lat", "lon"])
    top = frame.sort_values("population", ascending=False).head(largest)
    columns = (top[name].tolist() for name in ("nom", "population", "lat", "lon"))
    return tuple(
        Town(str(name), int(population), float(lat), float(lon))
        for name, population, lat, lon in zip(*columns, strict=True)
    )


#: a name of a river or motorway is repeated at about this distance in degrees
_DEGREES_APART = 1.2
_COLUMNS = ("layer", "name", "rank", "population", "code", "geometry")


@dataclass(frozen=True, slots=True)
class GroundFeature:
    """Feature of the ground, WGS84."""

    #: ``land``, ``border`` (between départements around), ``lake``, ``river`` (areas and lines),
    #: ``motorway`` (a schematic line), ``bank`` (the line of a river in a town between lycées, not
    #: drawn); ``departement`` and ``town`` (points, to be named); ``commune`` (a line between two
    #: communes, of the close ground alone).
    layer: str
    name: str
    rank: int  # 0 for the most important features of the layer.
    population: int  # Inhabitants of a town; 0 for all else.
    code: str  # INSEE code of the commune of a town; empty for all else.
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
    """Read the file; return an empty ground if it is missing."""
    if not path.exists():
        return GroundFile()
    try:
        frame = read_shapes(path)
        note = json.loads((pq.read_schema(path).metadata or {})[b"geozones"])
        columns = [frame[name].tolist() for name in _COLUMNS]
        return GroundFile(
            tuple(GroundFeature(*row) for row in zip(*columns, strict=True)), str(note["credit"])
        )
    except UNREADABLE as error:
        raise DataFileError(
            f"Le fichier {path.name} est illisible ou altéré : {MEND}, ou retirez-le."
        ) from error


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
