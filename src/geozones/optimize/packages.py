"""Division of a proposal into packages: sets of moves that can be accepted independently.

Two moves interact only through the zones that they touch. Moves linked by zones form a component,
which is always independent; a component is then divided into as many packages as possible.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache

from geozones.domain import Plan

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


@dataclass(frozen=True, slots=True)
class Package:
    """Moves that are valid alone, whatever other packages are accepted before or after.

    Parameters
    ----------
    changes
        The lycées that change zone, by id.
    gain
        Decrease of the current plan's cost by the package alone; never negative, except if a
        whole component costs more (moves that the options ask for).
    """

    changes: tuple[Change, ...]
    gain: float

    @property
    def lycees(self) -> tuple[str, ...]:
        """The lycées (ids) that the package moves."""
        return tuple(lycee for lycee, _, _ in self.changes)


def packages(before: Plan, after: Plan, holds: Holds, cost: ZoneCost) -> tuple[Package, ...]:
    """Divide the moves from a plan to another into packages, those of greatest gain first.

    Every union of packages gives a plan whose zones are all valid, and each package lowers the cost
    whatever others are accepted before it. The partition with the most packages is chosen;
    a component with more than 12 moves is not divided.

    Parameters
    ----------
    before, after
        The current and the proposed plan. ``after`` may have zones that ``before`` lacks.
    holds
        Not called for a zone without lycées that ``after`` leaves without lycées.
    """
    made = [
        package
        for component in _components(after.moves_from(before))
        for package in _Component(before, after, component, holds, cost).packages()
    ]
    return tuple(sorted(made, key=lambda package: (-package.gain, package.changes)))


def _components(changes: tuple[Change, ...]) -> list[tuple[Change, ...]]:
    """Return the sets of changes that share zones, directly or through others."""
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
    return sorted(tuple(sorted(members)) for _, members in linked)


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

    def packages(self) -> list[Package]:
        """Return the partition of most packages; the whole component if none is found."""
        whole = (1 << len(self._changes)) - 1
        parts = self._finest(whole) if len(self._changes) <= _MAX_MOVES else [whole]
        return [Package(self._chosen(part), self.gain(part) or 0.0) for part in parts]

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
        """Return whether a part gains and stays valid with any accepted parts, and they with it."""
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
