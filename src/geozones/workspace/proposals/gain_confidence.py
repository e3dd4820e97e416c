"""Confidence in the gain of a proposal, in draws of minutes and hypotheses."""

from itertools import pairwise
from typing import TYPE_CHECKING

from geozones.metrics import Judgement
from geozones.workspace.plan_judgement import judge_studies
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Result


def judge_result(study: Study, result: "Result", objective: str = HOURS) -> Judgement:
    """Judge the proposed plan against the study's plan, which was searched from.

    ``objective`` is the objective of the search (`rankings.OBJECTIVES`), also below.
    """
    return judge_studies(study, study.with_plan(result.plan), objective)


def judge_steps(study: Study, result: "Result", objective: str = HOURS) -> tuple[Judgement, ...]:
    """Judge the plan after each move of a proposal against the plan before the move."""
    plans = [result.plan]
    for move in reversed(result.moves):
        plans.append(plans[-1].move(move.lycee, move.origin))
    studies = [study.with_plan(plan) for plan in reversed(plans)]
    return tuple(judge_studies(before, after, objective) for before, after in pairwise(studies))


def as_good_as(study: Study, result: "Result", best: "Result", objective: str = HOURS) -> bool:
    """Tell whether a proposal is equivalent to the best one found from the same plan."""
    plans = study.with_plan(best.plan), study.with_plan(result.plan)
    return judge_studies(*plans, objective).is_tie
