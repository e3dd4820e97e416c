r"""The roster: which post works where on which day, over one week that repeats.

Variables: u[p,r] ∈ {0, 1}, post p resides in r; z[p,r,d,t] ∈ {0, 1}, it works a day of type t on
day d; over[p], under[p] as in ``composition``, whose sets and numbers (1) to (6) and (8) hold here
for each post alone, and

9. Σ_p,r,t∋l,d∈w z[p,r,d,t] ≥ 1 for each lycée l with a need and each window w of ``gap_days`` + 1
   days running, Friday followed by Monday: no lycée is without anyone for longer.

Two uses. Given a mix, (10) Σ over the posts of (g, r) and the days of δ of z = Y[g,r,δ,t]: a
roster of that mix has its figures, which bound every roster, so it is optimal. Where the mix has no
roster, the criteria of ``composition`` are minimised here, over every post and résidence.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product

from geozones.teams.composition import BALANCE, SPLITS, TRAVEL, WeeklyMix, is_split
from geozones.teams.problem import NO_LYCEE, DayType, StaffingProblem
from geozones.teams.program import Criterion, Program, SearchClock, Solution

_INF = float("inf")
#: Post, résidence, day, type.
type Work = tuple[int, int, int, DayType]


@dataclass(frozen=True)
class RosteredPost:
    """A post of the roster: ranks of its group and résidence, day types (``None``: not worked)."""

    group: int
    residence: int
    days: tuple[DayType | None, ...]


@dataclass(frozen=True)
class Roster:
    """A roster and its proof; ``posts`` is ``None`` where none is known."""

    posts: tuple[RosteredPost, ...] | None
    solution: Solution


@dataclass
class _RosterColumns:
    """Ranks of the columns of the program: u, z, and (over, under) of each post."""

    lives: dict[tuple[int, int], int] = field(default_factory=dict)
    works: dict[Work, int] = field(default_factory=dict)
    slack: list[tuple[int, int]] = field(default_factory=list)


def roster_of(problem: StaffingProblem, mix: WeeklyMix, clock: SearchClock) -> Roster:
    """Return a roster of a mix; its posts are ``None`` where there is none, or the time is up."""
    residents = sorted(mix.residents.items())
    homes = [(group, (home,)) for (group, home), count in residents for _ in range(count)]
    program, columns = _build(problem, homes, mix)
    return _roster_from(homes, problem, columns, program.minimise([("", {})], clock))


def best_roster(problem: StaffingProblem, clock: SearchClock) -> Roster:
    """Return the best roster of any mix."""
    ranks = tuple(range(len(problem.lycees)))
    groups = enumerate(problem.groups)
    homes = [(group, ranks) for group, entry in groups for _ in range(entry.count)]
    program, columns = _build(problem, homes, None)
    return _roster_from(
        homes, problem, columns, program.minimise(_criteria(problem, columns), clock)
    )


def _build(
    problem: StaffingProblem, homes: Sequence[tuple[int, tuple[int, ...]]], mix: WeeklyMix | None
) -> tuple[Program, _RosterColumns]:
    program, columns = Program(), _RosterColumns()
    for post, (group, residences) in enumerate(homes):
        for home in residences:
            columns.lives[post, home] = program.column()
            for day in range(problem.options.days):
                for kind in _kinds(problem, group, home, day, mix):
                    columns.works[post, home, day, kind] = program.column()
        columns.slack.append((program.column(1000), program.column(1000)))
        _post_rows(problem, post, homes[post], program, columns)
    _lycee_rows(problem, program, columns)
    if mix is not None:
        _mix_rows(problem, homes, mix, program, columns)
    return program, columns


def _kinds(
    problem: StaffingProblem, group: int, home: int, day: int, mix: WeeklyMix | None
) -> list[DayType]:
    entry = problem.groups[group]
    if mix is not None:
        spans = entry.spans(problem.options.days)
        span = next(rank for rank, place in enumerate(spans) if day in place)
        return [kind for g, r, s, kind in mix.days if (g, r, s) == (group, home, span)]
    return [
        kind
        for kind in problem.types
        if (entry.locks or kind[0] != NO_LYCEE)
        and entry.allows(day, kind, problem.lycees)
        and problem.travel(home, kind) < _INF
    ]


def _post_rows(
    problem: StaffingProblem,
    post: int,
    home: tuple[int, tuple[int, ...]],
    program: Program,
    columns: _RosterColumns,
) -> None:
    entry, residences = problem.groups[home[0]], home[1]
    mine = {key[1:]: c for key, c in columns.works.items() if key[0] == post}
    program.row(1, 1, [(columns.lives[post, r], 1.0) for r in residences])  # (1)
    for residence, day in product(residences, range(problem.options.days)):
        terms = [(c, 1.0) for (r, d, _), c in mine.items() if (r, d) == (residence, day)]
        lower = 0.0 if entry.must_work(day) else -_INF
        program.row(lower, 0.0, [*terms, (columns.lives[post, residence], -1.0)])  # (3), (6)
    for residence in residences:
        at_home = [(c, 1.0) for (r, _, kind), c in mine.items() if r == residence and r in kind]
        program.row(0.0, _INF, [*at_home, (columns.lives[post, residence], -1.0)])  # (5)
    worked = [(c, float(2 - kind.count(NO_LYCEE))) for (_, _, kind), c in mine.items()]
    program.row(0.0, entry.most, worked)  # (4)
    low, high = problem.loads(entry)
    over, under = columns.slack[post]
    program.row(-_INF, high, [*worked, (over, -1.0)])  # (8)
    program.row(low, _INF, [*worked, (under, 1.0)])  # (8)


def _lycee_rows(problem: StaffingProblem, program: Program, columns: _RosterColumns) -> None:
    days, window = problem.options.days, problem.options.settings.gap_days + 1
    for rank, need in enumerate(problem.needs):
        here = {key: c for key, c in columns.works.items() if rank in key[3]}
        program.row(need, need, [(c, float(key[3].count(rank))) for key, c in here.items()])  # (2)
        if not problem.visits[rank]:
            continue
        for first in range(days):
            seen = {(first + step) % days for step in range(window)}
            program.row(1, _INF, [(c, 1.0) for key, c in here.items() if key[2] in seen])  # (9)


def _mix_rows(
    problem: StaffingProblem,
    homes: Sequence[tuple[int, tuple[int, ...]]],
    mix: WeeklyMix,
    program: Program,
    columns: _RosterColumns,
) -> None:
    for (group, residence, span, kind), count in mix.days.items():
        days = problem.groups[group].spans(problem.options.days)[span]
        terms = [
            (c, 1.0)
            for (post, r, day, t), c in columns.works.items()
            if (homes[post][0], r, t) == (group, residence, kind) and day in days
        ]
        program.row(count, count, terms)  # (10)
    program.row(0, mix.deviation, [(c, 1.0) for pair in columns.slack for c in pair])


def _criteria(problem: StaffingProblem, columns: _RosterColumns) -> list[Criterion]:
    splits = {c: 1.0 for (_, _, _, kind), c in columns.works.items() if is_split(kind)}
    slack = dict.fromkeys((c for pair in columns.slack for c in pair), 1.0)
    travel = {c: problem.travel(r, kind) for (_, r, _, kind), c in columns.works.items()}
    return [(SPLITS, splits), (BALANCE, slack), (TRAVEL, travel)]


def _roster_from(
    homes: Sequence[tuple[int, tuple[int, ...]]],
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
            RosteredPost(group, home_of[post], tuple(kind_of.get((post, day)) for day in days))
            for post, (group, _) in enumerate(homes)
        ),
        solution,
    )
