"""Yearly cost of a zone, a sector or the region, its models and draws, and a plan's objective."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType
from typing import Protocol, Self

import numpy as np
from numpy.typing import NDArray

from geozones.domain.settings import ObjectiveWeights, Settings
from geozones.domain.teams import ServiceHalfDays

#: Version of the definitions: 3 weighs the hours without technician where 2 weighed ruptures.
METHOD = 3


def absorbed_share(missed: float, unattended: float) -> float | None:
    """Return 1 − without anyone ÷ missed, in %; ``None`` if none is missed.

    Of the time that absences take, in hours or half-days, it is the part at which somebody is in
    the lycée.
    """
    return 100 * (1 - unattended / missed) if missed else None


@dataclass(frozen=True, slots=True)
class ItemCost:
    """Cost of one item of the yearly cost."""

    road_hours: float = 0.0  # Driven in a year; ``inf`` if a drive is unreachable.
    km: float = 0.0
    half_days: float = 0.0  # Half-days a year that the item counts beside its drives.
    weight: float = 1.0  # Weight of an hour of these half-days, in hours on the road.
    #: Whether totals leave it out: drives of T.I.S., known only where a centre is named.
    apart: bool = False

    def __add__(self, other: "ItemCost") -> "ItemCost":
        return ItemCost(
            self.road_hours + other.road_hours,
            self.km + other.km,
            self.half_days + other.half_days,
            other.weight,
            other.apart,
        )


@dataclass(frozen=True, eq=False)
class YearlyCost:
    """Yearly cost of a zone, of a sector or of the region, without the drives of T.I.S."""

    #: By key of the item, in the order of `geozones.cost.items`; without those that are unknown for
    #: every zone.
    items: Mapping[str, ItemCost]
    service: ServiceHalfDays  # Half-days of the year given, missed and left without anyone.
    #: Full-time T.I.P. posts, in whole numbers: the half-days of those that are defined, else of
    #: the needs, over ten and rounded up. In the cost of grids, the posts themselves.
    posts: int
    full_time_equivalents: float  # Posts that the needs fill, not rounded.
    lycees: int  # Number of lycées.
    #: Whether every zone has its posts defined; else the figures of the others come from the closed
    #: form.
    defined: bool
    settings: Settings  # The hypotheses of the computation.
    #: Items (keys) that could not be computed for some of the zones, and how many these are: the
    #: visits of T.I.S. where no support centre is published.
    unknown: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("items", "unknown"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def _counted(self) -> tuple[ItemCost, ...]:
        return tuple(item for item in self.items.values() if not item.apart)

    @property
    def road_hours(self) -> float:
        """Hours on the road in a year, without T.I.S."""
        return sum(item.road_hours for item in self._counted)

    @property
    def km(self) -> float:
        """Kilometres driven in a year, without T.I.S."""
        return sum(item.km for item in self._counted)

    @property
    def tis_hours(self) -> float | None:
        """Hours on the road of T.I.S. in a year, of sectors with a support centre; else ``None``.

        The other sectors are not counted: ``unknown`` says how many zones these are.
        """
        apart = [item.road_hours for item in self.items.values() if item.apart]
        return sum(apart) if apart or not self.unknown else None

    @property
    def unstaffed_hours(self) -> float:
        """Hours of need in a year that no post gives."""
        return self.hours(self.items["sans_poste"].half_days if "sans_poste" in self.items else 0.0)

    @property
    def unattended_hours(self) -> float:
        """« Heures sans technicien » in a year: somebody was due in the lycée, nobody is there."""
        return self.hours(self.service.unattended)

    @property
    def absorbed_share(self) -> float | None:
        """« Absences absorbées », in %: see `absorbed_share`."""
        return absorbed_share(self.service.missed, self.service.unattended)

    @property
    def reduced_hours(self) -> float:
        """« Effectif réduit » in a year: fewer in the lycée than were due, but somebody."""
        return self.hours(self.service.reduced)

    @property
    def displaced_hours(self) -> float:
        """Hours in a year given by people who leave a lycée where somebody stays."""
        return self.hours(self.service.displaced)

    @property
    def total_hours(self) -> float:
        """Road + ``absence_weight`` × hours without technician, and needs that no post gives."""
        return self.road_hours + sum(
            item.weight * self.hours(item.half_days) for item in self._counted
        )

    @property
    def euros(self) -> float:
        """Kilometric allowances in a year, in euros, without T.I.S."""
        return self.km * self.settings.cost.euros_per_km

    @property
    def posts_euros(self) -> float | None:
        """Cost of the posts in a year, in euros; ``None`` if nobody entered the cost of one."""
        each = self.settings.cost.euros_per_post
        return self.posts * each if each else None

    def km_of(self, item: str) -> float | None:
        """Return the kilometres of an item (key) in a year, where known; ``None`` if nowhere."""
        if item in self.items:
            return self.items[item].km
        return None if self.unknown.get(item) else 0.0

    @property
    def kg_co2(self) -> float:
        """Emissions in a year, in kg of CO₂ equivalent, without T.I.S."""
        return self.km * self.settings.cost.kg_co2_per_km

    def hours(self, half_days: float) -> float:
        """Return the hours of half-days."""
        return half_days * self.settings.teams.half_day_minutes / 60


def sum_costs(costs: Iterable[YearlyCost], settings: Settings) -> YearlyCost:
    """Return the total cost of several zones; zero for no zone."""
    costs = tuple(costs)
    items: dict[str, ItemCost] = {}
    for cost in costs:
        for key, item in cost.items.items():
            items[key] = items[key] + item if key in items else item
    unknown = dict.fromkeys(key for cost in costs for key in cost.unknown)
    return YearlyCost(
        items,
        sum((cost.service for cost in costs), ServiceHalfDays()),
        sum(cost.posts for cost in costs),
        sum(cost.full_time_equivalents for cost in costs),
        sum(cost.lycees for cost in costs),
        all(cost.defined for cost in costs),
        settings,
        {key: sum(cost.unknown.get(key, 0) for cost in costs) for key in unknown},
    )


@dataclass(frozen=True, slots=True)
class CostInterval:
    """80 % interval of each figure of a yearly cost: one case in ten is below, one above.

    Each is (low, high); ``inf`` if a drive is unreachable. In the total, needs without a post do
    not vary; ``unstaffed_hours`` is their interval with the needs of the draws.
    """

    road_hours: tuple[float, float]
    unattended_hours: tuple[float, float]
    total_hours: tuple[float, float]
    km: tuple[float, float]
    euros: tuple[float, float]
    kg_co2: tuple[float, float]
    unstaffed_hours: tuple[float, float]


def zone_cost[T: (float, NDArray[np.float64])](
    pair_minutes: T, size: int, weights: ObjectiveWeights
) -> T:
    r"""Return the cost of a zone, in minutes; lower is better.

    For k lycées (``size``) with pairwise minutes m(i, j), the mean of the two directions:

    .. math:: \\frac{\\sum_{i \\neq j} m(i, j)}{k - 1} + penalty(k)

    over ordered pairs for k ≥ 2; 120 for k = 1. The penalty is 200 for k = 1, 60 for k = 2 and
    20·(k - 5) for k > 5; ``weights`` have these figures. An empty zone costs nothing. The plan's
    objective is the sum over its zones.

    ``pair_minutes`` is the sum of m over *unordered* pairs, ``inf`` if a pair is unreachable. An
    array prices many zones of the same size.
    """
    if size == 0:
        return 0.0 * pair_minutes
    if size == 1:
        return 0.0 * pair_minutes + (weights.alone + weights.size_one)
    penalty = weights.size_two if size == 2 else 0.0
    penalty += weights.per_lycee_above * max(size - weights.size_limit, 0)
    return 2 * pair_minutes / (size - 1) + penalty


#: Number of values of zones cached by name, about 500 bytes each.
_MEMORY = 100_000


class ZoneCosts(Protocol):
    """Costs of zones of numbered lycées."""

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some zones of one size, ``float[zone]``; lower is better.

        A cost depends on the lycées of the zone alone. It is never negative; it is ``inf`` if two
        of them cannot reach one another, or the zone is not allowed. ``members`` are the numbers of
        the lycées, ascending: ``uint16[zone, k]``.
        """


class CostModel(Protocol):
    """Model of the costs of zones; it can be sent to another process."""

    @property
    def key(self) -> str:
        """Name of the model on the command line: ``hours``, ``drives``."""

    def on(self, lycees: tuple[str, ...]) -> ZoneCosts:
        """Return the costs of zones of some lycées (ids), numbered in their order."""

    def restricted(self, lycees: Sequence[str]) -> Self:
        """Return the model with only the data of these lycées (ids), so that little is sent."""


@dataclass(frozen=True, eq=False)
class ZoneCostDraws:
    """Cost of a zone in each draw of the minutes and of the hypotheses."""

    drives: NDArray[np.float64]  # Cost of its drives, ``float[draw]``.
    #: The rest: hours without technician, weighted, and needs without a post, ``float[draw]``; 0 if
    #: not counted.
    lost: NDArray[np.float64] | float = 0.0

    @property
    def total(self) -> NDArray[np.float64]:
        """Sum of both costs, ``float[draw]``."""
        return self.drives + self.lost


class DrawnCosts(Protocol):
    """Costs of zones in each draw of the minutes and of the hypotheses."""

    @property
    def key(self) -> str:
        """Key of the costs, as for a `CostModel`."""

    def of(
        self, zones: Sequence[tuple[str, ...]], minutes: Sequence[NDArray[np.float64]]
    ) -> list[ZoneCostDraws]:
        """Return the cost of each zone, given by its lycées (ids, ascending).

        ``minutes`` has, for each zone, the mean of both directions of each pair, in the order of
        ``combinations``: ``float[pair, draw]``, ``inf`` if unreachable.
        """


@dataclass(frozen=True, eq=False)
class CostsByName:
    """Costs of zones given by the ids of their lycées, cached."""

    model: CostModel
    lycees: tuple[str, ...]  # Ids of the lycées that zones may have, ascending.

    @cached_property
    def _cache(self) -> "CacheByName[float]":
        return CacheByName(self.lycees, self._compute, 0.0)

    @cached_property
    def _costs(self) -> ZoneCosts:
        return self.model.on(self.lycees)

    def _compute(self, members: NDArray[np.uint16]) -> list[float]:
        costs: list[float] = self._costs.of(members).tolist()
        return costs

    def of(self, members: Collection[str]) -> float:
        """Return the cost of one zone; a zone without lycées costs nothing."""
        (cost,) = self.of_all([members])
        return cost

    def of_all(self, zones: Sequence[Collection[str]]) -> list[float]:
        """Return the costs of several zones, in order; zones of one size are computed together."""
        return self._cache.of_all(zones)


class CacheByName[Value]:
    """Values of zones given by the ids of their lycées, cached.

    ``lycees`` are the ids that zones may have, ascending. ``compute`` returns the values of some
    zones of one size, in order, from the numbers of their lycées, ascending: ``uint16[zone, k]``.
    ``empty`` is the value of a zone without lycées.
    """

    def __init__(
        self,
        lycees: Sequence[str],
        compute: Callable[[NDArray[np.uint16]], Iterable[Value]],
        empty: Value,
    ) -> None:
        self._number = {lycee: number for number, lycee in enumerate(lycees)}
        self._compute, self._empty = compute, empty
        self._known: dict[frozenset[str], Value] = {}

    def of_all(self, zones: Sequence[Collection[str]]) -> list[Value]:
        """Return the values of several zones, in order; zones of one size are computed together."""
        keys = [frozenset(members) for members in zones]
        if len(self._known) > _MEMORY:
            self._known = {}  # other threads may be reading the old ones
        known = self._known
        known[frozenset()] = self._empty
        by_size: dict[int, list[frozenset[str]]] = {}
        for key in dict.fromkeys(keys):
            if key not in known:
                by_size.setdefault(len(key), []).append(key)
        for new in by_size.values():
            numbers = [sorted(self._number[lycee_id] for lycee_id in key) for key in new]
            known.update(zip(new, self._compute(np.array(numbers, np.uint16)), strict=True))
        return [known[key] for key in keys]
