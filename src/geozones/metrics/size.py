"""How many lycées and zones."""

from geozones.metrics.record import Metric

METRICS = (
    Metric(
        "lycees",
        "Lycées",
        "",
        of_zone=lambda zone: len(zone.members),
        of_area=lambda area: sum(len(view.members) for _, view, _ in area.zones),
    ),
    Metric(
        "zones",
        "Zones de continuité",
        "",
        of_zone=lambda _: 1,
        of_area=lambda area: len(area.zones),
    ),
)
