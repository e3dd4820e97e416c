"""Service of a half-day from its definition, by trying every way that colleagues can go.

It shares no code with `geozones.teams.zone_cover`: an oracle of it.
"""

from collections import Counter
from itertools import product
from math import inf

from geozones.domain.teams import FREE, ServiceHalfDays
from geozones.teams.zone_cover import ZoneTeam

#: Someone stays where they are.
STAYS = None


def counted(
    team: ZoneTeam, slot: int, absent: int, overdue: int, busy: int = 0
) -> tuple[ServiceHalfDays, int]:
    """Return what a half-day counts for, and the lycées with somebody (bit set)."""
    return best_way(team, slot, absent, overdue, busy)[1:]


def best_way(
    team: ZoneTeam, slot: int, absent: int, overdue: int, busy: int = 0
) -> tuple[tuple[float, ...], ServiceHalfDays, int]:
    """Return the price of the best way, what it counts for, and the lycées with somebody."""
    members = team.members
    here = [rank for rank in range(len(team.posts)) if not absent >> rank & 1]
    cells = [post.cells[slot] for post in team.posts]
    due = Counter(cell for cell in cells if cell in members)
    present = Counter(cells[rank] for rank in here if cells[rank] in members)
    missed = sum(due.values()) - sum(present.values())
    lacking = [at for at in members if due[at] and not present[at]]
    people: list[tuple[str | None, str | None, bool]] = []  # starts from, leaves, may be called
    for rank in here:
        free = cells[rank] == FREE
        start = team.posts[rank].home if free else cells[rank]
        if start in members:
            people.append((start, None if free else cells[rank], not busy >> rank & 1))
    people += [(team.centre, None, True)] * team.technicians
    first_tis = len(people) - team.technicians
    best = None
    for way in product([STAYS, *lacking], repeat=len(people)):
        sent = [to for to in way if to is not STAYS]
        if len(sent) != len(set(sent)):
            continue
        minutes, by_tis, came = 0.0, 0, 0
        now = Counter(present)
        left: list[str] = []
        for rank, ((start, leaves, may), to) in enumerate(zip(people, way, strict=True)):
            if to is STAYS:
                continue
            drive = inf if start is None else team.times.one_way[start][to] if start != to else 0.0
            minutes += drive if may or start == to else inf
            now[to] += 1
            if rank >= first_tis:
                by_tis += 1
            elif leaves is None:
                came += 1
            else:
                now[leaves] -= 1
                left.append(leaves)
        without = [at for at in members if due[at] and not now[at]]
        late = sum(overdue >> members.index(at) & 1 for at in without)
        short = sum(max(due[at] - now[at], 0) for at in members)
        price = (late, len(without), by_tis, minutes)
        if minutes < inf and (best is None or price < best[0]):
            counts = ServiceHalfDays(
                missed=missed,
                given_free=came,
                given_by_tis=by_tis,
                displaced=sum(now[at] > 0 for at in left),
                unattended=len(without),
                reduced=short - len(without),
            )
            attended = sum(1 << rank for rank, at in enumerate(members) if now[at] > 0)
            best = (price, counts, attended)
    assert best is not None
    return best
