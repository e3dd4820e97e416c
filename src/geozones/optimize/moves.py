"""The moves that lead from a plan to another, in an order worth following."""

from dataclasses import dataclass

from geozones.domain import Plan
from geozones.optimize.problem import Problem

#: States looked at in all; lists of up to 12 moves (924 subsets of 6) are ordered exactly.
_EXACT = 12
_WIDE = 1000
_EFFORT = 12_000
#: What a zone with an unreachable pair counts for, in choosing the order.
_LOST = 1e6


@dataclass(frozen=True, slots=True)
class ProposedMove:
    """One lycée to move from a zone to another.

    ``objective`` is that of the scope once it and those before it are done, ``gain`` what this one
    takes off it: negative for a step back that the next ones need.
    """

    lycee: str
    origin: str
    target: str
    objective: float
    gain: float


def ordered_moves(problem: Problem, target: Plan) -> tuple[ProposedMove, ...]:
    """Return the moves from the problem's plan to another: one a lycée, best first.

    Of all the orders, the one whose objectives after 1, 2, 3… moves have the least sum: where some
    order has each of its beginnings as good as so many moves of the list can be, it is that one.
    Exact up to 12 moves, a beam search beyond. The plans on the way may have zones of a size or
    with drives that the last one does not.
    """
    changes = sorted(target.moves_from(problem.plan))
    if not changes:
        return ()
    steps = _Steps(problem, target, changes)
    wide = _WIDE if len(changes) <= _EXACT else max(_EFFORT // len(changes) ** 2, 1)
    # A state: moves done (bits) -> (sum of objectives on the way, objective, the order).
    states: dict[int, tuple[float, float, tuple[int, ...]]] = {0: (0.0, steps.start, ())}
    for _ in changes:
        longer: dict[int, tuple[float, float, tuple[int, ...]]] = {}
        for done, (total, objective, order) in states.items():
            for move in range(len(changes)):
                if done >> move & 1:
                    continue
                after = objective + steps.change(done, move)
                state = (total + after, after, (*order, move))
                key = done | 1 << move
                if key not in longer or state < longer[key]:
                    longer[key] = state
        best = sorted(longer.items(), key=lambda item: item[1])[:wide]
        states = dict(best)
    ((_, _, order),) = states.values()
    return steps.listed(order)


class _Steps:
    """Costs of the zones that the moves touch, for any of the moves done."""

    def __init__(self, problem: Problem, target: Plan, changes: list[tuple[str, str, str]]) -> None:
        self._problem = problem
        self._target = target
        self._changes = changes
        self._touching = {
            zone: sum(1 << at for at, change in enumerate(changes) if zone in change[1:])
            for zone in {zone for change in changes for zone in change[1:]}
        }
        self._known: dict[tuple[str, int], float] = {}
        self._rest = sum(
            problem.cost_of_ids(problem.plan.members(zone))
            for zone in (*problem.zones, *problem.kept)
            if zone not in self._touching
        )
        self.start = min(self.total(0), _LOST)

    def total(self, done: int) -> float:
        """Return the objective once some moves are done; ``inf`` where a zone has no way."""
        return self._rest + sum(self._cost(zone, done) for zone in sorted(self._touching))

    def change(self, done: int, move: int) -> float:
        """Return what a move adds to the objective once some others are done."""
        after = done | 1 << move
        _, origin, target = self._changes[move]
        return sum(
            min(self._cost(zone, after), _LOST) - min(self._cost(zone, done), _LOST)
            for zone in (origin, target)
        )

    def _cost(self, zone: str, done: int) -> float:
        key = (zone, done & self._touching[zone])
        if key not in self._known:
            members: set[str] = set()
            if zone in self._problem.zones:
                members.update(self._problem.plan.members(zone))
            for at, (lycee, origin, target) in enumerate(self._changes):
                if done >> at & 1:
                    if origin == zone:
                        members.discard(lycee)
                    elif target == zone:
                        members.add(lycee)
            self._known[key] = self._problem.cost_of_ids(tuple(members))
        return self._known[key]

    def listed(self, order: tuple[int, ...]) -> tuple[ProposedMove, ...]:
        """Return the moves in an order, with the objective after each."""
        moves, done, before = [], 0, self.total(0)
        for move in order:
            done |= 1 << move
            objective = self.total(done)
            gain = 0.0 if before == objective else before - objective
            moves.append(ProposedMove(*self._changes[move], objective, gain))
            before = objective
        return tuple(moves)
