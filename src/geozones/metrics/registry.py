"""Every metric, in the order they are shown. A new one is a module and a line here."""

from geozones.metrics import minutes, objective, releve, size, support, teams
from geozones.metrics.record import Metric, Value, Values

REGISTRY: tuple[Metric, ...] = (
    *size.METRICS,
    *minutes.METRICS,
    *releve.METRICS,
    *support.METRICS,
    *objective.METRICS,
    *teams.METRICS,
)

_BY_KEY = {record.key: record for record in REGISTRY}

__all__ = ["REGISTRY", "Metric", "Value", "Values", "metric"]


def metric(key: str) -> Metric:
    """Return a metric by key; ``KeyError`` if there is none."""
    return _BY_KEY[key]
