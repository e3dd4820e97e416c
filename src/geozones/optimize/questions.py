"""Questions that can be answered anywhere: self-contained, picklable, the same answer each time."""

from dataclasses import dataclass, replace
from math import inf
from typing import Protocol, Self

from geozones.domain import Plan, TravelTimes
from geozones.optimize.answer import solved, stopped_early
from geozones.optimize.options import Options
from geozones.optimize.problem import Problem, build_problem
from geozones.optimize.result import Result
from geozones.optimize.watch import Progress, Watch


class Question[A](Protocol):
    """What is asked, and all that it takes to answer it."""

    @property
    def size(self) -> int:
        """How many lycées it is about."""

    def within(self, seconds: float) -> Self:
        """Return the same question with so many seconds to answer it."""

    def answer(self, progress: Progress | None = None) -> A:
        """Search, in this process."""

    def known(self) -> float:
        """Return the objective of the plan given if it respects the options, or ``inf``."""

    def best(self, answer: A) -> Result:
        """Return the best plan of an answer."""


@dataclass(frozen=True, eq=False)
class Demand:
    """A plan to better under some options: what questions are made of.

    Parameters
    ----------
    times
        Minutes between the lycées of the scope, and no other.
    names
        How lycées are called in sentences.
    """

    plan: Plan
    times: TravelTimes
    options: Options
    names: dict[str, str]

    @classmethod
    def of(cls, problem: Problem, sectors: tuple[str, ...]) -> Self:
        """Ask about some sectors of a problem, with no more than that takes."""
        lycees = sorted(lycee for sector in sectors for lycee in problem.plan.lycees_of(sector))
        return cls(
            problem.plan,
            problem.times.restricted(lycees, lycees),
            replace(problem.options, sectors=frozenset(sectors)),
            {lycee: problem.name(lycee) for lycee in lycees},
        )

    @property
    def size(self) -> int:
        """How many lycées it is about."""
        return len(self.times.origins)

    def within(self, seconds: float) -> Self:
        """Return the same question with so many seconds to answer it."""
        limit = None if seconds == inf else max(seconds, 1e-9)
        return replace(self, options=replace(self.options, time_limit=limit))

    def known(self) -> float:
        """Return the objective of the plan given if it respects the options, or ``inf``."""
        fits = stopped_early(self.problem).made is not None
        return self.problem.objective(self.plan) if fits else inf

    @property
    def problem(self) -> Problem:
        """The demand as numbered arrays."""
        return build_problem(self.plan, self.times, self.options, self.names)


class BestPlan(Demand):
    """Asks for the best plan."""

    def answer(self, progress: Progress | None = None) -> Result:
        """Search, in this process."""
        problem = self.problem
        return solved(problem, Watch(progress, self.options.time_limit, problem.kept_cost))

    def best(self, answer: Result) -> Result:
        """Return the answer."""
        return answer
