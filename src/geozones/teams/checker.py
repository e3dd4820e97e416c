"""Whether posts keep the rules, and which they break: knows the rules, nothing of the search.

Used on what people type as on what is proposed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geozones.domain import TravelTimes
from geozones.domain.french import listing, minutes, plural
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import DAYS, FREE, SHARES, Post, capacity, slot_name


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that the posts of a zone break: its name, the posts (ids), and a sentence."""

    rule: str
    posts: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class Question:
    """What the posts of a zone are held to; ``needs`` in half-days a week by lycée (id)."""

    needs: Mapping[str, int]
    times: TravelTimes
    settings: TeamSettings = field(default_factory=TeamSettings)
    days: int = len(DAYS)
    name: Callable[[str], str] = str
    label: Callable[[Post], str] = lambda post: post.id


def check_posts(posts: Sequence[Post], question: Question) -> tuple[Fault, ...]:
    """Return every rule that the posts of one zone break, a sentence each."""
    return (
        *(fault for post in posts for fault in _of_post(post, question)),
        *(fault for lycee in sorted(question.needs) for fault in _of_lycee(lycee, posts, question)),
    )


def _of_post(post: Post, question: Question) -> Iterator[Fault]:
    label, slots = question.label(post), 2 * question.days

    def fault(rule: str, said: str) -> Fault:
        return Fault(rule, (post.id,), f"{label} : {said}.")

    if post.share not in SHARES:
        yield fault("share", f"la quotité {post.share} % n'est pas de 100, 80 ou 50 %")
    most = capacity(post.share, slots)
    worked = [slot for slot, cell in enumerate(post.cells) if cell is not None]
    if len(worked) > most or any(slot >= slots for slot in worked):
        yield fault("share", f"{len(worked)} demi-journées pour {most} à {post.share} %")
    strays = [cell for cell in post.lycees if cell not in question.needs]
    if strays:
        names = listing([question.name(cell) for cell in strays])
        yield fault("zone", f"{names} n'est pas dans la zone")
    if post.load and post.residence not in post.lycees:
        yield fault("residence", "la résidence administrative n'est pas un de ses lycées")
    for day in range(question.days):
        yield from _of_day(post, day, question)


def _of_day(post: Post, day: int, question: Question) -> Iterator[Fault]:
    first, second = post.cells[2 * day : 2 * day + 2]
    if first is None or second is None or first == second or FREE in {first, second}:
        return
    if first not in question.times.one_way or second not in question.times.one_way:
        return
    drive, limit = question.times.one_way[first][second], question.settings.split_minutes
    if drive > limit:
        yield Fault(
            "split",
            (post.id,),
            f"{question.label(post)} : le {DAYS[day]}, {question.name(first)} puis "
            f"{question.name(second)} sont à {minutes(drive)}, plus que {minutes(limit)}.",
        )


def _of_lycee(lycee: str, posts: Sequence[Post], question: Question) -> Iterator[Fault]:
    name, need = question.name(lycee), question.needs[lycee]
    given = sum(post.cells.count(lycee) for post in posts)
    concerned = tuple(post.id for post in posts if lycee in post.cells)
    if given != need:
        what = "manque" if given < need else "trop"
        yield Fault(
            "need",
            concerned,
            f"{name} : {plural(given, 'demi-journée')} par semaine pour un besoin de {need} "
            f"({what} : {abs(need - given)}).",
        )
    seen = {slot // 2 for post in posts for slot, cell in enumerate(post.cells) if cell == lycee}
    gap = _longest_gap(seen, question.days)
    if need and gap > question.settings.gap_days:
        yield Fault(
            "gap",
            concerned,
            f"{name} : personne pendant {gap} jours de suite, plus que "
            f"{question.settings.gap_days}.",
        )


def _longest_gap(seen: set[int], days: int) -> int:
    """Return the longest run of days without anyone, the week coming round again."""
    longest = run = 0
    for day in [*range(days), *range(days)]:
        run = 0 if day in seen else run + 1
        longest = max(longest, run)
    return min(longest, days)


def unlocked_changes(before: Sequence[Post], after: Sequence[Post]) -> tuple[str, ...]:
    """Return what a proposal changed although it was locked: nothing, if it keeps its word."""
    found = {post.id: post for post in after}
    said = []
    for post in before:
        for slot in sorted(post.locked):
            new = found.get(post.id)
            if new is None or new.cells[slot] != post.cells[slot] or slot not in new.locked:
                said.append(f"{post.id}, {slot_name(slot)}")
    return tuple(said)
