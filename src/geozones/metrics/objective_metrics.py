"""The objective of a plan as a metric; its definition is ``domain.objective``.

No screen and no file shows it: it is in the JSON of the command line.
"""

from collections.abc import Sequence

import numpy as np

from geozones.domain import ObjectiveWeights
from geozones.domain.objective import zone_cost
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws
from geozones.metrics.format import COST
from geozones.metrics.metric import Better, Metric
from geozones.metrics.metric_inputs import ZoneView


def _cost(zone: ZoneView) -> float:
    total = sum(pair[0] for pair in zone.pairs)
    return zone_cost(total, len(zone.members), zone.settings.weights)


def _drawn(zones: Sequence[ZoneDraws], weights: ObjectiveWeights) -> Draws:
    costs = (zone_cost(zone.total, zone.size, weights) for zone in zones)
    return sum(costs, np.zeros(DRAWS))


METRICS = (
    Metric(
        key="objective",
        label="Objectif",
        format=COST,
        better=Better.LOWER,
        of_zone=_cost,
        of_area=lambda area: sum(_cost(view) for _, view, _ in area.zones),
        of_draws=_drawn,
        # penalties are no property of a zone alone
        colours=False,
    ),
)
