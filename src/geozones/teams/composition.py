r"""The weekly mix: how many posts reside in each lycée, and how many days of each type they work.

Sets: lycées l of the zone with needs n_l (half-days); day types t, a morning's and an afternoon's
lycée (whole day, split day between two lycées within ``split_minutes``, half-day); groups g of
interchangeable posts, c_g half-days each, P posts in all; spans δ of interchangeable days (the
whole week, or each day alone for a post with locks), of |δ| days; classes κ of days: full, when
every lycée with a need has someone, or not. Without free half-days no class is full.

Variables, whole: N[g,r] posts of group g with résidence r; Y[g,r,δ,κ,t] their days of type t in
span δ and class κ; E[g,r,l] how many of them know lycée l (E[g,r,r] = N[g,r]); lone[g,r] how many
know one lycée only; once[l], whether one post only knows l; C days that are full; U free half-days
on other days; over[g,r] and under[g,r], half-days above the balanced load rounded up, below it
rounded down; on[g,r], whether N[g,r] ≥ 1.

1. Σ_r N[g,r] = size of g: every post has one résidence.
2. Σ Y·h_l(t) = n_l for each lycée l, h_l(t) the half-days of t in l: needs are met, exactly.
3. Σ_κ,t Y[g,r,δ,κ,t] ≤ |δ|·N[g,r]: one type of day a post and day.
4. Σ_δ,κ,t Y·h(t) ≤ c_g·N[g,r], h(t) the half-days of t: no post works more than its share.
5. Σ_δ,κ,t∋r Y ≥ N[g,r]: the résidence is one of the post's lycées.
6. Σ_κ,t Y = N[g,r] where a half-day of δ is locked in a lycée; types that contradict a lock are
   left out, and lycées out of reach of r.
7. Σ_t∋l Y ≥ v_l: days with someone in l, the fewest that the gap allowed asks for.
8. ⌊b_g⌋·N − under ≤ Σ Y·h(t) ≤ ⌈b_g⌉·N + over, b_g the balanced load.
9. E[g,r,l] ≤ N[g,r], E[g,r,l] ≤ Σ_t∋l Y[g,r,·,·,t] ≤ days·E[g,r,l].
10. Σ_l≠r E[g,r,l] ≥ N[g,r] − lone[g,r]; 2 − once[l] ≤ Σ_g,r E[g,r,l] ≤ ``max_known``.
11. On full days, Σ_t∋l Y ≥ C for each l with a need; U ≥ F − 2P·C + Σ Y·h(t), F free half-days.
12. Σ_δ,t Y[g,r,δ,κ,t] ≤ D + days·(N[g,r] − on[g,r]), D the days of the class, C or days − C;
    over the résidences, ≤ size of g·D.

Minimised one after the other: exceptions, Σ lone + Σ once; U; split days; Σ over + under; minutes
of travel, each day from the résidence through its lycées and back. Interchangeable posts and days
are only counted, so no symmetry is left and HiGHS proves the optimum at once. ``roster`` gives each
post its days; every roster has such a mix, so these figures bound it from below.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import product
from math import inf

from geozones.teams.program import Criterion, CriterionValue, Program, SearchClock, Solution
from geozones.teams.staffing_problem import (
    NO_LYCEE,
    DayType,
    StaffingProblem,
    least_exceptions,
    least_free,
    least_splits,
)

#: Criteria of a week; the unit is days, half-days or minutes.
EXCEPTIONS = "Exceptions"
GAPS = "Jours sans présence au-delà de la limite"
FREE_DAYS = "Demi-journées disponibles un jour où {a_site} n'a personne"
SPLITS = "Journées partagées"
BALANCE = "Demi-journées d'écart à une charge égale"
TRAVEL = "Trajets (min par semaine)"
#: Group and résidence.
type Seat = tuple[int, int]


@dataclass(frozen=True)
class WeeklyMix:
    """Weekly mix and its proof."""

    residents: dict[Seat, int]  # Posts by group and résidence (ranks): N.
    #: Days by group, résidence, span and day type: Y.
    days: dict[tuple[int, int, int, DayType], int]
    solution: Solution

    def level(self, name: str) -> float:
        """Return the value of a criterion; 0 for an unknown criterion."""
        return next((level.value for level in self.solution.levels if level.name == name), 0.0)

    def bound(self, name: str) -> float:
        """Return the proven bound of a criterion, with the earlier criteria at their bounds."""
        return next((level.bound for level in self.solution.levels if level.name == name), 0.0)


@dataclass
class _MixColumns:
    """Ranks of the columns of the program, by the names of the formulation."""

    residents: dict[Seat, int] = field(default_factory=dict)
    days: dict[tuple[int, int, int, bool, DayType], int] = field(default_factory=dict)
    knows: dict[tuple[int, int, int], int] = field(default_factory=dict)
    lone: dict[Seat, int] = field(default_factory=dict)
    slack: dict[Seat, tuple[int, int]] = field(default_factory=dict)
    once: dict[int, int] = field(default_factory=dict)
    full: int = 0
    misplaced: int = 0

    def of(self, seat: Seat) -> dict[tuple[int, bool, DayType], int]:
        """Return the days of a seat by span, class and type."""
        return {key[2:]: c for key, c in self.days.items() if key[:2] == seat}


def compose(
    problem: StaffingProblem, clock: SearchClock, *, placed: bool = True
) -> WeeklyMix | None:
    """Return the best weekly mix; ``None`` if there is none, or none was found in time.

    ``clock.stopped`` distinguishes the two. Unless ``placed``, free half-days may be on any day:
    this is much faster, and the roster determines how many are misplaced.
    """
    program, columns = _program(problem, placed=placed)
    criteria = _criteria(problem, columns)
    if placed:
        _free(problem, program, columns)
    else:
        criteria = [c._replace(least=lambda _: 0.0) for c in criteria if c.name != FREE_DAYS]
    solution = program.minimise(criteria, clock)
    if solution.values is None:
        return None
    values = solution.values
    days: Counter[tuple[int, int, int, DayType]] = Counter()
    for (group, residence, span, _, kind), c in columns.days.items():
        days[group, residence, span, kind] += round(values[c])
    if not placed:
        first, *rest = solution.levels
        free = CriterionValue(FREE_DAYS, problem.free, least_free(problem))
        solution = Solution(values, (first, free, *rest), proven=False)
    return WeeklyMix(
        {key: round(values[c]) for key, c in columns.residents.items() if values[c] > 0.5},
        {key: count for key, count in days.items() if count},
        solution,
    )


def is_composable(problem: StaffingProblem, clock: SearchClock) -> bool | None:
    """Return whether some weekly mix meets the needs; ``None`` if the time was too short to know.

    Nothing is minimised: this is faster than to compose the best mix.
    """
    program, _ = _program(problem, placed=False)
    solution = program.minimise([Criterion(EXCEPTIONS, {})], clock)
    if solution.values is None:
        return None if clock.stopped else False
    return True


def _program(problem: StaffingProblem, *, placed: bool) -> tuple[Program, _MixColumns]:
    program, columns = Program(), _MixColumns()
    columns.full, columns.misplaced = program.column(problem.options.days), program.column(1000)
    for group in range(len(problem.groups)):
        _group(problem, group, program, columns, placed=placed)
    for rank in range(len(problem.lycees)):
        _lycee(problem, rank, program, columns)
    return program, columns


def _group(
    problem: StaffingProblem, group: int, program: Program, columns: _MixColumns, *, placed: bool
) -> None:
    entry, days = problem.groups[group], problem.options.days
    classes = (False, True) if placed and problem.free > 0 else (False,)
    seats = [(group, residence) for residence in range(len(problem.lycees))]
    for seat in seats:
        columns.residents[seat] = program.column(entry.count)
        columns.lone[seat] = program.column(entry.count)
        for span, place in enumerate(entry.spans(days)):
            for full, kind in product(classes, problem.day_types(entry, seat[1], place[0])):
                column = program.column(entry.count * len(place))
                columns.days[*seat, span, full, kind] = column
        columns.slack[seat] = (program.column(1000), program.column(1000))
        _rows(problem, seat, program, columns)
        _known(problem, seat, program, columns)
    posts = [(columns.residents[seat], 1.0) for seat in seats]
    program.row(entry.count, entry.count, posts)  # (1)
    if len(classes) > 1:
        _classes(problem, seats, program, columns)


def _classes(
    problem: StaffingProblem, seats: Sequence[Seat], program: Program, columns: _MixColumns
) -> None:
    days, size = problem.options.days, problem.groups[seats[0][0]].count
    for full, sign, most in ((True, -1.0, 0), (False, 1.0, days)):
        everyone = []
        for seat in seats:
            terms = [(c, 1.0) for (_, at, _), c in columns.of(seat).items() if at == full]
            everyone += terms
            posts, on = columns.residents[seat], program.column()
            program.row(0.0, inf, [(posts, 1.0), (on, -1.0)])
            program.row(-inf, 0.0, [(posts, 1.0), (on, -float(size))])
            several = [(posts, -float(days)), (on, float(days))]
            program.row(-inf, most, [*terms, (columns.full, sign), *several])  # (12)
        program.row(-inf, most * size, [*everyone, (columns.full, sign * size)])  # (12)


def _rows(problem: StaffingProblem, seat: Seat, program: Program, columns: _MixColumns) -> None:
    group, residence = seat
    entry, posts = problem.groups[group], columns.residents[seat]
    mine = columns.of(seat)
    for span, place in enumerate(entry.spans(problem.options.days)):
        terms = [(c, 1.0) for (at, _, _), c in mine.items() if at == span]
        lower = 0.0 if entry.must_work(place[0]) else -inf
        program.row(lower, 0.0, [*terms, (posts, -float(len(place)))])  # (3), (6)
    worked = [(c, half_days(kind)) for (*_, kind), c in mine.items()]
    program.row(-inf, 0.0, [*worked, (posts, -float(entry.most))])  # (4)
    at_home = [(c, 1.0) for (*_, kind), c in mine.items() if residence in kind]
    program.row(0.0, inf, [*at_home, (posts, -1.0)])  # (5)
    low, high = problem.loads(entry)
    over, under = columns.slack[seat]
    program.row(-inf, 0.0, [*worked, (posts, -float(high)), (over, -1.0)])  # (8)
    program.row(0.0, inf, [*worked, (posts, -float(low)), (under, 1.0)])  # (8)


def _known(problem: StaffingProblem, seat: Seat, program: Program, columns: _MixColumns) -> None:
    group, residence = seat
    posts, days = columns.residents[seat], problem.options.days
    mine = columns.of(seat)
    others = []
    for lycee in range(len(problem.lycees)):
        there = [(c, 1.0) for (*_, kind), c in mine.items() if lycee in kind]
        if lycee == residence or not there:
            continue
        known = program.column(problem.groups[group].count)
        columns.knows[group, residence, lycee] = known
        others.append((known, 1.0))
        program.row(-inf, 0.0, [(known, 1.0), (posts, -1.0)])  # (9)
        program.row(0.0, inf, [*there, (known, -1.0)])
        program.row(-inf, 0.0, [*there, (known, -float(days))])
    program.row(0.0, inf, [*others, (columns.lone[seat], 1.0), (posts, -1.0)])  # (10)


def _lycee(problem: StaffingProblem, rank: int, program: Program, columns: _MixColumns) -> None:
    need = problem.needs[rank]
    met = [(c, float(kind.count(rank))) for (*_, kind), c in columns.days.items()]
    program.row(need, need, [term for term in met if term[1]])  # (2)
    seen = [(c, 1.0) for (*_, kind), c in columns.days.items() if rank in kind]
    program.row(problem.visits[rank], inf, seen)  # (7)
    if not need:
        return
    columns.once[rank] = program.column()
    known = [(c, 1.0) for (_, _, lycee), c in columns.knows.items() if lycee == rank]
    known += [(c, 1.0) for (_, home), c in columns.residents.items() if home == rank]
    program.row(2.0, inf, [*known, (columns.once[rank], 1.0)])  # (10)
    program.row(-inf, problem.options.settings.max_known, known)


def _free(problem: StaffingProblem, program: Program, columns: _MixColumns) -> None:
    """Count the free half-days that are not on full days (11)."""
    if problem.free <= 0:
        program.row(0.0, 0.0, [(columns.full, 1.0), (columns.misplaced, 1.0)])
        return
    full: dict[DayType, list[int]] = {key[-1]: [] for key in columns.days}
    for (*_, at, kind), c in columns.days.items():
        if at:
            full[kind].append(c)
    for rank in problem.served:
        seen = [(c, 1.0) for kind, days in full.items() if rank in kind for c in days]
        program.row(0.0, inf, [*seen, (columns.full, -1.0)])
    worked = [(c, -half_days(kind)) for kind, days in full.items() for c in days]
    room = [(columns.misplaced, 1.0), (columns.full, 2.0 * problem.posts)]
    program.row(problem.free, inf, [*worked, *room])


def _criteria(problem: StaffingProblem, columns: _MixColumns) -> list[Criterion]:
    exceptions = dict.fromkeys([*columns.lone.values(), *columns.once.values()], 1.0)
    splits = {c: 1.0 for (*_, kind), c in columns.days.items() if is_split(kind)}
    slack = dict.fromkeys((c for pair in columns.slack.values() for c in pair), 1.0)
    travel = {c: problem.travel(r, kind) for (_, r, _, _, kind), c in columns.days.items()}
    return [
        Criterion(EXCEPTIONS, exceptions, lambda _: least_exceptions(problem)),
        Criterion(FREE_DAYS, {columns.misplaced: 1.0}, lambda _: least_free(problem)),
        Criterion(SPLITS, splits, lambda known: least_splits(problem, known[FREE_DAYS])),
        Criterion(BALANCE, slack),
        Criterion(TRAVEL, travel),
    ]


def is_split(kind: DayType) -> bool:
    """Return whether a day is split between two lycées."""
    return NO_LYCEE not in kind and kind[0] != kind[1]


def half_days(kind: DayType) -> float:
    """Return the half-days of a day type in a lycée."""
    return float(2 - kind.count(NO_LYCEE))
