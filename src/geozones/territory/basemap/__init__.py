"""Map background from an OpenStreetMap extract: built once, in one file, read by zoom.

The file is a GeoParquet for any GIS; its columns, its writer and its reader are here.

The file holds each feature once per level: coarse for the region, fine for streets. Rows are
grouped by level and kind, neighbours one after another, and each row has its box, so that rows
outside a window are not read.

To write it, features are read once and grouped by kind on the disk; then each kind is generalised
for each level and written, neighbours beside one another. So only one kind is in memory at a time.
"""

import contextlib
import datetime as dt
import json
import math
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from numpy.typing import NDArray

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import ordinary
from geozones.territory.basemap.osm_features import (
    KINDS,
    LAYERS,
    LEVELS,
    DetailLevel,
    Feature,
    FeatureKind,
    Shape,
    level_of,
    read_features,
)

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
    """Source of a background."""

    extract: str  # Name of the OpenStreetMap extract.
    extract_date: str | None  # The date of its data, YYYY-MM-DD; ``None`` if unknown.
    bounds: Bounds  # Bounds of the features.
    features: Mapping[str, int]  # Layer -> number of features at its finest level.
    #: Credit to write on every picture; licence of the data.
    credit: str = "© les contributeurs d’OpenStreetMap"
    licence: str = "ODbL 1.0"

    def to_json(self) -> str:
        """Return the source in the format of the file."""
        return json.dumps({"format": FORMAT, **asdict(self)}, ensure_ascii=False)


def read_source(path: Path) -> BasemapSource:
    """Read the source of a background."""
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


#: Largest displacement of lines and borders, which is invisible.
_TOLERANCE_PIXELS = 0.5
#: Areas and holes smaller than the square of this are removed.
_LEAST_PIXELS = 2


class Features(NamedTuple):
    """Features of one kind: ``name``, ``ref`` and ``population`` of each, and shapes (WGS84)."""

    names: pd.DataFrame
    shapes: NDArray[np.object_]

    def take(self, rows: NDArray[np.integer], shapes: NDArray[np.object_]) -> "Features":
        """Return some of the features with other shapes."""
        return Features(self.names.take(rows), shapes)


def generalised(features: Features, kind: FeatureKind, level: DetailLevel) -> Features:
    """Return features of one kind generalised for a level.

    Lines of the same name and number are joined end to end; the names of roads are kept at the
    finest level alone, which has room for them. Lines and borders move by at most half a pixel,
    areas and holes smaller than 2 × 2 pixels are removed, and coordinates invisibly rounded.
    """
    if kind.shape is Shape.LINE:
        if kind.layer == "roads" and level is not LEVELS[-1]:
            features = Features(features.names.assign(name=None), features.shapes)
        features = _joined(_parts(features))
    elif kind.shape is Shape.AREA:
        features = _large(_parts(features), (_LEAST_PIXELS * level.pixel) ** 2)
    simpler = shapely.simplify(features.shapes, _TOLERANCE_PIXELS * level.pixel)
    decimals = math.ceil(-math.log10(level.pixel / 4))
    return _parts(Features(features.names, shapely.set_precision(simpler, 10.0**-decimals)))


def _joined(lines: Features) -> Features:
    """Return lines joined end to end where they have the same name and number."""
    groups = lines.names.groupby(["name", "ref"], dropna=False, sort=False).ngroup().to_numpy()
    order = np.argsort(groups, kind="stable")
    firsts = order[np.unique(groups[order], return_index=True)[1]]
    together = shapely.multilinestrings(lines.shapes[order], indices=groups[order])
    parts, owners = shapely.get_parts(shapely.line_merge(together), return_index=True)
    return lines.take(firsts[owners], parts)


def _large(areas: Features, least: float) -> Features:
    """Return the polygons that are large enough, without their small holes (degrees²)."""
    kept = np.flatnonzero(shapely.area(areas.shapes) >= least)
    polygons = areas.shapes[kept]
    for i in np.flatnonzero(shapely.get_num_interior_rings(polygons)):
        holes = [ring for ring in polygons[i].interiors if shapely.Polygon(ring).area >= least]
        polygons[i] = shapely.Polygon(polygons[i].exterior, holes)
    return areas.take(kept, polygons)


def _parts(features: Features) -> Features:
    """Return each part of a multiple shape as a separate feature."""
    parts, owners = shapely.get_parts(features.shapes, return_index=True)
    there = ~shapely.is_empty(parts)
    return features.take(owners[there], parts[there])


#: Features per row group: reading a window reads a whole number of groups.
_TOGETHER = 4096
_ASIDE = pa.schema(
    [("name", pa.string()), ("ref", pa.string()), ("population", pa.int32()), ("wkb", pa.string())]
)


@dataclass(frozen=True, slots=True)
class BasemapWritten:
    """Written background."""

    features: Mapping[str, int]  # Layer -> number of features at its finest level.
    megabytes: float  # Size of the file (10⁶ bytes).


def write_basemap(
    pbf: Path, extract_date: dt.date | None, path: Path, name: str = ""
) -> BasemapWritten:
    """Write the background of an extract to a file, whole or not at all.

    Parameters
    ----------
    pbf
        The extract.
    extract_date
        The date of its data, if known, written beside the credit.
    name
        Name of the extract beside the credit, by default that of its file.
    """
    with tempfile.TemporaryDirectory(prefix=".basemap-", dir=path.parent) as folder:
        aside = Path(folder)
        kinds = _set_aside(read_features(pbf, aside), aside)
        if not kinds:
            raise InputError(f"Le fichier « {pbf.name} » ne contient rien à dessiner.")
        counts = _write_levels(aside, kinds, aside / path.name, name or pbf.name, extract_date)
        (aside / path.name).replace(path)
    features = {layer: counts[layer] for layer in LAYERS}
    return BasemapWritten(features, round(path.stat().st_size / 1e6, 1))


def _set_aside(features: Iterable[Feature], folder: Path) -> list[FeatureKind]:
    """Write the features of each kind to a separate file; return the kinds found."""
    waiting: dict[FeatureKind, list[Feature]] = {}
    with contextlib.ExitStack() as stack:
        writers: dict[FeatureKind, pq.ParquetWriter] = {}

        def write(kind: FeatureKind) -> None:
            if kind not in writers:
                writer = pq.ParquetWriter(_aside(folder, kind), _ASIDE)
                writers[kind] = stack.enter_context(writer)
            columns = zip(*(feature[1:] for feature in waiting.pop(kind)), strict=True)
            arrays = [
                pa.array(column, field.type) for column, field in zip(columns, _ASIDE, strict=True)
            ]
            writers[kind].write_table(pa.table(arrays, schema=_ASIDE))

        for feature in features:
            waiting.setdefault(feature.kind, []).append(feature)
            if len(waiting[feature.kind]) == _TOGETHER:
                write(feature.kind)
        for kind in list(waiting):
            write(kind)
        return list(writers)


def _aside(folder: Path, kind: FeatureKind) -> Path:
    return folder / f"{kind.name}.parquet"


def _write_levels(
    aside: Path,
    kinds: Iterable[FeatureKind],
    path: Path,
    extract: str,
    extract_date: dt.date | None,
) -> Counter[str]:
    """Write every level of every kind; return the number of features by layer at the finest."""
    counts: Counter[str] = Counter()
    boxes = []
    with pq.ParquetWriter(path, COLUMNS, compression="zstd", compression_level=12) as writer:
        for level in LEVELS:
            for kind in level.kinds:
                if kind not in kinds:
                    continue
                features = generalised(_read_aside(aside, kind), kind, level)
                if not len(features.shapes):
                    continue
                writer.write_table(_table(features, kind, level), row_group_size=_TOGETHER)
                boxes.append(shapely.box(*shapely.total_bounds(features.shapes)))
                if level is LEVELS[-1]:
                    counts[kind.layer] += len(features.shapes)
        source = BasemapSource(
            extract=extract,
            extract_date=extract_date.isoformat() if extract_date else None,
            bounds=tuple(shapely.total_bounds(boxes).tolist()),
            features={layer: counts[layer] for layer in LAYERS},
        )
        writer.add_key_value_metadata({METADATA: source.to_json()})
    return counts


def _read_aside(folder: Path, kind: FeatureKind) -> Features:
    names = pq.read_table(_aside(folder, kind)).to_pandas()
    return Features(names, shapely.from_wkb(names.pop("wkb").to_numpy()))


def _table(features: Features, kind: FeatureKind, level: DetailLevel) -> pa.Table:
    """Return rows of the file: the features of a kind at a level, neighbours one after another."""
    order = gpd.GeoSeries(features.shapes).hilbert_distance().to_numpy().argsort(kind="stable")
    names, shapes = features.take(order, features.shapes[order])
    return pa.table(
        [
            pa.repeat(pa.scalar(level.zoom, pa.int8()), len(shapes)),
            pa.repeat(kind.layer, len(shapes)),
            pa.repeat(kind.name, len(shapes)),
            pa.repeat(pa.scalar(kind.zoom, pa.int8()), len(shapes)),
            *(pa.array(names[name], COLUMNS.field(name).type, from_pandas=True) for name in NAMES),
            pa.StructArray.from_arrays([*map(pa.array, shapely.bounds(shapes).T)], SIDES),
            pa.array(shapely.to_wkb(shapes)),
        ],
        schema=COLUMNS,
    )
