"""Which old zone each new one goes on as, and the plan that follows."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.optimize.problem import NONE, Problem

#: A zone: its lycées by number, and the old zone it goes on as, or -1.
type Made = tuple[tuple[int, ...], int]

_HELD = 1000


@dataclass(frozen=True)
class Redrawn:
    """A plan, the zones made for it and the old ones that have no lycée left."""

    plan: Plan
    created: tuple[Zone, ...]
    emptied: tuple[str, ...]


def given(problem: Problem) -> list[Made]:
    """Return the zones of the plan given, each going on as itself."""
    return [(members, zone) for zone, members in enumerate(problem.old_members) if members]


def with_identities(problem: Problem, zones: list[tuple[int, ...]]) -> list[Made]:
    """Let each zone go on as the old zone it has most in common with, so that fewest move."""
    zones = sorted(zones)
    common = np.zeros((len(zones), len(problem.zones)))
    for row, members in enumerate(zones):
        sector = _commanded(problem, members)
        for lycee in members:
            old = problem.zone_of[lycee]
            if sector in {NONE, problem.zone_sector[old]}:
                common[row, old] += 1
            if problem.held[lycee] != NONE:
                common[row, old] += _HELD
    rows, columns = linear_sum_assignment(common, maximize=True)
    going_on = {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if common[row, column] > 0
    }
    return [(members, going_on.get(row, NONE)) for row, members in enumerate(zones)]


def redrawn(problem: Problem, made: list[Made]) -> Redrawn:
    """Return the plan in which the lycées that may move are in the zones made.

    A zone that goes on as none takes the place of an old zone of its sector left without lycées,
    if there is one, and is created otherwise, under the first free id ``<sector>-n``.
    """
    assignment = dict(problem.plan.zone_by_lycee)
    used = {zone for _, zone in made}
    free = [zone for zone in range(len(problem.zones)) if zone not in used]
    created: list[Zone] = []
    for members, old in sorted(made):
        target = problem.zones[old] if old != NONE else _place(problem, members, free, created)
        assignment |= {problem.lycees[lycee]: target for lycee in members}
    plan = plan_of(problem.plan.sectors, (*problem.plan.zones, *created), assignment)
    emptied = tuple(
        zone for zone in problem.zones if problem.plan.members(zone) and not plan.members(zone)
    )
    return Redrawn(plan, tuple(created), emptied)


def _place(problem: Problem, members: tuple[int, ...], free: list[int], created: list[Zone]) -> str:
    """Return the id of a zone for lycées that go on as no old zone; note it as taken."""
    sector = _commanded(problem, members)
    if sector == NONE:
        counts = Counter(problem.sector_of[list(members)].tolist())
        sector = min(counts, key=lambda number: (-counts[number], number))
    for zone in free:
        if problem.zone_sector[zone] == sector:
            free.remove(zone)
            return problem.zones[zone]
    owner = problem.plan.sector(problem.sectors[sector])
    taken = {zone.id for zone in (*problem.plan.zones, *created)}
    rank = 1
    while f"{owner.id}-{rank}" in taken:
        rank += 1
    zone_made = Zone(f"{owner.id}-{rank}", f"{owner.name} – nouvelle zone {rank}", owner.id)
    created.append(zone_made)
    return zone_made.id


def _commanded(problem: Problem, members: tuple[int, ...]) -> int:
    """Return the sector that a zone must be of, or -1."""
    return max((int(problem.pinned[lycee]) for lycee in members), default=NONE)
