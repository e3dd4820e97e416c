"""Rules that posts must respect, presence and travel of posts, exceptions with a reason.

The checker takes grids typed by people as well as grids that the search proposes, and shares no
code with the search that it checks.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from geozones.common.french import listing, minutes, plural
from geozones.domain import TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import (
    DAYS,
    FREE,
    SHARES,
    ExceptionCause,
    Post,
    PostException,
    capacity,
)
from geozones.domain.terms import terms, worded
from geozones.teams.staffing_problem import StaffingProblem


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


@dataclass(frozen=True, slots=True)
class PostViolation:
    """A rule that posts of a zone break: its name, the posts (ids), and a French sentence."""

    rule: str
    posts: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class PostRequirements:
    """Requirements of the posts of a zone."""

    needs: Mapping[str, int]  # Half-days a week by lycée (id) of the zone.
    times: TravelTimes
    settings: TeamSettings = field(default_factory=TeamSettings)
    days: int = len(DAYS)  # Working days of a week.
    #: Functions that return the name of a lycée (id) and of a post in sentences.
    name: Callable[[str], str] = str
    label: Callable[[Post], str] = lambda post: post.id


def check_posts(posts: Sequence[Post], requirements: PostRequirements) -> tuple[PostViolation, ...]:
    """Return every violation of a rule by the posts of one zone."""
    return (
        *(violation for post in posts for violation in _of_post(post, requirements)),
        *(
            violation
            for lycee in sorted(requirements.needs)
            for violation in _of_lycee(lycee, posts, requirements)
        ),
    )


def _of_post(post: Post, requirements: PostRequirements) -> Iterator[PostViolation]:
    label, slots = requirements.label(post), 2 * requirements.days

    def violation(rule: str, sentence: str) -> PostViolation:
        return PostViolation(rule, (post.id,), f"{label} : {sentence}.")

    if post.share not in SHARES:
        yield violation("share", f"la quotité {post.share} % n'est pas de 100, 80 ou 50 %")
    most = capacity(post.share, slots)
    worked = [slot for slot, cell in enumerate(post.cells) if cell is not None]
    if len(worked) > most or any(slot >= slots for slot in worked):
        yield violation("share", f"{len(worked)} demi-journées pour {most} à {post.share} %")
    strays = [cell for cell in post.lycees if cell not in requirements.needs]
    if strays:
        names = listing([requirements.name(cell) for cell in strays])
        yield violation("zone", f"{names} n'est pas dans la zone")
    if post.load and post.residence not in post.lycees:
        site = terms().site
        theirs = f"un de ses {site.plural}"
        yield violation("residence", f"la résidence administrative n'est pas {theirs}")
    for day in range(requirements.days):
        yield from _of_day(post, day, requirements)


def _of_day(post: Post, day: int, requirements: PostRequirements) -> Iterator[PostViolation]:
    first, second = post.cells[2 * day : 2 * day + 2]
    if first is None or second is None or first == second or FREE in {first, second}:
        return
    if first not in requirements.times.one_way or second not in requirements.times.one_way:
        return
    drive, limit = requirements.times.one_way[first][second], requirements.settings.split_minutes
    if drive > limit:
        yield PostViolation(
            "split",
            (post.id,),
            f"{requirements.label(post)} : le {DAYS[day]}, {requirements.name(first)} puis "
            f"{requirements.name(second)} sont à {minutes(drive)}, pour {minutes(limit)} au plus.",
        )


def _of_lycee(
    lycee: str, posts: Sequence[Post], requirements: PostRequirements
) -> Iterator[PostViolation]:
    name, need = requirements.name(lycee), requirements.needs[lycee]
    given = sum(post.cells.count(lycee) for post in posts)
    concerned = tuple(post.id for post in posts if lycee in post.cells)
    if given != need:
        what = "manque" if given < need else "trop"
        yield PostViolation(
            "need",
            concerned,
            f"{name} : {plural(given, 'demi-journée')} par semaine pour un besoin de {need} "
            f"({what} : {abs(need - given)}).",
        )
    gap = longest_gap(posts, lycee, requirements.days)
    if need and gap > requirements.settings.gap_days:
        yield PostViolation(
            "gap",
            concerned,
            f"{name} : sans {terms().technician} {gap} jours de suite, pour un maximum de "
            f"{requirements.settings.gap_days}.",
        )


@dataclass(frozen=True, slots=True)
class SharingException:
    """Post in one lycée only, or lycée that one post only knows."""

    lycee: str  # The lycée (id).
    #: The post (id) in this lycée only; ``None`` for a lycée that one post only knows.
    post: str | None
    why: PostException  # Its reason.


def unshared_lycees(
    members: Sequence[str], times: TravelTimes, shared_minutes: float
) -> tuple[str, ...]:
    """Return the lycées (ids) of a zone that the yearly cost shares with no other.

    Each is over ``shared_minutes`` from every other lycée of the zone, mean of both directions. The
    only lycée of a zone is not one of them: it has nobody to share with.
    """
    minutes = times.both_ways
    return tuple(
        lycee
        for lycee in members
        if len(members) > 1
        and all(minutes[lycee][other] > shared_minutes for other in members if other != lycee)
    )


def exceptions_of(problem: StaffingProblem, posts: Sequence[Post]) -> tuple[SharingException, ...]:
    """Return the exceptions to shared posts in the posts proposed for a zone."""
    lone = [
        SharingException(post.lycees[0], post.id, _lone(problem, post.lycees[0]))
        for post in posts
        if len(post.lycees) == 1
    ]
    known = [lycee for post in posts for lycee in post.lycees]
    once = [
        SharingException(lycee, None, _once(problem, lycee, len(posts)))
        for lycee in problem.lycees
        if known.count(lycee) == 1
    ]
    return (*lone, *once)


def _lone(problem: StaffingProblem, lycee: str) -> PostException:
    rank = problem.lycees.index(lycee)
    if len(problem.served) == 1:
        alone = worded("seul {site} de la zone qui demande une présence")
        return PostException(ExceptionCause.SIZE, alone)
    remote = _remote(problem, rank)
    if remote is not None:
        return remote
    if problem.needs[rank] >= 2 * problem.options.days:
        sentence = (
            f"{plural(problem.needs[rank], 'demi-journée')} par semaine : un poste à lui seul"
        )
        return PostException(ExceptionCause.SIZE, sentence)
    return PostException(
        ExceptionCause.OTHER, "aucune organisation ne permet d'éviter cette exception"
    )


def _once(problem: StaffingProblem, lycee: str, posts: int) -> PostException:
    rank = problem.lycees.index(lycee)
    if posts == 1:
        return PostException(ExceptionCause.SIZE, "la zone n'occupe qu'un poste")
    if problem.needs[rank] == 1:
        return PostException(ExceptionCause.SIZE, "une demi-journée par semaine")
    if problem.options.settings.max_known == 1:
        who, e = terms().proximity_technician, terms().proximity_technician.e
        sentence = f"un{e} seul{e} {who} par {terms().site} est permis{e}"
        return PostException(ExceptionCause.OTHER, sentence)
    remote = _remote(problem, rank)
    return remote or PostException(
        ExceptionCause.OTHER, "aucune organisation ne permet d'éviter cette exception"
    )


def _remote(problem: StaffingProblem, rank: int) -> PostException | None:
    """Return the reason for a lycée with another lycée out of reach; else ``None``."""
    reach = problem.options.settings.shared_minutes
    drives = {
        max(problem.minutes[rank][other], problem.minutes[other][rank]): other
        for other in problem.served
        if other != rank
    }
    far = max(drives, default=0.0)
    if far <= reach:
        return None
    name = problem.name(problem.lycees[drives[far]])
    sentence = f"à {minutes(far)} de {name}, pour {minutes(reach)} au plus"
    return PostException(ExceptionCause.REMOTENESS, sentence)
