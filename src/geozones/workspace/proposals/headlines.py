"""What each move of a proposal changes, in a few plain figures."""

from functools import lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from geozones.workspace.figures import Change, headline
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Result


@lru_cache(maxsize=16)
def headlines_of_steps(study: Study, result: "Result") -> tuple[tuple[Change, ...], ...]:
    """Return what each move changes of the zones that it touches, what gets worse first.

    ``study`` has the plan that was searched from.
    """
    plans = [result.plan]
    for move in reversed(result.moves):
        plans.append(plans[-1].move(move.lycee, move.origin))
    studies = [study.with_plan(plan) for plan in reversed(plans)]
    return tuple(headline(before, after, touched=True) for before, after in pairwise(studies))
