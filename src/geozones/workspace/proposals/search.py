"""Job that searches the best plans under a planner's options: their proof, their robustness."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf
from time import perf_counter
from typing import TYPE_CHECKING

from geozones.common.french import in_words, listing, number
from geozones.domain import Plan, SearchCancelledError
from geozones.domain.proposal_conditions import RULES, ProofStatus
from geozones.jobs import SEARCHES, Job, Listener
from geozones.metrics import Judgement, model_error
from geozones.workspace.figures.plan_comparison import judge_studies, verdict_on
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.packages import ENOUGH, PlanProposal, is_worth, proposal_of
from geozones.workspace.proposals.solve import (
    constrained,
    frontier,
    propose,
)

if TYPE_CHECKING:
    from geozones.optimize import Frontier as Frontier  # noqa: PLC0414 - handed on to ui
    from geozones.optimize import PartitionOptions, Result
    from geozones.optimize.result import Progress


#: Zones that the smallest change touches.
_PAIR = 2


def first_rank(study: Study, results: "Sequence[Result]") -> int:
    """Return the rank of the first result that holds `ENOUGH` of the gain of the best; 0 if none.

    ``results`` are the best plans for more and more moves, from the study's plan. There is none
    where the best is not worth its moves.
    """
    gains = [result.objective_before - result.objective_after for result in results]
    best = max(range(len(results)), key=lambda rank: (gains[rank], -rank), default=0)
    if not results or not is_worth(study, results[best].plan):
        return 0
    return next(rank for rank, gain in enumerate(gains) if gain >= ENOUGH * gains[best])


def sufficient_moves(study: Study, options: "PartitionOptions", result: "Result") -> int:
    """Return the number of moves of a result in the packages that hold `ENOUGH` of its gain."""
    return sum(len(one.moves) for one in proposal_of(study, result.plan, options).better)


def sufficient_sentence(study: Study, count: int, best: "Result") -> str:
    """Return the sentence on the number of moves that suffice, in French; empty if all are needed.

    ``best`` is the best plan found, with the most moves.
    """
    most = len(best.moves)
    if not count:
        return f"Rien à proposer : {claim(study, best)}."
    if count >= most:
        return ""
    words = f"{in_words(count)} {'déplacements suffisent' if count > 1 else 'déplacement suffit'}"
    return (
        f"{words[0].upper()}{words[1:]} : {round(100 * ENOUGH)} % au moins de ce que "
        f"{in_words(most)} feraient gagner."
    )


def claim(study: Study, best: "Result") -> str:
    """Return the sentence « aucun plan ne fait mieux de plus de N h ».

    N is the gap that the search left between its best plan and its bound, plus the model's error on
    the zones that this plan changes.
    """
    unproven = max(best.objective_after - best.bound, 0.0)
    error = judge_studies(study, study.with_plan(best.plan)).error or model_error(_PAIR)
    said = f"aucun plan ne fait mieux de plus de {number(math.ceil(unproven + error))} h"
    return ", ".join(filter(None, (said, study.times.basis)))


def shown_plan(proposal: PlanProposal) -> Plan:
    """Return the plan to show for a proposal: with its better packages alone, if it has some."""
    return proposal.better_plan if proposal.better else proposal.after


#: Time limit of a search at another rate, and of all the searches without some rules, in seconds.
_SECONDS, _LIFTING_S = 5.0, 20.0
_FOUND = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def rules_to_lift(
    study: Study,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
) -> dict[tuple[str, ...], str] | None:
    """Return the fewest rules to lift for a plan to exist: French names by rule keys.

    Every smallest set of rules is returned; none if lifting all rules is proven to give no plan
    either. ``None`` if no plan was found in the time of all searches together, and none is proven
    impossible. Parameters are as in `propose`.
    """
    from geozones.optimize.candidates import TooManyCandidatesError  # noqa: PLC0415 - the solver

    asked = constrained(study, options)
    imposed = [rule for rule in RULES if asked.imposes(rule)]
    end = perf_counter() + min(options.time_limit or _LIFTING_S, _LIFTING_S)

    def listen(phase: str, bound: float, incumbent: float, gap: float) -> None:
        if progress is not None:
            progress(phase, bound, incumbent, gap)
        if incumbent < inf:  # a plan exists: that is all that is asked
            raise SearchCancelledError

    def status_without(lifted: tuple[str, ...]) -> ProofStatus:
        lifting, left = {*options.without, *lifted}, end - perf_counter()
        if left <= 0:
            return ProofStatus.UNKNOWN
        try:
            return propose(study, replace(options, without=lifting, time_limit=left), listen).status
        except TooManyCandidatesError:
            return ProofStatus.UNKNOWN

    every = tuple(imposed)
    without_any = status_without(every) if imposed else ProofStatus.INFEASIBLE
    if without_any is ProofStatus.INFEASIBLE:
        return {}
    # A search without every rule is the largest: fewer rules may have a plan although it failed.
    for count in range(1, len(imposed)):
        sets = [rules for rules in combinations(every, count) if status_without(rules) in _FOUND]
        if sets:
            break
    else:
        sets = [every] if without_any in _FOUND else []
    named = {rules: listing([f"« {asked.label(rule)} »" for rule in rules]) for rules in sets}
    return named or None


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """Progress of a search: phase in French, bound, best objective, gap.

    ``incumbent`` and ``gap`` are ``inf`` before a first plan is found.
    """

    phase: str = "Préparation"
    bound: float = 0.0
    incumbent: float = inf
    gap: float = inf

    @property
    def share(self) -> float:
        """Share of the search done, from 0 to 1."""
        return min(max(1.0 - self.gap, 0.0), 1.0)


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """Search of plans: the study and the options."""

    study: Study
    options: "PartitionOptions"


@dataclass(frozen=True, slots=True)
class FoundPlans:
    """Best plans found; if none respects the options, the rules to lift (`rules_to_lift`).

    ``rules_to_lift`` is ``None`` if there is a plan, or if no such rules could be found. ``first``
    is the rank of the point to show first (`first_rank`). ``by_rate`` are the best plans at other
    rates of exchange, where nothing is to be proposed at the one in force (`plans_by_rate`).
    """

    frontier: "Frontier"
    rules_to_lift: dict[tuple[str, ...], str] | None = None
    first: int = 0
    by_rate: tuple[tuple[float, Plan], ...] = ()


def proposal_at(asked: PlanRequest, point: "Point") -> PlanProposal:
    """Return a point of a search, cut into packages."""
    return proposal_of(asked.study, point.result.plan, asked.options)


type PlanJob = Job[PlanRequest, SearchProgress, FoundPlans]


def plan_job(asked: PlanRequest) -> PlanJob:
    """Return the job that searches the best plans for 0, 1, 2… moves."""
    return Job(SEARCHES, search_plans, asked, SearchProgress())


def search_plans(listen: Listener, asked: PlanRequest) -> FoundPlans:
    """Search the best plans; raise as `frontier`."""
    found = frontier(asked.study, asked.options, listen)
    if found.best.status is not ProofStatus.INFEASIBLE:
        results = [point.result for point in points_of(found)]
        first = first_rank(asked.study, results)
        known = found.best.status is not ProofStatus.UNKNOWN
        nothing = known and not (results and results[first].moves)
        by_rate = plans_by_rate(asked, listen) if nothing else ()
        return FoundPlans(found, first=first, by_rate=by_rate)
    lifted = rules_to_lift(asked.study, asked.options, listen)
    return FoundPlans(found, lifted)


#: Rates of exchange at which a planner sees the best plans.
_RATES = (0.0, 0.5, 1.0, 2.0)


def plans_by_rate(
    asked: PlanRequest, progress: "Progress | None" = None
) -> tuple[tuple[float, Plan], ...]:
    """Return the best plan at each of `_RATES`, under the same conditions; found within seconds."""
    options = replace(asked.options, time_limit=_SECONDS)
    plans = []
    for rate in _RATES:
        settings = replace(asked.study.settings.cost, absence_weight=rate)
        found = propose(asked.study.with_cost_settings(settings), options, progress)
        if found.status in _FOUND:
            plans.append((rate, found.plan))
    return tuple(plans)


@dataclass(frozen=True)
class Point:
    """The best plan with at most ``moves`` moves; ``result.status`` tells whether it is proven."""

    moves: int
    result: "Result"


def points_of(outcome: "Frontier") -> tuple[Point, ...]:
    """Return the proven points, then the best plan found if they stop short of it."""
    points = [Point(entry.max_moves, entry.result) for entry in outcome.points]
    best = outcome.best
    if not outcome.complete and len(best.moves) > (points[-1].moves if points else 0):
        points.append(Point(len(best.moves), best))
    return tuple(points)


def judge_result(study: Study, result: "Result") -> Judgement | None:
    """Judge the proposed plan against the study's plan, which was searched from."""
    return verdict_on(study, study.with_plan(result.plan))


def judge_steps(study: Study, result: "Result") -> tuple[Judgement | None, ...]:
    """Judge the plan after each move of a proposal against the plan before the move."""
    plans = [result.plan]
    for move in reversed(result.moves):
        plans.append(plans[-1].move(move.lycee, move.origin))
    studies = [study.with_plan(plan) for plan in reversed(plans)]
    return tuple(verdict_on(before, after) for before, after in pairwise(studies))


def as_good_as(study: Study, result: "Result", best: "Result") -> bool:
    """Tell whether a proposal is equivalent to the best one found from the same plan."""
    plans = study.with_plan(best.plan), study.with_plan(result.plan)
    return judge_studies(*plans).is_tie
