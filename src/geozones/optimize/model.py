r"""The formulation: a set partitioning problem, of which columns are the possible zones.

Sets
    L, the n lycées that may move: those of the scope, except in locked zones.
    Z, the old zones of the scope that are not locked; G, the sectors of the scope.
    C, the candidates: the zones S ⊂ L that a plan may have (``candidates``). S has an allowed
    size; its lycées may share a zone two by two (``candidates``: reachable, within the cap and
    the threshold of minutes, in sectors that may mix, not held in two zones nor two sectors); it
    has all or none of the lycées held in one zone; it keeps the rules of zones or is an old zone
    (``ZoneRules``), within the bounds on each zone (``resources``); its cost is finite.

Data
    c(S), the cost of a zone, or c(S, g) in a sector (``PartitionOptions.cost``, ``sector_costs``);
    m, the number of zones asked; K, the number of moves allowed; u_r(S) ≥ 0, the use of resource r,
    and U_r, the most that movable lycées may use of it, net of what locked zones use.

Variables
    x(S, z, g) ∈ {0, 1}: whether the plan has the zone S, that continues the old zone
    z ∈ Z ∪ {∅}, in the sector g. Columns say z only if K is given: without K, it changes no cost
    and is chosen afterwards (``result``). They say g only if lycées may change sector and costs
    depend on it. A sum over S below is over z and g too, where columns say them.

Objective
    .. math:: \text{minimise} \quad \sum_{S} c(S, g)\, x(S, z, g)

Constraints
    .. math::

        & \sum_{S \ni i} x(S, z, g) = 1 & i ∈ L \quad (1) \\
        & \sum_{S} x(S, z, g) = m & \text{where m is given} \quad (2) \\
        & \sum_{S} u_r(S)\, x(S, z, g) ≤ U_r & \text{each bounded resource r} \quad (3) \\
        & \sum_{S} |S \setminus z|\, x(S, z, g) ≤ K & \text{where K is given} \quad (4) \\
        & \sum_{S} x(S, z, g) ≤ 1 & z ∈ Z,\ \text{where K is given} \quad (5)

    (1) Each lycée is in one zone. (2) There are m zones. (3) Totals, among them the zones of a
    sector (``sector_average``). (4) A lycée of S moves unless it was in z. (5) One zone continues
    an old zone.

Columns left out
    With K, (S, z) is in no plan of K moves if \|S \ z\| + \|z \ S\| > K, since the lycées of z
    outside S have left z. If S ∩ z is empty, (S, z) moves as many as (S, ∅) and takes z from
    others: it is left out, unless a lycée is held in z; then S must continue z, and only S may.
    Where a support centre fixes the sector of S, z and g are of that sector; g is the sector of z.

Cuts
    Valid for every partition, they strengthen the linear relaxation (subset-row inequalities:
    Jepsen, Petersen, Spoorendonk and Pisinger, *Operations Research* 56, 2008): of three lycées T,
    at most one zone has two or more,

    .. math:: \sum_{S : |S ∩ T| ≥ 2} x(S, z, g) ≤ 1 \quad (6)
"""

from dataclasses import dataclass, replace
from math import inf
from typing import Self

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array, hstack

from geozones.common.errors import InputError
from geozones.common.french import number
from geozones.optimize.candidates import Candidates
from geozones.optimize.problem import NONE, PartitionProblem
from geozones.optimize.resources import tolerance
from geozones.optimize.result import MatchedZone

#: Columns held at once at most: about 100 bytes each.
MAX_COLUMNS = 6_000_000
_SLACK = 1e-6


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


@dataclass(frozen=True, eq=False)
class Model:
    r"""The integer program: its columns, the rows that bound them, and their costs."""

    #: ``int[column]``: the number of S, that of z (-1 for none), and \|S \ z\|. Without K, z is
    #: none.
    candidate: NDArray[np.int32]
    zone: NDArray[np.int16]
    moved: NDArray[np.uint8]
    #: ``int[column]``: the sector g of S where columns say it (``sector_costs``), else -1.
    sector: NDArray[np.int16]
    cost: NDArray[np.float64]  # ``float[column]``: c(S), or c(S, g).
    #: ``float[column, row]``: the rows in the order of their numbers, of which each program has
    #: some; ``float64`` with rows (3), whose figures are not whole.
    matrix: csr_array
    lower: NDArray[np.float64]  # ``float[row]``: bounds of each row.
    upper: NDArray[np.float64]
    lycees: int  # How many rows (1) there are: they come first.
    most: int  # Zones that a plan can have at most.

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
        """Return the program with row (4), counting for each column the fewest lycées it can move.

        It is a relaxation of the program with K, whose columns say z. ``moved`` is
        ``uint8[column]``.
        """
        row = csr_array(moved[:, None].astype(np.float32))
        return replace(
            self,
            matrix=hstack([self.matrix, row], format="csr"),
            lower=np.append(self.lower, -inf),
            upper=np.append(self.upper, float(allowed)),
        )

    def with_cuts(self, triples: list[tuple[int, int, int]]) -> "Model":
        """Return the program with rows (6) for some triples of lycées (numbers)."""
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
    """Write the program of a problem over its candidates."""
    if problem.max_moves is None:
        candidate = np.arange(len(candidates), dtype=np.int32)
        zone = np.full(len(candidates), NONE, np.int16)
        moved = np.zeros(len(candidates), np.uint8)
    else:
        candidate, zone, moved = _columns_within_moves(
            problem, candidates, problem.max_moves, limit
        )
    sector = np.full(len(candidate), NONE, np.int16)
    if problem.has_sector_columns:
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
    leaving = len(problem.old_members[zone]) - common.astype(int)
    fits = (common > 0) & (arriving + leaving <= allowed)
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
    # rows (1): each lycée is in one zone
    members = candidates.members.T[candidate]
    indices = members[members < candidates.lycees].astype(np.int32)
    starts = np.concatenate([[0], np.cumsum(candidates.size[candidate], dtype=np.int32)])
    shape = (len(candidate), candidates.lycees)
    covers = csr_array((np.ones(len(indices), np.float32), indices, starts), shape=shape)
    cover = Rows(covers, np.ones(candidates.lycees), np.ones(candidates.lycees))
    # rows (3), the totals of the bounded resources; uses is by candidate
    limits = right_hand_side(problem)
    bounded = np.flatnonzero(limits < inf)
    if not len(bounded):
        resource_rows = []
    else:
        resource_rows = [
            Rows.at_most(csr_array(candidates.uses[np.ix_(bounded, candidate)].T), limits[bounded])
        ]
    rows = [
        cover,
        *_count_row(problem, len(candidate)),
        *resource_rows,
        *_move_rows(problem, zone, moved),
    ]
    wanted = problem.zone_count
    most = problem.size // problem.options.size_min if wanted is None else max(wanted, 0)
    cost = candidates.cost[candidate]
    if problem.zone_sector_costs:
        cost = candidates.uses[len(problem.zone_uses) + sector.astype(int), candidate]
    return Model(
        candidate, zone, moved, sector, cost,
        hstack([block.matrix for block in rows], format="csr") if len(rows) > 1 else cover.matrix,
        np.concatenate([block.lower for block in rows]),
        np.concatenate([block.upper for block in rows]),
        problem.size, most,
    )  # fmt: skip


def _count_row(problem: PartitionProblem, columns: int) -> list[Rows]:
    """Return row (2), the number of zones, if it is given."""
    if problem.zone_count is None:
        return []
    wanted = np.array([float(problem.zone_count)])
    return [Rows(csr_array(np.ones((columns, 1), np.float32)), wanted, wanted)]


def _move_rows(
    problem: PartitionProblem, zone: NDArray[np.int16], moved: NDArray[np.uint8]
) -> list[Rows]:
    """Return rows (4) and (5), if moves are limited: their number, and one zone for an old zone."""
    if problem.max_moves is None:
        return []
    known = np.flatnonzero(zone != NONE)
    values = np.ones(len(known), np.float32)
    shape = (len(zone), len(problem.zones))
    continued = csr_array((values, (known, zone[known].astype(np.int32))), shape=shape)
    return [
        Rows.at_most(
            csr_array(moved[:, None].astype(np.float32)), np.array([float(problem.max_moves)])
        ),
        Rows.at_most(continued, np.ones(len(problem.zones))),
    ]


def _too_many_columns_text(limit: int, allowed: int) -> str:
    return (
        f"Le plafond de {number(allowed)} déplacements sur ce périmètre donne plus de "
        f"{number(limit)} façons de prolonger les zones actuelles. Choisissez moins de secteurs, "
        "abaissez le plafond de minutes, ou levez la limite de déplacements."
    )


def find_columns(
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
        if problem.has_sector_columns:
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
