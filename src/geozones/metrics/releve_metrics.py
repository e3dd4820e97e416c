"""« La relève »: nearest colleague who replaces an absent technician, and their drive."""

from geozones.metrics.drive_draws import worst
from geozones.metrics.format import MINUTES, TEXT, TOWARDS, Value
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import ZoneView


def _slowest(zone: ZoneView) -> tuple[str, str, float] | None:
    """Return the lycée whose nearest colleague is farthest: ``(lycée, colleague, minutes)``."""
    if not zone.nearest_colleagues:
        return None
    lycee, (colleague, minutes) = max(
        zone.nearest_colleagues.items(), key=lambda entry: entry[1][1]
    )
    return lycee, colleague, minutes


def _slowest_minutes(zone: ZoneView) -> Value:
    slowest = _slowest(zone)
    return slowest[2] if slowest else None


def _slowest_lycees(zone: ZoneView) -> Value:
    slowest = _slowest(zone)
    return slowest[:2] if slowest else None


METRICS = (
    Metric(
        key="releves",
        label="Relève de chaque lycée",
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
        label="Lycée à la relève la plus lente",
        format=TOWARDS,
        of_zone=_slowest_lycees,
        of_area=lambda area: area.in_worst_zone("worst_releve_minutes", "worst_releve"),
    ),
)
