"""The objective of a plan as a metric; its definition is ``domain.objective``."""

from geozones.domain.objective import zone_cost
from geozones.metrics.record import Metric, ZoneView


def _cost(zone: ZoneView) -> float:
    total = sum(pair[0] for pair in zone.pairs)
    return zone_cost(total, len(zone.members), zone.settings.weights)


METRICS = (
    Metric(
        "objective",
        "Objectif",
        "",
        of_zone=_cost,
        of_area=lambda area: sum(_cost(view) for _, view, _ in area.zones),
        lower_is_better=True,
    ),
)
