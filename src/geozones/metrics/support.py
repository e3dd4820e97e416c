"""Minutes from the support centre, where the sector technicians (T.I.S.) start from."""

from collections.abc import Iterable

from geozones.metrics.record import AreaView, Metric, ZoneView, mean


def _from_centre(zones: Iterable[ZoneView]) -> list[float]:
    return [
        zone.times.one_way[zone.support_centre][lycee]
        for zone in zones
        if zone.support_centre is not None
        for lycee in zone.members
        if lycee != zone.support_centre
    ]


def _views(area: AreaView) -> Iterable[ZoneView]:
    return (view for _, view, _ in area.zones)


METRICS = (
    Metric(
        "support_mean_minutes",
        "Trajet moyen depuis le centre support",
        "min",
        of_zone=lambda zone: mean(_from_centre([zone])),
        of_area=lambda area: mean(_from_centre(_views(area))),
        lower_is_better=True,
    ),
    Metric(
        "support_max_minutes",
        "Lycée le plus loin du centre support",
        "min",
        of_zone=lambda zone: max(_from_centre([zone]), default=None),
        of_area=lambda area: max(_from_centre(_views(area)), default=None),
        lower_is_better=True,
    ),
)
