"""Inputs of metrics: a zone with its driving times, or several zones together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from geozones.domain import Settings, TravelTimes
from geozones.domain.cover import Cover, CoverFigures, pair_figures, single_figures
from geozones.domain.workload import Workload
from geozones.domain.yearly_cost import YearlyCost, sum_costs
from geozones.metrics.format import NearestColleagues, Value, Values


def mean(values: Sequence[float]) -> float | None:
    """Return the arithmetic mean; ``None`` of an empty sequence."""
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class ZoneView:
    """View of one zone for metrics.

    Parameters
    ----------
    members
        Its lycées (ids), sorted.
    times
        Driving times between all lycées, in minutes.
    settings
        Thresholds and weights of the objective.
    support_centre
        The lycée (id) where the sector's technicians are assumed to start; ``None`` if not
        published.
    cover
        Covers of the absences of the zone's posts; ``None`` if it has no post.
    cost
        Yearly cost; ``None`` if not given.
    workload
        Total need of its lycées; ``None`` if needs are ignored.
    """

    members: tuple[str, ...]
    times: TravelTimes
    settings: Settings
    support_centre: str | None = None
    cover: Cover | None = None
    cost: YearlyCost | None = None
    workload: Workload | None = None

    @cached_property
    def pairs(self) -> tuple[tuple[float, str, str], ...]:
        """``(minutes, lycée, lycée)`` for each unordered pair, mean of the two directions."""
        minutes = self.times.both_ways
        return tuple((minutes[a][b], a, b) for a, b in combinations(self.members, 2))

    @cached_property
    def farthest_pair(self) -> tuple[float, str, str] | None:
        """The pair with the longest drive, the first in alphabetical order among equals.

        ``None`` in a zone of fewer than two lycées.
        """
        return max(self.pairs, key=lambda pair: pair[0], default=None)

    @cached_property
    def nearest_colleagues(self) -> NearestColleagues:
        """For each lycée, the lycée of the zone with the fastest technician, and the minutes.

        One way, towards the lycée; empty in a zone of fewer than two lycées.
        """
        minutes = self.times.one_way
        return {
            lycee: min(
                ((other, minutes[other][lycee]) for other in self.members if other != lycee),
                key=lambda candidate: candidate[1],
            )
            for lycee in self.members
            if len(self.members) > 1
        }

    @cached_property
    def slowest_releve(self) -> tuple[str, str, float] | None:
        """The lycée whose nearest colleague is farthest: ``(lycée, colleague, minutes)``.

        ``None`` in a zone of fewer than two lycées.
        """
        if not self.nearest_colleagues:
            return None
        lycee, (colleague, minutes) = max(
            self.nearest_colleagues.items(), key=lambda entry: entry[1][1]
        )
        return lycee, colleague, minutes

    @cached_property
    def single_cover(self) -> CoverFigures | None:
        """Figures over each absence of one post; ``None`` if the zone has no post."""
        return single_figures([self.cover] if self.cover else [])

    @cached_property
    def pair_cover(self) -> CoverFigures | None:
        """Figures over each absence of two posts at once; ``None`` if the zone has no post."""
        return pair_figures([self.cover] if self.cover else [])


@dataclass(frozen=True)
class AreaView:
    """Sector or region: its zones that have lycées, each with its id, view and metrics."""

    zones: tuple[tuple[str, ZoneView, Values], ...]

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        """Covers of the absences of each zone that has posts."""
        return tuple(view.cover for _, view, _ in self.zones if view.cover is not None)

    @cached_property
    def cost(self) -> YearlyCost | None:
        """Total yearly cost of the zones; ``None`` if the cost of a zone is unknown."""
        costs = [view.cost for _, view, _ in self.zones if view.cost is not None]
        if not costs or len(costs) < len(self.zones):
            return None
        return sum_costs(costs, costs[0].settings)

    @cached_property
    def workloads(self) -> tuple[Workload, ...]:
        """Needs of the lycées of each zone, unless ignored."""
        return tuple(view.workload for _, view, _ in self.zones if view.workload is not None)

    @cached_property
    def single_cover(self) -> CoverFigures | None:
        """Figures over each absence of one post; ``None`` if no zone has a post."""
        return single_figures(self.covers)

    @cached_property
    def pair_cover(self) -> CoverFigures | None:
        """Figures over each absence of two posts at once, of one zone or of two; as above."""
        return pair_figures(self.covers)

    def worst_zone(self, key: str) -> tuple[str, Values] | None:
        """Return the zone (id) with the greatest value of a metric, and its metrics.

        ``None`` if no zone has a number for this metric; the first zone among equals.
        """
        worst: tuple[float, str, Values] | None = None
        for zone, _, values in self.zones:
            value = values[key]
            if isinstance(value, (int, float)) and (worst is None or value > worst[0]):
                worst = (value, zone, values)
        return None if worst is None else worst[1:]

    def in_worst_zone(self, by: str, key: str) -> Value:
        """Return metric ``key`` of the zone where metric ``by`` is greatest; ``None`` for none."""
        worst = self.worst_zone(by)
        return worst[1][key] if worst else None
