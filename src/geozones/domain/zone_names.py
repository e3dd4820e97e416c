"""Names of zones and sectors: made from their lycées, and shown only while they are true.

The name of a zone shown in a plan is its own while it is true, else one made from its lycées. It is
derived: plans, events and files keep the zone's own name, which shows again once it is true again.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from geozones.common.errors import shortened
from geozones.common.french import folded
from geozones.domain.plan import Lycee, Plan, Zone

#: Separator of the parts of a name that the tool makes; longest name, and most parts.
SEPARATOR = " – "
_LONGEST, _PARTS = 40, 3
#: Separators that people write.
_BREAKS = re.compile(r" [–—-] | et |[,;/&+]")


def zone_name(lycees: Sequence[Lycee], taken: Collection[str] = ()) -> str:
    """Return a name for a zone of some lycées, which is none of the names taken.

    It lists the towns with the most lycées, as many as fit; where every such name is taken, the
    first town has a number: « Saint-Denis 2 ». A lycée without a town is named by itself.
    """
    counts = Counter(lycee.commune or lycee.name.split(SEPARATOR)[0] for lycee in lycees)
    towns = sorted(counts, key=lambda town: (-counts[town], town))
    for count in range(min(len(towns), _PARTS), 0, -1):
        name = SEPARATOR.join(towns[:count])
        if len(name) <= _LONGEST and name not in taken:
            return name
    first = shortened(towns[0], _LONGEST)
    numbered = (f"{first} {number}" for number in range(2, len(taken) + 3))
    return next(name for name in numbered if name not in taken)


def sector_name(lycees: Sequence[Lycee], taken: Collection[str] = ()) -> str:
    """Return a name for a sector of some lycées, which is none of the names taken.

    It is the town with the most pupils (most lycées if pupils are unknown), else the first two
    towns, else the name of a zone.
    """
    sizes: Counter[str] = Counter()
    for lycee in lycees:
        if lycee.commune:
            sizes[lycee.commune] += (lycee.pupils or 0) + 1
    towns = sorted(sizes, key=lambda town: (-sizes[town], town))
    for name in (SEPARATOR.join(towns[:count]) for count in (1, 2) if len(towns) >= count):
        if len(name) <= _LONGEST and name not in taken:
            return name
    return zone_name(lycees, taken)


class ZoneNames:
    """Names that zones of some lycées show.

    A name is judged by the towns of these lycées that it names, and by the lycées of these towns.
    A name that states no town (« Sud Loire ») is never false, nor is one of the starting plan that
    its own zone did not make true: whoever drew it meant another thing.
    """

    def __init__(self, lycees: Mapping[str, Lycee], start: Plan) -> None:
        self._lycees = lycees
        #: Ids and names of the lycées of each town, all folded; without a town, under "".
        self._by_town: dict[str, list[tuple[str, str]]] = {}
        for key, lycee in lycees.items():
            here = self._by_town.setdefault(folded(lycee.commune), [])
            here.append((key, folded(lycee.name)))
        self._towns = self._by_town.keys() - {""}
        self._start = start.zones
        self._kept: frozenset[str] = frozenset()
        false = (zone.own_name for zone in start.zones if self._truth(start, zone) is False)
        self._kept = frozenset(false)

    def shown(self, plan: Plan) -> Plan:
        """Return the plan with the name that each zone shows.

        A name that is true of two zones, or twice in a sector, is shown by the first. None that is
        made is that of a zone of the starting plan since removed.
        """
        false, names, seen = list[Zone](), dict[str, str](), set[tuple[str, str]]()
        for zone in plan.zones:
            truth = self._truth(plan, zone)
            key = (zone.own_name, zone.sector if truth is None else "")
            if truth is False or key in seen:
                false.append(zone)
            else:
                seen.add(key)
        taken = set[str]()
        if false:
            held = {zone.id for zone in plan.zones}
            gone = (zone for zone in self._start if zone.id not in held)
            taken = {zone.own_name for zone in (*plan.zones, *gone)}
        for zone in false:
            lycees = [self._lycees[key] for key in plan.members(zone.id) if key in self._lycees]
            if lycees:
                names[zone.id] = zone_name(lycees, taken)
                taken.add(names[zone.id])
        return plan.showing(names)

    def _truth(self, plan: Plan, zone: Zone) -> bool | None:
        """Tell whether the own name of a zone is true; ``None`` if it states nothing."""
        if zone.own_name in self._kept:
            return None
        sector = plan.sector(zone.sector).name
        return _truth(self, zone.own_name, sector, plan.members(zone.id))

    def judge(self, name: str, sector_id: str, members: Collection[str]) -> bool | None:
        """Tell whether a name of a zone in a sector (name) is true of its lycées (ids).

        ``None`` for a name that states nothing. A part that starts with the name of the sector,
        « Mayenne sud », may mean the sector rather than its town.
        """
        parts = [part for part in map(folded, _BREAKS.split(name)) if part]
        towns = {part: self._towns_of(part, folded(sector_id)) for part in parts}
        stated = set[str]().union(*towns.values())
        here = {folded(self._lycees[key].commune) for key in members if key in self._lycees}
        answers = []
        for part in parts:
            # the lycées (ids) of some towns that a part of a name states. whole asks for their
            # whole name, which is enough for a lycée without a town
            whole = bool(towns[part])
            near = [lycee for town in stated for lycee in self._by_town[town]]
            alone = self._by_town.get("", [])
            lycees = {key for key, name in (*near, *alone) if name == part}
            if not whole:
                lycees |= {key for key, name in near if f" {part} " in f" {name} "}
            meant = towns[part] if part in self._towns or not lycees else set[str]()
            if meant or lycees:
                answers.append(not (meant.isdisjoint(here) and lycees.isdisjoint(members)))
        return all(answers) if answers else None

    def _towns_of(self, part: str, sector_id: str) -> set[str]:
        """Return the towns that a part of a name states: « Saint-Gilles », « Angers nord »."""
        if part in self._towns:
            return {part}
        if _begins(part, sector_id):
            return set()
        return {town for town in self._towns if _begins(town, part) or _begins(part, town)}


def _begins(text: str, start: str) -> bool:
    """Tell whether some folded words begin with others."""
    return f"{text} ".startswith(f"{start} ")


@lru_cache(maxsize=4096)
def _truth(names: ZoneNames, name: str, sector_id: str, members: tuple[str, ...]) -> bool | None:
    return names.judge(name, sector_id, members)
