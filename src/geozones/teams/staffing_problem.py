"""Staffing problem of a zone, lower bounds of its criteria, and needs that no posts can meet."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from math import ceil, floor, inf

from geozones.common.french import minutes, plural
from geozones.domain import TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import DAYS, FREE, Cell, Post, capacity, slot_name
from geozones.domain.terms import terms

#: Ranks of the morning's and the afternoon's lycée; ``OUT`` for none.
type DayType = tuple[int, int]
NO_LYCEE = -1


@dataclass(frozen=True)
class StaffingRequest:
    """Request for a proposal of posts in a zone, with names."""

    zone: str
    needs: Mapping[str, int]  # Half-days a week by lycée (id) of the zone.
    times: TravelTimes
    posts: tuple[Post, ...] = ()  # The posts of the zone; locked cells of their grids stay.
    name: Callable[[str], str] = str  # Returns the name of a lycée in sentences.
    #: Returns the id of a new post, for its rank in the proposal (from 0).
    new_id: Callable[[int], str] = "tip-{}".format


@dataclass(frozen=True)
class StaffingOptions:
    """Options and limits of a proposal of posts."""

    settings: TeamSettings = field(default_factory=TeamSettings)
    share: int = 100  # Working share of the posts added, in percent.
    #: Whether all the posts of the zone stay, with their shares; otherwise, only those with a
    #: locked half-day.
    keep: bool = False
    #: Work at most, in nodes of the solver: each zone of the region takes some 10.
    nodes: int = 2000
    days: int = len(DAYS)  # Working days of a week.


@dataclass(frozen=True)
class PostGroup:
    """Interchangeable posts, or a single post with locks."""

    count: int  # Number of posts.
    most: int  # Most half-days a week for each.
    post: Post | None = None  # The post to keep, if it has locks, and its locked cells by half-day.
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
        """Locked half-days."""
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
    """Staffing problem of one zone."""

    lycees: tuple[str, ...]
    needs: tuple[int, ...]  # Half-days a week, in the order of ``lycees`` (ids).
    times: TravelTimes
    groups: tuple[PostGroup, ...]
    options: StaffingOptions
    name: Callable[[str], str] = str
    #: Longest drive from a résidence to another lycée of the post, in minutes; posts with locks are
    #: not bound by it.
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
        ranks = self.served
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
        """Return the types that a post of a group may work on a day, from a résidence."""
        return tuple(k for k in self.types if self._may_work(group, residence, day, k))

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


def least_exceptions(problem: StaffingProblem) -> int:
    """Return the fewest exceptions to shared posts.

    A lycée of one half-day is known by one post, each lycée of a zone of one post too, and a post
    without another lycée within reach is in one lycée.
    """
    alone = problem.posts == 1 or problem.options.settings.max_known == 1
    once = sum(alone or problem.needs[rank] == 1 for rank in problem.served)
    if len(problem.served) == 1:
        return once + problem.posts
    week = 2 * problem.options.days
    if any(group.locks for group in problem.groups):
        return once
    remote = [
        ceil(problem.needs[rank] / week)
        for rank in problem.served
        if not any(other != rank and problem.in_reach(rank, other) for other in problem.served)
    ]
    return once + sum(remote)


def least_splits(problem: StaffingProblem) -> int:
    """Return the fewest split days.

    A lycée visited v days a week for n half-days has at least 2 v − n that pair with no other, one
    where n is odd: each is on a split day or takes a spare half-day.
    """
    halves = 0
    for rank in problem.served:
        need = problem.needs[rank]
        halves += max(need % 2, 2 * problem.visits[rank] - need)
    spare = 2 * problem.options.days * problem.posts - sum(problem.needs)
    return max(ceil((halves - spare) / 2), 0)


def contradictions(problem: StaffingProblem) -> tuple[str, ...]:
    """Return why no grid can meet needs, settings and locks, in French; empty if none is known."""
    return (
        *_too_much(problem),
        *_too_few_known(problem),
        *_too_rare(problem),
        *_cut_off(problem),
        *_locks(problem),
    )


def _too_much(problem: StaffingProblem) -> Iterator[str]:
    settings, total = problem.options.settings, sum(problem.needs)
    each = capacity(problem.options.share, 2 * problem.options.days)
    kept = sum(group.count for group in problem.groups)
    given = sum(group.count * group.most for group in problem.groups)
    most = given + max(settings.max_posts - kept, 0) * each
    if total > most:
        yield (
            f"La zone demande {total} demi-journées par semaine ; "
            f"{_give(max(settings.max_posts, kept), 'poste', 'postes')} que {most} : baissez les "
            "besoins ou permettez plus de postes."
        )
    if kept > total:
        yield (
            f"{plural(kept, 'poste')} à garder pour {plural(total, 'demi-journée')} de besoin : "
            "chacun doit en avoir une au moins."
        )


def _give(count: int, one: str, several: str) -> str:
    """Return « 3 postes au plus n'en donnent », with the verb in number."""
    return f"{plural(count, one, several)} au plus n'en {'donne' if count < 2 else 'donnent'}"


def _too_few_known(problem: StaffingProblem) -> Iterator[str]:
    """Yield a fault per lycée that needs more than ``max_known`` T.I.P. can give."""
    who = terms().proximity_technician
    most, week = problem.options.settings.max_known, 2 * problem.options.days
    for lycee, need in zip(problem.lycees, problem.needs, strict=True):
        if need > most * week:
            yield (
                f"{problem.name(lycee)} : {plural(need, 'demi-journée')} par semaine ; "
                f"{_give(most, who.singular, who.plural)} que {most * week} : baissez ce besoin "
                f"ou permettez plus {who.of_plural} par {terms().site}."
            )


def _too_rare(problem: StaffingProblem) -> Iterator[str]:
    gap = problem.options.settings.gap_days
    for lycee, need, visits in zip(problem.lycees, problem.needs, problem.visits, strict=True):
        if need < visits:
            yield (
                f"{problem.name(lycee)} : {plural(need, 'demi-journée')} par semaine ; "
                f"il en faut {visits} pour {plural(gap, 'jour')} de suite sans personne au plus. "
                f"Relevez ce besoin ou la limite de jours."
            )


def _cut_off(problem: StaffingProblem) -> Iterator[str]:
    """Yield a fault per lycée with a need but no travel times."""
    for lycee, need in zip(problem.lycees, problem.needs, strict=True):
        if need > 0 and lycee not in problem.times.one_way:
            yield f"{problem.name(lycee)} n'a aucun temps de trajet : recalculez la matrice."


def _locks(problem: StaffingProblem) -> Iterator[str]:
    held: Counter[str] = Counter()
    for group in problem.groups:
        if group.post is None:
            continue
        yield from _grid_locks(problem, group)
        held.update(c for c in (group.locks or {}).values() if c is not None and c != FREE)
    needs = dict(zip(problem.lycees, problem.needs, strict=True))
    for lycee, count in sorted(held.items()):
        if lycee in needs and count > needs[lycee]:
            held_there = plural(count, "demi-journée verrouillée", "demi-journées verrouillées")
            yield (
                f"{problem.name(lycee)} : {held_there} pour un besoin de {needs[lycee]} : levez "
                "un verrou ou relevez le besoin."
            )


def _grid_locks(problem: StaffingProblem, group: PostGroup) -> Iterator[str]:
    locks = dict(group.locks or {})
    known = {*problem.lycees, FREE, None}
    for slot, cell in locks.items():
        if cell not in known:
            yield (
                f"La demi-journée verrouillée du {slot_name(slot)} est à "
                f"{problem.name(str(cell))}, qui n'est plus dans la zone : réparez d'abord la "
                "grille."
            )
    worked = sum(cell is not None and cell != FREE for cell in locks.values())
    if worked > group.most:
        yield (
            f"Un poste a {worked} demi-journées verrouillées et n'en travaille que {group.most}."
        )
    limit = problem.options.settings.split_minutes
    for slot, other in pairwise(sorted(locks)):
        first, second = locks[slot], locks[other]
        if slot % 2 or other != slot + 1 or first == second:
            continue
        if first in problem.lycees and second in problem.lycees:
            drive = problem.times.one_way[str(first)][str(second)]
            if drive > limit:
                yield (
                    f"Verrous du {slot_name(slot)} et de l'après-midi : {problem.name(str(first))} "
                    f"et {problem.name(str(second))} sont à {minutes(drive)}, pour "
                    f"{minutes(limit)} permises dans une journée."
                )
