r"""The roster: which post works where on which day, over one week that repeats.

Variables: u[p,r] ∈ {0, 1}, post p resides in r; z[p,r,d,t] ∈ {0, 1}, it works a day of type t on
day d; f[p,d], its free half-days; w[p,l] ∈ {0, 1}, whether it knows lycée l; lone[p], whether it
knows one only; once[l] as in ``composition``, as are over[p] and under[p]; q[l,j] ∈ {0, 1}, whether
l may be without anyone j days running. The sets of ``composition`` and its numbers (1) to
(6), (8) and (10) hold here for each post alone, and

a. Σ_t z[p,r,d,t]·h(t) + f[p,d] ≤ 2; over the week, the two are the half-days of the post.
b. z ≤ w for each lycée of the type, w ≤ Σ z.
c. Σ_p,r,t∋l,d∈δ z[p,r,d,t] ≥ 1 for each lycée l with a need and each window δ of ``gap_days`` + 1
   days running, Friday followed by Monday: no lycée is without anyone for longer. Windows of j
   days, longer than an even spread asks for and no longer than ``gap_days``: Σ + q[l,j] ≥ 1.
d. Σ_p,r,t z[p,r,d,t] over the types with l in half h − twice[l,d,h] ≤ 1: half-days with more than
   one person in a lycée. v[p,d,h] ≤ 1 − Σ z over the types that work in half h, Σ_h v = f[p,d]: the
   halves that are free. Σ_p v[p,d,h] + Σ_l twice[l,d,h] + none[d,h] ≥ 1: somebody can come.

Three uses. Given a mix, Σ over the posts of (g, r) and the days of δ of z = Y[g,r,δ,t]: a roster of
that mix without a day in excess has its figures, which bound every roster, so it is optimal. Where
the mix has none, travel is minimised over its résidences, the other criteria held at the mix's,
which is a bound that may be out of reach; where that fails too, all are minimised over every
résidence. At last the days of a roster are placed anew
so that Σ twice, then Σ none, is least (`even_roster`): its posts, drives and other figures stay.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, product
from math import inf

from geozones.domain.teams import FREE
from geozones.teams.composition import (
    ALONE,
    BALANCE,
    EVENNESS,
    EXCEPTIONS,
    GAPS,
    SPLITS,
    TRAVEL,
    WeeklyMix,
    half_days,
    is_split,
)
from geozones.teams.program import Criterion, Program, Solution, WorkLimit
from geozones.teams.staffing_problem import (
    NO_LYCEE,
    DayType,
    StaffingProblem,
    least_splits,
)

_TOLERANCE = 1e-4
#: Post, résidence, day, type.
type Work = tuple[int, int, int, DayType]


@dataclass(frozen=True)
class RosteredPost:
    """Post of the roster."""

    group: int  # Ranks of the group and of the résidence.
    residence: int
    days: tuple[DayType | None, ...]  # Day types; ``None`` for a day in no lycée.
    free: tuple[int, ...]  # Free half-days by day.


@dataclass(frozen=True)
class Roster:
    """Roster and its proof; ``posts`` is ``None`` without a known roster."""

    posts: tuple[RosteredPost, ...] | None
    solution: Solution


@dataclass
class _RosterColumns:
    """Ranks of the columns of the program, by the names of the formulation."""

    lives: dict[tuple[int, int], int] = field(default_factory=dict)
    works: dict[Work, int] = field(default_factory=dict)
    free: dict[tuple[int, int], int] = field(default_factory=dict)
    halves: dict[tuple[int, int], list[tuple[int, float]]] = field(default_factory=dict)
    knows: dict[tuple[int, int], int] = field(default_factory=dict)
    exceptions: list[int] = field(default_factory=list)
    slack: list[tuple[int, int]] = field(default_factory=list)
    longer: list[int] = field(default_factory=list)


#: The group of each post, and the ranks of its possible résidences.
type Homes = Sequence[tuple[int, tuple[int, ...]]]


def roster_of(problem: StaffingProblem, mix: WeeklyMix, work: WorkLimit) -> Roster:
    """Return an ideal roster of a mix; its posts are ``None`` if none exists or time is up."""
    homes = _homes(mix)
    program, columns = _build(problem, homes, mix)
    _mix_rows(problem, homes, mix, program, columns)
    return _roster_from(homes, problem, columns, program.minimise([Criterion("", {})], work))


def roster_near(problem: StaffingProblem, mix: WeeklyMix, work: WorkLimit) -> Roster:
    """Return the best roster of other days with the résidences and other figures of a mix.

    Its posts are ``None`` if none exists or time is up. It is proven if its travel equals the
    mix's.
    """
    program, columns = _build(problem, _homes(mix), None)
    targets = _targets(problem, columns, mix)
    travel = [*targets[-1][1].items()]
    program.row(targets[-1][2] - _TOLERANCE, inf, travel)  # known from the mix: it stops the solver
    solution = program.attain(targets, work)
    if solution is None:
        return Roster(None, Solution(None, (), proven=False))
    *levels, last = solution.levels
    bounded = (*levels, replace(last, bound=min(mix.bound(TRAVEL), last.value)))
    proven = all(level.proven for level in bounded)
    return _roster_from(
        _homes(mix), problem, columns, replace(solution, levels=bounded, proven=proven)
    )


def best_roster(problem: StaffingProblem, mix: WeeklyMix, work: WorkLimit) -> Roster:
    """Return the best roster of any mix; the best mix bounds it from below."""
    ranks = tuple(range(len(problem.lycees)))
    groups = enumerate(problem.groups)
    homes = [(group, ranks) for group, entry in groups for _ in range(entry.count)]
    program, columns = _build(problem, homes, None)
    _order(problem, homes, program, columns)
    solution = program.attain(_targets(problem, columns, mix), work)
    if solution is None:
        known = {
            EXCEPTIONS: lambda _: mix.bound(EXCEPTIONS),
            SPLITS: lambda _: least_splits(problem),
        }
        criteria = [
            Criterion(name, cost, known.get(name, lambda _: 0.0))
            for name, cost in _costs(problem, columns).items()
        ]
        solution = program.minimise(criteria, work)
    return _roster_from(homes, problem, columns, solution)


def even_roster(problem: StaffingProblem, roster: Roster, work: WorkLimit) -> Roster:
    """Return a roster with the same days on other weekdays, for the year's absences.

    First, each lycée has somebody on as many half-days as its need allows: the fewest have two.
    Then on as many half-days as possible a colleague is free or beside another, who can come where
    somebody is absent. The roster itself is returned where time is up.
    """
    assert roster.posts is not None  # noqa: S101 - the caller has posts
    mix = _mix_of(problem, roster)
    homes = [(post.group, (post.residence,)) for post in roster.posts]
    program, columns = _build(problem, homes, mix, may_turn=True)
    _mix_rows(problem, homes, mix, program, columns)
    twice: dict[int, float] = {}
    none: dict[int, float] = {}
    for day, half in product(range(problem.options.days), (0, 1)):
        able = _free_halves(homes, day, half, program, columns)
        for rank in problem.served:
            works = columns.works.items()
            here = [(c, 1.0) for k, c in works if k[2] == day and k[3][half] == rank]
            if len(here) > 1:
                over = program.column(problem.posts)
                twice[over] = 1.0
                program.row(-inf, 1.0, [*here, (over, -1.0)])  # (d)
                able.append((over, 1.0))
        none[program.column()] = 1.0
        program.row(1.0, inf, [*able, (max(none), 1.0)])  # (d)
    halves = 2 * problem.options.days
    least = float(sum(max(need - halves, 0) for need in problem.needs))
    criteria = [
        Criterion(EVENNESS, twice, lambda _: least),
        Criterion(ALONE, none, lambda so: max(halves - problem.free - so[EVENNESS], 0.0)),
    ]
    solution = program.minimise(criteria, work)
    if solution.values is None:
        return roster
    levels = (*roster.solution.levels, *solution.levels)
    proven = roster.solution.proven and solution.proven
    kept = Solution(solution.values, levels, proven)
    return _roster_from(homes, problem, columns, kept)


def _free_halves(
    homes: Homes, day: int, half: int, program: Program, columns: _RosterColumns
) -> list[tuple[int, float]]:
    """Add whether each post is free on a half-day; return these columns (d)."""
    free = []
    for post in range(len(homes)):
        column = program.column()
        free.append((column, 1.0))
        busy = [
            (c, 1.0)
            for (p, _, d, kind), c in columns.works.items()
            if (p, d) == (post, day) and kind[half] != NO_LYCEE
        ]
        program.row(-inf, 1.0, [*busy, (column, 1.0)])
        columns.halves.setdefault((post, day), []).append((column, 1.0))
        if half:
            program.row(0.0, 0.0, [*columns.halves[post, day], (columns.free[post, day], -1.0)])
    return free


def _mix_of(problem: StaffingProblem, roster: Roster) -> WeeklyMix:
    """Return the mix of a roster."""
    days: Counter[tuple[int, int, int, DayType]] = Counter()
    for post in roster.posts or ():
        for span, place in enumerate(problem.groups[post.group].spans(problem.options.days)):
            kinds = (kind for day in place if (kind := post.days[day]) is not None)
            days.update((post.group, post.residence, span, kind) for kind in kinds)
    residents = Counter((post.group, post.residence) for post in roster.posts or ())
    return WeeklyMix(dict(residents), dict(days), roster.solution)


def _turned(problem: StaffingProblem, group: int, home: int, kind: DayType) -> tuple[DayType, ...]:
    """Return a day type, and the one with its halves exchanged if it drives as much."""
    other = kind[::-1]
    if other == kind or problem.groups[group].locks:
        return (kind,)
    longer = problem.travel(home, other) - problem.travel(home, kind)
    near = NO_LYCEE in kind or problem.minutes[other[0]][other[1]] <= (
        problem.options.settings.split_minutes
    )
    return (kind, other) if near and longer <= _TOLERANCE else (kind,)


def unbalanced(problem: StaffingProblem, posts: Sequence[RosteredPost]) -> float:
    """Return the half-days by which the posts of a roster differ from balanced loads."""
    total = 0.0
    for post in posts:
        low, high = problem.loads(problem.groups[post.group])
        worked = sum(half_days(kind) for kind in post.days if kind is not None)
        total += max(worked - high, low - worked, 0.0)
    return total


def _homes(mix: WeeklyMix) -> Homes:
    residents = sorted(mix.residents.items())
    return [(group, (home,)) for (group, home), count in residents for _ in range(count)]


def _targets(
    problem: StaffingProblem, columns: _RosterColumns, mix: WeeklyMix
) -> list[tuple[str, dict[int, float], float]]:
    """Return the criteria with the figures of a mix, and no day in excess."""
    return [(name, cost, mix.bound(name)) for name, cost in _costs(problem, columns).items()]


def _build(
    problem: StaffingProblem, homes: Homes, mix: WeeklyMix | None, *, may_turn: bool = False
) -> tuple[Program, _RosterColumns]:
    program, columns = Program(), _RosterColumns()
    for post, (group, residences) in enumerate(homes):
        for home in residences:
            columns.lives[post, home] = program.column()
            for day in range(problem.options.days):
                kinds = _kinds(problem, group, home, day, mix)
                if may_turn:
                    kinds = [turn for kind in kinds for turn in _turned(problem, group, home, kind)]
                for kind in dict.fromkeys(kinds):
                    columns.works[post, home, day, kind] = program.column()
        columns.slack.append((program.column(1000), program.column(1000)))
        _post_rows(problem, post, homes[post], program, columns)
        _known_rows(problem, post, program, columns)
    for rank in problem.served:
        _lycee_rows(problem, rank, program, columns)
    return program, columns


def _kinds(
    problem: StaffingProblem, group: int, home: int, day: int, mix: WeeklyMix | None
) -> list[DayType]:
    entry = problem.groups[group]
    if mix is not None:
        spans = entry.spans(problem.options.days)
        span = next(rank for rank, place in enumerate(spans) if day in place)
        return [kind for g, r, s, kind in mix.days if (g, r, s) == (group, home, span)]
    return list(problem.day_types(entry, home, day))


def _post_rows(
    problem: StaffingProblem,
    post: int,
    home: tuple[int, tuple[int, ...]],
    program: Program,
    columns: _RosterColumns,
) -> None:
    entry, residences = problem.groups[home[0]], home[1]
    days = range(problem.options.days)
    mine = {key[1:]: c for key, c in columns.works.items() if key[0] == post}
    program.row(1, 1, [(columns.lives[post, r], 1.0) for r in residences])  # (1)
    for residence, day in product(residences, days):
        terms = [(c, 1.0) for (r, d, _), c in mine.items() if (r, d) == (residence, day)]
        lower = 0.0 if entry.must_work(day) else -inf
        program.row(lower, 0.0, [*terms, (columns.lives[post, residence], -1.0)])  # (3), (6)
    for residence in residences:
        at_home = [(c, 1.0) for (r, _, kind), c in mine.items() if r == residence and r in kind]
        program.row(0.0, inf, [*at_home, (columns.lives[post, residence], -1.0)])  # (5)
    worked = [(c, half_days(kind)) for (_, _, kind), c in mine.items()]
    program.row(0.0, entry.most, worked)  # (4)
    for day in days:
        columns.free[post, day] = program.column(2)
        here = [(c, half_days(kind)) for (_, d, kind), c in mine.items() if d == day]
        free = [(columns.free[post, day], 1.0)]
        program.row(-inf, 2.0 - entry.locked(day, None), [*here, *free])  # (a)
        program.row(entry.locked(day, FREE), inf, free)
    at_work = float(entry.at_work(len(days)))
    program.row(at_work, at_work, [*worked, *((columns.free[post, d], 1.0) for d in days)])  # (a)
    low, high = problem.loads(entry)
    over, under = columns.slack[post]
    program.row(-inf, high, [*worked, (over, -1.0)])  # (8)
    program.row(low, inf, [*worked, (under, 1.0)])  # (8)


def _known_rows(
    problem: StaffingProblem, post: int, program: Program, columns: _RosterColumns
) -> None:
    lone = program.column()
    columns.exceptions.append(lone)
    terms = []
    for lycee in problem.served:
        days: dict[int, list[tuple[int, float]]] = {}
        for (p, _, day, kind), c in columns.works.items():
            if p == post and lycee in kind:
                days.setdefault(day, []).append((c, 1.0))
        if not days:
            continue
        known = columns.knows[post, lycee] = program.column()
        terms.append((known, 1.0))
        for there in days.values():
            program.row(-inf, 0.0, [*there, (known, -1.0)])  # (b)
        program.row(0.0, inf, [*(t for there in days.values() for t in there), (known, -1.0)])
    program.row(2.0, inf, [*terms, (lone, 1.0)])  # (10)


def _lycee_rows(
    problem: StaffingProblem, rank: int, program: Program, columns: _RosterColumns
) -> None:
    days, need, settings = problem.options.days, problem.needs[rank], problem.options.settings
    here = {key: c for key, c in columns.works.items() if rank in key[3]}
    program.row(need, need, [(c, float(key[3].count(rank))) for key, c in here.items()])  # (2)
    known = [(c, 1.0) for (_, lycee), c in columns.knows.items() if lycee == rank]
    once = program.column()
    columns.exceptions.append(once)
    program.row(2.0, inf, [*known, (once, 1.0)])  # (10)
    program.row(-inf, settings.max_known, known)
    for window in range(problem.gaps[rank] + 1, min(settings.gap_days + 1, days) + 1):
        may = []
        if window <= settings.gap_days:
            columns.longer.append(program.column())
            may = [(columns.longer[-1], 1.0)]
        for first in range(days):
            seen = {(first + step) % days for step in range(window)}
            program.row(1, inf, [*((c, 1.0) for k, c in here.items() if k[2] in seen), *may])


def _mix_rows(
    problem: StaffingProblem,
    homes: Homes,
    mix: WeeklyMix,
    program: Program,
    columns: _RosterColumns,
) -> None:
    """Hold the days of a mix and its figures, without a day in excess."""
    wanted: Counter[tuple[int, int, int, frozenset[int]]] = Counter()
    for (group, residence, span, kind), count in mix.days.items():
        wanted[group, residence, span, frozenset(kind)] += count
    for (group, residence, span, stops), count in wanted.items():
        days = problem.groups[group].spans(problem.options.days)[span]
        terms = [
            (c, 1.0)
            for (post, r, day, t), c in columns.works.items()
            if (homes[post][0], r) == (group, residence) and day in days and set(t) == stops
        ]
        program.row(count, count, terms)
    for name, costs in (
        (EXCEPTIONS, columns.exceptions),
        (BALANCE, [c for pair in columns.slack for c in pair]),
    ):
        program.row(0, mix.level(name), [(c, 1.0) for c in costs])
    program.row(0, mix.level(GAPS), [(c, 1.0) for c in columns.longer])


def _order(
    problem: StaffingProblem, homes: Homes, program: Program, columns: _RosterColumns
) -> None:
    """Order the résidences of interchangeable posts, whose order is arbitrary."""
    for post, ((group, ranks), (following, _)) in enumerate(pairwise(homes)):
        if group == following and not problem.groups[group].locks:
            later = [(columns.lives[post + 1, r], float(r)) for r in ranks]
            program.row(0.0, inf, [*later, *((columns.lives[post, r], -float(r)) for r in ranks)])


def _costs(problem: StaffingProblem, columns: _RosterColumns) -> dict[str, dict[int, float]]:
    """Return the cost of each column under each criterion, in their order."""
    splits = {c: 1.0 for (_, _, _, kind), c in columns.works.items() if is_split(kind)}
    slack = dict.fromkeys((c for pair in columns.slack for c in pair), 1.0)
    travel = {c: problem.travel(r, kind) for (_, r, _, kind), c in columns.works.items()}
    return {
        EXCEPTIONS: dict.fromkeys(columns.exceptions, 1.0),
        GAPS: dict.fromkeys(columns.longer, 1.0),
        SPLITS: splits,
        BALANCE: slack,
        TRAVEL: travel,
    }


def _roster_from(
    homes: Homes,
    problem: StaffingProblem,
    columns: _RosterColumns,
    solution: Solution,
) -> Roster:
    values = solution.values
    if values is None:
        return Roster(None, solution)
    home_of = {post: r for (post, r), c in columns.lives.items() if values[c] > 0.5}
    kind_of = {key[::2]: key[3] for key, c in columns.works.items() if values[c] > 0.5}
    days = range(problem.options.days)
    return Roster(
        tuple(
            RosteredPost(
                group,
                home_of[post],
                tuple(kind_of.get((post, day)) for day in days),
                tuple(round(values[columns.free[post, day]]) for day in days),
            )
            for post, (group, _) in enumerate(homes)
        ),
        solution,
    )
