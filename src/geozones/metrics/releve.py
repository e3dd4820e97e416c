"""La relève: who would come when a technician is away, and how fast."""

from geozones.metrics.record import Metric, Pair, Value, ZoneView


def _worst(zone: ZoneView) -> tuple[str, str, float] | None:
    """Return the lycée whose nearest colleague is farthest: ``(lycée, colleague, minutes)``."""
    if not zone.releves:
        return None
    lycee, (colleague, minutes) = max(zone.releves.items(), key=lambda item: item[1][1])
    return lycee, colleague, minutes


def _worst_minutes(zone: ZoneView) -> Value:
    worst = _worst(zone)
    return worst[2] if worst else None


def _worst_pair(zone: ZoneView) -> Pair | None:
    worst = _worst(zone)
    return worst[:2] if worst else None


METRICS = (
    Metric(
        "releves",
        "Relève de chaque lycée",
        "min",
        of_zone=lambda zone: zone.releves,
        of_area=lambda _: None,
        lower_is_better=True,
    ),
    Metric(
        "worst_releve_minutes",
        "Relève la plus lente",
        "min",
        of_zone=_worst_minutes,
        of_area=lambda area: area.from_worst("worst_releve_minutes", "worst_releve_minutes"),
        lower_is_better=True,
    ),
    Metric(
        "worst_releve",
        "Lycée à la relève la plus lente",
        "",
        of_zone=_worst_pair,
        of_area=lambda area: area.from_worst("worst_releve_minutes", "worst_releve"),
    ),
)
