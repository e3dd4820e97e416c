"""« La relève »: nearest colleague who replaces an absent technician, and their drive."""

from geozones.metrics.drive_draws import worst
from geozones.metrics.format import MINUTES, TEXT, TOWARDS, Value
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import ZoneView


def _slowest_minutes(zone: ZoneView) -> Value:
    return zone.slowest_releve[2] if zone.slowest_releve else None


def _slowest_lycees(zone: ZoneView) -> Value:
    return zone.slowest_releve[:2] if zone.slowest_releve else None


METRICS = (
    Metric(
        key="releves",
        label="Relève de chaque {site}",
        unit="min",
        format=TEXT,
        better=Better.LOWER,
        of_zone=lambda zone: zone.nearest_colleagues,
    ),
    Metric(
        key="worst_releve_minutes",
        label="Relève la plus lente",
        unit="min",
        format=MINUTES,
        better=Better.LOWER,
        of_zone=_slowest_minutes,
        of_area=lambda area: area.in_worst_zone("worst_releve_minutes", "worst_releve_minutes"),
        of_draws=lambda zones, _: worst(zone.slowest_releve for zone in zones),
        places=frozenset(
            {
                MetricPlace.STRIP,
                MetricPlace.ZONE_TABLE,
                MetricPlace.HEADLINE,
                MetricPlace.COMPARISON,
                MetricPlace.ZONE_ATTRIBUTES,
            }
        ),
        lycees="worst_releve",
        column="releve_max_min",
    ),
    Metric(
        key="worst_releve",
        label="{Site} à la relève la plus lente",
        format=TOWARDS,
        of_zone=_slowest_lycees,
        of_area=lambda area: area.in_worst_zone("worst_releve_minutes", "worst_releve"),
    ),
)
