"""Further effects of a change, a sentence each: RNS, kilometres, a smaller plan, who pays."""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from math import isfinite

from geozones.common.french import listing, number, of, plural, signed
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import YearlyCost
from geozones.export.file_parts import printable
from geozones.workspace.figures.study import Study

#: Least share of the gain of a smaller plan that is worth a line, and fewest moves of the whole.
_MOST_OF, _FEWEST = 0.8, 3
#: Most moves of which smaller plans are looked for: one after another, in half a second.
_MOST_MOVES = 12
#: Least change of a sector's hours that is told, in hours a year.
_CLEAR_H = 1.0


@lru_cache(maxsize=4)  # the dossier of each sector has it
def also_does(before: Study, after: Study) -> tuple[str, ...]:
    """Return what a change also does to the whole plan, a sentence each; empty for nothing."""
    found = (*_rns(before, after), *_road(before, after), *_smaller(before, after))
    return tuple(map(printable, found))


def _rns(before: Study, after: Study) -> Iterator[str]:
    """Say which lycées go from one named RNS to another."""
    moved: dict[tuple[str, str], list[str]] = {}
    for lycee in after.plan.lycees:
        if lycee in before.plan.zone_by_lycee:
            had, has = (study.plan.sector_of(lycee).rns for study in (before, after))
            if had and has and had != has:
                moved.setdefault((had, has), []).append(after.name(lycee))
    for (had, has), names in moved.items():
        who = listing(names) if len(names) <= 3 else terms().site.counted(len(names))
        verb = "change" if len(names) == 1 else "changent"
        yield f"{who} {verb} de RNS : {has}, au lieu {of(had)}."


def _road(before: Study, after: Study) -> Iterator[str]:
    """Say how many kilometres a year the change drives, and what they cost."""
    costs = before.cost(), after.cost()
    km, euros = (tuple(map(f, costs)) for f in (lambda c: c.km, lambda c: c.euros))
    if not all(map(isfinite, (*km, *euros))) or round(km[0]) == round(km[1]):
        return
    told = f"Kilomètres par an : {signed(km[1] - km[0], 0)} km"
    if round(euros[0]) != round(euros[1]):
        told = f"{told}, soit {signed(euros[1] - euros[0], 0)} € d'indemnités"
    yield f"{told}."


def _smaller(before: Study, after: Study) -> Iterator[str]:
    """Name the fewest moves, one after another, that give most of the gain of them all."""
    moves = {
        lycee: zone
        for lycee, zone in after.plan.zone_by_lycee.items()
        if lycee in before.plan.zone_by_lycee and before.plan.zone_of(lycee).id != zone
    }
    start, end = before.cost(), after.cost()
    gain = start.total_hours - end.total_hours
    if not _FEWEST <= len(moves) <= _MOST_MOVES or not isfinite(gain) or gain <= 0:
        return
    if start.posts != end.posts or not all(map(before.plan.has_zone, moves.values())):
        return
    steps = islice(_best_first(before, moves), len(moves) - 1)
    for count, (done, cost) in enumerate(steps, 1):
        part = (start.total_hours - cost.total_hours) / gain
        if _MOST_OF <= part <= 1 and cost.posts == start.posts:
            share = number(100 * part)
            names = listing([after.name(lycee) for lycee in done])
            noun = plural(count, "déplacement", "déplacements")
            yield f"Avec {noun} sur {len(moves)} ({names}), {share} % du gain."
            return


def _best_first(before: Study, moves: dict[str, str]) -> Iterator[tuple[list[str], YearlyCost]]:
    """Yield the moves done, each the best after those before it, and the cost of the plan then.

    A move that adds no post comes before one that does: the hours that a post buys are no gain.
    """
    plan, left, done = before.plan, dict(moves), list[str]()
    while left:
        costs = {
            lycee: before.with_plan(plan.move(lycee, zone)).cost() for lycee, zone in left.items()
        }
        best = min(costs, key=lambda lycee: (costs[lycee].posts, costs[lycee].total_hours, lycee))
        plan, done = plan.move(best, left.pop(best)), [*done, best]
        yield done, costs[best]


def pays_elsewhere(before: Study, after: Study, sector_id: str) -> str:
    """Name the other sectors where hours get worse, for a view of one; empty for none."""
    told = []
    for sector in after.plan.sectors:
        if sector.id == sector_id or not before.plan.has_sector(sector.id):
            continue
        first, then = (study.cost(sector_id=sector.id) for study in (before, after))
        more = {
            "route": then.road_hours - first.road_hours,
            f"sans {terms().technician}": then.unattended_hours - first.unattended_hours,
        }
        worse = [f"{what} {signed(h, 0)} h" for what, h in more.items() if h >= _CLEAR_H]
        if worse:
            told.append(f"{sector.name} ({', '.join(worse)})")
    return printable(f"Ce qui se dégrade ailleurs : {listing(told)}.") if told else ""
