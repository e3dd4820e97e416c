"""Interface of travel-time engines, and the engine that estimates missing drives.

An engine module builds its requests, sends them and parses the answers in three separate steps, so
that two of them are tested without a network.
"""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from geozones.common import clock
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Provenance, TravelTimes
from geozones.domain.times import (
    ANCHORS,
    ESTIMATE,
    INTERVAL_CHECK,
    FloatArray,
    same_places,
    spread_bounds,
)

type Point = tuple[float, float]
"""Latitude and longitude, WGS84 degrees."""
type Positions = Mapping[str, Point]
"""Points by id: a UAI, ``commune:CODE`` or any other key."""

EARTH_RADIUS_KM = 6371.0088
"""Mean radius of the Earth (IUGG, R1)."""


def on_earth(point: Point) -> bool:
    """Return whether latitude and longitude are valid degrees; false for NaN."""
    return abs(point[0]) <= 90 and abs(point[1]) <= 180


class Engine(Protocol):
    """Source of drives between positions."""

    @property
    def name(self) -> str:
        """Name of the engine in settings and messages."""

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable or a point cannot be tied to a road; zero if the two ids are
        the same. ``provenance.engine`` is the engine's name. ``progress`` is called with (pairs
        done, pairs) and may raise ``EngineCancelledError`` to stop the work.
        """


#: A point farther than this from every lycée, in km, is outside the territory: it gets no time.
REACH_KM = 100.0
_ANCHORS = 3
_ANCHORED = "estimation d'après la distance à vol d'oiseau et la matrice en service"
_ALONE = "estimation d'après la seule distance, en contournant l'eau là où la terre est connue"
#: Standard deviation of the log of the minutes where no matrix scales the formula, and the control
#: drives that its interval was measured on (docs/data.md): mountains, bays and plains of France.
ALONE_ERROR = 0.34
ALONE_CHECK = {"drives": 34, "held": 29}
#: Road over crow distance if no pair around gives a better ratio.
DETOUR = 1.3


class KnownLand(Protocol):
    """Land that an estimate stays on."""

    def km(self, origins: Sequence[Point], destinations: Sequence[Point]) -> FloatArray:
        """Return km over land, ``float[origin, destination]``; inf where no road leads."""


def no_land() -> None:
    """Return no land: every straight line is taken for dry."""


def crow_km(a: Point, b: Point) -> float:
    """Return the great-circle distance in km between two (latitude, longitude) in degrees."""
    return float(crow_km_table([a], [b])[0, 0])


def crow_km_table(origins: list[Point], destinations: list[Point]) -> FloatArray:
    """Return great-circle km, ``float[origin, destination]`` (haversine formula)."""
    lat_a, lon_a = np.radians(np.array(origins, float).reshape(-1, 1, 2)).transpose(2, 0, 1)
    lat_b, lon_b = np.radians(np.array(destinations, float).reshape(1, -1, 2)).transpose(2, 0, 1)
    half = np.sin((lat_b - lat_a) / 2) ** 2
    half = half + np.cos(lat_a) * np.cos(lat_b) * np.sin((lon_b - lon_a) / 2) ** 2
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.sqrt(np.clip(half, 0, 1))))


def formula_minutes(km: FloatArray) -> FloatArray:
    """Return the unanchored estimate for crow distances in km.

    1.62 + 0.478·d + 3.446·√d, fitted on the road model of Pays de la Loire; 11.5 % mean
    error on 200 points that were not fitted, 4.7 % once anchored by :class:`EstimatedDrives`.
    """
    return np.asarray(1.62 + 0.478 * km + 3.446 * np.sqrt(km))


class EstimatedDrives:
    """Estimated drives, scaled by a matrix around the two ends.

    The formula is multiplied by the mean ratio (matrix minutes / formula) over the three lycées
    nearest to each end; kilometres likewise by the mean ratio of road to crow distance. Without a
    matrix, or with one that is itself an estimate, the formula is taken as it is, over distances
    that go round water where the land is known. Between two lands without a bridge there is no
    drive, with a matrix or without.

    ``positions`` are those of the lycées of the matrix; ``times`` are minutes and km between them,
    at free-flow speed, ``None`` where there is no matrix yet; ``land`` returns the known land;
    ``today`` dates the computed matrix.
    """

    name = ESTIMATE

    def __init__(
        self,
        positions: Positions,
        times: TravelTimes | None,
        today: Callable[[], dt.date] = clock.today,
        land: Callable[[], KnownLand | None] = no_land,
    ) -> None:
        self._today, self._land = today, land
        self._points: list[Point] = []
        self._ratio = self._detour = np.empty((0, 0))
        self._anchored = False
        if times is None:
            return
        anchors = [lycee for lycee in positions if lycee in times.origin_index]
        self._points = [positions[lycee] for lycee in anchors]
        around = times.restricted(anchors, anchors)
        self._anchored = not all(
            maker.is_estimate for maker, pairs in times.pairs_by_maker if pairs
        )
        crow = crow_km_table(self._points, self._points)
        apart = crow > 0
        self._ratio = np.full(crow.shape, np.nan)
        self._detour = np.full(crow.shape, np.nan)
        self._ratio[apart] = around.minutes[apart] / formula_minutes(crow[apart])
        self._detour[apart] = around.km[apart] / crow[apart]
        self._detour[np.isnan(self._ratio)] = np.nan

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return estimated minutes and km, ``float[origin, destination]``.

        NaN for a point that is not on Earth, or over 100 km from every lycée of the matrix, and
        between two lands that no bridge joins.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        ends = [list(places.values()) for places in (origins, destinations)]
        near_a, near_b = (self._near(points) for points in ends)
        crow = crow_km_table(*ends)
        land = self._land()
        over_land = crow if land is None else land.km(*ends)
        known = near_a.inside[:, None] & near_b.inside[None, :] & np.isfinite(over_land)
        if self._anchored:
            minutes = formula_minutes(crow) * _scale(self._ratio, near_a, near_b, 1.0)
            km = crow * _scale(self._detour, near_a, near_b, DETOUR)
        else:
            minutes, km = formula_minutes(over_land), over_land * DETOUR
        here = (crow == 0) | same_places(origins, destinations)
        minutes, km = (
            np.where(here, 0.0, np.where(known, table, np.nan)) for table in (minutes, km)
        )
        checked: dict[str, object] = {} if self._anchored else {INTERVAL_CHECK: dict(ALONE_CHECK)}
        low = high = None
        if not self._anchored:
            ends_of = spread_bounds(minutes, np.array(ALONE_ERROR))
            low, high = (np.where(here, 0.0, table) for table in ends_of)
        times = TravelTimes(
            tuple(origins),
            tuple(destinations),
            minutes,
            km,
            Provenance(
                ESTIMATE,
                self._today().isoformat(),
                source=_ANCHORED if self._anchored else _ALONE,
                parameters={
                    "formule": "1,62 + 0,478 d + 3,446 √d",
                    ANCHORS: _ANCHORS if self._anchored else 0,
                    **checked,
                },
            ),
            low=low,
            high=high,
        )
        progress(total, total)
        return times

    def _near(self, points: list[Point]) -> "_Anchors":
        """Find the lycées nearest to each point."""
        sound = np.array([on_earth(point) for point in points], bool)
        safe = [point if good else (0.0, 0.0) for point, good in zip(points, sound, strict=True)]
        none = np.empty((len(points), 0), np.int64)
        if not self._points:
            return _Anchors(none, none, sound)
        crow = crow_km_table(safe, self._points)
        ranks = np.argsort(crow, axis=1, kind="stable")[:, :_ANCHORS]
        nearest = np.take_along_axis(crow, ranks[:, :1], axis=1)[:, 0]
        closest = np.where((nearest == 0)[:, None], ranks[:, :1], ranks)
        return _Anchors(closest, ranks, sound & (nearest <= REACH_KM))


class _Anchors(NamedTuple):
    """Lycées of the matrix around points.

    ``nearest`` has the ranks of the three nearest to each, ``int[point, 3]``; in ``closest``, a
    point at the position of a lycée has that lycée alone. ``inside``: whether one is within reach.
    """

    closest: NDArray[np.int64]
    nearest: NDArray[np.int64]
    inside: NDArray[np.bool_]


def _scale(
    table: FloatArray, origins: _Anchors, destinations: _Anchors, otherwise: float
) -> FloatArray:
    """Return the mean of a table over the lycées near both ends, ``float[origin, destination]``.

    Between two lycées without a drive, it is that of the three around each; ``otherwise`` if none
    of those pairs has a value.
    """
    found = _around(table, origins.closest, destinations.closest)
    if np.isnan(found).any():
        wide = _around(table, origins.nearest, destinations.nearest)
        found = np.where(np.isnan(found), wide, found)
    return np.where(np.isnan(found), otherwise, found)


def _around(table: FloatArray, rows: NDArray[np.int64], columns: NDArray[np.int64]) -> FloatArray:
    """Return the mean over pairs of the lycées near both ends; NaN if none has a value."""
    known = ~np.isnan(table)
    values = np.where(known, table, 0.0)
    total, count = (
        part[rows].sum(axis=1)[:, columns].sum(axis=2) for part in (values, known.astype(float))
    )
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)
