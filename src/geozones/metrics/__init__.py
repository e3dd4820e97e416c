"""Metrics of a plan: each a record, computed from lycées and driving times.

`Evaluator` computes them all, by key; `metric` and `shown_in` return the records, which define how
a figure is named, written, judged, and where it is shown.
"""

from geozones.metrics.breaches import BREACHES, VIGILANCE, WHOLE_POSTS
from geozones.metrics.classes import are_whole, bounds_of
from geozones.metrics.drive_draws import DriveDraws
from geozones.metrics.evaluate import Evaluator
from geozones.metrics.format import Value, Values, number_of
from geozones.metrics.judgement import Judgement, Outcome
from geozones.metrics.metric import Better, Metric, MetricPlace
from geozones.metrics.metric_changes import SAME, UNTOLD, Change, compare
from geozones.metrics.metric_registry import REGISTRY, colourable, metric, shown_in, written
from geozones.metrics.move_deltas import MoveDelta, MoveDeltas
from geozones.metrics.plan_draws import PlanDraws, judge_metric, judge_plans, weigh_plans
from geozones.metrics.robustness import ChangeVerdict, Robustness

__all__ = [
    "BREACHES",
    "REGISTRY",
    "SAME",
    "UNTOLD",
    "VIGILANCE",
    "WHOLE_POSTS",
    "Better",
    "Change",
    "ChangeVerdict",
    "DriveDraws",
    "Evaluator",
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
    "are_whole",
    "bounds_of",
    "colourable",
    "compare",
    "judge_metric",
    "judge_plans",
    "metric",
    "number_of",
    "shown_in",
    "weigh_plans",
    "written",
]
