"""Background search for proposals, with progress and cancellation."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

from geozones.domain.proof_status import ProofStatus
from geozones.workspace.background import Background
from geozones.workspace.jobs import Listener
from geozones.workspace.proposals.rules_to_lift import rules_to_lift
from geozones.workspace.proposals.solve import frontier
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Frontier, PartitionOptions, Result


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """Progress of a search: phase in French, bound, best objective, gap, seconds elapsed.

    ``incumbent`` and ``gap`` are ``inf`` before a first plan is found.
    """

    phase: str
    bound: float
    incumbent: float
    gap: float
    seconds: float


class Search(Background["Frontier"]):
    """Search for the best plans for 0, 1, 2… moves in the background; starts at once.

    Parameters
    ----------
    study, options, objective
        As `frontier` takes them; kept, since the plan on screen may be another by the end.

    If no plan respects the options, ``rules_to_lift`` has the rules to lift (`lifting`).
    """

    def __init__(self, study: Study, options: "PartitionOptions", objective: str = HOURS) -> None:
        self.study, self.options, self.objective = study, options, objective
        self.rules_to_lift: dict[tuple[str, ...], str] | None = None
        self.progress = SearchProgress("Préparation", 0.0, inf, inf, 0.0)
        super().__init__()

    def work(self) -> "Frontier":
        """Run the search; raises as `frontier`."""
        found, self.rules_to_lift = self.apart(_seek, self.study, self.options, self.objective)
        return found

    def hear(self, phase: str, bound: float, incumbent: float, gap: float) -> None:
        """Store the progress."""
        self.progress = SearchProgress(phase, bound, incumbent, gap, self.seconds)


def _seek(
    listen: Listener, study: Study, options: "PartitionOptions", objective: str
) -> tuple["Frontier", dict[tuple[str, ...], str] | None]:
    found = frontier(study, options, listen, objective=objective)
    if found.best.status is not ProofStatus.INFEASIBLE:
        return found, None
    return found, rules_to_lift(study, options, objective, listen)


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


class Searched(Protocol):
    """Origin of a plan found by a search: the study, the options and the objective."""

    @property
    def study(self) -> Study:
        """The plan searched from."""

    @property
    def options(self) -> "PartitionOptions":
        """The options of the search."""

    @property
    def objective(self) -> str:
        """The objective of the search (`rankings.OBJECTIVES`)."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A plan opened on the map that is not a point of the curve.

    Parameters
    ----------
    study, options, objective
        Origin of the plan, as `Searched`.
    point
        The plan.
    title, proof
        Title of the plan, and what is proven about it, in French.
    """

    study: Study
    options: "PartitionOptions"
    objective: str
    point: Point
    title: str
    proof: str
