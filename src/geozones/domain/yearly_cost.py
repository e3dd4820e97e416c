"""Yearly cost of a zone, a sector or the region: hours on the road, and hours not served."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from geozones.domain.settings import Settings


@dataclass(frozen=True, slots=True)
class ItemCost:
    """Cost of one item of the yearly cost.

    Parameters
    ----------
    road_hours, km
        Driven in a year; ``inf`` if a drive is unreachable.
    unserved_half_days
        Half-days of service a year that nobody provides.
    displaced_half_days
        Half-days a year spent in another lycée, by people who left their own to stand in. They
        are served, so no total includes them.
    """

    road_hours: float = 0.0
    km: float = 0.0
    unserved_half_days: float = 0.0
    displaced_half_days: float = 0.0

    def __add__(self, other: "ItemCost") -> "ItemCost":
        return ItemCost(
            self.road_hours + other.road_hours,
            self.km + other.km,
            self.unserved_half_days + other.unserved_half_days,
            self.displaced_half_days + other.displaced_half_days,
        )


NOTHING = ItemCost()


@dataclass(frozen=True, eq=False)
class YearlyCost:
    """Yearly cost of a zone, of a sector or of the region.

    Parameters
    ----------
    items
        By key of the item, in the order of `geozones.cost.item_registry`.
    posts
        T.I.P. posts: as many as are defined, else full-time equivalents.
    lycees
        Number of lycées.
    defined
        Whether every zone has its posts defined; else the figures of the others come from the
        closed form.
    settings
        The hypotheses of the computation.
    unknown
        Items (keys) that could not be computed for some of the zones, and how many these are: the
        visits of T.I.S. where no support centre is published.
    """

    items: Mapping[str, ItemCost]
    posts: float
    lycees: int
    defined: bool
    settings: Settings
    unknown: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("items", "unknown"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))

    @property
    def _all(self) -> ItemCost:
        return sum(self.items.values(), NOTHING)

    @property
    def road_hours(self) -> float:
        """Hours on the road in a year."""
        return self._all.road_hours

    @property
    def km(self) -> float:
        """Kilometres driven in a year."""
        return self._all.km

    @property
    def unserved_hours(self) -> float:
        """Hours of service in a year that nobody provides."""
        return self._hours(self._all.unserved_half_days)

    @property
    def displaced_hours(self) -> float:
        """Hours in a year spent in another lycée to stand in for someone."""
        return self._hours(self._all.displaced_half_days)

    @property
    def total_hours(self) -> float:
        """Hours on the road, plus hours not served weighted by ``lost_hour``."""
        return self.road_hours + self.settings.cost.lost_hour * self.unserved_hours

    @property
    def euros(self) -> float:
        """Kilometric allowances in a year, in euros."""
        return self.km * self.settings.cost.euros_per_km

    @property
    def kg_co2(self) -> float:
        """Emissions in a year, in kg of CO₂ equivalent."""
        return self.km * self.settings.cost.kg_co2_per_km

    def without(self, item: str) -> "YearlyCost":
        """Return the cost without one of its items (key)."""
        return replace(self, items={key: it for key, it in self.items.items() if key != item})

    def _hours(self, half_days: float) -> float:
        return half_days * self.settings.teams.half_day_minutes / 60


def sum_costs(costs: Iterable[YearlyCost], settings: Settings) -> YearlyCost:
    """Return the total cost of several zones; zero for no zone."""
    costs = tuple(costs)
    keys = dict.fromkeys(key for cost in costs for key in cost.items)
    unknown = dict.fromkeys(key for cost in costs for key in cost.unknown)
    return YearlyCost(
        {key: sum((cost.items.get(key, NOTHING) for cost in costs), NOTHING) for key in keys},
        sum(cost.posts for cost in costs),
        sum(cost.lycees for cost in costs),
        all(cost.defined for cost in costs),
        settings,
        {key: sum(cost.unknown.get(key, 0) for cost in costs) for key in unknown},
    )


@dataclass(frozen=True, slots=True)
class CostInterval:
    """80 % interval of each figure of a yearly cost: one case in ten is below, one above.

    Each is (low, high); ``inf`` if a drive is unreachable.
    """

    road_hours: tuple[float, float]
    unserved_hours: tuple[float, float]
    total_hours: tuple[float, float]
    km: tuple[float, float]
    euros: tuple[float, float]
    kg_co2: tuple[float, float]
