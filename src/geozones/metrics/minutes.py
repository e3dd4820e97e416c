"""Minutes between the lycées of a zone: worst, mean, pivot."""

from geozones.metrics.record import AreaView, Metric, Pair, Value, ZoneView, mean


def _worst_minutes(zone: ZoneView) -> Value:
    return zone.worst[0] if zone.worst else None


def _worst_pair(zone: ZoneView) -> Pair | None:
    return zone.worst[1:] if zone.worst else None


def _area_mean(area: AreaView) -> Value:
    """Return the mean over every pair of colleagues, so that big zones weigh what they are."""
    return mean([pair[0] for _, view, _ in area.zones for pair in view.pairs])


def _worst_zone(area: AreaView) -> Value:
    worst = area.worst_zone("max_minutes")
    return worst[0] if worst else None


def _mean_to_others(zone: ZoneView, lycee: str) -> float:
    row = zone.times.both_ways[lycee]
    return sum(row[other] for other in zone.members if other != lycee) / (len(zone.members) - 1)


def _pivot(zone: ZoneView) -> str | None:
    if len(zone.members) < 2:
        return None
    return min(zone.members, key=lambda lycee: _mean_to_others(zone, lycee))


def _pivot_minutes(zone: ZoneView) -> Value:
    pivot = _pivot(zone)
    return None if pivot is None else _mean_to_others(zone, pivot)


def _none(_: AreaView) -> Value:
    return None


METRICS = (
    Metric(
        "max_minutes",
        "Trajet le plus long",
        "min",
        of_zone=_worst_minutes,
        of_area=lambda area: area.from_worst("max_minutes", "max_minutes"),
        lower_is_better=True,
    ),
    Metric(
        "worst_pair",
        "Lycées les plus éloignés",
        "",
        of_zone=_worst_pair,
        of_area=lambda area: area.from_worst("max_minutes", "worst_pair"),
    ),
    Metric(
        "worst_zone",
        "Zone au trajet le plus long",
        "",
        of_zone=lambda _: None,
        of_area=_worst_zone,
    ),
    Metric(
        "mean_minutes",
        "Trajet moyen entre collègues",
        "min",
        of_zone=lambda zone: mean([pair[0] for pair in zone.pairs]),
        of_area=_area_mean,
        lower_is_better=True,
    ),
    Metric("pivot", "Lycée pivot", "", of_zone=_pivot, of_area=_none),
    Metric(
        "pivot_minutes",
        "Trajet moyen depuis le pivot",
        "min",
        of_zone=_pivot_minutes,
        of_area=_none,
        lower_is_better=True,
    ),
)
