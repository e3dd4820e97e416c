"""A search for proposals: watched while it goes on, stopped when asked."""

from dataclasses import dataclass
from math import inf
from typing import TYPE_CHECKING, Protocol

from geozones.domain.proof import ProofStatus
from geozones.workspace.apart import Listener
from geozones.workspace.background import Background
from geozones.workspace.proposals.lifting import rules_to_lift
from geozones.workspace.proposals.solve import frontier
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.optimize import Frontier, PartitionOptions, Result


@dataclass(frozen=True, slots=True)
class SearchProgress:
    """How far a search is: its phase in French, what is proven and found, seconds since it began.

    ``incumbent`` and ``gap`` are ``inf`` before a first plan is found.
    """

    phase: str
    bound: float
    incumbent: float
    gap: float
    seconds: float


class Search(Background["Frontier"]):
    """The best plans for 0, 1, 2… moves, sought while the user looks on; begins at once.

    Parameters
    ----------
    study, options, objective
        As `frontier` takes them; kept, since the plan on screen may be another by the end.

    Where no plan keeps what is asked, ``rules_to_lift`` says which rules are why (`lifting`).
    """

    def __init__(self, study: Study, options: "PartitionOptions", objective: str = HOURS) -> None:
        self.study, self.options, self.objective = study, options, objective
        self.rules_to_lift: dict[tuple[str, ...], str] | None = None
        self.progress = SearchProgress("Préparation", 0.0, inf, inf, 0.0)
        super().__init__()

    def work(self) -> "Frontier":
        """Seek them; raises as `frontier`."""
        found, self.rules_to_lift = self.apart(_seek, self.study, self.options, self.objective)
        return found

    def hear(self, phase: str, bound: float, incumbent: float, gap: float) -> None:
        """Take how far it is."""
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
    """The best plan for ``moves`` moves at most; proven or not, as ``result.status`` says."""

    moves: int
    result: "Result"


def points_of(outcome: "Frontier") -> tuple[Point, ...]:
    """Return the proven points, then the best found where those stop short of it."""
    points = [Point(entry.max_moves, entry.result) for entry in outcome.points]
    best = outcome.best
    if not outcome.complete and len(best.moves) > (points[-1].moves if points else 0):
        points.append(Point(len(best.moves), best))
    return tuple(points)


class Searched(Protocol):
    """What a plan was searched from, and under which options and objective."""

    @property
    def study(self) -> Study:
        """The plan searched from."""

    @property
    def options(self) -> "PartitionOptions":
        """What was asked."""

    @property
    def objective(self) -> str:
        """What it was searched for (`rankings.OBJECTIVES`)."""


@dataclass(frozen=True, eq=False)
class Opened:
    """A plan opened on the map that is not of the curve.

    Parameters
    ----------
    study, options, objective
        What it was searched from, as `Searched`.
    point
        The plan.
    title, proof
        What it is, and what is proven of it, in French.
    """

    study: Study
    options: "PartitionOptions"
    objective: str
    point: Point
    title: str
    proof: str
