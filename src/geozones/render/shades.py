"""Graph colouring: a shade for each zone of a sector, such that neighbours differ.

A shade is a level, from the palest (0) to the darkest (3), and a turn of the sector's hue (0 to 4).
Zones that share a border have different levels; zones of one level have different turns.
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import NamedTuple

LEVELS, TURNS = 4, 5
#: Levels by preference; the darkest only if the others do not suffice.
_PREFERRED = (1, 2, 0, 3)
_DARK = 3
#: Most dark zones, in order of trial.
_BUDGETS = (0, 1, 2, 3, math.inf)
#: Levels tried before a search gives up.
_PATIENCE = 4000


class Shade(NamedTuple):
    """Level of a hue, and turn of the hue."""

    level: int
    turn: int


type Near = Mapping[str, AbstractSet[str]]


def neighbours_of_zones(zone_by_lycee: Mapping[str, str], neighbours: Near) -> dict[str, set[str]]:
    """Return the zones that share a border, from the lycées whose cells share a border."""
    near: dict[str, set[str]] = {zone: set() for zone in zone_by_lycee.values()}
    for lycee, zone in zone_by_lycee.items():
        for other in neighbours.get(lycee, ()):
            there = zone_by_lycee.get(other, zone)
            if there != zone:
                near[zone].add(there)
    return near


def shades(
    zones: Sequence[str], near: Near, kept: Mapping[str, Shade], own: Mapping[str, Shade]
) -> dict[str, Shade]:
    """Return a shade for each of ``zones``, and the present shades of ``kept``.

    Zones are coloured in turn, each with its ``own`` shade if that fits; an earlier zone changes
    only if a later zone would have no shade, and a zone of ``kept`` only if nothing else helps. If
    levels do not suffice (pieces of zones may touch more than three others), neighbours of one
    level have different turns. No shade is used twice before all are used.
    """
    own = {**own, **kept}
    every = (*kept, *zones)
    fixed = {zone: shade.level for zone, shade in kept.items()}
    for free, held in ((zones, fixed), (every, {})):
        for budget in _BUDGETS:
            found = _ShadeSearch(near, own, budget, len(every)).levels(free, held)
            if found is not None:
                return _turned(every, found, own)
    return _turned(every, _least_bad(zones, near, fixed), own)


class _ShadeSearch:
    """Depth-first search of levels, with at most ``budget`` dark zones.

    It has its own stack: a file may hold thousands of zones, more than Python's recursion limit.
    """

    def __init__(self, near: Near, own: Mapping[str, Shade], budget: float, count: int) -> None:
        self.near, self.own, self.budget = near, own, budget
        self.room = max(TURNS, math.ceil(count / LEVELS))
        self.given: dict[str, int] = {}
        self.used: Counter[int] = Counter()
        self.dark = 0

    def levels(self, free: Sequence[str], held: Mapping[str, int]) -> dict[str, int] | None:
        """Return levels ``held`` and a level for each zone of ``free``; ``None`` if none fit."""
        for zone, its_own in held.items():
            self._give(zone, its_own)
        choices: list[Iterator[int]] = []
        tried = 0
        while len(choices) < len(free):
            choices.append(self._choices(free[len(choices)]))
            while (level := next(choices[-1], None)) is None:
                choices.pop()
                if not choices:
                    return None
                self._take_back(free[len(choices) - 1])
            tried += 1
            if tried > _PATIENCE:
                return None
            self._give(free[len(choices) - 1], level)
        return self.given

    def _give(self, zone: str, level: int) -> None:
        self.given[zone] = level
        self.used[level] += 1
        self.dark += self._is_paid(zone, level)

    def _take_back(self, zone: str) -> None:
        level = self.given.pop(zone)
        self.used[level] -= 1
        self.dark -= self._is_paid(zone, level)

    def _is_paid(self, zone: str, level: int) -> bool:
        """Return whether a level is dark, and not the zone's own."""
        return level == _DARK and not (zone in self.own and self.own[zone].level == _DARK)

    def _choices(self, zone: str) -> Iterator[int]:
        """Return the levels that fit, the zone's own first, then the least used."""
        around = {self.given.get(other) for other in self.near.get(zone, ())}
        own = self.own[zone].level if zone in self.own else None
        return iter(
            [
                level
                for level in sorted(_PREFERRED, key=lambda level: (level != own, self.used[level]))
                if level not in around
                and self.used[level] < self.room
                and (level != _DARK or level == own or self.dark < self.budget)
            ]
        )


def _least_bad(zones: Sequence[str], near: Near, given: Mapping[str, int]) -> dict[str, int]:
    """Assign to each zone in turn the level of the fewest neighbours."""
    found = dict(given)
    used = Counter(found.values())
    for zone in zones:
        around = Counter(found[other] for other in near.get(zone, ()) if other in found)
        found[zone] = min(_PREFERRED, key=lambda level: (around[level], used[level]))
        used[found[zone]] += 1
    return found


def _turned(
    zones: Sequence[str], levels: Mapping[str, int], own: Mapping[str, Shade]
) -> dict[str, Shade]:
    """Assign to each zone a turn at its level: its own if possible, else the least used."""
    given: dict[str, Shade] = {}
    used: Counter[Shade] = Counter()
    for zone in zones:
        if zone in own and own[zone].level == levels[zone] and not used[own[zone]]:
            given[zone] = own[zone]
            used[own[zone]] += 1
    for zone in zones:
        if zone not in given:
            turns = (Shade(levels[zone], turn) for turn in range(TURNS))
            given[zone] = min(turns, key=lambda shade: used[shade])
            used[given[zone]] += 1
    return given
