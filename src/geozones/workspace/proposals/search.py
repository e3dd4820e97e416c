"""Job that searches the best plans, the points of their curve, the first shown, rules to lift."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations, pairwise
from math import inf
from typing import TYPE_CHECKING

from geozones.common.french import in_words, listing
from geozones.domain import Plan
from geozones.domain.proposal_conditions import RULES, ProofStatus
from geozones.jobs import SEARCHES, Job, Listener
from geozones.metrics import Judgement
from geozones.workspace.plan_comparison import judge_studies, verdict_on
from geozones.workspace.proposals.packages import PlanProposal, proposal_of
from geozones.workspace.proposals.solve import constrained, frontier, propose
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Frontier as Frontier  # noqa: PLC0414 - handed on to ui
    from geozones.optimize import PartitionOptions, Result
    from geozones.optimize.result import Progress

_NO_GAIN = "Compte tenu de la marge d'erreur, le plan actuel est équivalent au meilleur trouvé."


def first_rank(study: Study, results: "Sequence[Result]") -> int:
    """Return the rank of the first result that no later one betters, given the margin of error.

    ``results`` are the best plans for more and more moves, from the study's plan. The first one
    that is equivalent to the last is not enough: a plan between the two may be better than it.
    """
    studies = [study.with_plan(result.plan) for result in results]
    for rank, one in enumerate(studies):
        judgements = (judge_studies(one, more) for more in studies[rank + 1 :])
        if all(found.is_tie or found.is_better is False for found in judgements):
            return rank
    return 0


def sufficient_moves(study: Study, options: "PartitionOptions", result: "Result") -> int:
    """Return the number of moves of a result without the packages within the margin of error.

    Such packages may gain together: all moves are then counted.
    """
    proposal = proposal_of(study, result.plan, options)
    plans = study.with_plan(proposal.better_plan), study.with_plan(result.plan)
    if judge_studies(*plans).is_better:
        return len(result.moves)
    return sum(len(package.moves) for package in proposal.better)


def sufficient_sentence(count: int, most: int) -> str:
    """Return the sentence on the number of moves that suffice, in French; empty if all are needed.

    ``most`` is the number of moves of the best plan found.
    """
    if count >= most:
        return ""
    if not count:
        return _NO_GAIN
    words = f"{in_words(count)} {'déplacements suffisent' if count > 1 else 'déplacement suffit'}"
    return f"{words[0].upper()}{words[1:]} : au-delà, le gain est inférieur à la marge d'erreur."


def shown_plan(proposal: PlanProposal) -> Plan:
    """Return the plan to show for a proposal: with its better packages alone, if it has some."""
    return proposal.better_plan if proposal.better else proposal.after


#: Time limit of a search without some rules, in seconds.
_SECONDS = 5.0
_FOUND = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def rules_to_lift(
    study: Study,
    options: "PartitionOptions",
    progress: "Progress | None" = None,
) -> dict[tuple[str, ...], str] | None:
    """Return the fewest rules to lift for a plan to exist: French names by rule keys.

    Every smallest set of rules is returned; none if lifting all rules is proven to give no plan
    either. ``None`` if no plan was found and none is proven impossible, since a search was stopped
    or too large. Parameters are as in `propose`.
    """
    from geozones.optimize.candidates import TooManyCandidatesError  # noqa: PLC0415 - the solver

    asked = constrained(study, options)
    imposed = [rule for rule in RULES if asked.imposes(rule)]

    def status_without(lifted: tuple[str, ...]) -> ProofStatus:
        seconds = min(options.time_limit or _SECONDS, _SECONDS)
        lifting = {*options.without, *lifted}
        freed = replace(options, without=lifting, time_limit=seconds)
        try:
            return propose(study, freed, progress).status
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
    is the rank of the point to show first (`first_rank`).
    """

    frontier: "Frontier"
    rules_to_lift: dict[tuple[str, ...], str] | None = None
    first: int = 0


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
        return FoundPlans(found, first=first_rank(asked.study, results))
    lifted = rules_to_lift(asked.study, asked.options, listen)
    return FoundPlans(found, lifted)


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
