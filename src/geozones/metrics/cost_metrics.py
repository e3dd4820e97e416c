"""Yearly cost of a plan, in hours: on the road, and of service not given."""

from collections.abc import Callable, Sequence

import numpy as np

from geozones.domain import ObjectiveWeights
from geozones.domain.yearly_cost import YearlyCost
from geozones.domain.zone_costs import ZoneCostDraws
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws
from geozones.metrics.format import HOURS, Value
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import AreaView, ZoneView

_FILES = frozenset(
    {MetricPlace.COMPARISON, MetricPlace.ZONE_ATTRIBUTES, MetricPlace.SECTOR_ATTRIBUTES}
)


def _of(read: Callable[[YearlyCost], float]) -> Callable[[ZoneView | AreaView], Value]:
    return lambda view: None if view.cost is None else read(view.cost)


def _drawn(
    read: Callable[[ZoneCostDraws], Draws],
) -> Callable[[Sequence[ZoneDraws], ObjectiveWeights], Draws | None]:
    """Return a function that adds up the hours of zones; ``None`` if they are unknown."""

    def added(zones: Sequence[ZoneDraws], _: ObjectiveWeights) -> Draws | None:
        costs = [zone.cost for zone in zones if zone.cost is not None]
        if len(costs) < len(zones):
            return None
        return sum((read(cost) for cost in costs), np.zeros(DRAWS))

    return added


_ROAD, _UNSERVED, _TOTAL = (
    _of(lambda cost: cost.road_hours),
    _of(lambda cost: cost.unserved_hours),
    _of(lambda cost: cost.total_hours),
)

METRICS = (
    Metric(
        key="total_hours",
        label="Coût annuel",
        unit="h",
        format=HOURS,
        better=Better.LOWER,
        of_zone=_TOTAL,
        of_area=_TOTAL,
        of_draws=_drawn(lambda cost: cost.total),
        places=_FILES | {MetricPlace.ZONE_TABLE},
        order=12,
        about="heures par an, route et service non rendu",
        column="cout_annuel_h",
    ),
    Metric(
        key="road_hours",
        label="Heures de route par an",
        short="Heures de route",
        unit="h",
        format=HOURS,
        better=Better.LOWER,
        of_zone=_ROAD,
        of_area=_ROAD,
        of_draws=_drawn(lambda cost: cost.drives),
        places=_FILES | {MetricPlace.STRIP, MetricPlace.HEADLINE},
        order=14,
        about="par an",
        column="route_h",
    ),
    Metric(
        key="unserved_hours",
        label="Heures de service perdues par an",
        short="Service perdu",
        unit="h",
        format=HOURS,
        better=Better.LOWER,
        of_zone=_UNSERVED,
        of_area=_UNSERVED,
        places=_FILES | {MetricPlace.STRIP, MetricPlace.HEADLINE},
        order=16,
        about="heures par an",
        column="service_perdu_h",
    ),
)
