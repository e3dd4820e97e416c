"""Minutes from the support centre, the assumed start of the sector technicians (T.I.S.)."""

from collections.abc import Iterable

from geozones.metrics.format import MEAN_MINUTES, MINUTES
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_inputs import AreaView, ZoneView, mean


def _from_centre(zones: Iterable[ZoneView]) -> list[float]:
    """Return the minutes from the support centre to each other lycée of some zones."""
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
        key="support_mean_minutes",
        label="Trajet moyen depuis {the_support_centre}",
        unit="min",
        format=MEAN_MINUTES,
        better=Better.LOWER,
        of_zone=lambda zone: mean(_from_centre([zone])),
        of_area=lambda area: mean(_from_centre(_views(area))),
        places=frozenset({MetricPlace.SECTOR_ATTRIBUTES}),
        column="centre_support_moyen_min",
    ),
    Metric(
        key="support_max_minutes",
        label="{Site} {article_site} plus loin {of_the_support_centre}",
        unit="min",
        format=MINUTES,
        better=Better.LOWER,
        of_zone=lambda zone: max(_from_centre([zone]), default=None),
        of_area=lambda area: max(_from_centre(_views(area)), default=None),
        places=frozenset({MetricPlace.SECTOR_ATTRIBUTES}),
        column="centre_support_max_min",
    ),
)
