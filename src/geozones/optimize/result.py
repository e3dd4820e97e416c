"""The result of a search: a plan, and what is proven of it."""

from dataclasses import dataclass

from geozones.domain import Plan, Zone
from geozones.domain.proof import ProofStatus
from geozones.optimize.moves import ProposedMove


@dataclass(frozen=True)
class Result:
    """A proposal of zones and what is proven of it.

    Parameters
    ----------
    status
        What is proven of ``plan``. Where it is ``INFEASIBLE`` or ``UNKNOWN``, ``plan`` is the one
        given.
    objective_before, objective_after
        Objective of the zones of the scope in the plan given and in ``plan``, in the unit of the
        cost model.
    worst_before, worst_after
        Longest drive inside a zone of the scope, in minutes.
    bound
        No plan that respects the options has a lower objective; ``inf`` where there is none.
    gap
        (``objective_after`` - ``bound``) / ``objective_after``; 0 when optimal, ``inf`` when
        nothing was found.
    seconds
        Duration of the search.
    candidates
        How many zones were compared.
    plan
        The plan proposed, old zones left without lycées included.
    moves
        The moves that lead to it, one a lycée, in the order to follow (``moves.ordered_moves``).
    created, emptied
        Zones of ``plan`` that the plan given does not have; ids of the zones it leaves without
        lycées.
    why
        Why there is no plan, or none better, in French; empty otherwise.
    """

    status: ProofStatus
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
