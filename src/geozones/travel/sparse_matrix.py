"""Sparse matrices: limit of the drives that a file holds, and estimates for longer ones.

A territory of 900 sites has 810,000 pairs, most of them longer than any zone. A pair absent from a
sparse file is longer than its limit, not unreachable. For sums and means it gets an estimate, never
below the limit. An engine that skips long drives takes time in proportion to the places.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import number
from geozones.domain import Provenance, TravelTimes
from geozones.domain.times import ESTIMATE, FloatArray, same_places, spread_bounds, spread_of
from geozones.travel.engine import DETOUR, Point, crow_km_table, formula_minutes, on_earth

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
