"""Exceptions to shared posts in a proposal, each with its reason: size, remoteness, another."""

from collections.abc import Sequence
from dataclasses import dataclass

from geozones.common.french import minutes, plural
from geozones.domain import TravelTimes
from geozones.domain.teams import ExceptionCause, Post, PostException
from geozones.domain.terms import terms, worded
from geozones.teams.staffing_problem import StaffingProblem


@dataclass(frozen=True, slots=True)
class SharingException:
    """Post in one lycée only, or lycée that one post only knows.

    Parameters
    ----------
    lycee
        The lycée (id).
    post
        The post (id) in this lycée only; ``None`` for a lycée that one post only knows.
    why
        Its reason.
    """

    lycee: str
    post: str | None
    why: PostException


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
        alone = worded("seul{e_site} {site} de la zone qui demande une présence")
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
        sentence = f"un{e} seul{e} {who} par {terms().site} est permis{e} (menu Hypothèses)"
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
