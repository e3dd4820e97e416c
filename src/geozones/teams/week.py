r"""The week of a zone's posts as one integer program: who resides where, and works where each day.

Sets: lycées l of the zone with needs n_l (half-days); day types t, a morning's and an afternoon's
lycée (whole day, split day between two lycées within ``split_minutes``, half a day); crews k of m_k
posts of one group, c half-days each; spans δ of interchangeable days.

Variables, whole: N[k,r] ≤ m_k, posts of crew k with résidence r; X[k,r,δ,t], days of type t that
they work in δ; E[k,r,l], how many of them know lycée l; lone[k,r], how many know one lycée only;
once[l], whether one post only knows l; over[k,r] and under[k,r], half-days above the balanced load
b rounded up, below it rounded down; q[l,j], whether l is without anyone j days running; V[k,d,h],
posts free on half h of day d; twice[l,d,h], posts in l beyond the first; none[d,h], whether nobody
is free nor beside another.

1. Σ_r N[k,r] = m_k: every post has one résidence.
2. Σ X·h_l(t) = n_l, h_l(t) the half-days of t in l: needs are met, exactly.
3. Σ_t X[k,r,δ,t] ≤ |δ|·N[k,r]: one type of day a post and day; equal where a half-day of δ is
   locked in a lycée. Types that contradict a lock are left out, and lycées out of reach of r.
4. Σ_δ,t X·h(t) ≤ c·N[k,r], h(t) the half-days of t: no post works more than its share.
5. Σ_δ,t∋r X[k,r,δ,t] ≥ N[k,r]: the résidence is one of the post's lycées.
6. Σ_t∋l X[k,r,δ,t] ≤ |δ|·E[k,r,l] for each δ, E[k,r,l] ≤ N[k,r], E[k,r,l] ≤ Σ_δ,t∋l X[k,r,δ,t].
7. Σ_l≠r E[k,r,l] + lone[k,r] ≥ N[k,r]; 2 − once[l] ≤ Σ_k N[k,l] + Σ_k,r E[k,r,l] ≤ ``max_known``.
8. ⌊b⌋·N − under ≤ Σ_δ,t X·h(t) ≤ ⌈b⌉·N + over.
9. Σ_t∋l X ≥ 1 over each window of ``gap_days`` + 1 days running, Friday followed by Monday: no
   lycée is without anyone for longer. Windows of j days, longer than an even spread asks for and no
   longer than ``gap_days``: Σ + q[l,j] ≥ 1.
10. V[k,d,h] + Σ X ≤ m_k over the types that work in h; over the week, both are the half-days of k.
11. Σ X over the types with l in h − twice[l,d,h] ≤ 1; Σ_k V + Σ_l twice + none[d,h] ≥ 1: somebody
    can come where somebody else is absent.

Minimised one after the other (`CRITERIA`): exceptions, Σ lone + Σ once; Σ q; Σ twice, so that weeks
do not double up; Σ none; split days; Σ over + under; minutes of travel, each day from the résidence
through its lycées and back.

The program is solved as coarsely as it can be. *Counted*, a crew is a group of interchangeable
posts and δ the week (each day alone, for a post with locks): no symmetry is left, and HiGHS proves
the optimum at once. Windows and half-days are unknown then: 9 is Σ_t∋l X ≥ v_l, the fewest days
that ``gap_days`` asks for, and the criteria of 9 to 11 count as their lower bounds. So the figures
bound every week from below, and a week that has them is optimal: it is looked for with a crew a
post, in the résidences counted, on single days. Where there is none, days are told apart in the
counting too, and last each post may reside anywhere.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product
from math import inf

from geozones.domain.teams import FREE
from geozones.teams.program import Criterion, CriterionValue, Program, Solution, WorkLimit
from geozones.teams.staffing_problem import (
    NO_LYCEE,
    DayType,
    StaffingProblem,
    least_exceptions,
    least_splits,
)

#: Criteria of a week; the unit is days, half-days or minutes.
EXCEPTIONS = "Exceptions"
GAPS = "Jours sans présence au-delà de la limite"
EVENNESS = "Demi-journées à plusieurs dans un même {site}"
ALONE = "Demi-journées sans collègue qui puisse venir"
SPLITS = "Journées partagées"
BALANCE = "Demi-journées d'écart à une charge égale"
TRAVEL = "Trajets (min par semaine)"
#: In the order in which they are minimised.
CRITERIA = (EXCEPTIONS, GAPS, EVENNESS, ALONE, SPLITS, BALANCE, TRAVEL)
#: Criteria that need days told apart.
_BY_DAY = {GAPS, EVENNESS, ALONE}
#: Part of the work left that a step may take, so that some is left to the next.
_PART = 0.4

#: Columns, each with its coefficient.
type Terms = list[tuple[int, float]]


@dataclass(frozen=True)
class Crew:
    """Posts of one group that the program does not tell apart, and where they may reside."""

    group: int
    size: int
    homes: Sequence[int]  # Ranks of lycées.


@dataclass(frozen=True)
class WeekOfPost:
    """Week of one post."""

    group: int  # Ranks of the group and of the résidence.
    residence: int
    days: tuple[DayType, ...]
    free: tuple[int, ...]  # Free half-days of the week.


@dataclass(frozen=True)
class Week:
    """Week of each post and its proof; ``posts`` is ``None`` without a known week."""

    posts: tuple[WeekOfPost, ...] | None
    solution: Solution


class WeekProgram:
    """Integer program of some crews, with its columns.

    With ``by_day``, each day has columns of its own; otherwise, only days of posts with locks do.
    """

    def __init__(self, problem: StaffingProblem, crews: Sequence[Crew], *, by_day: bool) -> None:
        self.problem, self.crews, self._by_day = problem, crews, by_day
        self.program = Program()
        #: Cost of the columns under each criterion.
        self._costs: dict[str, dict[int, float]] = {name: {} for name in CRITERIA}
        self.lives: dict[tuple[int, int], int] = {}
        #: By crew, résidence, first day of the span, type.
        self.works: dict[tuple[int, int, int, DayType], int] = {}
        self.free: dict[tuple[int, int, int], int] = {}
        self._known: dict[int, Terms] = defaultdict(list)
        for crew, entry in enumerate(crews):
            for home in entry.homes:
                self._seat(crew, home)
            posts = [(self.lives[crew, home], 1.0) for home in entry.homes]
            self.program.row(entry.size, entry.size, posts)  # (1)
            if by_day:
                self._free(crew)
        for rank in problem.served:
            self._lycee(rank)
        if by_day:
            for day, half in product(range(problem.options.days), (0, 1)):
                program = self.program
                able = [(self.free[crew, day, half], 1.0) for crew in range(len(self.crews))]
                here: dict[int, Terms] = defaultdict(list)
                for (_, _, at, kind), column in self.works.items():
                    if at == day and kind[half] != NO_LYCEE:
                        here[kind[half]].append((column, 1.0))
                for terms in here.values():
                    twice = program.column(self.problem.posts)
                    self._costs[EVENNESS][twice] = 1.0
                    program.row(-inf, 1.0, [*terms, (twice, -1.0)])  # (11)
                    able.append((twice, 1.0))
                none = program.column()
                self._costs[ALONE][none] = 1.0
                program.row(1.0, inf, [*able, (none, 1.0)])

    def minimise(self, work: WorkLimit, bounds: Mapping[str, float] | None = None) -> Solution:
        """Minimise the criteria in their order, each from its lower bound or from a known one.

        Where days are not told apart, the criteria that need it have their lower bounds.
        """
        criteria = self._criteria()
        if bounds is not None:
            criteria = [c._replace(least=_always(bounds[c.name])) for c in criteria]
        if self._by_day:
            return self.program.minimise(criteria, work)
        solution = self.program.minimise([c for c in criteria if c.name not in _BY_DAY], work)
        levels = {level.name: level for level in solution.levels}
        if solution.values is not None:
            for name, _, least in criteria:
                if name in _BY_DAY:
                    value = least({key: level.value for key, level in levels.items()})
                    levels[name] = CriterionValue(name, value, value)
        return replace(solution, levels=tuple(levels[name] for name in CRITERIA if name in levels))

    def attain(self, values: Mapping[str, float], work: WorkLimit) -> Solution | None:
        """Minimise travel with the other criteria at some values; ``None`` if impossible."""
        targets = [(name, self._costs[name], values[name]) for name in CRITERIA]
        return self.program.attain(targets, work)

    def is_feasible(self, work: WorkLimit) -> bool | None:
        """Return whether some week meets the needs; ``None`` if the work was too little to know."""
        if self.program.minimise([Criterion("", {})], work).values is not None:
            return True
        return None if work.stopped else False

    def read(self, solution: Solution) -> tuple[WeekOfPost, ...] | None:
        """Return the week of each post of a solution whose crews are posts, days told apart."""
        values = solution.values
        if values is None:
            return None
        homes = {crew: home for (crew, home), c in self.lives.items() if values[c] > 0.5}
        kinds = {key[::2]: key[3] for key, c in self.works.items() if values[c] > 0.5}
        free = [key for key, c in self.free.items() if values[c] > 0.5]
        return tuple(
            WeekOfPost(
                entry.group,
                homes[crew],
                tuple(
                    kinds.get((crew, day), (NO_LYCEE, NO_LYCEE))
                    for day in range(self.problem.options.days)
                ),
                tuple(2 * day + half for who, day, half in free if who == crew),
            )
            for crew, entry in enumerate(self.crews)
        )

    def _criteria(self) -> list[Criterion]:
        """Return the criteria in their order, each with its lower bound."""
        problem, halves = self.problem, 2 * self.problem.options.days
        twice = float(sum(max(need - halves, 0) for need in problem.needs))
        least = {
            EXCEPTIONS: lambda _: least_exceptions(problem),
            EVENNESS: _always(twice),
            ALONE: lambda before: max(halves - problem.free - before[EVENNESS], 0.0),
            SPLITS: lambda _: least_splits(problem),
        }
        return [
            Criterion(name, self._costs[name], least.get(name, lambda _: 0.0)) for name in CRITERIA
        ]

    def _spans(self, group: int) -> list[range]:
        """Return the spans of interchangeable days of a group."""
        days = range(self.problem.options.days)
        if self._by_day or self.problem.groups[group].locks:
            return [days[day : day + 1] for day in days]
        return [days]

    def _seat(self, crew: int, home: int) -> None:
        """Add the posts of a crew that reside in a lycée, and their days."""
        program, problem, size = self.program, self.problem, self.crews[crew].size
        group = problem.groups[self.crews[crew].group]
        posts = self.lives[crew, home] = program.column(size)
        worked: Terms = []
        there: dict[int, list[tuple[int, Terms]]] = defaultdict(list)
        for span in self._spans(self.crews[crew].group):
            most, first = float(len(span)), span[0]
            mine = {
                kind: program.column(size * len(span))
                for kind in problem.day_types(group, home, first)
            }
            for kind, column in mine.items():
                self.works[crew, home, first, kind] = column
                worked.append((column, float(half_days(kind))))
                self._costs[TRAVEL][column] = problem.travel(home, kind)
                if NO_LYCEE not in kind and kind[0] != kind[1]:
                    self._costs[SPLITS][column] = 1.0
            lower = 0.0 if group.must_work(first) else -inf
            program.row(lower, 0.0, [*((c, 1.0) for c in mine.values()), (posts, -most)])  # (3)
            for lycee in problem.served:
                if seen := [(c, 1.0) for kind, c in mine.items() if lycee in kind]:
                    there[lycee].append((len(span), seen))
        program.row(-inf, 0.0, [*worked, (posts, -float(group.most))])  # (4)
        at_home = [term for _, seen in there.pop(home, []) for term in seen]
        program.row(0.0, inf, [*at_home, (posts, -1.0)])  # (5)
        self._know(crew, home, there)
        over, under = program.column(1000), program.column(1000)
        self._costs[BALANCE] |= {over: 1.0, under: 1.0}
        low, high = problem.loads(group)
        program.row(-inf, 0.0, [*worked, (posts, -float(high)), (over, -1.0)])  # (8)
        program.row(0.0, inf, [*worked, (posts, -float(low)), (under, 1.0)])

    def _know(self, crew: int, home: int, there: Mapping[int, list[tuple[int, Terms]]]) -> None:
        """Add how many posts of a seat know each other lycée, whose days are ``there``, by span."""
        program, size, posts = self.program, self.crews[crew].size, self.lives[crew, home]
        others: Terms = []
        for lycee, spans in there.items():
            known = program.column(size)
            others.append((known, 1.0))
            self._known[lycee].append((known, 1.0))
            program.row(-inf, 0.0, [(known, 1.0), (posts, -1.0)])  # (6)
            for days, seen in spans:
                program.row(-inf, 0.0, [*seen, (known, -float(days))])
            program.row(0.0, inf, [*(term for _, seen in spans for term in seen), (known, -1.0)])
        self._known[home].append((posts, 1.0))
        lone = program.column(size)
        self._costs[EXCEPTIONS][lone] = 1.0
        program.row(0.0, inf, [*others, (lone, 1.0), (posts, -1.0)])  # (7)

    def _free(self, crew: int) -> None:
        """Add the free half-days of a crew."""
        program, size, days = self.program, self.crews[crew].size, self.problem.options.days
        group = self.problem.groups[self.crews[crew].group]
        busy: dict[tuple[int, int], Terms] = defaultdict(list)
        for (who, _, day, kind), column in self.works.items():
            for half in (0, 1):
                if who == crew and kind[half] != NO_LYCEE:
                    busy[day, half].append((column, 1.0))
        week: Terms = []
        for day, half in product(range(days), (0, 1)):
            cell = (group.locks or {}).get(2 * day + half, "")
            free = self.free[crew, day, half] = program.column(0 if cell is None else size)
            there = [*busy[day, half], (free, 1.0)]
            program.row(size if cell == FREE else -inf, size, there)  # (10)
            week += there
        at_work = size * group.at_work(days)
        program.row(at_work, at_work, week)

    def _lycee(self, rank: int) -> None:
        """Add what a lycée needs: half-days, people who know it, no long gap."""
        program, problem = self.program, self.problem
        days, most = problem.options.days, problem.options.settings.gap_days
        here = [(day, kind, c) for (_, _, day, kind), c in self.works.items() if rank in kind]
        met = [(c, float(kind.count(rank))) for _, kind, c in here]
        program.row(problem.needs[rank], problem.needs[rank], met)  # (2)
        once = program.column()
        self._costs[EXCEPTIONS][once] = 1.0
        program.row(2.0, inf, [*self._known[rank], (once, 1.0)])  # (7)
        program.row(-inf, problem.options.settings.max_known, self._known[rank])
        if not self._by_day:
            program.row(problem.visits[rank], inf, [(c, 1.0) for *_, c in here])  # (9)
            return
        for window in range(problem.gaps[rank] + 1, min(most + 1, days) + 1):
            may: Terms = []
            if window <= most:
                may = [(program.column(), 1.0)]
                self._costs[GAPS][may[0][0]] = 1.0
            for first in range(days):
                seen = {(first + step) % days for step in range(window)}
                program.row(1.0, inf, [*((c, 1.0) for day, _, c in here if day in seen), *may])


def counted(problem: StaffingProblem, *, by_day: bool = False) -> WeekProgram:
    """Return the program that counts posts, a crew a group."""
    groups = enumerate(problem.groups)
    crews = [Crew(rank, group.count, problem.served) for rank, group in groups]
    return WeekProgram(problem, crews, by_day=by_day)


def best_week(problem: StaffingProblem, work: WorkLimit) -> Week:
    """Return the best week of the posts of a problem.

    Without a week, its ``solution`` is proven if there is none, not if the work was too little.
    """
    best: Week | None = None
    for by_day in (False, True):
        counting = counted(problem, by_day=by_day)
        figures = counting.minimise(work.part(_PART))
        if figures.values is None:
            return best or Week(None, figures)
        week = _resident(counting, figures, work.part(_PART))
        if week is not None and week.solution.proven:
            return week
        best = best or week
    if best is not None:
        return best  # all but its travel is minimal: the last minutes are not worth a long search
    crews = [Crew(crew.group, 1, crew.homes) for crew in counting.crews for _ in range(crew.size)]
    each = WeekProgram(problem, crews, by_day=True)
    for post, (crew, following) in enumerate(pairwise(crews)):
        if crew.group == following.group:  # their order is arbitrary
            later = [(each.lives[post + 1, home], float(home)) for home in crew.homes]
            sooner = [(each.lives[post, home], -float(home)) for home in crew.homes]
            each.program.row(0.0, inf, [*later, *sooner])
    solution = each.minimise(work, {level.name: level.bound for level in figures.levels})
    return Week(each.read(solution), solution)


def _resident(counting: WeekProgram, figures: Solution, work: WorkLimit) -> Week | None:
    """Return the week with the least travel of posts that reside as counted, of equal figures."""
    assert figures.values is not None  # noqa: S101 - the caller has values
    seats = [(seat, round(figures.values[c])) for seat, c in sorted(counting.lives.items())]
    crews = [Crew(counting.crews[k].group, 1, (r,)) for (k, r), n in seats for _ in range(n)]
    each = WeekProgram(counting.problem, crews, by_day=True)
    solution = each.attain({level.name: level.value for level in figures.levels}, work)
    if solution is None:
        return None
    bounds = {level.name: level.bound for level in figures.levels}
    levels = tuple(replace(lv, bound=min(bounds[lv.name], lv.value)) for lv in solution.levels)
    proven = all(level.proven for level in levels)
    return Week(each.read(solution), replace(solution, levels=levels, proven=proven))


def _always(value: float) -> Callable[[Mapping[str, float]], float]:
    """Return a lower bound that does not depend on the earlier criteria."""
    return lambda _: value


def half_days(kind: DayType) -> int:
    """Return the half-days of a day type in a lycée."""
    return 2 - kind.count(NO_LYCEE)
