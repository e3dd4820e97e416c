"""Matching of new zones with the old zones they continue, with the fewest moves."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from scipy.optimize import linear_sum_assignment

from geozones.domain import Plan, Zone
from geozones.domain.plan import plan_of
from geozones.optimize.problem import NONE, PartitionProblem


class MatchedZone(NamedTuple):
    """Zone of a new partition.

    Parameters
    ----------
    members
        Its lycées (numbers), ascending.
    zone
        Number of the old zone that it continues, or ``NONE``.
    sector
        Number of its required sector, or ``NONE`` if its lycées determine it.
    """

    members: tuple[int, ...]
    zone: int
    sector: int = NONE


#: Weight of a held lycée in the matching, above any number of lycées in common.
_LOCKED_WEIGHT = 1000


@dataclass(frozen=True)
class RebuiltPlan:
    """Plan, the zones created for it, and the ids of the old zones it leaves without lycées."""

    plan: Plan
    created: tuple[Zone, ...]
    emptied: tuple[str, ...]


def current_zones(problem: PartitionProblem) -> list[MatchedZone]:
    """Return the zones of the current plan that have lycées, each continuing itself."""
    return [
        MatchedZone(members, zone) for zone, members in enumerate(problem.old_members) if members
    ]


def match_zones(
    problem: PartitionProblem, zones: list[tuple[int, ...]], sectors: Sequence[int] | None = None
) -> list[MatchedZone]:
    """Match each zone with the old zone it continues, so that the fewest lycées move.

    This is a maximum assignment of zones to old zones, weighted by their common lycées; an old zone
    of a sector where the new zone may not be has weight 0, and a held lycée always wins.
    ``sectors`` are the sectors of the zones (numbers), if known.
    """
    pairs = sorted(zip(zones, sectors or [NONE] * len(zones), strict=True))
    zones = [members for members, _ in pairs]
    common = np.zeros((len(zones), len(problem.zones)))
    for row, (members, wanted) in enumerate(pairs):
        sector = _forced_sector(problem, members) if wanted == NONE else wanted
        for lycee in members:
            old = problem.zone_of[lycee]
            if sector in {NONE, problem.zone_sector[old]}:
                common[row, old] += 1
            if problem.held[lycee] != NONE:
                common[row, problem.held[lycee]] += _LOCKED_WEIGHT
    rows, columns = linear_sum_assignment(common, maximize=True)
    continued = {
        int(row): int(column)
        for row, column in zip(rows, columns, strict=True)
        if common[row, column] > 0
    }
    return [
        MatchedZone(members, continued.get(row, NONE), sector)
        for row, (members, sector) in enumerate(pairs)
    ]


def rebuild_plan(problem: PartitionProblem, matched: list[MatchedZone]) -> RebuiltPlan:
    """Return the plan in which the lycées that may move are in the matched zones.

    A zone that continues no old zone takes over an old zone of its sector left without lycées, if
    there is one; otherwise it is created, under the first free id ``<sector>-n``.
    """
    assignment = dict(problem.plan.zone_by_lycee)
    used = {entry.zone for entry in matched}
    free = [zone for zone in range(len(problem.zones)) if zone not in used]
    created: list[Zone] = []
    for members, old, sector in sorted(matched):
        target = (
            problem.zones[old]
            if old != NONE
            else _take_over_or_create(problem, (members, sector), free, created)
        )
        assignment |= {problem.lycees[lycee]: target for lycee in members}
    plan = plan_of(problem.plan.sectors, (*problem.plan.zones, *created), assignment)
    emptied = tuple(
        zone for zone in problem.zones if problem.plan.members(zone) and not plan.members(zone)
    )
    return RebuiltPlan(plan, tuple(created), emptied)


def _take_over_or_create(
    problem: PartitionProblem,
    wanted: tuple[tuple[int, ...], int],
    free: list[int],
    created: list[Zone],
) -> str:
    """Return a zone (id) for lycées that continue no zone; update ``free`` and ``created``.

    ``wanted`` are the lycées and the sector of the zone, or ``NONE``.
    """
    members, sector = wanted
    if sector == NONE:
        sector = _forced_sector(problem, members)
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
    new_zone = Zone(f"{owner.id}-{rank}", f"{owner.name} – nouvelle zone {rank}", owner.id)
    created.append(new_zone)
    return new_zone.id


def _forced_sector(problem: PartitionProblem, members: tuple[int, ...]) -> int:
    """Return the number of the required sector of a zone, or ``NONE``."""
    return max((int(problem.pinned[lycee]) for lycee in members), default=NONE)
