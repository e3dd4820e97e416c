"""Matrix file ``travel_times.parquet``: its format, positions, and the provenance of figures.

A table ``origin, destination, minutes, km, low, high, leg_share`` and, if several engines made it,
``maker`` (0 for the first). A file of format 1, from older versions, has no intervals and no share
of legs: it is read, with the default spread of its engines.

The metadata hold the engines and a fingerprint of the lycées' positions: a matrix for other
positions is refused.

The engine ``shipped``, the default, gives the drives of a matrix file without any network.

A file of many sites is sparse: a territory of 900 sites has 810,000 pairs, most of them longer than
any zone. A pair absent from a sparse file is longer than its limit, not unreachable. For sums and
means it gets an estimate, never below the limit. An engine that skips
long drives takes time in proportion to the places.
"""

from __future__ import annotations

import hashlib
import io
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from geozones.common.errors import MEND, DataFileError
from geozones.common.files import ordinary, write_atomically
from geozones.common.french import number
from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineUnavailableError, Provenance, TravelTimes
from geozones.domain.terms import terms, worded
from geozones.domain.times import (
    ESTIMATE,
    FIGURES,
    FloatArray,
    same_places,
    spread_bounds,
    spread_of,
)
from geozones.travel.engine import (
    DETOUR,
    Point,
    Positions,
    crow_km_table,
    formula_minutes,
    on_earth,
)

#: Minutes up to which a sparse file keeps pairs, and most sites whose pairs are all kept.
WITHIN_MINUTES = 90.0
WHOLE_SITES = 250
#: Drives from and to each place that are kept, however long.
_NEAREST = 3
#: Origins whose distances are computed at once: those of a country would take 200 MB more.
_BLOCK = 128

type Flags = NDArray[np.bool_]
type Ranks = NDArray[np.intp]


def limit_of(sites: int) -> float | None:
    """Return the minutes up to which drives between so many sites are kept; ``None``: all."""
    return WITHIN_MINUTES if sites > WHOLE_SITES else None


def kept_pairs(times: TravelTimes, within: float) -> Flags:
    """Return the pairs that a sparse file keeps, ``bool[origin, destination]``.

    These are pairs within the limit in one direction, pairs that no engine could drive, and the
    nearest of each place.
    """
    if times.beyond is not None:
        return ~times.beyond
    minutes = np.where(times.same, 0.0, times.minutes)
    kept = ~(minutes > within)
    for axis in (0, 1):
        kept |= minutes <= _nearest(times, axis)
    if times.origins == times.destinations:
        kept |= kept.T
    return kept


def with_long_drives(
    times: TravelTimes, beyond: Flags, within: float, points: Mapping[str, Point]
) -> TravelTimes:
    """Return a matrix with an estimate of the pairs that its file did not keep.

    ``times`` has the pairs of the file, NaN for the others; ``beyond`` marks the pairs longer than
    ``within`` minutes, which were not kept. The formula of the estimate is scaled by the middle of
    its ratios to the known pairs. A pair without both ``points`` (latitude and longitude) stays
    NaN.
    """
    starts, ends = (_points(places, points) for places in (times.origins, times.destinations))
    blocks = (starts[rank : rank + _BLOCK] for rank in range(0, len(starts), _BLOCK))
    crow = np.concatenate([crow_km_table(block, ends) for block in blocks])
    driven = times.minutes > 0
    ratio = _ratio(times.minutes[driven], formula_minutes(crow[driven]))
    driven = (times.km > 0) & (crow > 0)
    detour = _ratio(times.km[driven], crow[driven]) if (times.km > 0).any() else DETOUR
    longest = _ends(times)
    tables = [np.array(table) for table in times.figures.values()]
    spread = np.asarray(spread_of(ESTIMATE).log_error)
    # row by row: the estimates of a country at once would take 600 MB
    for row in range(len(starts)):
        columns = np.flatnonzero(beyond[row])
        floor = np.maximum(np.maximum(longest[0][columns], longest[1][row]), within)
        minutes = np.maximum(formula_minutes(crow[row, columns]) * ratio, floor)
        low, high = spread_bounds(minutes, spread)
        estimates = (minutes, crow[row, columns] * detour, np.maximum(low, floor), high, 1.0)
        for table, estimate in zip(tables, estimates, strict=True):
            table[row, columns] = estimate
    minutes, km, low, high, legs = tables
    maker = Provenance(
        ESTIMATE,
        times.provenance.date,
        source=f"trajets de plus de {number(within)} min, d'après la distance à vol d'oiseau",
    )
    return replace(
        times,
        others=(*times.others, maker),
        maker=np.where(beyond, len(times.makers), times.maker_ranks).astype(np.uint8),
        beyond=beyond,
        within=within,
        minutes=minutes,
        km=km,
        low=low,
        high=high,
        leg_share=legs,
    )


def without_long_drives(
    times: TravelTimes, far: Flags, within: float, points: Mapping[str, Point]
) -> TravelTimes:
    """Return a matrix with estimates for pairs not sought or not worth keeping in a file."""
    sought = replace(times, minutes=np.where(far, np.inf, times.minutes))
    return with_long_drives(times, far | ~kept_pairs(sought, within), within, points)


def far_pairs(
    minutes: FloatArray,
    places: tuple[Sequence[str], Sequence[str]],
    within: float,
    seek: Callable[[Ranks, Ranks], None],
) -> Flags:
    """Return the missing pairs that are long; the others have no road, ``bool[row, column]``.

    For a place with too few drives within the limit, all drives from and to it are sought. Among
    places that are connected by drives, a missing pair is long; between two such groups, one pair
    is sought to tell whether a road joins them.

    ``minutes`` are the drives found up to the limit (``within``, in minutes) and beyond it, NaN
    elsewhere; ``places`` the ids of its rows and of its columns. ``seek`` fills ``minutes`` for
    some rows and columns, however long their drives.
    """
    same = same_places(*places)
    rows, columns = (
        np.flatnonzero(((minutes <= within) & ~same).sum(axis=axis) < _NEAREST) for axis in (1, 0)
    )
    if rows.size:
        seek(rows, np.arange(minutes.shape[1]))
    if columns.size:
        seek(np.arange(minutes.shape[0]), columns)
    far = np.isnan(minutes) & ~same
    far[rows, :] = far[:, columns] = False
    known = ~np.isnan(minutes)
    # the group of each row and column: places that drives join, in a square both ways
    from scipy.sparse import coo_array  # noqa: PLC0415 - it loads much, and files never need it
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415

    ranks = {key: rank for rank, key in enumerate(dict.fromkeys((*places[0], *places[1])))}
    rows, columns = (np.array([ranks[key] for key in side], np.intp) for side in places)
    starts, ends = np.nonzero(known)
    graph = coo_array(
        (np.ones(len(starts)), (rows[starts], columns[ends])), shape=(len(ranks), len(ranks))
    )
    square = tuple(places[0]) == tuple(places[1])
    _, labels = connected_components(graph, connection="strong" if square else "weak")
    groups = (labels[rows], labels[columns])
    used = [np.unique(groups[side][far.any(axis=1 - side)]) for side in (0, 1)]
    if len(np.union1d(*used)) < 2:
        return far
    heads = [_heads(groups[side], used[side], known.sum(axis=1 - side)) for side in (0, 1)]
    seek(*heads)
    for a, b in np.argwhere(np.isnan(minutes[np.ix_(*heads)])).tolist():
        if used[0][a] != used[1][b]:
            far[np.ix_(groups[0] == used[0][a], groups[1] == used[1][b])] = False
    return far


def _heads(groups: Ranks, used: Ranks, drives: Ranks) -> Ranks:
    """Return the place of each group that has the most drives."""
    return np.array([np.where(groups == group, drives, -1).argmax() for group in used], np.intp)


def _nearest(times: TravelTimes, axis: int) -> FloatArray:
    """Return the longest of the nearest drives of each origin (axis 1) or destination (0)."""
    far = np.where(np.isnan(times.minutes) | times.same, np.inf, times.minutes)
    least = min(_NEAREST, far.shape[axis]) - 1
    if least < 0:
        return np.full((1, 1), np.inf)
    return np.partition(far, least, axis=axis).take([least], axis=axis)


def _ends(times: TravelTimes) -> tuple[FloatArray, FloatArray]:
    """Return the longest of the nearest drives of each destination and of each origin; 0: none."""
    into, out = (
        np.broadcast_to(np.where(np.isinf(near), 0.0, near).ravel(), size)
        for near, size in (
            (_nearest(times, 0), len(times.destinations)),
            (_nearest(times, 1), len(times.origins)),
        )
    )
    return into, out


def _points(places: tuple[str, ...], points: Mapping[str, Point]) -> list[Point]:
    found = [points.get(place, (np.nan, np.nan)) for place in places]
    return [point if on_earth(point) else (np.nan, np.nan) for point in found]


def _ratio(figures: FloatArray, formula: FloatArray) -> float:
    """Return the middle of the ratios of figures to a formula; 1 without any."""
    return float(np.median(figures / formula)) if len(figures) else 1.0


FORMAT = 2
#: Columns of figures of each readable format.
_COLUMNS = ((1, ("minutes", "km")), (FORMAT, FIGURES))
REBUILD = MEND
TYPES = {
    "origin": pa.string(),
    "destination": pa.string(),
    **dict.fromkeys(FIGURES, pa.float32()),
    "maker": pa.uint8(),
}


def read_metadata(table: pa.Table, name: str) -> dict[str, Any]:
    """Return the metadata of the table of a file (its name); raises ``DataFileError``."""
    try:
        meta = json.loads((table.schema.metadata or {})[b"geozones"])
    except (KeyError, ValueError):
        meta = None
    found = meta.get("format") if isinstance(meta, dict) else None
    figures = next((names for known, names in _COLUMNS if known == found), None)
    columns = {"origin", "destination", *(figures or ())}
    if isinstance(meta, dict) and meta.get("others"):
        columns.add("maker")
    if not isinstance(meta, dict) or figures is None or not columns <= set(table.column_names):
        raise DataFileError(f"Le fichier {name} est d'une autre version : {REBUILD}.")
    return meta


def rounded_for_file(name: str, figures: FloatArray) -> FloatArray:
    """Return figures as rounded in a file; figures read from a file do not change."""
    tenths = np.round(figures * 10, 3)
    if name == "low":
        return np.asarray(np.floor(tenths) / 10)
    if name == "high":
        return np.asarray(np.ceil(tenths) / 10)
    return np.round(figures, 2)


def positions_hash(positions: Mapping[str, tuple[float, float]]) -> str:
    """Return the fingerprint of positions, to check that a stored file still matches them.

    ``positions`` are (latitude, longitude) by id, in WGS84 degrees. The fingerprint is the SHA-256,
    in hexadecimal, of one line ``id lat lon`` per id in sorted order, coordinates at 5 decimals
    (about a metre).
    """
    lines = (f"{key} {lat:.5f} {lon:.5f}\n" for key, (lat, lon) in sorted(positions.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


@dataclass(frozen=True)
class MatrixFile:
    """Open matrix file, checked against the lycées' positions.

    ``within`` is the limit in minutes of a sparse file: pairs that it lacks are longer. ``points``
    are the positions of its places, for the estimate of these.
    """

    path: Path
    table: pa.Table
    makers: tuple[Provenance, ...]
    within: float | None = None
    points: Mapping[str, tuple[float, float]] = field(default_factory=dict)

    @cached_property
    def _frame(self) -> pd.DataFrame:
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    @cached_property
    def places(self) -> frozenset[str]:
        """Every place that is the origin of a drive."""
        return frozenset(self._frame["origin"].astype(str).unique())

    def square(self, lycees: Sequence[str]) -> TravelTimes:
        """Return the drives between lycées, ``float[lycée, lycée]`` in the order given."""
        times, filled, count = self._read(lycees, lycees)
        whole = filled.all() or self.within is not None
        if not whole or count != filled.sum():
            raise DataFileError(
                f"Le fichier {self.path.name} n'a pas un trajet et un seul par paire "
                f"{terms().site.of_plural} : {REBUILD}."
            )
        return times

    def rectangle(self, origins: Sequence[str], destinations: Sequence[str]) -> TravelTimes:
        """Return drives, NaN for pairs that the file does not know; raise as `square`."""
        return self._read(origins, destinations)[0]

    def _read(
        self, origins: Sequence[str], destinations: Sequence[str]
    ) -> tuple[TravelTimes, np.ndarray[Any, np.dtype[np.bool_]], int]:
        try:
            return self._filled(origins, destinations)
        except (KeyError, TypeError, ValueError) as error:
            raise DataFileError(f"Le fichier {self.path.name} est altéré : {REBUILD}.") from error

    def _filled(
        self, origins: Sequence[str], destinations: Sequence[str]
    ) -> tuple[TravelTimes, np.ndarray[Any, np.dtype[np.bool_]], int]:
        rows = _ranks(self._frame["origin"], origins)
        columns = _ranks(self._frame["destination"], destinations)
        ends = ((rows, len(origins)), (columns, len(destinations)))
        wanted = (rows >= 0) & (columns >= 0)
        at = (rows[wanted], columns[wanted])
        filled = np.zeros((len(origins), len(destinations)), dtype=bool)
        filled[at] = True
        figures = {}
        for column in FIGURES:
            if column in self._frame:
                figures[column] = np.full(filled.shape, np.nan)
                figures[column][at] = self._frame[column].to_numpy(dtype=float)[wanted]
        if _impossible(figures):
            raise DataFileError(
                f"Le fichier {self.path.name} a des trajets impossibles : {REBUILD}."
            )
        maker = None
        if len(self.makers) > 1:
            maker = np.zeros(filled.shape, dtype=np.uint8)
            maker[at] = self._frame["maker"].to_numpy(dtype=np.uint8)[wanted]
        first, *others = self.makers
        times = TravelTimes(
            tuple(origins),
            tuple(destinations),
            provenance=first,
            others=tuple(others),
            maker=maker,
            within=None,
            **figures,
        )
        if self.within is not None and not filled.all():
            known = np.ix_(*(np.bincount(r[r >= 0], minlength=n) > 0 for r, n in ends))
            beyond = np.zeros(filled.shape, dtype=bool)
            beyond[known] = ~filled[known] & ~times.same[known]
            times = with_long_drives(times, beyond, self.within, self.points)
        return times, filled, int(wanted.sum())


def _impossible(figures: Mapping[str, FloatArray]) -> bool:
    """Return whether a figure is negative or infinite, or minutes are out of their interval."""
    if any((table < 0).any() or np.isinf(table).any() for table in figures.values()):
        return True
    minutes = figures["minutes"]
    low, high = (figures.get(name, minutes) for name in ("low", "high"))
    known = ~np.isnan(minutes)
    inside = (low <= minutes) & (minutes <= high)
    return bool((known & ~inside).any() or (figures.get("leg_share", low * 0) > 1).any())


def _ranks(column: pd.Series[Any], places: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rank of each row's place, -1 if it is not among them."""
    categories = column.astype("category").cat
    by_category = pd.Index(places).get_indexer(pd.Index(categories.categories.astype(str)))
    return np.asarray(by_category, np.int64)[categories.codes.to_numpy()]


def open_matrix(
    path: Path,
    positions: Mapping[str, tuple[float, float]],
    communes: Mapping[str, tuple[float, float]] | None = None,
) -> MatrixFile:
    """Open a matrix file made for lycées at these positions.

    ``positions`` are (latitude, longitude) of every lycée by id, in WGS84 degrees; ``communes``
    those of the communes, if their drives are read.
    """
    try:
        table = pq.read_table(ordinary(path))
    except FileNotFoundError:
        raise DataFileError(f"Il manque le fichier {path.name} : {REBUILD}.") from None
    except (OSError, pa.ArrowException) as error:
        raise DataFileError(
            f"Le fichier {path.name} est illisible ou altéré : {REBUILD}."
        ) from error
    meta = read_metadata(table, path.name)
    if meta.get("positions_sha256") != positions_hash(positions):
        raise DataFileError(
            f"{worded('{A_site}')} a changé de place depuis le calcul de {path.name} : {REBUILD}."
        )
    try:
        makers = tuple(
            Provenance(
                engine=str(entry["engine"]),
                date=str(entry["date"]),
                profile=str(entry.get("profile", "voiture")),
                source=str(entry.get("source", "")),
                licence=str(entry.get("licence", "")),
                parameters=dict(entry.get("parameters", {})),
            )
            for entry in (meta, *meta.get("others", ()))
        )
        within = None if meta.get("within") is None else float(meta["within"])
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DataFileError(f"Le fichier {path.name} est altéré : {REBUILD}.") from error
    return MatrixFile(path, table, makers, within, {**(communes or {}), **positions})


def write_matrix(
    path: Path,
    tables: Sequence[TravelTimes],
    positions: Mapping[str, tuple[float, float]],
    within: float | None = None,
) -> int:
    """Write matrices as one file, replaced atomically; return the number of its rows.

    The same figures give the same bytes: to the hundredth, intervals to the tenth of a minute,
    outwards. The matrices share no pair. ``positions`` are those of every lycée; the file has their
    fingerprint. Drives beyond ``within`` minutes are not kept (see `kept_pairs`), if it is given.
    """
    within = within or min((table.within for table in tables if table.within), default=None)
    kept = [
        np.ones(table.minutes.shape, bool) if within is None else kept_pairs(table, within)
        for table in tables
    ]
    makers = tuple(
        dict.fromkeys(
            _hashable(table.makers[rank])
            for table, pairs in zip(tables, kept, strict=True)
            for rank in _ranks_used(table, pairs)
        )
    )
    columns: dict[str, list[Any]] = {name: [] for name in TYPES}
    for table, pairs in zip(tables, kept, strict=True):
        rows, ends = np.nonzero(pairs)
        columns["origin"].append(np.array(table.origins, object)[rows])
        columns["destination"].append(np.array(table.destinations, object)[ends])
        for name, figures in table.figures.items():
            columns[name].append(rounded_for_file(name, figures[pairs]).astype(np.float32))
        ranks = np.zeros(len(table.makers), np.uint8)
        for rank in _ranks_used(table, pairs):
            ranks[rank] = makers.index(_hashable(table.makers[rank]))
        columns["maker"].append(ranks[table.maker_ranks[pairs]])
    arrays = {name: pa.array(np.concatenate(parts), TYPES[name]) for name, parts in columns.items()}
    for name in ("origin", "destination"):
        arrays[name] = arrays[name].dictionary_encode()
    if len(makers) == 1:
        del arrays["maker"]
    first, *others = (json.loads(maker) for maker in makers)
    meta = {"format": FORMAT, **first, "positions_sha256": positions_hash(positions)}
    if others:
        meta["others"] = others
    if within is not None:
        meta["within"] = within
    note = json.dumps(meta, ensure_ascii=False, sort_keys=True).encode()
    buffer = io.BytesIO()
    arrow = pa.table(arrays).replace_schema_metadata({b"geozones": note})
    pq.write_table(arrow, buffer, compression="zstd", compression_level=15)
    write_atomically(path, buffer.getvalue())
    return len(arrays["origin"])


def _ranks_used(table: TravelTimes, pairs: np.ndarray[Any, np.dtype[np.bool_]]) -> list[int]:
    """Return the ranks of the engines to list: all, or those used if some pairs are left out."""
    if pairs.all():
        return list(range(len(table.makers)))
    return np.unique(table.maker_ranks[pairs]).tolist() or [0]


def _hashable(maker: Provenance) -> str:
    return json.dumps(asdict(maker), ensure_ascii=False, sort_keys=True)


#: Two positions are the same to the fifth decimal of a degree, about a metre.
SAME_DEGREES = 1.01e-5


class Shipped:
    """Drives of a matrix file, between its places; the file is opened at the first request.

    ``lycees`` are the positions of all lycées, which must match the file; ``communes`` the point of
    each commune by ``commune:CODE``.
    """

    name = "shipped"

    def __init__(self, path: Path, lycees: Positions, communes: Positions) -> None:
        self._path, self._lycees = path, lycees
        self._known = {**communes, **lycees}
        self._communes = communes
        self._file: MatrixFile | None = None

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return the file's drives, ``float[origin, destination]``; NaN for places it has not.

        The provenance is the file's own: the engine that made the figures, not this engine.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        if self._file is None:
            self._file = open_matrix(self._path, self._lycees, self._communes)
        times = self._file.rectangle(tuple(origins), tuple(destinations))
        figures = {name: table.copy() for name, table in times.figures.items()}
        moved_rows = [not self._holds(place, point) for place, point in origins.items()]
        moved_columns = [not self._holds(place, point) for place, point in destinations.items()]
        for array in figures.values():
            array[moved_rows, :] = np.nan
            array[:, moved_columns] = np.nan
            array[times.same] = 0.0
        beyond = None if times.beyond is None else times.beyond.copy()
        if beyond is not None:
            beyond[moved_rows, :] = beyond[:, moved_columns] = False
        progress(total, total)
        minutes = figures["minutes"]
        if total and np.isnan(minutes[~times.same]).all() and not times.same.all():
            raise EngineUnavailableError("La matrice livrée n'a aucun des trajets demandés.")
        return replace(
            times,
            minutes=minutes,
            km=figures["km"],
            low=figures["low"],
            high=figures["high"],
            leg_share=figures["leg_share"],
            beyond=beyond,
        )

    def _holds(self, place: str, point: Point) -> bool:
        known = self._known.get(place)
        return known is not None and all(
            abs(a - b) <= SAME_DEGREES for a, b in zip(known, point, strict=True)
        )
