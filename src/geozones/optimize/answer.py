"""Solution of a partition problem: search of the best partition, then a plan with its moves.

The zones that the best plan may use are found first. All the allowed zones are listed once. Where
they are many, the linear relaxation over all of them is solved: the program has the columns that it
needs, the others are priced by array operations against its duals (`solve`). A plan of cost at most
``objective`` has no zone of reduced cost above ``objective - bound``: the zones of least reduced
cost hold all the good plans, and only these get columns with a zone continued and a sector
(`model`).

Where the zones are too many to list, only zones of near lycées are: the best plan of them is found,
and nothing is proven of the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.errors import InputError
from geozones.common.french import listing, number, plural
from geozones.domain import SearchCancelledError
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.terms import terms
from geozones.domain.yearly_cost import CostsByName
from geozones.optimize.candidates import (
    Candidates,
    TooManyCandidatesError,
    compatible_pairs,
    enumerate_candidates,
    minimum_moves,
    most_candidates,
    near_pairs,
)
from geozones.optimize.model import Model, build_model, find_columns
from geozones.optimize.move_order import ordered_moves
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.result import (
    MatchedZone,
    Result,
    SearchMonitor,
    current_zones,
    gap_of,
    match_zones,
    rebuild_plan,
)
from geozones.optimize.solve import SAME, Relaxation, SearchState, first_columns, minimise, relax

#: Reduced costs per lycée closer than this count as equal.
_ZERO = 1e-6
#: Where all zones are too many: nearest lycées of each that are tried, one after the other, and
#: most zones of them. More zones take longer, and their plans are hardly better.
NEAREST, NEAR_ZONES = (40, 25, 18, 15, 13, 11, 10, 9, 8, 7, 6, 5), 300_000


@dataclass(frozen=True, eq=False)
class SearchSpace:
    """Candidates to search, with the start solution and the bound."""

    candidates: Candidates
    #: The zones of a plan that respects the options, if one is known.
    start: list[MatchedZone] | None = None
    #: Every plan of at most this objective is made of these candidates; ``-inf``: of none is it
    #: known.
    ceiling: float = inf
    bound: float = -inf  # No plan costs less.


@dataclass(frozen=True, eq=False)
class ZoneList:
    """Zones listed for a problem; ``whole`` if they are all that its options allow."""

    zones: Candidates
    whole: bool = True

    @property
    def space(self) -> SearchSpace:
        """All the zones listed."""
        return SearchSpace(self.zones, ceiling=inf if self.whole else -inf)


def listed_zones(problem: PartitionProblem, monitor: SearchMonitor) -> ZoneList:
    """Return every allowed zone, or those of near lycées if all are too many.

    Raises ``TooManyCandidatesError`` if even these are too many.
    """
    compatible = compatible_pairs(problem)
    try:
        return ZoneList(enumerate_candidates(problem, compatible, monitor))
    except TooManyCandidatesError as error:
        most = min(NEAR_ZONES, most_candidates(problem))
        for nearest in NEAREST:
            pairs = near_pairs(problem, compatible, nearest)
            try:
                near = enumerate_candidates(problem, pairs, monitor, most)
                return ZoneList(near, whole=False)
            except TooManyCandidatesError:
                continue
        raise error from None


@dataclass(frozen=True, eq=False)
class CandidatePool:
    """Zones listed, and the linear relaxation over all of them."""

    problem: PartitionProblem
    listing: ZoneList
    root: Relaxation

    def up_to(self, objective: float) -> Candidates:
        """Return every zone that a plan of at most this objective may use (and others)."""
        if objective == inf:
            return self.listing.zones
        gap = objective - self.root.bound + _ZERO * (self.problem.size + 1)
        return self.listing.zones.take(np.flatnonzero(self.root.reduced <= gap))

    def space(self, most: int) -> SearchSpace:
        """Return the ``most`` zones of least reduced cost, fewer than are listed.

        They are all those of the plans up to some objective.
        """
        order = np.argsort(self.root.reduced, kind="stable")
        zones = self.listing.zones.take(np.sort(order[:most]))
        if not self.listing.whole:
            return SearchSpace(zones, ceiling=-inf)
        cutoff = max(float(self.root.reduced[order[most]]), 0.0)
        return SearchSpace(zones, None, self.root.bound + cutoff, self.root.bound)


def relaxed_pool(
    problem: PartitionProblem, listing: ZoneList, monitor: SearchMonitor
) -> CandidatePool:
    """Solve the relaxation over every zone listed.

    Under a limit of moves, the moves of each zone count as if it continued the best-suited old
    zone, whatever the other zones do; sectors cost what the cheapest does: the bound is valid.
    """
    free = replace(problem, options=replace(problem.options, max_moves=None, sector_costs=()))
    model = build_model(free, listing.zones)
    if problem.max_moves is not None:
        moves = minimum_moves(problem, listing.zones.members)
        model = model.with_move_limit(moves, problem.max_moves)
    root = relax(model, first_columns(model, listing.zones), monitor.inner())
    return CandidatePool(problem, listing, root)


#: Most zones that are searched at first for the optimum: those of least reduced cost. More, by this
#: factor, while they hold no plan.
SEARCHED, _GROWTH = 500_000, 4
#: Phase of a search that lists candidates.
ENUMERATION = "Zones candidates"


@dataclass(frozen=True, eq=False)
class PartitionSolution:
    """Best partition found, and its proof."""

    status: ProofStatus
    bound: float  # Lower bound on the objective of the lycées that may move, locked zones left out.
    #: The zones of the best plan; ``None`` if no plan is known.
    matched: list[MatchedZone] | None = None
    why: str = ""  # Why there is no plan, or no proof, in French.


def solve_problem(problem: PartitionProblem, monitor: SearchMonitor) -> Result:
    """Return the best plan of a problem whose options do not contradict one another."""
    if undivided := undivided_solution(problem):
        return build_result(problem, 0, undivided, monitor)
    try:
        monitor.report(ENUMERATION)
        listing = listed_zones(problem, monitor)
        solution = best_of(problem, listing, monitor)
    except SearchCancelledError:
        return build_result(problem, 0, current_plan_solution(problem), monitor)
    return build_result(problem, len(listing.zones), solution, monitor)


def best_of(
    problem: PartitionProblem,
    listing: ZoneList,
    monitor: SearchMonitor,
    pool: CandidatePool | None = None,
) -> PartitionSolution:
    """Return the best partition into the zones of a listing.

    If the zones are many, search the `SEARCHED` likeliest, then `_GROWTH` times as many while no
    plan is found. ``pool`` is their relaxation, if it was solved before.
    """
    most = SEARCHED
    while len(listing.zones) > most:
        pool = pool or relaxed_pool(problem, listing, monitor)
        solution = solve_over(problem, pool.space(most), monitor)
        if solution.matched is not None or monitor.is_stopped:
            return solution
        most *= _GROWTH
    return solve_over(problem, listing.space, monitor)


def solve_over(
    problem: PartitionProblem, space: SearchSpace, monitor: SearchMonitor
) -> PartitionSolution:
    """Search the best partition of the movable lycées into candidates of a search space."""
    candidates, start = space.candidates, space.start
    narrowed = space.ceiling == -inf
    alone = np.flatnonzero(~candidates.covered())
    if locked_zones_break(problem) or (len(alone) and space.ceiling == inf):
        why = _unplaced_text(problem, alone, monitor)
        return PartitionSolution(ProofStatus.INFEASIBLE, inf, why=why)
    if not problem.size:
        return PartitionSolution(ProofStatus.OPTIMAL, 0.0, [])
    model = build_model(problem, candidates)
    current = find_columns(model, candidates, problem, current_zones(problem))
    known = [current, None if start is None else find_columns(model, candidates, problem, start)]
    first = min(known, key=partial(_cost, model))
    search = minimise(model, candidates, monitor, first)
    why = narrowed_text() if narrowed else ""
    if search.chosen is None and space.ceiling < inf:
        return PartitionSolution(ProofStatus.UNKNOWN, 0.0, why=why or NOT_FOUND)
    if search.chosen is None:
        return _no_plan_solution(problem, search, monitor)
    proven = search.proven and search.objective <= space.ceiling + SAME
    status = ProofStatus.OPTIMAL if proven else ProofStatus.FEASIBLE
    bound = search.bound if proven else min(search.bound, max(space.ceiling, space.bound, 0.0))
    if search.objective >= _cost(model, current) - SAME:
        return PartitionSolution(status, bound, current_zones(problem), why)
    # Match again, even under a limit of moves: of all matchings, this has the fewest moves.
    zones = [candidates.zone(int(model.candidate[column])) for column in search.chosen]
    sectors = model.sector[search.chosen].tolist()
    matched = match_zones(problem, zones, sectors)
    return PartitionSolution(status, bound, matched, why)


def _cost(model: Model, columns: NDArray[np.int64] | None) -> float:
    """Return the cost of some columns; ``inf`` for ``None``."""
    return inf if columns is None else float(model.cost[columns].sum())


def current_plan_solution(problem: PartitionProblem) -> PartitionSolution:
    """Return the start solution of a search: the current plan, if it respects the options."""
    compatible = compatible_pairs(problem)
    options = problem.options
    zones = [members for members, _, _ in current_zones(problem)]
    there = [(problem.plan.zone(x).sector, problem.plan.members(x)) for x in problem.zones]
    possible = all(cost < inf for cost in problem.costs_of(there))
    fits = (
        possible
        and _within_bounds(problem, (*problem.zones, *problem.locked))
        and problem.zone_count in {None, len(zones)}
        and all(
            options.size_min <= len(members) <= options.size_max
            and compatible[np.ix_(members, members)].sum() == len(members) * (len(members) - 1)
            and all(set(group) <= set(members) or not set(group) & set(members) for group in groups)
            and problem.permit(np.array([members], np.uint16)).all()
            for groups in [problem.groups]
            for members in zones
        )
    )
    if fits:
        return PartitionSolution(ProofStatus.FEASIBLE, 0.0, current_zones(problem))
    return PartitionSolution(ProofStatus.UNKNOWN, 0.0, why=NOT_FOUND)


_NO_PLAN = "Aucun découpage ne respecte toutes ces options à la fois"
NOT_FOUND = (
    "La recherche s'est arrêtée avant d'avoir trouvé un découpage qui respecte ces options : "
    "laissez-lui plus de temps."
)


def narrowed_text() -> str:
    """Explain in French a search among zones of near lycées only."""
    return (
        f"Trop de zones sont possibles pour les comparer toutes : seules celles de "
        f"{terms().site.plural} proches l'ont été, et rien n'est prouvé des autres. Abaissez le "
        "plafond de minutes pour une preuve."
    )


#: Explanation if the current plan respects the options and the search found nothing better.
NOT_BETTER = (
    "La recherche s'est arrêtée avant de trouver un plan meilleur que l'actuel : laissez-lui plus "
    "de temps."
)


def _no_plan_solution(
    problem: PartitionProblem, search: SearchState, monitor: SearchMonitor
) -> PartitionSolution:
    """Return a solution without a plan, with the reason."""
    if not search.proven:
        return PartitionSolution(ProofStatus.UNKNOWN, search.bound, why=NOT_FOUND)
    unmet = np.flatnonzero(search.unmet[: problem.size] > 1e-7)
    return PartitionSolution(
        ProofStatus.INFEASIBLE,
        inf,
        why=_unplaced_text(problem, unmet, monitor),
    )


def _unplaced_text(
    problem: PartitionProblem, unplaced: NDArray[np.int64], monitor: SearchMonitor
) -> str:
    """Return in French why some lycées are in no zone of a plan.

    Under a limit of moves, zones that need more moves are not listed: named are the lycées that no
    zone could have with any moves, else the moves that the options need.
    """
    allowed = problem.options.max_moves
    if allowed is None or allowed >= problem.size:
        return _no_plan_text(problem, unplaced)
    free = replace(problem, options=replace(problem.options, max_moves=None))
    zones = _every_zone(free, monitor)
    if zones is not None and not zones.covered().all():
        return _no_plan_text(problem, np.flatnonzero(~zones.covered()))
    least = minimum_departures(problem)
    if least > allowed:
        return _moves_text(least, allowed)
    moves = None if zones is None else fewest_moves(problem, zones, monitor)
    if moves is None:
        return _no_plan_text(problem, unplaced[:0])
    return _moves_text(max(moves[0], allowed + 1), allowed)


def _every_zone(problem: PartitionProblem, monitor: SearchMonitor) -> Candidates | None:
    """Return every zone that a problem allows; ``None`` if they are too many, or it is stopped."""
    try:
        listing = listed_zones(problem, monitor)
    except (TooManyCandidatesError, SearchCancelledError):
        return None
    return listing.zones if listing.whole else None


def undivided_solution(problem: PartitionProblem) -> PartitionSolution | None:
    """Say where lycées do not add up to zones of the sizes and number asked; ``None`` otherwise."""
    options, wanted = problem.options, problem.zone_count
    counts = [problem.size]
    if not options.change_sector:
        counts = np.bincount(problem.sector_of).tolist()
    low, high = options.size_min, options.size_max
    fewest, most = [-(-count // high) for count in counts], [count // low for count in counts]
    sites = terms().site.plural
    for count, least, greatest in zip(counts, fewest, most, strict=True):
        if least > greatest:
            sizes = number(low) if low == high else f"{number(low)} à {number(high)}"
            return _without_plan(f"{number(count)} {sites} ne se partagent pas en zones de {sizes}")
    if wanted is not None and not sum(fewest) <= wanted <= sum(most):
        zones = f"{plural(wanted, 'zone')} de {number(low)} à {number(high)} {sites}"
        return _without_plan(f"{number(problem.size)} {sites} ne font pas {zones}")
    return None


def _without_plan(reason: str) -> PartitionSolution:
    return PartitionSolution(ProofStatus.INFEASIBLE, inf, why=f"{_NO_PLAN} : {reason}.")


def _moves_text(needed: int, allowed: int) -> str:
    permitted = f"{number(allowed)} {'est permis' if allowed == 1 else 'sont permis'}"
    return (
        f"Il faut au moins {plural(needed, 'déplacement')} pour respecter ces options ; "
        f"{permitted if allowed else "aucun n'est permis"}."
    )


def _no_plan_text(problem: PartitionProblem, unplaced: NDArray[np.int64]) -> str:
    """Return in French that no plan respects the options, and which lycées stay unplaced."""
    names = listing([problem.name(problem.lycees[lycee]) for lycee in unplaced[:5]])
    about = f" ; {terms().site.plural} impossibles à placer : {names}" if names else ""
    return f"{_NO_PLAN}{about}."


def build_result(
    problem: PartitionProblem, candidates: int, solution: PartitionSolution, monitor: SearchMonitor
) -> Result:
    """Build a result from a solution: a plan, its moves and its figures.

    ``candidates`` is the number of zones compared.
    """
    plan = problem.plan
    before, worst = problem.objective(plan), problem.worst_minutes(plan)
    if solution.matched is None:
        return Result(
            solution.status, before, before, worst, worst, solution.bound + problem.locked_cost,
            inf, monitor.seconds, candidates, plan, why=solution.why,
        )  # fmt: skip
    new = rebuild_plan(problem, solution.matched)
    if not new.plan.moves_from(plan):
        new = replace(new, plan=plan)
    after = problem.objective(new.plan)
    proven = solution.status is ProofStatus.OPTIMAL
    bound = after if proven else min(solution.bound + problem.locked_cost, after)
    moves = ordered_moves(problem, new.plan)
    why = solution.why or (_already_best_text(problem) if proven and not moves else "")
    return Result(
        solution.status, before, after, worst, problem.worst_minutes(new.plan), bound,
        gap_of(bound, after), monitor.seconds, candidates, new.plan, moves,
        new.created, new.emptied, why,
    )  # fmt: skip


NOTHING_MOVES = "Rien ne peut bouger : le périmètre est vide ou entièrement verrouillé."


def _already_best_text(problem: PartitionProblem) -> str:
    """Return in French that the current plan is optimal, or that nothing may move."""
    if not problem.size:
        return NOTHING_MOVES
    allowed = problem.options.max_moves
    within = (
        ""
        if allowed is None or allowed >= problem.size
        else f" en {plural(allowed, 'déplacement')} au plus"
    )
    return (
        f"Le plan est déjà le meilleur possible sous ces options{within} : aucun autre découpage "
        "ne fait mieux, c'est prouvé."
    )


#: Number of candidates of least reduced cost for the first search of a plan of few moves.
_LIKELY = 50_000
#: Most seconds to find the number of required moves.
_COUNTING_S = 10.0


def minimum_departures(problem: PartitionProblem) -> int:
    """Return how many lycées at least must leave old zones that are too large."""
    most = problem.options.size_max
    return sum(max(len(members) - most, 0) for members in problem.old_members)


def fewest_moves(
    problem: PartitionProblem, candidates: Candidates, monitor: SearchMonitor
) -> tuple[int, int] | None:
    """Return a lower bound on the moves that the options need, and a sufficient number.

    They are equal unless the search was stopped, or grew too long or too large. ``None`` if no
    number suffices, or none was found.

    First without rows (5) of ``model``: two zones may continue the same old zone, which gives a
    bound. Then with them, for fewer moves than the sufficient number.
    """
    monitor = monitor.inner(_COUNTING_S)
    free = replace(problem, options=replace(problem.options, max_moves=None))
    model = build_model(free, candidates)
    least_moves = minimum_moves(free, candidates.members).astype(float)
    model = model.with_cost(least_moves[model.candidate])
    least = minimise(model, candidates, monitor)
    if not least.proven or least.chosen is None:
        return None
    zones = [candidates.zone(int(model.candidate[column])) for column in least.chosen]
    sectors = model.sector[least.chosen].tolist()
    moves = rebuild_plan(free, match_zones(free, zones, sectors)).plan.moves_from(problem.plan)
    low, high = max(round(least.objective), minimum_departures(problem)), len(moves)
    if low == high:
        return low, high
    return _narrowed(problem, candidates, model, (low, high), monitor)


def _narrowed(
    problem: PartitionProblem,
    candidates: Candidates,
    model: Model,
    between: tuple[int, int],
    monitor: SearchMonitor,
) -> tuple[int, int]:
    """Search plans of fewer moves with rows (5); return closer bounds on the moves needed.

    ``model`` counts the moves of each candidate without these rows.
    """
    low, high = between
    try:
        root = relax(model, first_columns(model, candidates), monitor)
        order = np.argsort(root.reduced, kind="stable")[:_LIKELY]
        likely = np.unique(model.candidate[order]).astype(np.int64)
        for among in (candidates.take(likely), candidates):
            limited = replace(problem, options=replace(problem.options, max_moves=high - 1))
            model = build_model(limited, among)
            search = minimise(model.with_cost(model.moved.astype(float)), among, monitor.inner())
            if search.chosen is not None:
                high = int(model.moved[search.chosen].sum())
            if among is candidates and search.proven:
                low = high
    except (InputError, SearchCancelledError):
        pass  # too many columns, or stopped: the bounds so far hold
    return low, high


def locked_zones_break(problem: PartitionProblem) -> bool:
    """Return whether the locked zones alone break a bound on resources, or are too many."""
    too_many = problem.zone_count is not None and problem.zone_count < 0
    return too_many or not _within_bounds(problem, problem.locked)


def _within_bounds(problem: PartitionProblem, zones: Sequence[str]) -> bool:
    """Return whether some zones (ids) of the current plan respect every bound on resources."""
    held = [members for zone in zones if (members := problem.plan.members(zone))]
    for resource in problem.options.resources:
        uses = np.array(CostsByName(resource.use, problem.costs.lycees).of_all(held))
        if not (resource.fits(uses).all() and resource.allows(float(uses.sum()))):
            return False
    return True
