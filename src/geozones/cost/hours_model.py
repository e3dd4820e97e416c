"""The yearly hours of candidate zones, many at once: what proposals minimise and rankings order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import combinations
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import hypotheses_of
from geozones.cost.closed_form import Zones, activity_of, full_time_equivalents
from geozones.cost.cover_table import table_of
from geozones.cost.registry import ITEMS
from geozones.domain import Settings, TravelTimes

type Floats = NDArray[np.float64]

#: Zones computed together: the arrays of so many stay in the cache of a processor.
_CHUNK = 8192
#: Minutes put where there is no way, so that arithmetic holds until the answer is ``inf``.
_NO_WAY = 1e6


@dataclass(frozen=True, eq=False)
class HoursModel:
    """Hours a year of any zone, from the closed form: on the road, plus not served at their weight.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id).
    times
        Drives between lycées.
    centres
        The support centre (a lycée id) of the sector of each lycée; ``None`` or left out where it
        is not published: T.I.S. then count for nothing.
    """

    key: ClassVar[str] = "hours"

    needs: Mapping[str, int]
    times: TravelTimes
    centres: Mapping[str, str | None] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def on(self, lycees: tuple[str, ...]) -> "ZoneHours":
        """Return the hours of zones of these lycées (ids), known by their ranks here."""
        return ZoneHours(self, lycees)


class ZoneHours:
    """The hours of zones of lycées known by number."""

    def __init__(self, model: HoursModel, lycees: tuple[str, ...]) -> None:
        self._settings = model.settings
        self._needs = np.array([float(model.needs[key]) for key in lycees])
        one_way = model.times.restricted(lycees, lycees).minutes
        minutes = np.where(np.isnan(one_way), np.inf, one_way)
        self._minutes = np.ascontiguousarray(minutes + minutes.T)
        self._centred = np.array([model.centres.get(key) is not None for key in lycees])
        self._from_centre = np.array([self._visit(model, key) for key in lycees])

    @staticmethod
    def _visit(model: HoursModel, lycee: str) -> float:
        """Return the minutes there and back from the support centre; 0 where it is not known."""
        centre = model.centres.get(lycee)
        if centre is None or centre == lycee:
            return 0.0
        ways = model.times.one_way
        return ways[centre][lycee] + ways[lycee][centre]

    def of(self, members: NDArray[np.uint16]) -> Floats:
        """Return the yearly hours of zones, ``float[zone]``.

        Parameters
        ----------
        members
            ``uint16[zone, k]``, numbers of their lycées, ascending in each zone. ``inf`` where two
            of them have no way.
        """
        columns = np.ascontiguousarray(members.T).astype(np.intp)
        hours = np.empty(columns.shape[1])
        for start in range(0, len(hours), _CHUNK):
            part = slice(start, start + _CHUNK)
            hours[part] = self._of(columns[:, part])
        return hours

    def _of(self, columns: NDArray[np.intp]) -> Floats:
        size, count = len(self._needs), len(columns)
        flat = self._minutes.ravel()
        minutes = np.empty((count * (count - 1) // 2, columns.shape[1]))
        for row, (i, j) in enumerate(combinations(range(count), 2)):
            np.take(flat, columns[i] * size + columns[j], out=minutes[row])
        cut = np.isinf(minutes).any(axis=0)
        if cut.any():
            minutes = np.where(np.isinf(minutes), _NO_WAY, minutes)
        needs = self._needs[columns]
        zones = Zones(
            needs,
            minutes,
            full_time_equivalents(needs),
            self._centred[columns],
            self._settings.teams.tis_replaces,
        )
        hours = self._hours(zones, self._from_centre[columns])
        return np.where(cut, np.inf, hours) if cut.any() else hours

    def _hours(self, zones: Zones, from_centre: Floats) -> Floats:
        settings = self._settings
        hypotheses, table = hypotheses_of(settings), table_of(settings.teams)
        activity = activity_of(zones, hypotheses, table)
        minutes = np.zeros(zones.needs.shape[1])
        lost = settings.cost.lost_hour * settings.teams.half_day_minutes
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is None:
                continue
            if part.legs is not None:
                minutes += np.einsum("lz,lz->z", part.legs, zones.minutes)
            if part.centre_legs is not None:
                minutes += np.einsum("lz,lz->z", part.centre_legs, from_centre)
            minutes += lost * part.unserved
        return minutes / 60
