"""File of the background, a GeoParquet for any GIS: its columns, its source, its reader.

It holds each feature once per level: coarse for the region, fine for streets. Rows are grouped by
level and kind, neighbours one after another, and each row has its box, so that rows outside a
window are not read.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary
from geozones.territory.basemap.feature_kinds import KINDS, LAYERS, level_of

FORMAT = 1
METADATA = "geozones"
SIDES = ("xmin", "ymin", "xmax", "ymax")
NAMES = ("name", "ref", "population")
# https://geoparquet.org/releases/v1.1.0
_GEO = {
    "version": "1.1.0",
    "primary_column": "geometry",
    "columns": {
        "geometry": {
            "encoding": "WKB",
            "geometry_types": [],
            "covering": {"bbox": {side: ["bbox", side] for side in SIDES}},
        }
    },
}
COLUMNS = pa.schema(
    [
        ("level", pa.int8()),
        ("layer", pa.string()),
        ("kind", pa.string()),
        ("zoom", pa.int8()),
        ("name", pa.string()),
        ("ref", pa.string()),
        ("population", pa.int32()),
        ("bbox", pa.struct([(side, pa.float64()) for side in SIDES])),
        ("geometry", pa.binary()),
    ],
    metadata={"geo": json.dumps(_GEO)},
)
_REBUILD = "refaites-le avec « geozones roads build FICHIER.osm.pbf »"
_SHOWN = [*NAMES, "kind", "geometry"]
type Bounds = tuple[float, float, float, float]
"""West, south, east and north, in degrees."""


@dataclass(frozen=True, slots=True)
class BasemapSource:
    """Source of a background.

    Parameters
    ----------
    extract
        Name of the OpenStreetMap extract.
    extract_date
        The date of its data, YYYY-MM-DD; ``None`` if unknown.
    bounds
        Bounds of the features.
    features
        Layer -> number of features at its finest level.
    credit, licence
        Credit to write on every picture; licence of the data.
    """

    extract: str
    extract_date: str | None
    bounds: Bounds
    features: Mapping[str, int]
    credit: str = "© les contributeurs d’OpenStreetMap"
    licence: str = "ODbL 1.0"

    def to_json(self) -> str:
        """Return the source in the format of the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)


def read_source(path: Path) -> BasemapSource:
    """Read the source of a background.

    Raises
    ------
    DataFileError
        If it is missing, altered or of another version.
    """
    try:
        content = json.loads((pq.read_metadata(ordinary(path)).metadata or {})[METADATA.encode()])
        if content.pop("format") != FORMAT:
            raise _fault(path, "est d'une autre version")
        return BasemapSource(**{**content, "bounds": tuple(content["bounds"])})
    except FileNotFoundError:
        raise _fault(path, "manque") from None
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        raise _fault(path, "est illisible ou altéré") from error


def read_layers(
    path: Path, bounds: Bounds, zoom: float, layers: Iterable[str] = LAYERS
) -> dict[str, gpd.GeoDataFrame]:
    """Read the features in a window, cut at its edges.

    Parameters
    ----------
    bounds
        The window.
    zoom
        Zoom of a web map: the world is 256 × 2^zoom pixels wide. Shapes are coarser and
        kinds fewer at a smaller zoom.
    layers
        Layers to read.

    Returns
    -------
    dict
        Layer -> its features (WGS84; columns ``kind``, ``name``, ``ref``, ``population``), the
        main kinds first, and among places the most populated; in the order to draw the layers.

    Raises
    ------
    DataFileError
        If the file is missing or altered.
    """
    wanted = [layer for layer in LAYERS if layer in set(layers)]
    where = [("level", "==", level_of(zoom).zoom), ("zoom", "<=", zoom), ("layer", "in", wanted)]
    try:
        rows = gpd.read_parquet(
            ordinary(path), columns=["layer", *_SHOWN], bbox=bounds, filters=where
        )
    except FileNotFoundError:
        raise _fault(path, "manque") from None
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        raise _fault(path, "est illisible ou altéré") from error
    rows.geometry = shapely.clip_by_rect(rows.geometry.to_numpy(), *bounds)
    rows = rows[~rows.geometry.is_empty]
    ranks = {kind.name: rank for rank, kind in enumerate(KINDS)}
    rows = rows.assign(rank=rows["kind"].map(ranks), people=-rows["population"].fillna(0))
    rows = rows.sort_values(["rank", "people"], kind="stable")
    return {layer: rows.loc[rows["layer"] == layer, _SHOWN] for layer in wanted}


def _fault(path: Path, what: str) -> DataFileError:
    return DataFileError(f"Le fond de carte {path.name} {what} : {_REBUILD}.")
