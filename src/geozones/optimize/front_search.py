"""Searches of a front: the best plan by one measure under a bound on another.

The candidates are listed once, with their values of both measures. A bound on a total is a row (3)
of ``model``, a bound on moves is its row (6), a bound on the worst zone excludes candidates. The
least worst zone is found by bisection over the values of candidates.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import SearchCancelledError
from geozones.domain.zone_costs import CostModel, CostsByName
from geozones.optimize.answer import minimise_by_counts
from geozones.optimize.candidates import Candidates, enumerate_candidates
from geozones.optimize.model import build_model
from geozones.optimize.plan_bounds import compatible_pairs
from geozones.optimize.problem import PartitionProblem
from geozones.optimize.resources import Resource
from geozones.optimize.result import MatchedZone, SearchMonitor, match_zones, rebuild_plan
from geozones.optimize.solve import minimise


@dataclass(frozen=True)
class Measure:
    """Measure by which plans are compared; lower is better."""

    key: str  # Name on the command line.
    label: str  # In French: « heures de route », « h ».
    unit: str
    of: CostModel | None  # Value of a zone; ``None`` for the number of moves.
    #: Whether a plan has the value of its worst zone, rather than the sum over zones.
    worst: bool = False
    step: float = 0.01  # Smaller differences count as none.


@dataclass(frozen=True, eq=False)
class FoundPlan:
    """Plan found: its zones, its values of both measures."""

    zones: list[MatchedZone]
    values: tuple[float, float]


@dataclass(eq=False)
class FrontSearch:
    """Search of the plans of a problem by two measures, the second bounded."""

    problem: PartitionProblem  # Problem whose only limit of moves is the user's.
    #: The measure to minimise, and the bounded measure. The first is never the number of moves.
    measures: tuple[Measure, Measure]
    monitor: SearchMonitor
    _known: list[tuple[float, float, FoundPlan | None]] = field(default_factory=list)

    def __post_init__(self) -> None:
        own = self.problem.options.resources
        counted = [measure for measure in self.measures if measure.of is not None]
        self._rows = {measure.key: len(own) + row for row, measure in enumerate(counted)}
        resources = tuple(Resource(m.label, m.of) for m in counted if m.of is not None)
        options = replace(self.problem.options, resources=(*own, *resources))
        self._problem = replace(self.problem, options=options)
        self.candidates = enumerate_candidates(
            self._problem, compatible_pairs(self._problem), self.monitor
        )

    def solve_with_bounds(
        self, bounds: Sequence[float], on_progress: Callable[[int], None]
    ) -> list[FoundPlan]:
        """Return the best plan under each of some bounds, if there is one.

        Parameters
        ----------
        on_progress
            Called with the number of bounds done, at first and after each. It may raise
            ``SearchCancelledError``: the plans found by then are returned.
        """
        found: list[FoundPlan] = []
        try:
            on_progress(0)
            for done, bound in enumerate(bounds, 1):
                best = self.best(bound)
                found += [] if best is None else [best]
                on_progress(done)
        except SearchCancelledError:
            pass
        return found

    def best(self, bound: float = inf) -> FoundPlan | None:
        """Return the best plan by the first measure, with a bound on the second measure.

        ``None`` without such a plan. The plan is Pareto-optimal by both measures.
        """
        found = self._within(bound)
        if not self.measures[1].worst:
            return found
        while found is not None:
            nearer = self._within(found.values[1] - self.measures[1].step)
            if nearer is None or nearer.values[0] > found.values[0] + self.measures[0].step:
                break
            found = nearer
        return found

    def least_bound(self) -> FoundPlan | None:
        """Return the best plan by the second measure, then by the first one."""
        second = self.measures[1]
        if second.worst:
            found = self._least_worst(1, {})
            return None if found is None else self._within(found.values[1])
        return self._solve(1, {})

    def _within(self, bound: float) -> FoundPlan | None:
        """Return the best plan by the first measure, with a bound on the second measure.

        The best plan under a looser bound is also the best under any bound that it respects.
        """
        if bound < 0:
            return None
        for low, high, found in self._known:
            if low <= bound <= high:
                return found
        first, second = self.measures
        limits = {second.key: bound} if bound < inf else {}
        found = self._least_worst(0, limits) if first.worst else self._solve(0, limits)
        low = -inf if found is None else found.values[1]
        self._known.append((low, bound, found))
        return found

    def _least_worst(self, goal: int, limits: dict[str, float]) -> FoundPlan | None:
        """Return a plan whose worst zone has the least value of a measure, within other limits."""
        measure = self.measures[goal]
        best = self._solve(None, limits)
        if best is None:
            return None
        known = np.unique(self.candidates.uses[self._rows[measure.key]])
        values = known[(known >= self._surely(goal)) & (known < best.values[goal] - measure.step)]
        while len(values):
            middle = float(values[(len(values) - 1) // 2])
            found = self._solve(None, limits | {measure.key: middle})
            if found is None:
                values = values[values > middle]
            else:
                best, values = found, values[values < found.values[goal] - measure.step]
        return best

    def _surely(self, goal: int) -> float:
        """Return a lower bound on any plan's worst zone: each lycée is in some candidate."""
        measure = self.measures[goal]
        use = self.candidates.uses[self._rows[measure.key]]
        least = _least_by_lycee(self.candidates, use).max(initial=0.0)
        return max(float(least), self._value(measure, []))

    def _solve(self, goal: int | None, limits: dict[str, float]) -> FoundPlan | None:
        """Return the best plan by a total (``None``: the objective of the problem), within limits.

        Ties are broken by the other total, or by the objective, with a weight so small
        that it changes the first total by less than its step.
        """
        self.monitor.report()
        problem = self._bounded(limits)
        candidates = self._within_limits(problem)
        if not candidates.covered().all():
            return None
        model = build_model(problem, candidates)
        model = model.with_cost(self._cost(goal, candidates)[model.candidate])
        if self._has_near_relaxation(goal):
            search = minimise(model, candidates, self.monitor.inner())
        else:
            search = minimise_by_counts(problem, model, candidates, self.monitor)
        if not search.proven:
            self.monitor.report()
            raise SearchCancelledError
        if search.chosen is None:
            return None
        chosen = model.candidate[search.chosen]
        zones = [candidates.zone(int(candidate)) for candidate in chosen]
        matched = match_zones(self.problem, zones, model.sector[search.chosen].tolist())
        return FoundPlan(matched, self.values_of(matched))

    def _has_near_relaxation(self, goal: int | None) -> bool:
        """Return whether a goal is the objective of the problem, whose relaxation is close."""
        own = None if goal is None else self.measures[goal].of
        return own is None or own.key == self.problem.cost_model.key

    def values_of(self, matched: list[MatchedZone]) -> tuple[float, float]:
        """Return the values of a plan by both measures."""
        first, second = (self._value(measure, matched) for measure in self.measures)
        return first, second

    def _bounded(self, limits: dict[str, float]) -> PartitionProblem:
        options = self._problem.options
        resources = list(options.resources)
        for measure in self.measures:
            if measure.key not in limits:
                continue
            limit = limits[measure.key]
            if measure.of is None:
                asked = options.max_moves
                fewest = round(limit) if asked is None else min(asked, round(limit))
                options = replace(options, max_moves=fewest)
                continue
            row = self._rows[measure.key]
            bounded = resources[row]
            resources[row] = (
                replace(bounded, most_by_zone=limit)
                if measure.worst
                else replace(bounded, most=limit)
            )
        return replace(self._problem, options=replace(options, resources=tuple(resources)))

    def _within_limits(self, problem: PartitionProblem) -> Candidates:
        """Return the candidates that respect the bounds on each zone.

        None remain if a locked zone exceeds them.
        """
        fits = np.ones(len(self.candidates), bool)
        for row, resource in enumerate(problem.options.resources):
            fits &= resource.fits(self.candidates.uses[row])
        for measure in self.measures:
            if measure.worst and measure.key in self._rows:
                resource = problem.options.resources[self._rows[measure.key]]
                fits &= bool(resource.fits(np.array([self._value(measure, [])])).all())
        return self.candidates.take(np.flatnonzero(fits))

    def _cost(self, goal: int | None, candidates: Candidates) -> NDArray[np.float64]:
        """Return the cost of each candidate in a search for a goal, ``float[candidate]``."""
        if goal is None:
            return candidates.cost
        measure, other = self.measures[goal], self.measures[1 - goal]
        use = candidates.uses[self._rows[measure.key]]
        total = other.of is not None and not other.worst
        then = candidates.uses[self._rows[other.key]] if total else candidates.cost
        most = float((then / candidates.size).max(initial=0.0)) * candidates.lycees
        cost: NDArray[np.float64] = use + measure.step / (1.0 + most) * then
        return cost

    def _value(self, measure: Measure, matched: list[MatchedZone]) -> float:
        """Return the value of zones by a measure, including the locked zones."""
        if measure.of is None:
            return float(
                len(rebuild_plan(self.problem, matched).plan.moves_from(self.problem.plan))
            )
        lycees = self.problem.lycees
        zones = [tuple(lycees[lycee] for lycee in members) for members, *_ in matched]
        kept = [self.problem.plan.members(zone) for zone in self.problem.locked]
        uses = CostsByName(measure.of, self.problem.costs.lycees).of_all([*zones, *kept])
        return max(uses, default=0.0) if measure.worst else sum(uses)


def _least_by_lycee(candidates: Candidates, use: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the least use among the candidates of each lycée, ``float[lycée]``."""
    least = np.full(candidates.lycees + 1, inf)
    for row in candidates.members:
        np.minimum.at(least, row, use)
    return least[:-1]
