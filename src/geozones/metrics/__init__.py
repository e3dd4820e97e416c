"""What a plan is worth: a registry of metrics, each a pure function of lycées and minutes."""

from geozones.metrics.evaluate import Evaluator
from geozones.metrics.joining import Joining, Joinings
from geozones.metrics.registry import REGISTRY, Metric, Value, Values, metric

__all__ = ["REGISTRY", "Evaluator", "Joining", "Joinings", "Metric", "Value", "Values", "metric"]
