"""Writer of the background of an extract: one GeoParquet file with every level.

Features are read once and grouped by kind on the disk; then each kind is generalised for each level
and written, neighbours beside one another. So only one kind is in memory at a time.
"""

import contextlib
import datetime as dt
import tempfile
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geozones.common.errors import InputError
from geozones.territory.basemap.feature_kinds import LAYERS, LEVELS, DetailLevel, FeatureKind
from geozones.territory.basemap.file import COLUMNS, METADATA, NAMES, SIDES, BasemapSource
from geozones.territory.basemap.generalise import Features, generalised
from geozones.territory.basemap.osm_features import Feature, read_features

#: Features per row group: reading a window reads a whole number of groups.
_TOGETHER = 4096
_ASIDE = pa.schema(
    [("name", pa.string()), ("ref", pa.string()), ("population", pa.int32()), ("wkb", pa.string())]
)


@dataclass(frozen=True, slots=True)
class BasemapWritten:
    """Written background.

    Parameters
    ----------
    features
        Layer -> number of features at its finest level.
    megabytes
        Size of the file (10⁶ bytes).
    """

    features: Mapping[str, int]
    megabytes: float


def write_basemap(pbf: Path, extract_date: dt.date | None, path: Path) -> BasemapWritten:
    """Write the background of an extract to a file, whole or not at all.

    Parameters
    ----------
    pbf
        The extract.
    extract_date
        The date of its data, if known, written beside the credit.

    Raises
    ------
    EngineUnavailableError
        If the package ``osmium`` is not installed.
    InputError
        If the extract is damaged, or holds nothing to draw.
    OSError
        If the disk is full, or the folder cannot be written.
    """
    with tempfile.TemporaryDirectory(prefix=".basemap-", dir=path.parent) as folder:
        aside = Path(folder)
        kinds = _set_aside(read_features(pbf), aside)
        if not kinds:
            message = f"Le fichier « {pbf.name} » ne contient rien à dessiner."
            raise InputError(message)
        counts = _write_levels(aside, kinds, aside / path.name, pbf.name, extract_date)
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
