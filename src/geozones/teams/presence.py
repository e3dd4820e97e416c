"""How long a lycée stays without anyone."""

from collections.abc import Iterable

from geozones.domain.teams import DAYS, Post


def longest_gap(posts: Iterable[Post], lycee: str, days: int = len(DAYS)) -> int:
    """Return the longest run of working days on which no post is in a lycée (id).

    Friday is followed by Monday; ``days`` is the length of the week, and what is returned where
    nobody ever comes.
    """
    seen = {slot // 2 for post in posts for slot, cell in enumerate(post.cells) if cell == lycee}
    longest = run = 0
    for day in [*range(days), *range(days)]:
        run = 0 if day in seen else run + 1
        longest = max(longest, run)
    return min(longest, days)
