"""How much each more move is worth: the best objective for 0, 1, 2… moves, up to the optimum."""

from dataclasses import dataclass, field, replace
from math import inf

from geozones.domain import Plan, SearchCancelledError, TravelTimes
from geozones.domain.french import plural
from geozones.optimize.answer import (
    ENUMERATION,
    NOT_BETTER,
    Answer,
    answer_of,
    fewest_moves,
    leaving_at_least,
    result_of,
    stopped_early,
)
from geozones.optimize.diagnose import contradictions
from geozones.optimize.executor import Board, Executor, InProcess
from geozones.optimize.identity import Made, given
from geozones.optimize.model import build_model, columns_of
from geozones.optimize.options import Options
from geozones.optimize.pool import FEW, Choice, Pool, candidates_of, open_pool
from geozones.optimize.problem import Names, Problem, build_problem
from geozones.optimize.questions import Demand
from geozones.optimize.result import Result, Status
from geozones.optimize.solve import SAME
from geozones.optimize.watch import Progress, Watch, gap_of


@dataclass(frozen=True, slots=True)
class FrontierPoint:
    """The best that so many moves can do, proven."""

    max_moves: int
    result: Result


@dataclass(frozen=True, slots=True)
class Frontier:
    """The curve, from the fewest moves that respect the options to the optimum.

    ``complete`` is false when it was stopped on the way: the points there are proven all the same,
    and ``best`` is the best plan found, within the moves asked if any. ``why`` says, in French, why
    there is no point.
    """

    points: tuple[FrontierPoint, ...]
    best: Result
    complete: bool
    why: str = ""


def frontier(  # noqa: PLR0913 - as `propose`
    plan: Plan,
    times: TravelTimes,
    options: Options | None = None,
    *,
    names: Names = None,
    progress: Progress | None = None,
    executor: Executor | None = None,
) -> Frontier:
    """Return the best plan for each number of moves, each proven, up to the free optimum.

    ``options.max_moves`` is where to stop, if given; ``options.time_limit`` is for the whole curve.
    The other parameters are those of ``propose``.

    Raises
    ------
    InputError
        As ``propose``.
    """
    options = options or Options()
    problem = build_problem(plan, times, options, names)
    watch = Watch(progress, options.time_limit)
    question = _WholeCurve.of(problem, problem.sectors)
    where = InProcess() if executor is None else executor
    (curve,) = where.answers([question], Board([question], watch))
    return curve


class _WholeCurve(Demand):
    """Asks for the curve, as one: the moves allowed are counted over all the sectors."""

    def answer(self, progress: Progress | None = None) -> Frontier:
        """Search, in this process."""
        return _drawn(self.problem, self.options.max_moves, progress)

    def best(self, answer: Frontier) -> Result:
        """Return the plan that the curve leads to."""
        return answer.best


def _drawn(asked: Problem, last: int | None, progress: Progress | None) -> Frontier:
    """Draw the curve up to ``last`` moves."""
    free = replace(asked.options, max_moves=None)
    problem = replace(asked, options=free)
    watch = Watch(progress, free.time_limit, problem.kept_cost)
    reasons = " ".join(contradictions(problem))
    if reasons:
        best = result_of(problem, 0, Answer(Status.INFEASIBLE, inf, why=reasons), watch)
        return Frontier((), best, complete=True, why=reasons)
    pool = None
    answer = Answer(Status.UNKNOWN, 0.0)
    try:
        watch.tell(ENUMERATION)
        answer = answer_of(problem, candidates_of(problem, watch), watch)
        pool = open_pool(problem, watch)
        watch.tell()
    except SearchCancelledError:
        if answer.status is Status.UNKNOWN:
            answer = stopped_early(problem)
    best = result_of(problem, 0 if pool is None else len(pool.known), answer, watch)
    if pool is None or answer.status is not Status.OPTIMAL:
        if last is not None and len(best.moves) > last:
            within = replace(stopped_early(asked), bound=answer.bound)
            best = result_of(asked, best.candidates, within, watch)
        why = best.why or ("" if best.moves else NOT_BETTER)
        return Frontier((), best, complete=answer.status is Status.INFEASIBLE, why=why)
    curve = _Curve(problem, pool, answer, best, watch, progress)
    complete = curve.draw(last)
    best = curve.within(last)
    complete = complete or best.status is Status.INFEASIBLE
    why = "" if curve.points else best.why or ("" if best.moves else NOT_BETTER)
    return Frontier(tuple(curve.points), best, complete, why)


@dataclass(eq=False)
class _Curve:
    """The points so far, each starting from the one before."""

    problem: Problem
    pool: Pool
    optimum: Answer
    best: Result
    watch: Watch
    progress: Progress | None
    points: list[FrontierPoint] = field(default_factory=list)

    def draw(self, last: int | None) -> bool:
        """Add the points in order; tell whether all of them could be proven."""
        least, moves = self._fewest(last)
        # Where candidates are found by their price, fewer moves may do with some not found yet.
        whole = moves == (least if self.pool.whole else 0)
        known: list[Made] | None = None
        while last is None or moves <= last:
            answer = self._answer(moves, known)
            if answer.status is not Status.OPTIMAL:
                return False
            known = answer.made
            self._add(moves, answer)
            if self.points[-1].result.objective_after <= self.best.objective_after + SAME:
                break
            moves += 1
        return whole

    def within(self, last: int | None) -> Result:
        """Return the best plan found of at most ``last`` moves, once the points are drawn."""
        if last is None or len(self.best.moves) <= last:
            return self.best
        if not self.points:
            answer = self._answer(last, None)
            if answer.status is Status.UNKNOWN and not answer.why:
                answer = stopped_early(self._with(last))
            if answer.status is Status.OPTIMAL:
                self._add(last, answer)
            return result_of(self._with(last), len(self.pool.known), answer, self.watch)
        point = self.points[-1]
        found = replace(point.result, seconds=self.watch.seconds)
        if point.max_moves == last:
            return found
        # Stopped on the way: it is the best for fewer moves, and of more nothing is proven.
        bound = self.best.bound
        gap = gap_of(bound, found.objective_after)
        return replace(found, status=Status.FEASIBLE, bound=bound, gap=gap, why="")

    def _fewest(self, last: int | None) -> tuple[int, int]:
        """Return how few moves the options need at least, and a number that will do."""
        model = build_model(self.problem, self.pool.known)
        if columns_of(model, self.pool.known, self.problem, given(self.problem)) is not None:
            return 0, 0
        least = leaving_at_least(self.problem)
        if last is not None and least > last:
            return least, least
        found = fewest_moves(self.problem, self.pool.known, self.watch)
        # Stopped, it may have found none, or more than the best plan has.
        low, high = found or (least, inf)
        return low, int(min(high, len(self.best.moves)))

    def _add(self, moves: int, answer: Answer) -> None:
        result = result_of(self._with(moves), len(self.pool.known), answer, Watch())
        self.points.append(FrontierPoint(moves, result))

    def _answer(self, moves: int, known: list[Made] | None) -> Answer:
        """Return the best within some moves; where the optimum takes no more, it is that."""
        if len(self.best.moves) <= moves:
            return self.optimum
        watch = Watch(self._told(moves), self.watch.left, self.problem.kept_cost)
        # What the best of one move less costs, this one does not pass; nor the plan, for no move.
        worst = self.points[-1].result.objective_after if self.points else inf
        if moves == 0:
            worst = self.best.objective_before
        try:
            choice = self._choice(moves, worst - self.problem.kept_cost, known, watch)
        except SearchCancelledError:
            return Answer(Status.UNKNOWN, 0.0)
        return answer_of(self._with(moves), choice, watch)

    def _choice(self, moves: int, worst: float, known: list[Made] | None, watch: Watch) -> Choice:
        """Return the candidates that a plan of at most this objective may have."""
        if self.pool.whole:
            candidates = self.pool.up_to(worst, watch)
            if len(candidates) <= FEW:
                return Choice(candidates, known)
        return candidates_of(self._with(moves), watch)

    def _with(self, moves: int) -> Problem:
        options = replace(self.problem.options, max_moves=moves)
        return replace(self.problem, options=options)

    def _told(self, moves: int) -> Progress | None:
        """Return the listener, told of the number of moves with each phase."""
        listener = self.progress
        if listener is None:
            return None

        def tell(phase: str, bound: float, incumbent: float, gap: float) -> None:
            listener(
                f"{phase or ENUMERATION}, {plural(moves, 'déplacement')}", bound, incumbent, gap
            )

        return tell
