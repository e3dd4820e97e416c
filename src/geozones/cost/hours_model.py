"""The yearly hours of candidate zones, many at once: what proposals minimise and rankings order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import combinations
from math import isfinite
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import hypotheses_of
from geozones.cost.closed_form import Zones, activity_of, full_time_equivalents
from geozones.cost.cover_table import table_of
from geozones.cost.registry import ITEMS
from geozones.domain import Settings, TravelTimes
from geozones.domain.zone_costs import DrawnCost

type Floats = NDArray[np.float64]

#: Zones computed together: the arrays of so many stay in the cache of a processor.
_CHUNK = 8192
#: Minutes put where there is no way, so that arithmetic holds until the answer is ``inf``.
_NO_WAY = 1e6
#: In arrays of centres: none. It is also the last row of the visits.
NONE = -1
#: Rows of visits where lycées have one centre at most.
_ONE_CENTRE = 2


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
        is not published: T.I.S. then count for nothing. In a zone of lycées of several sectors, all
        are visited from the centre of most of them (of the first, by id, where as many).
    """

    key: ClassVar[str] = "hours"

    needs: Mapping[str, int]
    times: TravelTimes
    centres: Mapping[str, str | None] = field(default_factory=dict)
    settings: Settings = field(default_factory=Settings)

    def on(self, lycees: tuple[str, ...]) -> "ZoneHours":
        """Return the hours of zones of these lycées (ids), known by their ranks here."""
        return ZoneHours(self, lycees)

    def restricted(self, lycees: Sequence[str]) -> "HoursModel":
        """Return the model over some lycées (ids) only, and their support centres."""
        centres = {key: self.centres.get(key) for key in lycees}
        known = sorted({*lycees, *(centre for centre in centres.values() if centre is not None)})
        needs = {key: self.needs[key] for key in lycees}
        return replace(
            self, needs=needs, times=self.times.restricted(known, known), centres=centres
        )


class ZoneHours:
    """The hours of zones of lycées known by number."""

    def __init__(self, model: HoursModel, lycees: tuple[str, ...]) -> None:
        self._settings = model.settings
        self._needs = np.array([float(model.needs[key]) for key in lycees])
        one_way = model.times.restricted(lycees, lycees).minutes
        minutes = np.where(np.isnan(one_way), np.inf, one_way)
        self._minutes = np.ascontiguousarray(minutes + minutes.T)
        own = [model.centres.get(key) for key in lycees]
        centres = sorted({centre for centre in own if centre is not None})
        rank = {centre: number for number, centre in enumerate(centres)}
        self._centre = np.array([NONE if centre is None else rank[centre] for centre in own])
        # float[centre, lycée], there and back; 0 in the last row, that of no centre
        visits = [[_visit(model.times, centre, key) for key in lycees] for centre in centres]
        self._visits = np.array([*visits, [0.0] * len(lycees)])

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
            part = columns[:, start : start + _CHUNK]
            road, lost = self.under(part, self._rounds(part))
            hours[start : start + _CHUNK] = road + lost
        return hours

    def under(self, columns: NDArray[np.intp], minutes: Floats) -> tuple[Floats, Floats]:
        """Return the yearly hours of zones under given minutes: on the road, and not served.

        Parameters
        ----------
        columns
            ``int[k, zone]``, numbers of their lycées.
        minutes
            ``float[pair, zone]``, there and back, in the order of ``combinations``; ``inf`` where
            there is no way.

        Returns
        -------
        ``float[zone]`` twice. Hours on the road are ``inf`` where two lycées have no way; those not
        served have their weight.
        """
        cut = np.isinf(minutes).any(axis=0)
        if cut.any():
            minutes = np.where(np.isinf(minutes), _NO_WAY, minutes)
        needs = self._needs[columns]
        zones = Zones(
            needs,
            minutes,
            full_time_equivalents(needs),
            self._centre[columns] != NONE,
            self._settings.teams,
        )
        road, lost = self._hours(zones, self._visits[self._start(columns), columns])
        return (np.where(cut, np.inf, road) if cut.any() else road), lost

    def _rounds(self, columns: NDArray[np.intp]) -> Floats:
        """Return the minutes there and back of the pairs of zones, ``float[pair, zone]``."""
        size, count = len(self._needs), len(columns)
        flat = self._minutes.ravel()
        minutes = np.empty((count * (count - 1) // 2, columns.shape[1]))
        for row, (i, j) in enumerate(combinations(range(count), 2)):
            np.take(flat, columns[i] * size + columns[j], out=minutes[row])
        return minutes

    def _start(self, columns: NDArray[np.intp]) -> NDArray[np.intp]:
        """Return which centre each lycée of zones is visited from, ``int[k, zone]``.

        Those of a sector without a centre are visited from nowhere.
        """
        own = self._centre[columns]
        if len(self._visits) <= _ONE_CENTRE:
            return own
        known = own != NONE
        alike = [(own == row).sum(axis=0) * len(self._visits) - row for row in own]
        votes = np.where(known, np.array(alike), -1)
        first = np.argmax(votes, axis=0)
        most = np.take_along_axis(own, first[None, :], axis=0)
        return np.where(known, most, NONE)

    def _hours(self, zones: Zones, from_centre: Floats) -> tuple[Floats, Floats]:
        settings = self._settings
        hypotheses, table = hypotheses_of(settings), table_of(settings.teams)
        activity = activity_of(zones, hypotheses, table)
        road, unserved = (np.zeros(zones.needs.shape[1]) for _ in range(2))
        for item in ITEMS.values():
            part = item.part(activity, hypotheses)
            if part is None:
                continue
            if part.legs is not None:
                road += np.einsum("lz,lz->z", part.legs, zones.minutes)
            if part.centre_legs is not None:
                road += np.einsum("lz,lz->z", part.centre_legs, from_centre)
            unserved += part.unserved
        lost = settings.cost.lost_hour * settings.teams.half_day_minutes
        return road / 60, unserved * lost / 60


def _visit(times: TravelTimes, centre: str, lycee: str) -> float:
    """Return the minutes there and back from a support centre.

    0 where there is no way: no zone would make one.
    """
    if centre == lycee:
        return 0.0
    minutes = times.one_way[centre][lycee] + times.one_way[lycee][centre]
    return minutes if isfinite(minutes) else 0.0


@dataclass(frozen=True, eq=False)
class DrawnHours:
    """Hours a year under drawn minutes between the lycées of zones.

    What T.I.S. drive from the support centre is under the minutes of the model.
    """

    key: ClassVar[str] = "hours"

    model: HoursModel

    @cached_property
    def _number(self) -> dict[str, int]:
        return {lycee: number for number, lycee in enumerate(sorted(self.model.needs))}

    @cached_property
    def _zones(self) -> ZoneHours:
        return self.model.on(tuple(self._number))

    def of(self, zones: Sequence[tuple[str, ...]], minutes: Sequence[Floats]) -> list[DrawnCost]:
        """Return the hours of each zone (see ``domain.zone_costs.DrawnCosts``)."""
        by_size: dict[int, list[int]] = {}
        for rank, zone in enumerate(zones):
            by_size.setdefault(len(zone), []).append(rank)
        drawn: dict[int, DrawnCost] = {}
        for size, ranks in by_size.items():
            draws = minutes[ranks[0]].shape[1]
            if not size:
                drawn |= dict.fromkeys(ranks, DrawnCost(np.zeros(draws)))
                continue
            numbers = [[self._number[key] for key in zones[rank]] for rank in ranks]
            columns = np.repeat(np.array(numbers, np.intp).T, draws, axis=1)
            rounds = np.concatenate([2 * minutes[rank] for rank in ranks], axis=1)
            road, lost = self._zones.under(columns, rounds)
            for at, rank in enumerate(ranks):
                part = slice(at * draws, (at + 1) * draws)
                drawn[rank] = DrawnCost(road[part], float(lost[at * draws]))
        return [drawn[rank] for rank in range(len(zones))]
