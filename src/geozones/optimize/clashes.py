"""Why two lycées may not share a zone: one definition, for the candidates and for the messages."""

from collections.abc import Callable
from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain.french import minutes
from geozones.optimize.problem import NONE, Problem


@dataclass(frozen=True, eq=False)
class Clash:
    """One reason: ``bool[n, n]`` where it holds, and a sentence for a pair, by number."""

    holds: NDArray[np.bool_]
    says: Callable[[int, int], str]
    #: Whether it comes from minutes, which the messages about one lycée count apart.
    of_minutes: bool = False


def clashes(problem: Problem) -> tuple[Clash, ...]:
    """Return every reason for two lycées not to share a zone."""
    cap = problem.options.max_minutes
    table, name = problem.minutes, problem.name
    lycees = problem.lycees

    def both(first: int, second: int) -> str:
        return f"{name(lycees[first])} et {name(lycees[second])}"

    found = [
        Clash(
            np.isinf(table),
            lambda a, b: f"aucun trajet connu ne relie {both(a, b)}",
            of_minutes=True,
        ),
        Clash(_apart(problem), lambda a, b: f"{both(a, b)} doivent être séparés"),
        Clash(
            _differ(problem.held),
            lambda a, b: f"{both(a, b)} sont verrouillés dans deux zones différentes",
        ),
        Clash(
            _differ(problem.pinned),
            lambda a, b: (
                f"{both(a, b)} doivent rester dans deux secteurs différents "
                "(centre support ou verrou)"
            ),
        ),
    ]
    if cap is not None and cap < inf:
        found.append(
            Clash(
                (table > cap) & ~np.isinf(table),
                lambda a, b: (
                    f"{both(a, b)} sont à {minutes(table[a, b])} l'un de l'autre "
                    f"(plafond : {minutes(cap)})"
                ),
                of_minutes=True,
            )
        )
    if not problem.options.change_sector:
        sectors = problem.sector_of
        found.append(
            Clash(
                sectors[:, None] != sectors[None, :],
                lambda a, b: f"{both(a, b)} sont de deux secteurs différents",
            )
        )
    return tuple(found)


def compatible_pairs(problem: Problem) -> NDArray[np.bool_]:
    """Tell which lycées may share a zone, ``bool[n, n]``, false on the diagonal."""
    allowed = ~np.eye(problem.size, dtype=bool)
    for clash in clashes(problem):
        allowed &= ~clash.holds
    return allowed


def _apart(problem: Problem) -> NDArray[np.bool_]:
    holds = np.zeros((problem.size, problem.size), bool)
    for first, second in problem.options.apart:
        if first in problem.index and second in problem.index:
            a, b = problem.index[first], problem.index[second]
            holds[a, b] = holds[b, a] = True
    return holds


def _differ(commands: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Tell which lycées command two different things, where both command one."""
    both = (commands[:, None] != NONE) & (commands[None, :] != NONE)
    return np.asarray(both & (commands[:, None] != commands[None, :]), bool)
