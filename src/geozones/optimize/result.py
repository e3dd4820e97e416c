"""What a search gives: a plan with its certificate."""

from dataclasses import dataclass
from enum import StrEnum

from geozones.domain import Plan, Zone
from geozones.optimize.moves import ProposedMove


class Status(StrEnum):
    """What is proven of a result's plan."""

    #: No plan that respects the options is better.
    OPTIMAL = "optimal"
    #: It respects the options; ``gap`` says how much better another could be at most.
    FEASIBLE = "feasible"
    #: No plan respects the options, as ``why`` explains; the plan is the one given.
    INFEASIBLE = "infeasible"
    #: Stopped before any plan that respects the options was found; the plan is the one given.
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Result:
    """A proposal and what is proven of it.

    Parameters
    ----------
    status
        See :class:`Status`.
    objective_before, objective_after
        Objective of the zones of the scope in the plan given and in ``plan``, in minutes.
    worst_before, worst_after
        Longest drive inside a zone of the scope, in minutes.
    bound
        No plan that respects the options has a lower objective; ``inf`` where there is none.
    gap
        (``objective_after`` - ``bound``) / ``objective_after``; 0 when optimal, ``inf`` when
        nothing was found.
    seconds
        How long it took.
    candidates
        How many zones were compared.
    plan
        The plan proposed, old zones left without lycées included.
    moves
        What leads to it, one a lycée, in the order to follow (``moves.ordered_moves``).
    created, emptied
        Zones that ``plan`` has and the plan given has not; zones that it leaves without lycées.
    why
        In French, why there is no plan or none better; empty otherwise.
    """

    status: Status
    objective_before: float
    objective_after: float
    worst_before: float
    worst_after: float
    bound: float
    gap: float
    seconds: float
    candidates: int
    plan: Plan
    moves: tuple[ProposedMove, ...] = ()
    created: tuple[Zone, ...] = ()
    emptied: tuple[str, ...] = ()
    why: str = ""
