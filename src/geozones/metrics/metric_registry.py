"""Registry of metrics, in the order of the JSON.

A new metric takes three edits: its module in this room, a line below, a row in
``docs/reference.md``. Its record names where it is shown (`MetricPlace`): screens, files and the
terminal read it.
"""

from itertools import chain

from geozones.metrics import (
    breaches,
    cost_metrics,
    minute_metrics,
    objective_metrics,
    releve_metrics,
    size_metrics,
    support_metrics,
    team_metrics,
    workload_metrics,
)
from geozones.metrics.format import Values
from geozones.metrics.metric import Metric, MetricPlace

REGISTRY: dict[str, Metric] = {
    record.key: record
    for record in chain(
        size_metrics.METRICS,
        minute_metrics.METRICS,
        releve_metrics.METRICS,
        support_metrics.METRICS,
        objective_metrics.METRICS,
        cost_metrics.METRICS,
        workload_metrics.METRICS,
        team_metrics.METRICS,
    )
}


def metric(key: str) -> Metric:
    """Return a metric by key; ``KeyError`` if there is none."""
    return REGISTRY[key]


def shown_in(place: MetricPlace, *, posts: bool = False) -> tuple[Metric, ...]:
    """Return the metrics of a place, in its order; with ``posts``, the metrics of teams last."""
    records = [
        record
        for record in (*REGISTRY.values(), *breaches.COUNTED)
        if place in record.places and (posts or not record.needs_posts)
    ]
    return tuple(sorted(records, key=lambda record: (record.needs_posts, record.order)))


def colourable() -> tuple[Metric, ...]:
    """Return the metrics that may colour zones, the metrics of teams last."""
    records = [
        record
        for record in REGISTRY.values()
        if record.colours and record.of_zone is not None and record.format.of_numbers
    ]
    records.append(breaches.VIGILANCE)
    return tuple(sorted(records, key=lambda record: (record.needs_posts, record.order)))


def written(values: Values, key: str, digits: int | None = None) -> str:
    """Return the text of a metric of a zone, a sector or the region."""
    return metric(key).write(values[key], digits)
