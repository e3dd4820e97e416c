"""Incompatibilities of lycées that may not share a zone, for candidates and for messages."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import minutes
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.terms import terms
from geozones.optimize.problem import NONE, PartitionProblem


@dataclass(frozen=True, eq=False)
class Incompatibility:
    """Reason why two lycées may not share a zone.

    Parameters
    ----------
    holds
        ``bool[n, n]``, symmetric: the forbidden pairs of lycées (numbers).
    says
        Returns the reason as a French clause, for the numbers of the two lycées.
    of_minutes
        Whether it comes from driving times, which messages about a lycée count separately.
    """

    holds: NDArray[np.bool_]
    says: Callable[[int, int], str]
    of_minutes: bool = False


def incompatibilities(problem: PartitionProblem) -> tuple[Incompatibility, ...]:
    """Return every reason for two lycées not to share a zone, under the options."""
    return (
        *_of_access(problem),
        *_of_locks(problem),
        *_of_cap(problem),
        *_of_threshold(problem),
        *_of_sectors(problem),
    )


def _both(problem: PartitionProblem, first: int, second: int) -> str:
    lycees, name = problem.lycees, problem.name
    return f"{name(lycees[first])} et {name(lycees[second])}"


def _apart_text(drive: float) -> str:
    return f"{minutes(drive)} l'un{terms().site.e} de l'autre"


def _of_access(problem: PartitionProblem) -> Iterator[Incompatibility]:
    yield Incompatibility(
        np.isinf(problem.minutes),
        lambda a, b: f"aucun trajet connu ne relie {_both(problem, a, b)}",
        of_minutes=True,
    )


def _of_locks(problem: PartitionProblem) -> Iterator[Incompatibility]:
    """Yield the pairs forbidden by "apart" options, locked lycées and support centres."""
    yield Incompatibility(
        _apart(problem), lambda a, b: f"{_both(problem, a, b)} doivent être séparé{terms().site.e}s"
    )
    yield Incompatibility(
        _differ_where_set(problem.held),
        lambda a, b: (
            f"{_both(problem, a, b)} sont verrouillé{terms().site.e}s dans deux zones différentes"
        ),
    )
    yield Incompatibility(
        _differ_where_set(problem.pinned),
        lambda a, b: (
            f"{_both(problem, a, b)} doivent rester dans deux secteurs différents "
            f"({terms().support_centre} ou verrou)"
        ),
    )


def _of_cap(problem: PartitionProblem) -> Iterator[Incompatibility]:
    cap, table = problem.options.max_minutes, problem.minutes
    if cap is not None and cap < inf:
        yield Incompatibility(
            (table > cap) & ~np.isinf(table),
            lambda a, b: (
                f"{_both(problem, a, b)} sont à {_apart_text(table[a, b])} "
                f"(plafond : {minutes(cap)})"
            ),
            of_minutes=True,
        )


def _of_threshold(problem: PartitionProblem) -> Iterator[Incompatibility]:
    """Yield the pairs forbidden by the threshold of minutes, except in an unchanged zone."""
    if problem.options.imposes(THRESHOLD):
        table, label = problem.minutes, problem.options.label(THRESHOLD)
        yield Incompatibility(
            problem.over_threshold & ~problem.in_current_zone,
            lambda a, b: (
                f"{_both(problem, a, b)} sont à {_apart_text(table[a, b])} (règle « {label} »)"
            ),
            of_minutes=True,
        )


def _of_sectors(problem: PartitionProblem) -> Iterator[Incompatibility]:
    sectors = problem.sector_of
    if not problem.options.change_sector:
        yield Incompatibility(
            sectors[:, None] != sectors[None, :],
            lambda a, b: f"{_both(problem, a, b)} sont de deux secteurs différents",
        )


def compatible_pairs(problem: PartitionProblem) -> NDArray[np.bool_]:
    """Return which lycées may share a zone, ``bool[n, n]``, false on the diagonal."""
    allowed = ~np.eye(problem.size, dtype=bool)
    for reason in incompatibilities(problem):
        allowed &= ~reason.holds
    return allowed


def _apart(problem: PartitionProblem) -> NDArray[np.bool_]:
    """Return the pairs that the options want apart, ``bool[n, n]``."""
    holds = np.zeros((problem.size, problem.size), bool)
    for first, second in problem.options.apart:
        if first in problem.index and second in problem.index:
            a, b = problem.index[first], problem.index[second]
            holds[a, b] = holds[b, a] = True
    return holds


def _differ_where_set(values: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which values differ pairwise, if neither is ``NONE``, ``bool[n, n]``."""
    both_set = (values[:, None] != NONE) & (values[None, :] != NONE)
    return np.asarray(both_set & (values[:, None] != values[None, :]), bool)
