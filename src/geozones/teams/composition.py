r"""The weekly mix: how many posts reside in each lycée, and how many days of each type they work.

Sets: lycées l of the zone with needs n_l (half-days); day types t, a morning's and an afternoon's
lycée (whole day, split day between two lycées within ``split_minutes``, half-day); groups g of
interchangeable posts, c_g half-days each; spans δ of interchangeable days (the whole week, or each
day alone for a post with locks), of |δ| days.

Variables, whole: N[g,r] posts of group g with résidence r; Y[g,r,δ,t] their days of type t in span
δ; E[g,r,l] how many of them know lycée l (E[g,r,r] = N[g,r]); lone[g,r] how many
know one lycée only; once[l], whether one post only knows l; over[g,r] and under[g,r], half-days
above the balanced load rounded up, below it rounded down.

1. Σ_r N[g,r] = size of g: every post has one résidence.
2. Σ Y·h_l(t) = n_l for each lycée l, h_l(t) the half-days of t in l: needs are met, exactly.
3. Σ_t Y[g,r,δ,κ,t] ≤ |δ|·N[g,r]: one type of day a post and day.
4. Σ_δ,t Y·h(t) ≤ c_g·N[g,r], h(t) the half-days of t: no post works more than its share.
5. Σ_δ,t∋r Y ≥ N[g,r]: the résidence is one of the post's lycées.
6. Σ_t Y = N[g,r] where a half-day of δ is locked in a lycée; types that contradict a lock are
   left out, and lycées out of reach of r.
7. Σ_t∋l Y ≥ v_l: days with someone in l, the fewest that the gap allowed asks for.
8. ⌊b_g⌋·N − under ≤ Σ Y·h(t) ≤ ⌈b_g⌉·N + over, b_g the balanced load.
9. E[g,r,l] ≤ N[g,r], E[g,r,l] ≤ Σ_t∋l Y[g,r,·,t] ≤ days·E[g,r,l].
10. Σ_l≠r E[g,r,l] ≥ N[g,r] − lone[g,r]; 2 − once[l] ≤ Σ_g,r E[g,r,l] ≤ ``max_known``.

Minimised one after the other: exceptions, Σ lone + Σ once; split days; Σ over + under; minutes
of travel, each day from the résidence through its lycées and back. Interchangeable posts and days
are only counted, so no symmetry is left and HiGHS proves the optimum at once. ``roster`` gives each
post its days; every roster has such a mix, so these figures bound it from below.
"""

from dataclasses import dataclass, field
from math import inf

from geozones.teams.program import Criterion, Program, Solution, WorkLimit
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
SPLITS = "Journées partagées"
BALANCE = "Demi-journées d'écart à une charge égale"
TRAVEL = "Trajets (min par semaine)"
EVENNESS = "Demi-journées à plusieurs dans un même {site}"
ALONE = "Demi-journées sans collègue qui puisse venir"
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
    days: dict[tuple[int, int, int, DayType], int] = field(default_factory=dict)
    knows: dict[tuple[int, int, int], int] = field(default_factory=dict)
    lone: dict[Seat, int] = field(default_factory=dict)
    slack: dict[Seat, tuple[int, int]] = field(default_factory=dict)
    once: dict[int, int] = field(default_factory=dict)

    def of(self, seat: Seat) -> dict[tuple[int, DayType], int]:
        """Return the days of a seat by span and type."""
        return {key[2:]: c for key, c in self.days.items() if key[:2] == seat}


def compose(problem: StaffingProblem, work: WorkLimit) -> WeeklyMix | None:
    """Return the best weekly mix; ``None`` if there is none, or none was found in time.

    ``work.stopped`` distinguishes the two.
    """
    program, columns = _program(problem)
    solution = program.minimise(_criteria(problem, columns), work)
    if solution.values is None:
        return None
    values = solution.values
    days = {key: round(values[c]) for key, c in columns.days.items()}
    return WeeklyMix(
        {key: round(values[c]) for key, c in columns.residents.items() if values[c] > 0.5},
        {key: count for key, count in days.items() if count},
        solution,
    )


def is_composable(problem: StaffingProblem, work: WorkLimit) -> bool | None:
    """Return whether some weekly mix meets the needs; ``None`` if the time was too short to know.

    Nothing is minimised: this is faster than to compose the best mix.
    """
    program, _ = _program(problem)
    solution = program.minimise([Criterion(EXCEPTIONS, {})], work)
    if solution.values is None:
        return None if work.stopped else False
    return True


def _program(problem: StaffingProblem) -> tuple[Program, _MixColumns]:
    program, columns = Program(), _MixColumns()
    for group in range(len(problem.groups)):
        _group(problem, group, program, columns)
    for rank in range(len(problem.lycees)):
        _lycee(problem, rank, program, columns)
    return program, columns


def _group(problem: StaffingProblem, group: int, program: Program, columns: _MixColumns) -> None:
    entry, days = problem.groups[group], problem.options.days
    seats = [(group, residence) for residence in range(len(problem.lycees))]
    for seat in seats:
        columns.residents[seat] = program.column(entry.count)
        columns.lone[seat] = program.column(entry.count)
        for span, place in enumerate(entry.spans(days)):
            for kind in problem.day_types(entry, seat[1], place[0]):
                columns.days[*seat, span, kind] = program.column(entry.count * len(place))
        columns.slack[seat] = (program.column(1000), program.column(1000))
        _rows(problem, seat, program, columns)
        _known(problem, seat, program, columns)
    posts = [(columns.residents[seat], 1.0) for seat in seats]
    program.row(entry.count, entry.count, posts)  # (1)


def _rows(problem: StaffingProblem, seat: Seat, program: Program, columns: _MixColumns) -> None:
    group, residence = seat
    entry, posts = problem.groups[group], columns.residents[seat]
    mine = columns.of(seat)
    for span, place in enumerate(entry.spans(problem.options.days)):
        terms = [(c, 1.0) for (at, _), c in mine.items() if at == span]
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


def _criteria(problem: StaffingProblem, columns: _MixColumns) -> list[Criterion]:
    exceptions = dict.fromkeys([*columns.lone.values(), *columns.once.values()], 1.0)
    splits = {c: 1.0 for (*_, kind), c in columns.days.items() if is_split(kind)}
    slack = dict.fromkeys((c for pair in columns.slack.values() for c in pair), 1.0)
    travel = {c: problem.travel(r, kind) for (_, r, _, kind), c in columns.days.items()}
    return [
        Criterion(EXCEPTIONS, exceptions, lambda _: least_exceptions(problem)),
        Criterion(SPLITS, splits, lambda _: least_splits(problem)),
        Criterion(BALANCE, slack),
        Criterion(TRAVEL, travel),
    ]


def is_split(kind: DayType) -> bool:
    """Return whether a day is split between two lycées."""
    return NO_LYCEE not in kind and kind[0] != kind[1]


def half_days(kind: DayType) -> float:
    """Return the half-days of a day type in a lycée."""
    return float(2 - kind.count(NO_LYCEE))
