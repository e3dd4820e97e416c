"""Cache of sector-wide breaches for thousands of moves."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial

from geozones.domain import Plan, Sector, Zone
from geozones.rules import RuleContext, Violation, check_sectors

#: Breaches of the touched sectors before and after a move; empty if the move cannot change them.
type Pair = tuple[tuple[Violation, ...], tuple[Violation, ...]]
#: Number of lycées of a sector, and of its zones with lycées.
type _Sizes = tuple[int, int]

_UNCHANGED: Pair = ((), ())


class SectorBreaches:
    """Breaches of sectors, cached by sector and sizes: few cases among thousands of moves."""

    def __init__(self, context: RuleContext) -> None:
        self._context = context
        self._known: dict[tuple[Sector, _Sizes], tuple[Violation, ...]] = {}

    def around(self, plan: Plan, lycee: str, zones: Iterable[Zone]) -> dict[str, Pair]:
        """Return the breaches of both sectors before and after a lycée's move to each zone (id)."""
        members = {zone.id: len(plan.members(zone.id)) for zone in plan.zones}
        sizes = dict.fromkeys((sector.id for sector in plan.sectors), (0, 0))
        for zone in plan.zones:
            sizes[zone.sector] = _more(sizes[zone.sector], members[zone.id], members[zone.id] > 0)
        origin = plan.zone_of(lycee)
        emptied = members[origin.id] == 1
        pairs = {}
        for zone in zones:
            opened = not members[zone.id]
            if zone.sector == origin.sector and not emptied and not opened:
                pairs[zone.id] = _UNCHANGED
                continue
            before = {key: sizes[key] for key in (origin.sector, zone.sector)}
            after = dict(before)
            after[origin.sector] = _more(after[origin.sector], -1, -emptied)
            after[zone.sector] = _more(after[zone.sector], 1, opened)
            moved = partial(plan.move, lycee, zone.id)
            pairs[zone.id] = self._of(plan, before, lambda: plan), self._of(plan, after, moved)
        return pairs

    def _of(
        self, plan: Plan, sizes: Mapping[str, _Sizes], made: Callable[[], Plan]
    ) -> tuple[Violation, ...]:
        """Return the breaches of sectors (ids) with these sizes, in the plan of ``made``."""
        found: list[Violation] = []
        for sector, size in sizes.items():
            key = plan.sector(sector), size
            if key not in self._known:
                self._known[key] = check_sectors(made(), [sector], self._context)
            found += self._known[key]
        return tuple(found)


def _more(sizes: _Sizes, lycees: int, zones: int) -> _Sizes:
    return sizes[0] + lycees, sizes[1] + zones
