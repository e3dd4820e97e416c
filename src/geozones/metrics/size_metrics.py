"""Numbers of lycées and of zones."""

from geozones.domain import Settings
from geozones.metrics.format import COUNT
from geozones.metrics.metric import Limit, Metric, MetricPlace


def _usual(settings: Settings) -> Limit:
    low, high = settings.zone_min, settings.zone_max
    return Limit((low - 1, high), f"alerte sous {low} ; au-delà de {high}, à savoir")


METRICS = (
    Metric(
        key="lycees",
        label="{Sites}",
        format=COUNT,
        of_zone=lambda zone: len(zone.members),
        of_area=lambda area: sum(len(view.members) for _, view, _ in area.zones),
        limit=_usual,
    ),
    Metric(
        key="zones",
        label="Zones",
        format=COUNT,
        of_zone=lambda _: 1,
        of_area=lambda area: len(area.zones),
        places=frozenset({MetricPlace.COMPARISON}),
        order=90,
        colours=False,
    ),
)
