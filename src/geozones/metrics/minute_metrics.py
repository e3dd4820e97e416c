"""Minutes between the lycées of a zone: longest, mean, from the pivot."""

from collections.abc import Sequence

import numpy as np

from geozones.common.french import minutes
from geozones.domain import ObjectiveWeights, Settings
from geozones.metrics.drive_draws import DRAWS, Draws, ZoneDraws, worst
from geozones.metrics.format import BOTH_WAYS, MEAN_MINUTES, MINUTES, TEXT, Value
from geozones.metrics.metric import Better, Limit, Metric, MetricPlace
from geozones.metrics.metric_inputs import AreaView, ZoneView, mean

#: The two figures in every view of a zone.
_EVERYWHERE = frozenset(MetricPlace) - {MetricPlace.HEADLINE}


def _longest(zone: ZoneView) -> Value:
    return zone.farthest_pair[0] if zone.farthest_pair else None


def _longest_allowed(settings: Settings) -> Limit:
    return Limit((settings.max_minutes,), f"alerte au-delà de {minutes(settings.max_minutes)}")


def _farthest_lycees(zone: ZoneView) -> Value:
    return zone.farthest_pair[1:] if zone.farthest_pair else None


def _area_mean(area: AreaView) -> Value:
    """Return the mean over every pair of colleagues, so that zones weigh by their pairs."""
    return mean([pair[0] for _, view, _ in area.zones for pair in view.pairs])


def _drawn_mean(zones: Sequence[ZoneDraws], _: ObjectiveWeights) -> Draws | None:
    pairs = sum(zone.size * (zone.size - 1) // 2 for zone in zones)
    return sum((zone.total for zone in zones), np.zeros(DRAWS)) / pairs if pairs else None


def _zone_of_longest(area: AreaView) -> Value:
    worst = area.worst_zone("max_minutes")
    return worst[0] if worst else None


def _mean_to_others(zone: ZoneView, lycee: str) -> float:
    row = zone.times.both_ways[lycee]
    return sum(row[other] for other in zone.members if other != lycee) / (len(zone.members) - 1)


def _pivot(zone: ZoneView) -> str | None:
    """Return the lycée (id) with the least mean minutes to the others; ``None`` for one lycée."""
    if len(zone.members) < 2:
        return None
    return min(zone.members, key=lambda lycee: _mean_to_others(zone, lycee))


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
        of_zone=_longest,
        of_area=lambda area: area.in_worst_zone("max_minutes", "max_minutes"),
        of_draws=lambda zones, _: worst(zone.longest for zone in zones),
        places=_EVERYWHERE,
        order=30,
        lycees="worst_pair",
        sheet_heading="Le plus long",
        column="trajet_max_min",
        limit=_longest_allowed,
    ),
    Metric(
        key="worst_pair",
        label="{Sites} les plus éloigné{e_site}s",
        format=BOTH_WAYS,
        of_zone=_farthest_lycees,
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
        of_area=_area_mean,
        of_draws=_drawn_mean,
        places=_EVERYWHERE,
        order=20,
        about="dans une même zone",
        # it also changes with the number of pairs in zones: the objective is the judge
        judged_alone=False,
        column="trajet_moyen_min",
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
