"""Constraints of a partition problem: lycées that may not share a zone, bounds as rows, checks.

Incompatibilities serve to enumerate candidates and to write messages; bounds are rows of the
program, and the plans that it returns are checked against them.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from geozones.common.french import minutes
from geozones.domain import Plan
from geozones.domain.proposal_conditions import THRESHOLD
from geozones.domain.terms import terms
from geozones.domain.zone_costs import CostsByName
from geozones.optimize.problem import NONE, PartitionProblem
from geozones.optimize.resources import SAME, SectorBound, tolerance


@dataclass(frozen=True, eq=False)
class Rows:
    """Rows of a program: ``float[column, row]``, and the ``float[row]`` that bound them."""

    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]

    @classmethod
    def at_most(cls, matrix: csr_array, upper: NDArray[np.float64]) -> Self:
        """Return rows without a lower bound."""
        return cls(matrix, np.full(len(upper), -inf), upper)


def right_hand_side(problem: PartitionProblem) -> NDArray[np.float64]:
    """Return the most that movable lycées can use of each resource, ``float[resource]``.

    The use of the locked zones is subtracted; ``inf`` for no bound.
    """
    return np.array(
        [
            resource.most + tolerance(resource.most) - kept if resource.most < inf else inf
            for resource, kept in zip(problem.options.resources, problem.locked_uses, strict=True)
        ]
    )


def current_plan_fits(problem: PartitionProblem) -> bool:
    """Return whether the current plan respects every bound on resources."""
    zones = [problem.plan.members(zone) for zone in (*problem.zones, *problem.locked)]
    zones = [zone for zone in zones if zone]
    for resource in problem.options.resources:
        uses = np.array(CostsByName(resource.use, problem.costs.lycees).of_all(zones))
        if not (resource.fits(uses).all() and resource.allows(float(uses.sum()))):
            return False
    return True


def bound_faults(problem: PartitionProblem) -> list[str]:
    """Return the bounds on sectors that no plan can respect, in French, with the figures."""
    plan, sentences = problem.plan, []
    for bound in problem.options.sector_bounds:
        had = {sector: bound.of(plan, sector) for sector in problem.sectors}
        total, count = sum(had.values()), len(had)
        if problem.options.change_sector and count > 1:
            if not count * bound.least - SAME <= total <= count * bound.most + SAME:
                sentences.append(
                    f"Les {count} secteurs ont {bound.text(total)} en tout : chacun ne peut pas en "
                    f"avoir {bound.range_text()}."
                )
            continue
        sentences += [
            f"Le secteur {plan.sector(sector).name} a {bound.text(amount)} (demandé : "
            f"{bound.range_text()}), et {terms().site.no} ne peut changer de secteur."
            for sector, amount in had.items()
            if not bound.allows(amount)
        ]
    return sentences


def sectors_fit(problem: PartitionProblem, plan: Plan) -> bool:
    """Return whether a plan respects every bound on the sectors of the scope."""
    return all(
        bound.allows(bound.of(plan, sector))
        for bound in problem.options.sector_bounds
        for sector in problem.sectors
    )


def sector_rows(
    problem: PartitionProblem, covers: csr_array, sector: NDArray[np.int16]
) -> list[Rows]:
    """Return rows (4) and (5) of ``model``, the most and the least of each sector.

    Parameters
    ----------
    covers
        Rows (1), ``float32[column, lycée]``.
    sector
        ``int16[column]``, the sector of each column.
    """
    if not problem.has_sector_columns:
        return []
    rows = []
    count = len(problem.sectors)
    own = csr_array(
        (np.ones(len(sector)), (np.arange(len(sector)), sector)), shape=(len(sector), count)
    )
    others = csr_array(1 - own.toarray())
    for bound in problem.options.sector_bounds:
        amounts = np.array([bound.amounts.get(lycee, 0.0) for lycee in problem.lycees])
        kept = np.array([_kept(problem, bound, name) for name in problem.sectors])
        used = (covers @ amounts)[:, None]
        if bound.most < inf:
            most = np.full(count, bound.most + SAME) - kept
            rows.append(Rows.at_most(csr_array(own.multiply(used)), most))
        if bound.least > 0:
            left = amounts.sum() - np.maximum(bound.least - SAME - kept, 0.0)
            rows.append(Rows.at_most(csr_array(others.multiply(used)), left))
    return rows


def _kept(problem: PartitionProblem, bound: SectorBound, sector: str) -> float:
    """Return the amount of the locked zones of a sector (id)."""
    zones = [zone for zone in problem.locked if problem.plan.zone(zone).sector == sector]
    lycees = (lycee for zone in zones for lycee in problem.plan.members(zone))
    return sum(bound.amounts.get(lycee, 0.0) for lycee in lycees)


@dataclass(frozen=True, eq=False)
class Incompatibility:
    """Reason why two lycées may not share a zone."""

    holds: NDArray[np.bool_]  # ``bool[n, n]``, symmetric: the forbidden pairs of lycées (numbers).
    #: Returns the reason as a French clause, for the numbers of the two lycées.
    says: Callable[[int, int], str]
    #: Whether it comes from driving times, which messages about a lycée count separately.
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
