"""How a place is tied to the road graph: a few straight legs to the roads around it.

Rules of the source of the graph: a leg goes to the nearest road segment in each of several
directions, up to 1.5 km, or to the nearest ones beyond; it is 1.3 times as long as the crow flies
and driven at 26 km/h in a town or city and 36 km/h elsewhere.

*In a town or city* is read off the graph itself: the source slows its roads to 46 km/h in
villages, 36 in towns and 28 in cities, so a leg to a road of 40 km/h or less is in a town; and
where a place already in the graph within 2 km has legs at a town's speed, so has its neighbour.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from shapely.geometry.base import BaseGeometry

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]

EARTH_RADIUS_KM = 6371.0088
KM_PER_DEGREE = EARTH_RADIUS_KM * np.pi / 180


@dataclass(frozen=True)
class AccessRules:
    """Figures of the access model, as documented by the source of the graph."""

    reach_km: float = 1.5
    reach_times_nearest: float = 1.3
    directions: int = 8
    detour: float = 1.3
    town_kmh: float = 26.0
    country_kmh: float = 36.0
    town_road_kmh: float = 40.0
    town_around_km: float = 2.0
    direct_km: float = 3.0
    end_min: float = 0.25
    #: a place farther than this from any road, as the crow flies, has no times; None: all have
    max_snap_km: float | None = None

    def reaches(self, legs: list[Leg]) -> bool:
        """Tell whether the nearest of a place's legs is short enough."""
        nearest = min(leg.km for leg in legs) / self.detour
        return self.max_snap_km is None or nearest <= self.max_snap_km

    def described(self) -> dict[str, object]:
        """Return the figures in use, by name, for a matrix's provenance."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Leg:
    """A leg from a place to the point at ``fraction`` of ``edge`` (0 = its first node)."""

    edge: int
    fraction: float
    minutes: float
    km: float


@dataclass(frozen=True)
class Surroundings:
    """What legs are drawn on: the segments that a place may join, towns, and a barrier.

    Attributes
    ----------
    edge
        int[segment], position of the segment in the graph's edges.
    lat, lon
        float[segment, 2], degrees of both ends.
    kmh
        float[segment].
    towns
        float[town, 2], (latitude, longitude) of places known to be in a town.
    barrier
        Lines in (longitude, latitude) that no leg crosses, such as a wide river; or None.
    rules
        The figures of the model.
    """

    edge: Ints
    lat: Floats
    lon: Floats
    kmh: Floats
    towns: Floats
    barrier: BaseGeometry | None
    rules: AccessRules

    def legs_from(self, lat: float, lon: float) -> list[Leg]:
        """Legs from a place, one a direction, to the nearest segments within reach.

        Where all of them cross the barrier, they are kept: a place is never left out.

        Raises
        ------
        ValueError
            If there is no segment at all.
        """
        if not len(self.edge):
            message = "the road graph has no road that a place could join"
            raise ValueError(message)
        fraction, east, north = self._nearest_points(lat, lon)
        crow = np.hypot(east, north)
        reach = max(self.rules.reach_km, float(crow.min()) * self.rules.reach_times_nearest)
        near = np.flatnonzero(crow <= reach)
        near = near[np.argsort(crow[near], kind="stable")]
        dry = [i for i in near if not self._crosses(lat, lon, east[i], north[i])]
        turn = np.arctan2(north, east) / (2 * np.pi) + 0.5
        sector = (turn * self.rules.directions).astype(int) % self.rules.directions
        chosen: dict[int, int] = {}
        for i in dry or near.tolist():
            chosen.setdefault(int(sector[i]), int(i))
        town = self._near_town(lat, lon)
        legs = []
        for i in chosen.values():
            minutes, km = self._drive(float(crow[i]), town or self._slow(i))
            legs.append(Leg(int(self.edge[i]), float(fraction[i]), minutes, km))
        return legs

    def direct_leg(
        self, a: tuple[float, float], b: tuple[float, float]
    ) -> tuple[float, float] | None:
        """(minutes, km) of the plain leg between two places, None when too far or barred."""
        if abs(a[0] - b[0]) * KM_PER_DEGREE > self.rules.direct_km:
            return None
        north = (b[0] - a[0]) * KM_PER_DEGREE
        east = (b[1] - a[1]) * KM_PER_DEGREE * float(np.cos(np.radians(a[0])))
        crow = float(np.hypot(east, north))
        if crow > self.rules.direct_km or self._crosses(*a, east, north):
            return None
        middle = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2)
        _, x, y = self._nearest_points(*middle)
        town = self._near_town(*middle) or self._slow(int(np.argmin(np.hypot(x, y))))
        return self._drive(crow, town)

    def _nearest_points(self, lat: float, lon: float) -> tuple[Floats, Floats, Floats]:
        """Return (fraction, east_km, north_km) of each segment's point nearest to a place."""
        x = (self.lon - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
        y = (self.lat - lat) * KM_PER_DEGREE
        dx, dy = x[:, 1] - x[:, 0], y[:, 1] - y[:, 0]
        length2 = dx * dx + dy * dy
        towards = -(x[:, 0] * dx + y[:, 0] * dy)
        fraction = np.divide(towards, length2, out=np.zeros_like(dx), where=length2 > 0)
        fraction = np.round(np.clip(fraction, 0.0, 1.0), 6)
        return fraction, x[:, 0] + fraction * dx, y[:, 0] + fraction * dy

    def _slow(self, segment: int) -> bool:
        return bool(self.kmh[segment] <= self.rules.town_road_kmh)

    def _near_town(self, lat: float, lon: float) -> bool:
        north = (self.towns[:, 0] - lat) * KM_PER_DEGREE
        east = (self.towns[:, 1] - lon) * KM_PER_DEGREE * np.cos(np.radians(lat))
        return bool((np.hypot(east, north) <= self.rules.town_around_km).any())

    def _crosses(self, lat: float, lon: float, east_km: float, north_km: float) -> bool:
        if self.barrier is None:
            return False
        foot_lat = lat + north_km / KM_PER_DEGREE
        foot_lon = lon + east_km / KM_PER_DEGREE / float(np.cos(np.radians(lat)))
        line = shapely.LineString([(lon, lat), (foot_lon, foot_lat)])
        return bool(shapely.intersects(self.barrier, line))

    def _drive(self, crow_km: float, town: bool) -> tuple[float, float]:  # noqa: FBT001
        km = crow_km * self.rules.detour
        return km / (self.rules.town_kmh if town else self.rules.country_kmh) * 60, km
