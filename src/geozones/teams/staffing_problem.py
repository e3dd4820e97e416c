"""Staffing problem of a zone: needs, drives, posts to keep, locks."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, inf

from geozones.common.errors import InputError
from geozones.domain import TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import DAYS, FREE, Cell, Post

#: Ranks of the morning's and the afternoon's lycée; ``OUT`` for none.
type DayType = tuple[int, int]
NO_LYCEE = -1

#: Longest time limit accepted, in seconds.
_MAX_SECONDS = 3600


def check_time(seconds: float) -> None:
    """Raise ``InputError`` unless a time limit is above 0 and at most an hour."""
    if not 0 < seconds <= _MAX_SECONDS:
        msg = f"La durée de recherche est entre 0 et {_MAX_SECONDS} secondes."
        raise InputError(msg)


@dataclass(frozen=True)
class StaffingRequest:
    """Request for a proposal of posts in a zone, with names.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id) of the zone.
    posts
        The posts of the zone; locked cells of their grids stay.
    name
        Returns the name of a lycée in sentences.
    new_id
        Returns the id of a new post, for its rank in the proposal (from 0).
    """

    zone: str
    needs: Mapping[str, int]
    times: TravelTimes
    posts: tuple[Post, ...] = ()
    name: Callable[[str], str] = str
    new_id: Callable[[int], str] = "tip-{}".format


@dataclass(frozen=True)
class StaffingOptions:
    """Options and limits of a proposal of posts.

    Parameters
    ----------
    share
        Working share of the posts added, in percent.
    keep
        Whether all the posts of the zone stay, with their shares; otherwise, only those with a
        locked half-day.
    time_limit
        Seconds at most, for the whole search.
    days
        Working days of a week.
    """

    settings: TeamSettings = field(default_factory=TeamSettings)
    share: int = 100
    keep: bool = False
    time_limit: float = 30.0
    days: int = len(DAYS)


@dataclass(frozen=True)
class PostGroup:
    """Interchangeable posts, or a single post with locks.

    Parameters
    ----------
    count
        Number of posts.
    most
        Most half-days a week for each.
    post, locks
        The post to keep, if it has locks, and its locked cells by half-day.
    """

    count: int
    most: int
    post: Post | None = None
    locks: Mapping[int, Cell] | None = None

    def spans(self, days: int) -> tuple[tuple[int, ...], ...]:
        """Return the sets of interchangeable days: the week, or each day alone with locks."""
        return tuple((day,) for day in range(days)) if self.locks else (tuple(range(days)),)

    def allows(self, day: int, kind: DayType, lycees: Sequence[str]) -> bool:
        """Return whether the locks of a day allow a day type."""
        for half, lycee in enumerate(kind):
            cell = (self.locks or {}).get(2 * day + half, "")
            if cell != "" and cell != (lycees[lycee] if lycee != NO_LYCEE else _nothing(cell)):
                return False
        return True

    @property
    def held(self) -> Sequence[Cell]:
        """The locked cells."""
        return tuple((self.locks or {}).values())

    def at_work(self, days: int) -> int:
        """Return the half-days a week of one post, in a lycée or free."""
        return min(self.most + self.held.count(FREE), 2 * days - self.held.count(None))

    def locked(self, day: int, cell: Cell) -> int:
        """Return how many half-days of a day are locked to a cell."""
        halves = (2 * day, 2 * day + 1)
        return sum(slot in halves and kept == cell for slot, kept in (self.locks or {}).items())

    def must_work(self, day: int) -> bool:
        """Return whether a locked half-day of a day is worked in a lycée."""
        locks = self.locks or {}
        return any(locks.get(2 * day + half, FREE) not in {FREE, None} for half in (0, 1))


def _nothing(cell: Cell) -> Cell:
    """Return the cell itself if it holds no lycée, else a value that equals no cell."""
    return cell if cell in {FREE, None} else " "


@dataclass(frozen=True)
class StaffingProblem:
    """Staffing problem of one zone.

    Parameters
    ----------
    needs
        Half-days a week, in the order of ``lycees`` (ids).
    reach
        Longest drive from a résidence to another lycée of the post, in minutes; posts with locks
        are not bound by it.
    """

    lycees: tuple[str, ...]
    needs: tuple[int, ...]
    times: TravelTimes
    groups: tuple[PostGroup, ...]
    options: StaffingOptions
    name: Callable[[str], str] = str
    reach: float = inf

    @property
    def posts(self) -> int:
        """Number of posts."""
        return sum(group.count for group in self.groups)

    @cached_property
    def served(self) -> tuple[int, ...]:
        """Ranks of the lycées with a need."""
        return tuple(rank for rank, need in enumerate(self.needs) if need)

    @property
    def free(self) -> int:
        """Half-days a week of the posts beyond the needs."""
        days = self.options.days
        return sum(g.count * g.at_work(days) for g in self.groups) - sum(self.needs)

    def in_reach(self, residence: int, lycee: int) -> bool:
        """Return whether a lycée is within reach of a résidence, there and back."""
        there, back = self.minutes[residence][lycee], self.minutes[lycee][residence]
        return residence == lycee or max(there, back) <= self.reach

    @cached_property
    def minutes(self) -> tuple[tuple[float, ...], ...]:
        """Minutes from a lycée to another, by rank; ``inf`` if unreachable."""
        rows = self.times.one_way
        return tuple(tuple(rows[a][b] for b in self.lycees) for a in self.lycees)

    @cached_property
    def types(self) -> tuple[DayType, ...]:
        """Every day type: whole, split between two lycées near enough, or half worked."""
        limit = self.options.settings.split_minutes
        ranks = range(len(self.lycees))
        pairs = [(a, b) for a in ranks for b in ranks if a != b and self.minutes[a][b] <= limit]
        halves = [kind for a in ranks for kind in ((a, NO_LYCEE), (NO_LYCEE, a))]
        return (*((a, a) for a in ranks), *pairs, *halves)

    def travel(self, residence: int, kind: DayType) -> float:
        """Return the minutes of a day's drives: from the résidence through its lycées and back."""
        stops = [
            residence,
            *(lycee for lycee in dict.fromkeys(kind) if lycee != NO_LYCEE),
            residence,
        ]
        return sum(self.minutes[a][b] for a, b in pairwise(stops) if a != b)

    def day_types(self, group: PostGroup, residence: int, day: int) -> tuple[DayType, ...]:
        """Return the types that a post of a group may work on a day, from a résidence.

        Without locks, a morning equals an afternoon: of the two orders of a split day, only
        the order of least travel is kept, and half a day is in the morning.
        """
        able = [kind for kind in self.types if self._may_work(group, residence, day, kind)]
        if group.locks:
            return tuple(able)
        best = {
            frozenset(kind): kind
            for kind in sorted(able, key=lambda k: (self.travel(residence, k), k), reverse=True)
            if kind[0] != NO_LYCEE
        }
        return tuple(sorted(best.values()))

    def _may_work(self, group: PostGroup, residence: int, day: int, kind: DayType) -> bool:
        reached = self.travel(residence, kind) < inf and (
            bool(group.locks)
            or all(self.in_reach(residence, lycee) for lycee in kind if lycee != NO_LYCEE)
        )
        return reached and group.allows(day, kind, self.lycees)

    @cached_property
    def visits(self) -> tuple[int, ...]:
        """Fewest days a week with someone in each lycée, for the gap allowed; 0 without need."""
        days, window = self.options.days, self.options.settings.gap_days + 1
        fewest = ceil(days / window) if window <= days else 0
        return tuple(fewest if need else 0 for need in self.needs)

    @cached_property
    def gaps(self) -> tuple[int, ...]:
        """Longest gap in each lycée, in days, if its half-days were whole days evenly spread."""
        days, most = self.options.days, self.options.settings.gap_days
        there = [min(ceil(need / 2), days) for need in self.needs]
        return tuple(min(ceil((days - d) / d), most) if d else 0 for d in there)

    def loads(self, group: PostGroup) -> tuple[int, int]:
        """Return the half-days of a post of a group under balanced loads, rounded down and up."""
        everyone = sum(entry.count * entry.most for entry in self.groups)
        share = sum(self.needs) * group.most / everyone if everyone else 0.0
        return floor(share + 1e-9), ceil(share - 1e-9)
