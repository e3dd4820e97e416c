"""Job that searches the best plans for 0, 1, 2… moves, and the points of their curve."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING

from geozones.domain.proof_status import ProofStatus
from geozones.workspace.jobs import SEARCHES, Job, Listener
from geozones.workspace.proposals.first_proposal import first_rank
from geozones.workspace.proposals.packages import PlanProposal, proposal_of
from geozones.workspace.proposals.rules_to_lift import rules_to_lift
from geozones.workspace.proposals.solve import frontier
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Frontier as Frontier  # noqa: PLC0414 - handed on to ui
    from geozones.optimize import PartitionOptions, Result


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
    """Search of plans: the study, the options and the objective (`rankings.OBJECTIVES`)."""

    study: Study
    options: "PartitionOptions"
    objective: str = HOURS


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
    return proposal_of(asked.study, point.result.plan, asked.options, asked.objective)


type PlanJob = Job[PlanRequest, SearchProgress, FoundPlans]


def plan_job(asked: PlanRequest) -> PlanJob:
    """Return the job that searches the best plans for 0, 1, 2… moves."""
    return Job(SEARCHES, search_plans, asked, SearchProgress())


def search_plans(listen: Listener, asked: PlanRequest) -> FoundPlans:
    """Search the best plans; raise as `frontier`."""
    found = frontier(asked.study, asked.options, listen, objective=asked.objective)
    if found.best.status is not ProofStatus.INFEASIBLE:
        results = [point.result for point in points_of(found)]
        return FoundPlans(found, first=first_rank(asked.study, results, asked.objective))
    lifted = rules_to_lift(asked.study, asked.options, asked.objective, listen)
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


@dataclass(frozen=True, eq=False)
class OpenedPlan:
    """A plan opened on the map that is not a point of the curve.

    Parameters
    ----------
    origin
        The search that found the plan.
    point
        The plan.
    title, proof
        Title of the plan, and what is proven about it, in French.
    """

    origin: PlanRequest
    point: Point
    title: str
    proof: str
