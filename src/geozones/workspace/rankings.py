"""Ranking criteria of plans and moves: yearly hours, and their uncertainty."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
from numpy.typing import NDArray

from geozones.cost.hours_model import HoursModel
from geozones.domain import Plan, Settings, TravelTimes
from geozones.domain.teams import Teams
from geozones.domain.zone_costs import CacheByName
from geozones.metrics import DriveDraws, MoveDeltas, PlanDraws
from geozones.metrics.drive_draws import DrawnMinutes
from geozones.metrics.metric_changes import ZONE_FIGURES
from geozones.workspace.costs import Costs
from geozones.workspace.territory import Territory

#: Objectives of plans: hours a year, drives between colleagues.
HOURS, DRIVES = OBJECTIVES = ("hours", "drives")
#: Cached rankings, one for each set of needs and of support centres.
_KEPT = 8


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranking criteria of the plans of some lycées."""

    #: The hours of any zone, in closed form: existing posts do not count, since a move leaves them
    #: where they are.
    model: HoursModel
    move_deltas: MoveDeltas  # Changes that moves would make, to rank destinations.
    draw: Callable[[], PlanDraws]  # Function that returns ``draws``.

    @cached_property
    def draws(self) -> PlanDraws:
        """Figures of any plan in draws of minutes and hypotheses, to find equivalent plans.

        Made on demand: ranking destinations by their figures needs none.
        """
        return self.draw()


class Rankings:
    """Rankings over one territory, one matrix and one set of hypotheses."""

    def __init__(
        self, territory: Territory, times: TravelTimes, settings: Settings, costs: Costs
    ) -> None:
        self._times, self._settings, self._costs = times, settings, costs
        lycees = territory.lycees.values()
        self._towns = {lycee.id: lycee.insee or lycee.id for lycee in lycees}
        self._ranking = lru_cache(maxsize=_KEPT)(self._compute)

    def of(self, plan: Plan, teams: Teams) -> Ranking:
        """Return the ranking of a plan and of similar plans, under some needs."""
        return self._ranking(_RankingKey(self._costs.model(plan, teams)))

    @cached_property
    def drives(self) -> PlanDraws:
        """Draws that judge plans on drives between colleagues alone."""
        weights = self._settings.weights
        return PlanDraws(self._minutes, DriveDraws(weights), weights)

    @cached_property
    def _minutes(self) -> DrawnMinutes:
        return DrawnMinutes(self._times, self._towns)

    def _compute(self, key: "_RankingKey") -> Ranking:
        model = key.model

        def draw() -> PlanDraws:
            drawn = self._costs.drawn(model, self._minutes)
            return PlanDraws(self._minutes, drawn, self._settings.weights)

        return Ranking(model, MoveDeltas(self._times, HoursByName(model)), draw)


class HoursByName:
    """Figures of zones given by the ids of their lycées, in closed form, cached."""

    def __init__(self, model: HoursModel) -> None:
        lycees = tuple(sorted(model.needs))
        self._hours = model.on(lycees)
        self._cache = CacheByName(lycees, self._compute, np.zeros(len(ZONE_FIGURES)))

    def of_all(self, zones: Sequence[Collection[str]]) -> NDArray[np.float64]:
        """Return `ZONE_FIGURES` of several zones, ``float[zone, figure]``; 0 without lycées."""
        return np.array(self._cache.of_all(zones))

    def _compute(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        parts = self._hours.parts(members)
        total = parts.road + parts.beside
        return np.array([total, parts.posts, parts.road, parts.unattended, parts.missed]).T


class _RankingKey:
    """Cache key: what distinguishes models over the same drives and hypotheses."""

    def __init__(self, model: HoursModel) -> None:
        self.model = model
        parts = (model.needs, model.centres, model.staffed)
        self._parts = tuple(tuple(sorted(part.items())) for part in parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _RankingKey) and self._parts == other._parts

    def __hash__(self) -> int:
        return hash(self._parts)
