"""Subproblems: self-contained and picklable searches, for any process or machine."""

from dataclasses import dataclass, replace
from math import inf
from typing import Protocol, Self

from geozones.domain import Plan, TravelTimes
from geozones.optimize.answer import current_plan_solution, solve_problem
from geozones.optimize.options import PartitionOptions
from geozones.optimize.problem import PartitionProblem, build_problem
from geozones.optimize.result import Result
from geozones.optimize.search_monitor import Progress, SearchMonitor


class Subproblem[A](Protocol):
    """Search with all its data; it gives the same answer wherever it runs.

    ``A`` is the type of its answer: a ``Result``, or a ``Frontier``.
    """

    @property
    def size(self) -> int:
        """Number of lycées in the scope."""

    def with_time_limit(self, seconds: float) -> Self:
        """Return the same subproblem with a time limit in seconds; ``inf`` for none."""

    def solve(self, progress: Progress | None = None) -> A:
        """Search in this process; return the answer."""

    def current_objective(self) -> float:
        """Return the objective of the current plan; ``inf`` if it does not respect the options."""

    def best_result(self, answer: A) -> Result:
        """Return the best plan of an answer."""


@dataclass(frozen=True, eq=False)
class PlanSubproblem:
    """Plan to improve under some options: base class of the subproblems.

    Parameters
    ----------
    times
        Minutes between the lycées of the scope only, so that little is sent to other processes.
    names
        Names of the lycées in sentences, by id.
    """

    plan: Plan
    times: TravelTimes
    options: PartitionOptions
    names: dict[str, str]

    @classmethod
    def of(cls, problem: PartitionProblem, sectors: tuple[str, ...]) -> Self:
        """Return the subproblem of some sectors (ids) of a problem."""
        lycees = sorted(lycee for sector in sectors for lycee in problem.plan.lycees_of(sector))
        cost = problem.cost_model.restricted(lycees)
        resources = tuple(
            replace(resource, use=resource.use.restricted(lycees))
            for resource in problem.options.resources
            if resource.sector is None or resource.sector in sectors
        )
        return cls(
            problem.plan,
            problem.times.restricted(lycees, lycees),
            replace(
                problem.options,
                sectors=frozenset(sectors),
                cost=cost,
                resources=resources,
                sector_costs=tuple(
                    (sector, model.restricted(lycees))
                    for sector, model in problem.options.sector_costs
                ),
            ),
            {lycee: problem.name(lycee) for lycee in lycees},
        )

    @property
    def size(self) -> int:
        """Number of lycées in the scope."""
        return len(self.times.origins)

    def with_time_limit(self, seconds: float) -> Self:
        """Return the same subproblem with a time limit in seconds; ``inf`` for none."""
        limit = None if seconds == inf else max(seconds, 1e-9)
        return replace(self, options=replace(self.options, time_limit=limit))

    def current_objective(self) -> float:
        """Return the objective of the current plan; ``inf`` if it does not respect the options."""
        fits = current_plan_solution(self.problem).matched is not None
        return self.problem.objective(self.plan) if fits else inf

    @property
    def problem(self) -> PartitionProblem:
        """The subproblem as numbered arrays."""
        return build_problem(self.plan, self.times, self.options, self.names)


class BestPlanSubproblem(PlanSubproblem):
    """Subproblem whose answer is the best plan, as a ``Result``."""

    def solve(self, progress: Progress | None = None) -> Result:
        """Search in this process; return the answer."""
        problem = self.problem
        return solve_problem(
            problem, SearchMonitor(progress, self.options.time_limit, problem.locked_cost)
        )

    def best_result(self, answer: Result) -> Result:
        """Return the answer."""
        return answer
