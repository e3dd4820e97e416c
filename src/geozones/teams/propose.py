"""The question a planner asks: the fewest posts that meet a zone's needs, and their best grid."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from math import ceil, inf
from time import perf_counter

from geozones.domain import InputError
from geozones.domain.french import plural
from geozones.domain.teams import FREE, SHARES, SLOTS, Cell, Post, capacity
from geozones.teams.composition import compose
from geozones.teams.diagnose import contradictions
from geozones.teams.problem import OUT, Ask, Group, Options, Problem, check_time
from geozones.teams.program import Clock, Level, Solution
from geozones.teams.roster import Roster, Seated, best_roster, roster_of

POSTS = "Postes"


class Status(StrEnum):
    """What the search can say."""

    OPTIMAL = "optimal"
    FEASIBLE = "feasible"
    INFEASIBLE = "infeasible"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Proposal:
    """The posts proposed for a zone, and their proof.

    ``levels`` are the criteria in their order, each with its value and its bound; ``why`` says why
    there is no post, in sentences.
    """

    zone: str
    status: Status
    posts: tuple[Post, ...]
    levels: tuple[Level, ...]
    seconds: float
    why: str = ""

    @property
    def gap(self) -> float:
        """Gap of the first criterion that is not proven, as a share; 0 when all are."""
        if self.status is Status.OPTIMAL:
            return 0.0
        return next((level.gap for level in self.levels if not level.proven), inf)


def propose_posts(
    ask: Ask, options: Options | None = None, tick: Callable[[], None] | None = None
) -> Proposal:
    """Return the fewest posts that meet the needs of a zone, with the best grid, proven.

    One criterion after another: posts, split days, balance of loads, minutes of travel; the
    formulation is in ``composition`` and ``roster``. The same question gives the same answer, but
    for a search stopped by its time limit.

    Parameters
    ----------
    tick
        Called now and then; it may raise ``SearchCancelledError``: the best found is returned.

    Raises
    ------
    InputError
        If an option is out of range.
    """
    options = options or Options()
    _check(options)
    start = perf_counter()
    clock = Clock(options.time_limit, tick)
    kept = [post for post in ask.posts if options.keep or post.locked]
    base = _problem(ask, kept, options)
    why = contradictions(base)
    if why:
        return Proposal(ask.zone, Status.INFEASIBLE, (), (), perf_counter() - start, " ".join(why))
    roster, count, fewest = _search(base, clock)
    seconds = perf_counter() - start
    if roster is None or roster.posts is None:
        status, why_not = _nothing(base, clock)
        return Proposal(ask.zone, status, (), (), seconds, why_not)
    made = _posts(ask, base, roster.posts, kept)
    levels = (Level(POSTS, count, fewest), *roster.solution.levels)
    proven = all(level.proven for level in levels) and roster.solution.proven
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    return Proposal(ask.zone, status, made, levels, seconds)


def _problem(ask: Ask, kept: Sequence[Post], options: Options) -> Problem:
    lycees = tuple(sorted(ask.needs))
    needs = tuple(ask.needs[key] for key in lycees)
    return Problem(lycees, needs, ask.times, _kept(kept, options), options, ask.name)


def _check(options: Options) -> None:
    check_time(options.time_limit)
    settings = options.settings
    ranges = (
        (options.share in SHARES, "La quotité d'un poste est de 100, 80 ou 50 %."),
        (1 <= settings.max_posts <= 40, "Une zone a de 1 à 40 postes au plus."),
        (
            0 <= settings.split_minutes <= 240,
            "Le trajet entre deux lycées d'une journée est entre 0 et 240 minutes.",
        ),
        (0 <= settings.gap_days <= 5, "Un lycée reste sans personne de 0 à 5 jours de suite."),
    )  # fmt: skip
    for fine, message in ranges:
        if not fine:
            raise InputError(message)


def _kept(posts: Sequence[Post], options: Options) -> tuple[Group, ...]:
    """Return the groups of the posts that stay: alone where something is locked."""
    groups = []
    for share in sorted({post.share for post in posts if not post.locked}, reverse=True):
        count = sum(post.share == share and not post.locked for post in posts)
        groups.append(Group(count, capacity(share, 2 * options.days)))
    for post in posts:
        if post.locked:
            locks = {slot: post.cells[slot] for slot in sorted(post.locked)}
            free = sum(cell == FREE for cell in locks.values())
            most = capacity(post.share, 2 * options.days) - free
            groups.append(Group(1, most, post, locks))
    return tuple(groups)


def _search(base: Problem, clock: Clock) -> tuple[Roster | None, int, int]:
    """Add posts until the needs are met; return the roster, its posts, and their proven least."""
    kept = sum(group.count for group in base.groups)
    most = capacity(base.options.share, 2 * base.options.days)
    short = sum(base.needs) - sum(group.count * group.most for group in base.groups)
    fewest = kept + max(ceil(short / most), 0)
    for count in range(fewest, max(base.options.settings.max_posts, kept) + 1):
        added = (Group(count - kept, most),) if count > kept else ()
        problem = replace(base, groups=(*base.groups, *added))
        roster = _roster(problem, clock)
        if roster is not None and roster.posts is not None:
            return roster, count, fewest
        if clock.stopped:
            return None, count, fewest
        fewest = count + 1
    return None, fewest, fewest


def _roster(problem: Problem, clock: Clock) -> Roster | None:
    if not problem.groups:
        return Roster((), Solution(None, (), proven=True))
    mix = compose(problem, clock)
    if mix is None:
        return None
    roster = roster_of(problem, mix, clock)
    if roster.posts is not None:
        return Roster(roster.posts, mix.solution)
    if clock.stopped:
        return None
    roster = best_roster(problem, clock)
    levels = zip(roster.solution.levels, mix.solution.levels, strict=False)
    bounded = tuple(replace(a, bound=max(a.bound, min(b.bound, a.value))) for a, b in levels)
    return Roster(roster.posts, replace(roster.solution, levels=bounded))


def _nothing(base: Problem, clock: Clock) -> tuple[Status, str]:
    if clock.stopped:
        return Status.UNKNOWN, (
            "La recherche s'est arrêtée avant d'avoir trouvé une grille : laissez-lui plus de "
            "temps."
        )
    most = base.options.settings.max_posts
    total = sum(base.needs)
    return Status.INFEASIBLE, (
        f"Aucune grille de {plural(most, 'poste')} au plus ne tient ces {total} demi-journées "
        f"par semaine avec au plus {base.options.settings.gap_days} jours de suite sans personne "
        f"et {base.options.settings.split_minutes:.0f} min entre deux lycées d'une journée : "
        "levez un verrou, ou élargissez l'une de ces limites."
    )


def _posts(
    ask: Ask, problem: Problem, seated: Sequence[Seated], kept: Sequence[Post]
) -> tuple[Post, ...]:
    """Write a roster as posts: those kept under their id, in their order, then the new ones."""
    loose = sorted((post for post in kept if not post.locked), key=lambda post: -post.share)
    unused = [post.id for post in ask.posts if post not in kept]
    made: dict[str, Post] = {}
    for entry in seated:
        # the posts added are a group after those of the problem
        group = problem.groups[entry.group] if entry.group < len(problem.groups) else None
        if group is None:
            rank = len(made)
            key = unused.pop(0) if unused else ask.new_id(rank)
            source = Post(key, ask.zone, problem.options.share)
        else:
            source = group.post or loose.pop(0)
        made[source.id] = _post(problem, replace(source, zone=ask.zone), entry)
    first = [made.pop(post.id) for post in kept]
    return (*first, *made.values())


def _post(problem: Problem, post: Post, entry: Seated) -> Post:
    cells: list[Cell] = [None] * SLOTS
    for day, kind in enumerate(entry.days):
        for half, lycee in enumerate(kind or (OUT, OUT)):
            cells[2 * day + half] = None if lycee == OUT else problem.lycees[lycee]
    for slot in post.locked:
        cells[slot] = post.cells[slot]
    left = capacity(post.share, 2 * problem.options.days) - sum(c is not None for c in cells)
    week = range(2 * problem.options.days)
    slots = [slot for slot in week if cells[slot] is None and slot not in post.locked]
    # the rest of a day begun before a day of its own
    slots.sort(key=lambda slot: (cells[slot ^ 1] is None, slot))
    for slot in slots[:left]:
        cells[slot] = FREE
    return replace(post, cells=tuple(cells), residence=problem.lycees[entry.residence])
