"""Metrics of a plan: each a record, computed from lycées and driving times.

`Evaluator` computes them all, by key; `metric` and `shown_in` return the records, which define how
a figure is named, written, judged, and where it is shown.
"""

from geozones.metrics.judgement import (
    FigureJudgement,
    Judgement,
    Outcome,
    PlanDraws,
    Robustness,
    judge_metric,
    model_error,
    weigh_plans,
)
from geozones.metrics.metric import Better, Metric, MetricPlace, Value, Values, number_of
from geozones.metrics.metric_changes import (
    SAME,
    UNTOLD,
    Change,
    MoveDelta,
    MoveDeltas,
    PlanChange,
    compare,
)
from geozones.metrics.metric_registry import (
    BREACHES,
    REGISTRY,
    VIGILANCE,
    Evaluator,
    metric,
    shown_in,
    written,
)

__all__ = [
    "BREACHES",
    "REGISTRY",
    "SAME",
    "UNTOLD",
    "VIGILANCE",
    "Better",
    "Change",
    "Evaluator",
    "FigureJudgement",
    "Judgement",
    "Metric",
    "MetricPlace",
    "MoveDelta",
    "MoveDeltas",
    "Outcome",
    "PlanChange",
    "PlanDraws",
    "Robustness",
    "Value",
    "Values",
    "compare",
    "judge_metric",
    "metric",
    "model_error",
    "number_of",
    "shown_in",
    "weigh_plans",
    "written",
]
