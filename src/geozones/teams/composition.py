r"""The weekly mix: how many posts reside in each lycée, and how many days of each type they work.

Sets: lycées l of the zone with needs n_l (half-days); day types t, a morning's and an afternoon's
lycée (whole day, split day between two lycées within ``split_minutes``, half-day); groups g of
interchangeable posts, c_g half-days each; spans δ of interchangeable days (the whole week, or each
day alone for a post with locks), of |δ| days.

Variables, whole: N[g,r] posts of group g with résidence r; Y[g,r,δ,t] their days of type t in span
δ; over[g,r] and under[g,r], half-days above the balanced load rounded up, below it rounded down.

1. Σ_r N[g,r] = size of g: every post has one résidence.
2. Σ Y·h_l(t) = n_l for each lycée l, h_l(t) the half-days of t in l: needs are met, exactly.
3. Σ_t Y[g,r,δ,t] ≤ |δ|·N[g,r]: one type of day a post and day.
4. Σ_δ,t Y[g,r,δ,t]·h(t) ≤ c_g·N[g,r]: no post works more than its share.
5. Σ_δ,t∋r Y[g,r,δ,t] ≥ N[g,r]: the résidence is one of the post's lycées.
6. Σ_t Y[g,r,δ,t] = N[g,r] where a half-day of δ is locked in a lycée; types that contradict a lock
   are left out.
7. Σ_t∋l Y ≥ v_l: days with someone in l, the fewest that the gap allowed asks for.
8. ⌊b_g⌋·N − under ≤ Σ Y·h(t) ≤ ⌈b_g⌉·N + over, b_g the balanced load.

Minimised one after the other: split days; Σ over + under; minutes of travel, each day from the
résidence through its lycées and back. Interchangeable posts and days are only counted, so no
symmetry is left and HiGHS proves the optimum at once. ``roster`` gives each post its days; every
roster has such a mix, so these figures bound it from below.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from geozones.teams.problem import NO_LYCEE, DayType, StaffingProblem
from geozones.teams.program import Criterion, Program, SearchClock, Solution

SPLITS, BALANCE, TRAVEL = "Journées partagées", "Écarts de charge", "Trajets (min par semaine)"
#: Group, résidence, span of days.
type Seat = tuple[int, int, int]


@dataclass(frozen=True)
class WeeklyMix:
    """A weekly mix and its proof.

    Parameters
    ----------
    residents
        Posts by group and résidence (ranks): N.
    days
        Days by group, résidence, span and day type: Y.
    deviation
        Half-days above or below the balanced loads, in all.
    """

    residents: dict[tuple[int, int], int]
    days: dict[tuple[int, int, int, DayType], int]
    deviation: int
    solution: Solution


@dataclass
class _MixColumns:
    """Ranks of the columns of the program: N, Y, and (over, under) of each seat."""

    residents: dict[tuple[int, int], int] = field(default_factory=dict)
    days: dict[tuple[int, int, int, DayType], int] = field(default_factory=dict)
    slack: dict[tuple[int, int], tuple[int, int]] = field(default_factory=dict)


def compose(problem: StaffingProblem, clock: SearchClock) -> WeeklyMix | None:
    """Return the best weekly mix; ``None`` where there is none, or none was found in time.

    ``clock.stopped`` tells the two apart.
    """
    program, columns = Program(), _MixColumns()
    for group in range(len(problem.groups)):
        _group(problem, group, program, columns)
    for rank, need in enumerate(problem.needs):
        met = [(c, float(kind.count(rank))) for (_, _, _, kind), c in columns.days.items()]
        program.row(need, need, [term for term in met if term[1]])  # (2)
        seen = [(c, 1.0) for (_, _, _, kind), c in columns.days.items() if rank in kind]
        program.row(problem.visits[rank], float("inf"), seen)  # (7)
    solution = program.minimise(_criteria(problem, columns), clock)
    if solution.values is None:
        return None
    values = solution.values
    return WeeklyMix(
        {key: round(values[c]) for key, c in columns.residents.items() if values[c] > 0.5},
        {key: round(values[c]) for key, c in columns.days.items() if values[c] > 0.5},
        round(solution.levels[1].value),
        solution,
    )


def _group(problem: StaffingProblem, group: int, program: Program, columns: _MixColumns) -> None:
    entry, days = problem.groups[group], problem.options.days
    residences = range(len(problem.lycees))
    for residence in residences:
        columns.residents[group, residence] = program.column(entry.count)
        for span, place in enumerate(entry.spans(days)):
            for kind in _types(problem, group, residence, place[0]):
                column = program.column(entry.count * len(place))
                columns.days[group, residence, span, kind] = column
        columns.slack[group, residence] = (program.column(1000), program.column(1000))
        _rows(problem, (group, residence), program, columns)
    program.row(
        entry.count, entry.count, [(columns.residents[group, r], 1.0) for r in residences]
    )  # (1)


def _types(problem: StaffingProblem, group: int, residence: int, day: int) -> Iterator[DayType]:
    entry = problem.groups[group]
    for kind in problem.types:
        reached = problem.travel(residence, kind) < float("inf")
        # half a day is the same in the morning as in the afternoon, but for a post with locks
        twin = not entry.locks and kind[0] == NO_LYCEE
        if reached and not twin and entry.allows(day, kind, problem.lycees):
            yield kind


def _rows(
    problem: StaffingProblem, seat: tuple[int, int], program: Program, columns: _MixColumns
) -> None:
    group, residence = seat
    entry, posts = problem.groups[group], columns.residents[seat]
    mine = {key[2:]: c for key, c in columns.days.items() if key[:2] == seat}
    for span, place in enumerate(entry.spans(problem.options.days)):
        terms = [(c, 1.0) for (at, _), c in mine.items() if at == span]
        lower = 0.0 if entry.must_work(place[0]) else -float("inf")
        program.row(lower, 0.0, [*terms, (posts, -float(len(place)))])  # (3), (6)
    worked = [(c, float(2 - kind.count(NO_LYCEE))) for (_, kind), c in mine.items()]
    program.row(-float("inf"), 0.0, [*worked, (posts, -float(entry.most))])  # (4)
    at_home = [(c, 1.0) for (_, kind), c in mine.items() if residence in kind]
    program.row(0.0, float("inf"), [*at_home, (posts, -1.0)])  # (5)
    low, high = problem.loads(entry)
    over, under = columns.slack[seat]
    program.row(-float("inf"), 0.0, [*worked, (posts, -float(high)), (over, -1.0)])  # (8)
    program.row(0.0, float("inf"), [*worked, (posts, -float(low)), (under, 1.0)])  # (8)


def _criteria(problem: StaffingProblem, columns: _MixColumns) -> list[Criterion]:
    splits = {c: 1.0 for (_, _, _, kind), c in columns.days.items() if is_split(kind)}
    slack = dict.fromkeys((c for pair in columns.slack.values() for c in pair), 1.0)
    travel = {c: problem.travel(r, kind) for (_, r, _, kind), c in columns.days.items()}
    return [(SPLITS, splits), (BALANCE, slack), (TRAVEL, travel)]


def is_split(kind: DayType) -> bool:
    """Return whether a day is split between two lycées."""
    return NO_LYCEE not in kind and kind[0] != kind[1]
