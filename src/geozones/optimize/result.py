"""Result of a search: a plan and its proof."""

from dataclasses import dataclass

from geozones.domain import Plan, Zone
from geozones.domain.proof_status import ProofStatus
from geozones.optimize.move_order import ProposedMove


@dataclass(frozen=True)
class Result:
    """Proposal of zones and its proof.

    Parameters
    ----------
    status
        Proof status of ``plan``. If it is ``INFEASIBLE`` or ``UNKNOWN``, ``plan`` is the plan
        given.
    objective_before, objective_after
        Objective of the zones of the scope in the plan given and in ``plan``, in the unit of the
        cost model.
    worst_before, worst_after
        Longest drive inside a zone of the scope, in minutes.
    bound
        No plan that respects the options has a lower objective; ``inf`` without such a plan.
    gap
        (``objective_after`` - ``bound``) / ``objective_after``; 0 when optimal, ``inf`` when
        nothing was found.
    seconds
        Duration of the search.
    candidates
        Number of zones compared.
    plan
        The proposed plan, including old zones left without lycées.
    moves
        The moves to it, one for each lycée, in the order to follow (``moves.ordered_moves``).
    created, emptied
        Zones of ``plan`` that the given plan lacks; ids of the zones it leaves without
        lycées.
    why
        Why there is no plan, or no better plan, in French; empty otherwise.
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
