"""Metrics of a plan, and differences of two plans.

Each metric is a record with its unit, format and places; `Evaluator` computes them. May import
`common`, `domain`.
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
