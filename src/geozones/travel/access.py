"""Access legs: straight legs from a place to the roads and the bridges around it.

A leg goes to the nearest road segment in each of several directions, up to 3 km, or to the nearest
segments beyond; its length is a multiple of the crow distance, and its speed depends on the ground:
centre of a large city, large city, town, elsewhere. It crosses no river; but a leg may go to a
bridge (`geozones.travel.ground`), and another leave the bridge on the far bank.

*In a town* is derived from the discs of the ground, and from the graph itself: its source slows
roads to 36 km/h in towns and 28 in cities, so a leg to a road of 40 km/h or less is in a town.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from geozones.travel.ground import KM_PER_DEGREE, BuiltUpDensity, Terrain, plane_km
from geozones.travel.network import Hops, Leg

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from geozones.travel.network import RoadGraph

    Floats = NDArray[np.float64]
    Ints = NDArray[np.int64]
    Flags = NDArray[np.bool_]

#: a leg's speed is the mean over this many points of it
SAMPLES = 5
#: legs of this many points are cached
KEPT = 20_000


@dataclass(frozen=True)
class AccessRules:
    """Parameters of the access model; docs/data.md describes their fit."""

    reach_km: float = 3.0
    reach_times_nearest: float = 1.3
    directions: int = 16
    detour: float = 1.3
    centre_kmh: float = 24.0
    city_kmh: float = 27.0
    town_kmh: float = 30.0
    country_kmh: float = 36.0
    town_road_kmh: float = 40.0
    #: plain legs between two places, and between a place of a town and another
    direct_km: float = 3.0
    town_direct_km: float = 8.0
    bridge_km: float = 8.0
    #: minutes lost at each end of a trip: parking, the first and last streets
    end_min: float = 0.25
    town_end_min: float = 0.75
    #: roads that the tide covers count as open; by default they are never used
    tidal_roads: bool = False
    #: a place farther than this from any road, as the crow flies, has no times; None: no limit
    max_snap_km: float | None = None

    @property
    def kmh(self) -> Floats:
        """float[`BuiltUpDensity`], speed of a leg."""
        return np.array([self.country_kmh, self.town_kmh, self.city_kmh, self.centre_kmh])

    def reaches(self, legs: list[Leg]) -> bool:
        """Return whether the nearest of a place's legs is short enough."""
        nearest = min(leg.km for leg in legs) / self.detour
        return self.max_snap_km is None or nearest <= self.max_snap_km

    def described(self) -> dict[str, object]:
        """Return the parameters by name, for a matrix's provenance."""
        return {name: value for name, value in asdict(self).items() if value is not None}


@dataclass(frozen=True)
class Surroundings:
    """Inputs of access legs: the road segments a place may join, and the ground.

    Attributes
    ----------
    graph
        The roads.
    edge
        int[segment], position of the segment in the graph's edges.
    lat, lon
        float[segment, 2], degrees of both ends.
    kmh
        float[segment].
    ground
        Rivers, bridges and towns.
    rules
        The figures of the model.
    """

    graph: RoadGraph
    edge: Ints
    lat: Floats
    lon: Floats
    kmh: Floats
    ground: Terrain
    rules: AccessRules
    _kept: dict[tuple[float, float, bool], list[Leg]] = field(default_factory=dict, compare=False)

    def legs_from(self, lat: float, lon: float, *, bridge: bool = False) -> list[Leg]:
        """Legs from a place, or from a bridge, one a direction, to the segments within reach.

        If all legs of a place cross a river, they are kept: a place is never left out.
        """
        at = (lat, lon, bridge)
        if at not in self._kept:
            if len(self._kept) >= KEPT:
                self._kept.clear()
            self._kept[at] = self._new_legs(lat, lon, bridge=bridge)
        return self._kept[at]

    def _new_legs(self, lat: float, lon: float, *, bridge: bool) -> list[Leg]:
        if not len(self.edge):
            raise ValueError("the road graph has no road that a place could join")
        fraction, east, north = self._nearest_points(lat, lon)
        crow = np.hypot(east, north)
        reach = max(self.rules.reach_km, float(crow.min()) * self.rules.reach_times_nearest)
        near = np.flatnonzero(crow <= reach)
        near = near[np.argsort(crow[near], kind="stable")]
        wet = self._wet(lat, lon, feet := self._feet(lat, lon, east[near], north[near]), bridge)
        turn = np.arctan2(north, east) / (2 * np.pi) + 0.5
        sector = (turn * self.rules.directions).astype(int) % self.rules.directions
        chosen: dict[int, int] = {}
        for rank in np.flatnonzero(~wet).tolist():
            chosen.setdefault(int(sector[near[rank]]), rank)
        ranks = np.array(list(chosen.values()), np.int64)
        kept = near[ranks]
        slow = self.kmh[kept] <= self.rules.town_road_kmh
        here = np.broadcast_to([lat, lon], (len(ranks), 2))
        drive = self._drive(here, feet[ranks], crow[kept], slow)
        rows = zip(self.edge[kept], fraction[kept], *drive, strict=True)
        return [Leg(int(e), float(f), float(m), float(km), bool(t)) for e, f, m, km, t in rows]

    @staticmethod
    def _feet(lat: float, lon: float, east: Floats, north: Floats) -> Floats:
        """Return float[foot, 2], latitude and longitude of points given by km from a place."""
        foot_lon = lon + east / KM_PER_DEGREE / float(np.cos(np.radians(lat)))
        return np.stack([lat + north / KM_PER_DEGREE, foot_lon], axis=1)

    def _wet(self, lat: float, lon: float, feet: Floats, bridge: bool) -> Flags:  # noqa: FBT001
        """Return which legs cross a river; none if all legs of a place do."""
        if bridge:
            return self.ground.crosses_to_bridge(feet[:, 0], feet[:, 1], np.array([lat, lon]))
        starts = np.broadcast_to([lon, lat], feet.shape)
        wet = self.ground.crosses(np.stack([starts, feet[:, ::-1]], axis=1))
        return wet & ~wet.all()

    def to_bridges(self, lat: Floats, lon: Floats, *, bridges: bool = False) -> Hops:
        """Return the legs from places, or from the bridges themselves, to the bridges near them."""
        there = self.ground.bridges
        crow = plane_km(lat[:, None], lon[:, None], there[:, 0], there[:, 1])
        start, end = np.nonzero(crow <= self.rules.bridge_km)
        if bridges:
            start, end = start[start < end], end[start < end]
        a, b = np.stack([lat, lon], axis=1)[start], there[end]
        if bridges:
            # both ends, too, may be met on either bank
            crow_ab = crow[start, end]
            share = np.minimum(0.2 / np.maximum(crow_ab, 1e-9), 0.5)[:, None]
            origin = a + (b - a) * share
        else:
            origin = a
        dry = ~self.ground.crosses_to_bridge(origin[:, 0], origin[:, 1], b)
        return self._hops(start[dry], end[dry], a[dry], b[dry])

    def between_places(self, lat: Floats, lon: Floats, wanted: Flags) -> Hops:
        """Return the plain legs between the places of each pair in ``wanted``, bool[place, place].

        Only pairs whose first rank is the lower are examined; no leg crosses a river.
        """
        town = self.ground.built_at(lat, lon) >= BuiltUpDensity.TOWN
        crow = plane_km(lat[:, None], lon[:, None], lat, lon)
        reach = np.where(town[:, None] | town, self.rules.town_direct_km, self.rules.direct_km)
        start, end = np.nonzero(np.triu(wanted | wanted.T, 1) & (crow <= reach))
        place = np.stack([lat, lon], axis=1)
        a, b = place[start], place[end]
        dry = ~self.ground.crosses(np.stack([a[:, ::-1], b[:, ::-1]], axis=1))
        return self._hops(start[dry], end[dry], a[dry], b[dry])

    def in_town(self, points: Floats) -> Flags:
        """Return which places, ``float[place, 2]``, are in a town."""
        return self.ground.built_at(points[:, 0], points[:, 1]) >= BuiltUpDensity.TOWN

    def ends(self, points: Floats) -> Floats:
        """Return the minutes lost at a trip's end, ``float[place]``, at ``float[place, 2]``."""
        return np.where(self.in_town(points), self.rules.town_end_min, self.rules.end_min)

    def _hops(self, start: Ints, end: Ints, a: Floats, b: Floats) -> Hops:
        crow = plane_km(a[:, 0], a[:, 1], b[:, 0], b[:, 1])
        slow = np.array([self._slow_at(*middle) for middle in (a + b) / 2], bool)
        return Hops(start, end, *self._drive(a, b, crow, slow))

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

    def _slow_at(self, lat: float, lon: float) -> bool:
        """Return whether the road nearest to a point is in a town."""
        _, east, north = self._nearest_points(lat, lon)
        return bool(self.kmh[int(np.argmin(np.hypot(east, north)))] <= self.rules.town_road_kmh)

    def _drive(
        self, a: Floats, b: Floats, crow: Floats, slow: Flags
    ) -> tuple[Floats, Floats, Flags]:
        """Return (minutes, km, whether mostly in a town) of legs ``crow`` km long.

        ``a`` and ``b`` are float[leg, 2], latitude and longitude of both ends.
        """
        share = ((np.arange(SAMPLES) + 0.5) / SAMPLES)[:, None]
        along = a[:, None] * (1 - share) + b[:, None] * share
        built = self.ground.built_at(along[..., 0], along[..., 1])
        built = np.maximum(
            built, np.where(slow[:, None], BuiltUpDensity.TOWN, BuiltUpDensity.COUNTRY)
        )
        kmh = self.rules.kmh[built]
        km = crow * self.rules.detour
        return (
            km * 60 * (1 / kmh).mean(axis=1),
            km,
            (built >= BuiltUpDensity.TOWN).mean(axis=1) >= 0.5,
        )
