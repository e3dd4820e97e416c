"""Presence and travel of posts: longest gap of a lycée without anyone, minutes on the road."""

from collections.abc import Iterable
from itertools import pairwise

from geozones.domain import TravelTimes
from geozones.domain.teams import DAYS, FREE, Post


def longest_gap(posts: Iterable[Post], lycee: str, days: int = len(DAYS)) -> int:
    """Return the longest run of working days on which no post is in a lycée (id).

    Friday is followed by Monday; ``days`` is the length of the week, and the result if
    nobody ever comes.
    """
    seen = {slot // 2 for post in posts for slot, cell in enumerate(post.cells) if cell == lycee}
    longest = run = 0
    for day in [*range(days), *range(days)]:
        run = 0 if day in seen else run + 1
        longest = max(longest, run)
    return min(longest, days)


def travel_minutes(posts: Iterable[Post], times: TravelTimes) -> float:
    """Return minutes of drive a week: each day, from the résidence to its lycées and back.

    A post without a résidence starts from its most frequent lycée. ``inf`` if unreachable.
    """
    total = 0.0
    for post in posts:
        for day in range(len(DAYS)):
            halves = post.cells[2 * day : 2 * day + 2]
            there = [cell for cell in dict.fromkeys(halves) if cell is not None and cell != FREE]
            home = post.home
            if home is not None and there:
                legs = pairwise([home, *there, home])
                total += sum(times.one_way[a][b] for a, b in legs if a != b)
    return total
