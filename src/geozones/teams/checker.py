"""Rules that posts must respect, and the check of their violations.

It checks grids typed by people as well as proposed grids, and shares no code with the search.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from geozones.common.french import listing, minutes, plural
from geozones.domain import TravelTimes
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import DAYS, FREE, SHARES, Post, capacity, slot_name
from geozones.domain.terms import terms
from geozones.teams.presence_gaps import longest_gap


@dataclass(frozen=True, slots=True)
class PostViolation:
    """A rule that posts of a zone break: its name, the posts (ids), and a French sentence."""

    rule: str
    posts: tuple[str, ...]
    message: str


@dataclass(frozen=True)
class PostRequirements:
    """Requirements of the posts of a zone.

    Parameters
    ----------
    needs
        Half-days a week by lycée (id) of the zone.
    days
        Working days of a week.
    name, label
        Functions that return the name of a lycée (id) and of a post in sentences.
    """

    needs: Mapping[str, int]
    times: TravelTimes
    settings: TeamSettings = field(default_factory=TeamSettings)
    days: int = len(DAYS)
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
        theirs = f"un{site.e} de ses {site.plural}"
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


def unlocked_changes(before: Sequence[Post], after: Sequence[Post]) -> tuple[str, ...]:
    """Return the locked half-days that a proposal changed, as texts; there should be none."""
    new_by_id = {post.id: post for post in after}
    changes = []
    for post in before:
        for slot in sorted(post.locked):
            new = new_by_id.get(post.id)
            if new is None or new.cells[slot] != post.cells[slot] or slot not in new.locked:
                changes.append(f"{post.id}, {slot_name(slot)}")
    return tuple(changes)
