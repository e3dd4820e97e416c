"""Years of a zone simulated from the definitions alone of the road and of who is there.

It shares no code with `geozones.cost` or `geozones.teams`, whose figures are held against it.

* A post is absent or not, day by day: a share ``rate`` of the days, in absences of ``mean_days``
  days on average (a Markov chain).
* A lycée expects somebody on a half-day where the week of a post has it there. It is *without
  technician* if none of those whom it expects is present and nobody comes.
* Who may come: a colleague who is present and free, or present in a lycée where somebody else
  stays; not beyond ``cap`` interventions in a month of 18 days. As many lycées as possible are
  served, then with the fewest minutes.
* Road: each day present, from the résidence through the lycées of the day and back; a visit of each
  post to each lycée of the zone that it does not serve, ``visits`` times a year; a cover there and
  back, once for both halves of a day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

#: Half-days of a week, and days of a month of interventions.
_WEEK, _MONTH = 10, 18
#: A half-day of a post in no lycée, at disposal.
FREE = "free"
#: Who comes to a lycée (rank of the post), from where, and to which.
type Cover = tuple[int, str, str]


@dataclass(frozen=True)
class Weeks:
    """Weeks of the posts of a zone, in the order of the posts."""

    cells: tuple[tuple[str | None, ...], ...]  # A lycée, `FREE` or ``None`` by half-day.
    homes: tuple[str, ...]  # Lycée of the résidence.


@dataclass(frozen=True, kw_only=True)
class Habits:
    """Figures of absences, visits and the year."""

    rate: float
    mean_days: float
    cap: int
    days: int
    visits: float
    half_day_hours: float


@dataclass(frozen=True, eq=False)
class Years:
    """Hours of simulated years, ``float[year]``."""

    road: NDArray[np.float64]
    without: NDArray[np.float64]  # Without technician.
    missed: NDArray[np.float64]  # Of those who are absent.
    given_free: NDArray[np.float64]  # By a colleague who was free.
    displaced: NDArray[np.float64]  # By a colleague who leaves a lycée where somebody stays.


def simulate_years(
    weeks: Weeks, minutes: Mapping[str, Mapping[str, float]], habits: Habits, years: int, seed: int
) -> Years:
    """Return the hours of some years; ``minutes`` are one way, from a lycée to another."""
    zone, random = _Zone(weeks, minutes), np.random.default_rng(seed)
    road, without, missed, free, displaced = np.zeros((5, years))
    visited = zone.visit_minutes() * habits.visits
    for year in range(years):
        away = _absences(random, len(weeks.cells), habits)
        driven = visited
        made = [0] * len(weeks.cells)
        for day in range(habits.days):
            if day % _MONTH == 0:
                made = [0] * len(weeks.cells)
            driven += sum(
                zone.tour(post, day % 5) for post in range(len(made)) if not away[day, post]
            )
            if not away[day].any():
                continue
            covers: set[Cover] = set()
            for half in (0, 1):
                slot = (2 * day + half) % _WEEK
                tired = frozenset(post for post, count in enumerate(made) if count >= habits.cap)
                absent = frozenset(np.flatnonzero(away[day]).tolist())
                lost, gone, came = zone.half_day(slot, absent, tired)
                without[year] += lost
                missed[year] += gone
                covers |= set(came)
                for post, start, to in came:
                    made[post] += start != to
                    is_free = weeks.cells[post][slot] == FREE
                    free[year] += is_free
                    displaced[year] += not is_free
            driven += sum(minutes[a][b] + minutes[b][a] for _, a, b in covers if a != b)
        road[year] = driven / 60
    hours = (each * habits.half_day_hours for each in (without, missed, free, displaced))
    return Years(road, *hours)


def _absences(random: np.random.Generator, posts: int, habits: Habits) -> NDArray[np.bool_]:
    """Draw who is away, ``bool[day, post]``."""
    leave = 1 / habits.mean_days
    start = habits.rate * leave / (1 - habits.rate)
    draws = random.random((habits.days, posts))
    away = np.zeros((habits.days, posts), bool)
    away[0] = draws[0] < habits.rate
    for day in range(1, habits.days):
        away[day] = np.where(away[day - 1], draws[day] >= leave, draws[day] < start)
    return away


class _Zone:
    def __init__(self, weeks: Weeks, minutes: Mapping[str, Mapping[str, float]]) -> None:
        self._weeks, self._minutes = weeks, minutes
        cells = {cell for week in weeks.cells for cell in week}
        self._lycees = sorted(cell for cell in cells if cell not in {None, FREE})
        self.half_day = lru_cache(maxsize=None)(self._half_day)
        self.tour = lru_cache(maxsize=None)(self._tour)

    def _tour(self, post: int, day: int) -> float:
        """Return the minutes of a day of a post."""
        stops = [c for c in self._weeks.cells[post][2 * day : 2 * day + 2] if c not in {None, FREE}]
        if not stops:
            return 0.0
        home = self._weeks.homes[post]
        return sum(self._minutes[a][b] for a, b in pairwise([home, *stops, home]) if a != b)

    def visit_minutes(self) -> float:
        """Return the minutes of one visit by each post to each lycée that it does not serve."""
        total = 0.0
        for week, home in zip(self._weeks.cells, self._weeks.homes, strict=True):
            for lycee in self._lycees:
                if lycee != home and lycee not in week:
                    total += self._minutes[home][lycee] + self._minutes[lycee][home]
        return total

    def _half_day(
        self, slot: int, absent: frozenset[int], tired: frozenset[int]
    ) -> tuple[int, int, tuple[Cover, ...]]:
        """Return the lycées without technician, the half-days missed, and who comes."""
        due: dict[str, list[int]] = {}
        free: list[int] = []
        missed = 0
        for post, week in enumerate(self._weeks.cells):
            cell = week[slot]
            if cell == FREE and post not in absent:
                free.append(post)
            elif cell is not None and cell != FREE:
                due.setdefault(cell, []).append(post)
                missed += post in absent
        present = {at: [p for p in posts if p not in absent] for at, posts in due.items()}
        lacking = [at for at, posts in present.items() if not posts]
        came = self._best(lacking, free, present, tired)
        return len(lacking) - len(came), missed, came

    def _best(
        self,
        lacking: Sequence[str],
        free: Sequence[int],
        present: Mapping[str, Sequence[int]],
        tired: frozenset[int],
    ) -> tuple[Cover, ...]:
        """Return the covers: the most lycées, then the fewest minutes, over every way to go."""
        able = [(post, self._weeks.homes[post], "") for post in free]
        able += [(post, at, at) for at, posts in present.items() for post in posts]

        def ways(rank: int, used: frozenset[int]) -> list[tuple[Cover, ...]]:
            if rank == len(lacking):
                return [()]
            found = ways(rank + 1, used)
            for post, start, leaves in able:
                to = lacking[rank]
                stays = not leaves or any(p not in used | {post} for p in present[leaves])
                if post not in used and stays and (post not in tired or start == to):
                    found += [((post, start, to), *rest) for rest in ways(rank + 1, used | {post})]
            return found

        def price(way: tuple[Cover, ...]) -> tuple[int, float]:
            drives = (self._minutes[a][b] for _, a, b in way if a != b)
            return -len(way), sum(drives)

        return min(ways(0, frozenset()), key=price)
