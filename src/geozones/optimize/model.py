r"""The formulation, a set partitioning problem: which zones to make, at the least cost.

Sets
    L, the lycées that may move; Z, their old zones; C, the candidate zones, that is the sets
    S ⊂ L of allowed size whose lycées may share a zone two by two (reachable within the cap, in
    sectors that may mix, not wanted apart, not locked in two zones, not support centres of two
    sectors) and that hold all or none of each group wanted together or locked in one zone.
Data
    c(S), the cost of a zone (``domain.zone_costs``); K, the moves allowed; m, the number of zones
    wanted.

Without K, a plan is a partition of L into candidates, x(S) ∈ {0, 1}:

.. math::

    \text{minimise}\quad & \sum_{S} c(S)\, x(S) \\
    \text{subject to}\quad & \sum_{S \ni i} x(S) = 1 & i ∈ L \quad (1) \\
    & \sum_{S} x(S) = m & \text{where m is given} \quad (2)

Which old zone each S continues is chosen afterwards (``zone_matching``): it changes no cost, and
the locks are already in C.

With K, a column is a candidate and the old zone that it continues, or none: x(S, z), z ∈ Z ∪ {∅}.
A lycée of S counts as moved unless it was in z, so that moved(S, z) = \|S \ z\|:

.. math::

    & \sum_{S, z} |S \setminus z|\, x(S, z) ≤ K & (3) \\
    & \sum_{S} x(S, z) ≤ 1 & z ∈ Z \quad (4)

with (1) and (2) summed over z as well. A column is left out when no plan within K moves can have
it: \|S \ z\| > K, or \|z \ S\| > K, since the lycées of z outside S have left z. So is (S, z)
with S ∩ z empty, which moves as many as (S, ∅) and takes z from others; unless a lycée is locked
in z, in which case S must continue z, and the reverse. Where a support centre fixes the sector of
S, z must be of that sector.

With bounds on what a plan uses in all, the rows of ``resources``, (R), come after (2).

Cuts, valid for every partition, strengthen the linear relaxation (subset-row inequalities: Jepsen,
Petersen, Spoorendonk and Pisinger, *Operations Research* 56, 2008): of three lycées T, at most one
zone holds two or more,

.. math:: \sum_{S : |S ∩ T| ≥ 2} x(S) ≤ 1 \quad (5)
"""

from dataclasses import dataclass, replace
from math import inf

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.optimize.candidates import Candidates
from geozones.optimize.plan_bounds import right_hand_side, sector_rows
from geozones.optimize.problem import NONE, PartitionProblem
from geozones.optimize.zone_matching import MatchedZone

#: Columns held at once at most: about 100 bytes each.
MAX_COLUMNS = 6_000_000
_SLACK = 1e-6


@dataclass(frozen=True, eq=False)
class Model:
    r"""The integer program: its columns, the rows that bound them, and their costs.

    Parameters
    ----------
    candidate, zone, moved
        ``int[column]``: the number of S, that of z (-1 for none), and \|S \ z\|. Without K, z is
        none.
    sector
        ``int[column]``: the sector g of S where columns say it (``sector_bounds``), else -1.
    cost
        ``float[column]``: c(S), or c(S, g).
    matrix
        ``float[column, row]``: row after row of the formulation, (1), (2), (R), (3),
        (4), (5); ``float64`` with rows (R), whose figures are not whole.
    lower, upper
        ``float[row]``: bounds of each row.
    lycees
        How many rows (1) there are: they come first.
    most
        Zones that a plan can have at most.
    """

    candidate: NDArray[np.int32]
    zone: NDArray[np.int16]
    moved: NDArray[np.uint8]
    sector: NDArray[np.int16]
    cost: NDArray[np.float64]
    matrix: csr_array
    lower: NDArray[np.float64]
    upper: NDArray[np.float64]
    lycees: int
    most: int

    def __len__(self) -> int:
        return len(self.cost)

    def take(self, columns: NDArray[np.int64]) -> "Model":
        """Return the program over some columns only."""
        return replace(
            self,
            candidate=self.candidate[columns],
            zone=self.zone[columns],
            moved=self.moved[columns],
            sector=self.sector[columns],
            cost=self.cost[columns],
            matrix=self.matrix[columns],
        )

    def with_cost(self, cost: NDArray[np.float64]) -> "Model":
        """Return the program with other costs, ``float[column]``."""
        return replace(self, cost=cost)

    def with_move_limit(self, moved: NDArray[np.uint8], allowed: int) -> "Model":
        """Return the program with row (3), counting for each column the fewest lycées it can move.

        It is a relaxation of the program with K. ``moved`` is ``uint8[column]``.
        """
        row = csr_array(moved[:, None].astype(np.float32))
        return replace(
            self,
            matrix=hstack([self.matrix, row], format="csr"),
            lower=np.append(self.lower, -inf),
            upper=np.append(self.upper, float(allowed)),
        )

    def with_cuts(self, triples: list[tuple[int, int, int]]) -> "Model":
        """Return the program with rows (5) for some triples of lycées (numbers)."""
        covers = self.matrix[:, : self.lycees].tocsc()
        pick = np.zeros((self.lycees, len(triples)), np.float32)
        for row, triple in enumerate(triples):
            pick[list(triple), row] = 1
        held = (covers @ csr_array(pick)).tocsr()
        held.data = (held.data >= 2).astype(np.float32)
        held.eliminate_zeros()
        return replace(
            self,
            matrix=hstack([self.matrix, held], format="csr"),
            lower=np.append(self.lower, np.full(len(triples), -inf)),
            upper=np.append(self.upper, np.ones(len(triples))),
        )


def build_model(
    problem: PartitionProblem, candidates: Candidates, limit: int = MAX_COLUMNS
) -> Model:
    """Write the program of a problem over its candidates.

    Raises
    ------
    InputError
        If it has more than ``limit`` columns.
    """
    if problem.max_moves is None:
        candidate = np.arange(len(candidates), dtype=np.int32)
        zone = np.full(len(candidates), NONE, np.int16)
        moved = np.zeros(len(candidates), np.uint8)
    else:
        candidate, zone, moved = _columns_within_moves(
            problem, candidates, problem.max_moves, limit
        )
    sector = np.full(len(candidate), NONE, np.int16)
    if problem.says_sector:
        rank, sector = _in_sectors(problem, candidates, candidate, zone)
        candidate, zone, moved = candidate[rank], zone[rank], moved[rank]
        if len(candidate) > limit:
            raise InputError(_too_many_columns_text(limit, problem.max_moves or problem.size))
    return _assemble(problem, candidates, (candidate, zone, moved), sector)


def _in_sectors(
    problem: PartitionProblem,
    candidates: Candidates,
    candidate: NDArray[np.int32],
    zone: NDArray[np.int16],
) -> tuple[NDArray[np.int64], NDArray[np.int16]]:
    """Return each column once for each of its possible sectors: its rank, and the sector."""
    pinned = _forced(problem, candidates)[0][candidate]
    own = np.append(problem.zone_sector, NONE)[zone]
    forced = np.where(own == NONE, pinned, own)
    count = len(problem.sectors)
    fits = (forced[:, None] == NONE) | (forced[:, None] == np.arange(count))
    if problem.zone_sector_costs:
        first = len(problem.zone_uses)
        fits &= np.isfinite(candidates.uses[first:, candidate].T)
    rank, sector = np.nonzero(fits)
    return rank, sector.astype(np.int16)


type _Columns = tuple[NDArray[np.int32], NDArray[np.int16], NDArray[np.uint8]]


def _columns_within_moves(
    problem: PartitionProblem, candidates: Candidates, allowed: int, limit: int
) -> _Columns:
    """List every (S, z) that a plan within ``allowed`` moves can have."""
    pinned, held = _forced(problem, candidates)
    candidate, zone, moved = [], [], []
    count = 0
    for z in range(NONE, len(problem.zones)):
        if z == NONE:
            fits = (candidates.size <= allowed) & (held == NONE)
            leaving = candidates.size
        else:
            fits, leaving = _continuing(problem, candidates, z, allowed)
            fits &= (held == NONE) | (held == z)
            fits &= (pinned == NONE) | (pinned == problem.zone_sector[z])
        chosen = np.flatnonzero(fits)
        count += len(chosen)
        if count > limit:
            raise InputError(_too_many_columns_text(limit, allowed))
        candidate.append(chosen.astype(np.int32))
        zone.append(np.full(len(chosen), z, np.int16))
        moved.append(leaving[chosen].astype(np.uint8))
    order = np.argsort(np.concatenate(candidate), kind="stable")
    return (
        np.concatenate(candidate)[order],
        np.concatenate(zone)[order],
        np.concatenate(moved)[order],
    )


def _continuing(
    problem: PartitionProblem, candidates: Candidates, zone: int, allowed: int
) -> tuple[NDArray[np.bool_], NDArray[np.uint8]]:
    """Return which candidates may continue an old zone, and how many lycées each moves.

    Both are by candidate.
    """
    inside = np.zeros(problem.size + 1, np.uint8)
    inside[list(problem.old_members[zone])] = 1
    common = np.zeros(len(candidates), np.uint8)
    for row in candidates.members:
        common += inside[row]
    arriving = candidates.size - common
    fits = (common > 0) & (arriving <= allowed)
    fits &= len(problem.old_members[zone]) - common.astype(int) <= allowed
    return fits, arriving


def _forced(
    problem: PartitionProblem, candidates: Candidates
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the sector and the old zone that each candidate is forced into, or ``NONE``.

    Both are ``int[candidate]``.
    """
    pinned = np.full(len(candidates), NONE)
    held = np.full(len(candidates), NONE)
    for row in candidates.members:
        np.maximum(pinned, np.append(problem.pinned, NONE)[row], out=pinned)
        np.maximum(held, np.append(problem.held, NONE)[row], out=held)
    return pinned, held


def _assemble(
    problem: PartitionProblem,
    candidates: Candidates,
    columns: _Columns,
    sector: NDArray[np.int16],
) -> Model:
    """Write the rows of the program, given its columns and their sectors."""
    candidate, zone, moved = columns
    count, wanted, allowed = problem.size, problem.zone_count, problem.max_moves
    lower, upper = [np.ones(count)], [np.ones(count)]
    blocks = [_covers(candidates, candidate)]
    if wanted is not None:
        blocks.append(csr_array(np.ones((len(candidate), 1), np.float32)))
        lower.append(np.array([float(wanted)]))
        upper.append(np.array([float(wanted)]))
    limits = right_hand_side(problem)
    bounded = np.flatnonzero(limits < inf)
    if len(bounded):
        blocks.append(csr_array(candidates.uses[np.ix_(bounded, candidate)].T))
        lower.append(np.full(len(bounded), -inf))
        upper.append(limits[bounded])
    if problem.says_sector:
        rows, most_by_sector = sector_rows(problem, blocks[0], sector)
        blocks += rows
        lower += [np.full(len(row), -inf) for row in most_by_sector]
        upper += most_by_sector
    if allowed is not None:
        blocks.append(csr_array(moved[:, None].astype(np.float32)))
        blocks.append(_one_hot(zone, len(problem.zones)))
        lower.append(np.full(1 + len(problem.zones), -inf))
        upper.append(np.concatenate([[float(allowed)], np.ones(len(problem.zones))]))
    most = count // problem.options.size_min if wanted is None else max(wanted, 0)
    cost = candidates.cost[candidate]
    if problem.zone_sector_costs:
        cost = candidates.uses[len(problem.zone_uses) + sector.astype(int), candidate]
    return Model(
        candidate, zone, moved, sector, cost,
        hstack(blocks, format="csr") if len(blocks) > 1 else blocks[0],
        np.concatenate(lower), np.concatenate(upper), count, most,
    )  # fmt: skip


def _covers(candidates: Candidates, candidate: NDArray[np.int32]) -> csr_array:
    """Return rows (1), ``float32[column, lycée]``."""
    members = candidates.members.T[candidate]
    indices = members[members < candidates.lycees].astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(candidates.size[candidate], dtype=np.int32)])
    shape = (len(candidate), candidates.lycees)
    return csr_array((np.ones(len(indices), np.float32), indices, starts), shape=shape)


def _one_hot(zone: NDArray[np.int16], zones: int) -> csr_array:
    """Return rows (4), ``float32[column, zone]``."""
    known = np.flatnonzero(zone != NONE)
    values = np.ones(len(known), np.float32)
    return csr_array((values, (known, zone[known].astype(np.int32))), shape=(len(zone), zones))


def _too_many_columns_text(limit: int, allowed: int) -> str:
    return (
        f"Le plafond de {number(allowed)} déplacements sur ce périmètre donne plus de "
        f"{number(limit)} façons de prolonger les zones actuelles : choisissez moins de secteurs, "
        "abaissez le plafond de minutes, ou levez la limite de déplacements."
    )


def columns_of(
    model: Model, candidates: Candidates, problem: PartitionProblem, matched: list[MatchedZone]
) -> NDArray[np.int64] | None:
    """Return the columns of some zones, ascending.

    ``None`` if the model does not have them all, or they use more than a plan may.
    """
    if problem.zone_count is not None and problem.zone_count != len(matched):
        return None
    columns = []
    for members, zone, sector in matched:
        candidate = candidates.find(members)
        if candidate is None:
            return None
        first, last = np.searchsorted(model.candidate, [candidate, candidate + 1])
        wanted = NONE if problem.options.max_moves is None else zone
        fits = model.zone[first:last] == wanted
        if problem.says_sector:
            of = sector if zone == NONE else problem.zone_sector[zone]
            fits &= (model.sector[first:last] == of) | (of == NONE)
        at = np.flatnonzero(fits)
        if not len(at):
            return None
        columns.append(int(first + at[0]))
    chosen = np.sort(np.array(columns, np.int64))
    used = candidates.uses[:, model.candidate[chosen]].sum(axis=1)
    bounded = used[: len(problem.zone_uses)] <= right_hand_side(problem)
    if not bounded.all():
        return None
    total = np.asarray(model.matrix[chosen].sum(axis=0)).ravel()
    return chosen if (total <= model.upper + _SLACK).all() else None
