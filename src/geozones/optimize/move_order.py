"""Moves from one plan to another: an order in which each helps, and independent packages.

Packages. Two moves interact only through the zones that they touch. Moves linked by zones form a
component, which is always independent; a component is then divided into as many packages as
possible.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import NamedTuple

from geozones.domain import Plan
from geozones.optimize.problem import PartitionProblem

#: Up to this number of moves the order is exact: a beam of ``_EXACT_WIDTH`` holds all C(12, 6) =
#: 924 sets.
_EXACT = 12
_EXACT_WIDTH = 1000
#: Beyond, the beam is this number over the square of the number of moves; beyond ``_MANY`` moves (a
#: sector drawn from nothing), zones are completed one after another.
_EFFORT = 12_000
_MANY = 60
#: Cost of a zone with an unreachable pair, when ordering moves.
_UNREACHABLE = 1e6


class ProposedMove(NamedTuple):
    """Move of a lycée from a zone to another, by their ids."""

    lycee: str
    origin: str
    target: str


def ordered_moves(problem: PartitionProblem, target: Plan) -> tuple[ProposedMove, ...]:
    """Return the moves from the problem's plan to another: one for each lycée, best first.

    The order has the least sum of objectives after 1, 2, 3… moves. So if there is an order whose
    first k moves are the best k of the list for every k, it is this order. Exact up to 12 moves, a
    beam search up to 60, zone by zone beyond. Intermediate plans may break limits of size or of
    minutes that the last plan respects.
    """
    moves = [ProposedMove(*move) for move in sorted(target.moves_from(problem.plan))]
    costs = _MoveCosts(problem, target, moves)
    if len(moves) > _MANY:
        # the moves zone after zone, the zone of least cost for its lycées once complete first.
        # moves are sorted
        whole = (1 << len(moves)) - 1
        targets = sorted({move.target for move in moves})
        costs.prepare((target, whole) for target in targets)
        share = {
            target: costs.cost(target, whole) / len(costs.members(target, whole))
            for target in targets
        }
        return tuple(sorted(moves, key=lambda move: (share[move.target], move.target)))
    count = len(moves)
    width = _EXACT_WIDTH if count <= _EXACT else max(_EFFORT // count**2, 1)
    # A state: moves done (bits) -> (sum of objectives so far, objective, the order).
    states: dict[int, tuple[float, float, tuple[int, ...]]] = {0: (0.0, 0.0, ())}
    for _ in range(count):
        steps = [(done, move) for done in states for move in range(count) if not done >> move & 1]
        costs.prepare(
            (zone, done | 1 << move) for done, move in steps for zone in costs.touched(move)
        )
        longer: dict[int, tuple[float, float, tuple[int, ...]]] = {}
        for done, move in steps:
            total, objective, order = states[done]
            after = objective + costs.change(done, move)
            state = (total + after, after, (*order, move))
            key = done | 1 << move
            if key not in longer or state < longer[key]:
                longer[key] = state
        states = dict(sorted(longer.items(), key=lambda item: item[1])[:width])
    ((_, _, order),) = states.values()
    return tuple(moves[rank] for rank in order)


class _MoveCosts:
    """Costs of the zones that moves touch, for any set of moves done (a bit set of their ranks)."""

    def __init__(self, problem: PartitionProblem, after: Plan, moves: list[ProposedMove]) -> None:
        self._problem, self._after, self._moves = problem, after, moves
        #: By zone, the moves that touch it: rank, lycée, and whether the lycée joins.
        self._touching: dict[str, list[tuple[int, str, bool]]] = {}
        for at, move in enumerate(moves):
            self._touching.setdefault(move.origin, []).append((at, move.lycee, False))
            self._touching.setdefault(move.target, []).append((at, move.lycee, True))
        self._mask = {zone: sum(1 << at for at, _, _ in m) for zone, m in self._touching.items()}
        self._known: dict[tuple[str, int], float] = {}
        self.prepare((zone, 0) for zone in self._touching)

    def prepare(self, asked: Iterable[tuple[str, int]]) -> None:
        """Compute together the costs of some zones (ids), each with the moves done (bits)."""
        new = {
            key: self.members(*key)
            for key in {(zone, done & self._mask[zone]) for zone, done in asked}
            if key not in self._known
        }
        zones = [(self._after.zone(zone).sector, held) for (zone, _), held in new.items()]
        costs = self._problem.costs_of(zones)
        self._known.update(zip(new, costs, strict=True))

    def touched(self, move: int) -> tuple[str, str]:
        """Return the zones (ids) that a move touches: the zone left, the zone joined."""
        return self._moves[move].origin, self._moves[move].target

    def change(self, done: int, move: int) -> float:
        """Return the increase of the objective by a move, after some other moves."""
        after = done | 1 << move
        return sum(
            min(self.cost(zone, after), _UNREACHABLE) - min(self.cost(zone, done), _UNREACHABLE)
            for zone in self.touched(move)
        )

    def cost(self, zone: str, done: int) -> float:
        """Return the prepared cost of a zone (id) after some moves."""
        return self._known[zone, done & self._mask[zone]]

    def members(self, zone: str, done: int) -> frozenset[str]:
        """Return the lycées of a zone (id) after some moves."""
        plan = self._problem.plan
        members = set(plan.members(zone) if plan.has_zone(zone) else ())
        for at, lycee, comes in self._touching[zone]:
            if done >> at & 1:
                (members.add if comes else members.discard)(lycee)
        return frozenset(members)


#: A change of zone: ids of the lycée, of the zone left and of the zone joined.
type Change = tuple[str, str, str]
#: Function that returns whether a zone (id) may have exactly these lycées (ids, sorted).
type Holds = Callable[[str, tuple[str, ...]], bool]
#: The cost of a zone of these lycées (ids, sorted); lower is better.
type ZoneCost = Callable[[tuple[str, ...]], float]

#: A component with more moves is one package: its 2^n subsets are too many to examine.
_MAX_MOVES = 12
#: Most partitions of a component examined.
_MAX_STEPS = 20_000
#: Gains closer to 0 than this count as none.
_NONE = 1e-9


def packages(
    before: Plan, after: Plan, holds: Holds, cost: ZoneCost
) -> tuple[tuple[Change, ...], ...]:
    """Divide the moves from a plan to another into packages, those of greatest gain first.

    Every union of packages gives a plan whose zones are all valid, and each package lowers the cost
    whatever others are accepted before it (but a whole component, which the options may ask for).
    The partition with the most packages is chosen; a component with more than 12 moves is not
    divided.

    ``after`` may have zones that ``before`` lacks. ``holds`` tells whether a zone may have some
    lycées; it is not called for a zone left empty in ``after``.
    """
    changes = after.moves_from(before)
    linked: list[tuple[set[str], list[Change]]] = []
    for change in sorted(changes):
        zones, members = {change[1], change[2]}, [change]
        apart = []
        for other_zones, other_members in linked:
            if zones.isdisjoint(other_zones):
                apart.append((other_zones, other_members))
            else:
                zones |= other_zones
                members = other_members + members
        linked = [*apart, (zones, members)]
    made = [
        package
        for component in sorted(tuple(sorted(members)) for _, members in linked)
        for package in _Component(before, after, component, holds, cost).packages()
    ]
    return tuple(changes for _, changes in sorted(made))


class _Component:
    """Subsets of the changes of a component, as bit sets of their ranks."""

    def __init__(
        self,
        before: Plan,
        after: Plan,
        changes: tuple[Change, ...],
        holds: Holds,
        cost: ZoneCost,
    ) -> None:
        self._changes = changes
        known = {zone.id for zone in before.zones}
        touched = sorted({zone for _, *ends in changes for zone in ends})
        self._start = {zone: before.members(zone) if zone in known else () for zone in touched}
        self._may_empty = {zone for zone in touched if not after.members(zone)} | (
            set(touched) - known
        )
        self._holds, self._cost = cache(holds), cache(cost)
        self.gain = cache(self._gain)

    def packages(self) -> list[tuple[float, tuple[Change, ...]]]:
        """Return the partition of most packages, each after its cost; else the whole."""
        whole = (1 << len(self._changes)) - 1
        parts = self._finest(whole) if len(self._changes) <= _MAX_MOVES else [whole]
        return [(-(self.gain(part) or 0.0), self._chosen(part)) for part in parts]

    def _finest(self, whole: int) -> list[int]:
        best, steps = [whole], 0
        waiting: list[tuple[int, list[int]]] = [(whole, [])]
        while waiting and steps < _MAX_STEPS:
            left, parts = waiting.pop()
            if not left:
                best = parts if len(parts) > len(best) else best
                continue
            if len(parts) + left.bit_count() <= len(best):
                continue
            for part in _subsets_with_first(left):
                steps += 1
                if self._stands(part, parts):
                    waiting.append((left & ~part, [*parts, part]))
        return best

    def _stands(self, part: int, others: list[int]) -> bool:
        """Return whether this part and the others all gain and stay valid, in any combination."""
        unions = [0]
        for other in others:
            unions += [union | other for union in unions]
        for union in unions:
            before, after = self.gain(union), self.gain(union | part)
            if before is None or after is None or after <= before + _NONE:
                return False
        # each other part must still gain once this part is accepted
        return all(
            (self.gain(union | part | other) or 0.0) > (self.gain(union | part) or 0.0) + _NONE
            for other in others
            for union in unions
            if not union & other
        )

    def _gain(self, subset: int) -> float | None:
        """Return the gain of a subset of the changes; ``None`` if a zone would be invalid."""
        members = {zone: set(lycees) for zone, lycees in self._start.items()}
        for lycee, origin, target in self._chosen(subset):
            members[origin].discard(lycee)
            members[target].add(lycee)
        total = 0.0
        for zone, lycees in members.items():
            now, start = tuple(sorted(lycees)), self._start[zone]
            if now == start:
                continue
            if not now and zone not in self._may_empty:
                return None
            if now and not self._holds(zone, now):
                return None
            total += (self._cost(start) if start else 0.0) - (self._cost(now) if now else 0.0)
        return total

    def _chosen(self, subset: int) -> tuple[Change, ...]:
        return tuple(change for rank, change in enumerate(self._changes) if subset >> rank & 1)


def _subsets_with_first(bits: int) -> Iterator[int]:
    """Yield the subsets of a bit set that contain its lowest bit; the largest first."""
    first = bits & -bits
    rest = subset = bits & ~first
    while True:
        yield subset | first
        if not subset:
            return
        subset = (subset - 1) & rest
