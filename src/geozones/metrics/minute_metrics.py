"""Metrics in minutes: inside a zone, from the support centre, and « la relève »."""

from collections.abc import Iterable, Sequence

import numpy as np

from geozones.domain import ObjectiveWeights
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws, worst
from geozones.metrics.metric import (
    BOTH_WAYS,
    MEAN_MINUTES,
    MINUTES,
    PERCENT,
    TEXT,
    TOWARDS,
    AreaView,
    Better,
    Metric,
    MetricPlace,
    Value,
    ZoneView,
    mean,
)

#: The two figures in every view of a zone.
_EVERYWHERE = frozenset(MetricPlace) - {MetricPlace.HEADLINE}


def _within_percent(zones: Sequence[ZoneView]) -> Value:
    """Return the share of the pairs of colleagues within the longest drive allowed, in %.

    ``None`` where all minutes are estimates.
    """
    if any(zone.times.all_estimated for zone in zones):
        return None
    within = [pair[0] <= zone.settings.max_minutes for zone in zones for pair in zone.pairs]
    return 100 * sum(within) / len(within) if within else None


def _drawn_mean(zones: Sequence[ZoneDraws], _: ObjectiveWeights) -> Draws | None:
    pairs = sum(zone.size * (zone.size - 1) // 2 for zone in zones)
    return sum((zone.total for zone in zones), np.zeros(DRAWS)) / pairs if pairs else None


def _zone_of_longest(area: AreaView) -> Value:
    worst = area.worst_zone("max_minutes")
    return worst[0] if worst else None


def _mean_to_others(zone: ZoneView, lycee_id: str) -> float:
    row = zone.times.both_ways[lycee_id]
    return sum(row[other] for other in zone.members if other != lycee_id) / (len(zone.members) - 1)


def _pivot(zone: ZoneView) -> str | None:
    """Return the lycée (id) with the least mean minutes to the others; ``None`` for one lycée."""
    if len(zone.members) < 2:
        return None
    return min(zone.members, key=lambda lycee_id: _mean_to_others(zone, lycee_id))


def _pivot_minutes(zone: ZoneView) -> Value:
    pivot = _pivot(zone)
    return None if pivot is None else _mean_to_others(zone, pivot)


METRICS = (
    Metric(
        key="max_minutes",
        label="Trajet le plus long",
        narrow="Plus long",
        unit="min",
        format=MINUTES,
        better=Better.LOWER,
        of_zone=lambda zone: zone.farthest_pair[0] if zone.farthest_pair else None,
        of_area=lambda area: area.in_worst_zone("max_minutes", "max_minutes"),
        of_draws=lambda zones, _: worst(zone.longest for zone in zones),
        places=_EVERYWHERE,
        order=30,
        lycees="worst_pair",
        sheet_heading="Le plus long",
        column="trajet_max_min",
    ),
    Metric(
        key="worst_pair",
        label="{Sites} les plus éloignés",
        format=BOTH_WAYS,
        of_zone=lambda zone: zone.farthest_pair[1:] if zone.farthest_pair else None,
        of_area=lambda area: area.in_worst_zone("max_minutes", "worst_pair"),
    ),
    Metric(
        key="worst_zone",
        label="Zone au trajet le plus long",
        format=TEXT,
        of_area=_zone_of_longest,
    ),
    Metric(
        key="mean_minutes",
        label="Trajet moyen entre collègues",
        short="Trajet moyen",
        unit="min",
        format=MEAN_MINUTES,
        better=Better.LOWER,
        of_zone=lambda zone: mean([pair[0] for pair in zone.pairs]),
        # over every pair of colleagues, so that zones weigh by their pairs
        of_area=lambda area: mean([pair[0] for _, view, _ in area.zones for pair in view.pairs]),
        of_draws=_drawn_mean,
        places=_EVERYWHERE,
        order=20,
        about="dans une même zone",
        # it also changes with the number of pairs in zones: the objective is the judge
        judged_alone=False,
        column="trajet_moyen_min",
    ),
    Metric(
        key="within_share",
        label="Trajets entre collègues dans la limite",
        short="Trajets dans la limite",
        narrow="Dans la limite",
        unit="%",
        format=PERCENT,
        better=Better.HIGHER,
        of_zone=lambda zone: _within_percent([zone]),
        of_area=lambda area: _within_percent([view for _, view, _ in area.zones]),
    ),
    Metric(key="pivot", label="{Site} pivot", format=TEXT, of_zone=_pivot),
    Metric(
        key="pivot_minutes",
        label="Trajet moyen depuis le pivot",
        unit="min",
        format=MEAN_MINUTES,
        better=Better.LOWER,
        of_zone=_pivot_minutes,
    ),
)


def _from_centre(zones: Iterable[ZoneView]) -> list[float]:
    """Return the minutes from the support centre to each other lycée of some zones."""
    return [
        zone.times.one_way[zone.support_centre][lycee_id]
        for zone in zones
        if zone.support_centre is not None
        for lycee_id in zone.members
        if lycee_id != zone.support_centre
    ]


def _views(area: AreaView) -> Iterable[ZoneView]:
    return (view for _, view, _ in area.zones)


SUPPORT_METRICS = (
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
        label="{Site} le plus loin {of_the_support_centre}",
        unit="min",
        format=MINUTES,
        better=Better.LOWER,
        of_zone=lambda zone: max(_from_centre([zone]), default=None),
        of_area=lambda area: max(_from_centre(_views(area)), default=None),
        places=frozenset({MetricPlace.SECTOR_ATTRIBUTES}),
        column="centre_support_max_min",
    ),
)


RELEVE_METRICS = (
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
        of_zone=lambda zone: zone.slowest_releve[2] if zone.slowest_releve else None,
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
        of_zone=lambda zone: zone.slowest_releve[:2] if zone.slowest_releve else None,
        of_area=lambda area: area.in_worst_zone("worst_releve_minutes", "worst_releve"),
    ),
)
