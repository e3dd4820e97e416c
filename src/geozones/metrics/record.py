"""The shape of a metric, and what it looks at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

from geozones.domain import Settings, TravelTimes
from geozones.domain.cover import Cover, CoverFigures, pair_figures, single_figures

type Pair = tuple[str, str]
type Releves = dict[str, tuple[str, float]]
type Value = float | int | str | tuple[str, ...] | Releves | None
type Values = Mapping[str, Value]


def mean(values: Sequence[float]) -> float | None:
    """Return the arithmetic mean; ``None`` of nothing."""
    return sum(values) / len(values) if values else None


@dataclass(frozen=True)
class ZoneView:
    """One zone as metrics see it: its lycées (ids), the times, the support centre if known.

    ``cover`` is what its posts stand, where it has posts.
    """

    members: tuple[str, ...]
    times: TravelTimes
    settings: Settings
    support_centre: str | None = None
    cover: Cover | None = None

    @cached_property
    def pairs(self) -> tuple[tuple[float, str, str], ...]:
        """``(minutes, lycée, lycée)`` for each unordered pair, mean of the two directions."""
        minutes = self.times.both_ways
        return tuple((minutes[a][b], a, b) for a, b in combinations(self.members, 2))

    @cached_property
    def worst(self) -> tuple[float, str, str] | None:
        """The pair farthest apart; the first in alphabetical order among equals."""
        return max(self.pairs, key=lambda pair: pair[0], default=None)

    @cached_property
    def releves(self) -> Releves:
        """For each lycée, the nearest colleague lycée of the zone and its minutes to come."""
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
    def single_cover(self) -> CoverFigures | None:
        """Figures over every single absence, where the zone has posts."""
        return single_figures([self.cover] if self.cover else [])

    @cached_property
    def pair_cover(self) -> CoverFigures | None:
        """Figures over every pair of absences, where the zone has posts."""
        return pair_figures([self.cover] if self.cover else [])


@dataclass(frozen=True)
class AreaView:
    """A sector or the region: its zones, each with its id, its view and its metric values."""

    zones: tuple[tuple[str, ZoneView, Values], ...]

    @cached_property
    def covers(self) -> tuple[Cover, ...]:
        """What the posts stand, of the zones that have posts."""
        return tuple(view.cover for _, view, _ in self.zones if view.cover is not None)

    @cached_property
    def single_cover(self) -> CoverFigures | None:
        """Figures over every single absence, where a zone has posts."""
        return single_figures(self.covers)

    @cached_property
    def pair_cover(self) -> CoverFigures | None:
        """Figures over every pair of absences, in one zone or in two, where a zone has posts."""
        return pair_figures(self.covers)

    def worst_zone(self, key: str) -> tuple[str, Values] | None:
        """Return the zone with the greatest value of a numeric metric, and its values."""
        best: tuple[float, str, Values] | None = None
        for zone, _, values in self.zones:
            value = values[key]
            if isinstance(value, (int, float)) and (best is None or value > best[0]):
                best = (value, zone, values)
        return None if best is None else best[1:]

    def from_worst(self, by: str, key: str) -> Value:
        """Return metric ``key`` of the zone that is worst by metric ``by``; ``None`` for none."""
        worst = self.worst_zone(by)
        return worst[1][key] if worst else None


@dataclass(frozen=True, slots=True)
class Metric:
    """A named figure: how a zone has it, how a sector or the region has it.

    ``lower_is_better`` is ``None`` where neither way is better; bump ``version`` when the meaning
    changes, so that stored results can be told stale.
    """

    key: str
    label: str
    unit: str
    of_zone: Callable[[ZoneView], Value]
    of_area: Callable[[AreaView], Value]
    lower_is_better: bool | None = None
    version: int = 1
