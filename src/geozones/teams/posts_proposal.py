"""Proposal of posts for a zone: the fewest that meet its needs, and what forces more."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, inf
from time import perf_counter

from geozones.common.errors import InputError
from geozones.common.french import minutes, number, plural
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import (
    FREE,
    SHARES,
    SHARES_RULE,
    SLOTS,
    Cell,
    Post,
    capacity,
)
from geozones.domain.terms import terms, worded
from geozones.teams.checker import SharingException, exceptions_of, longest_gap
from geozones.teams.program import CriterionValue, Solution, WorkLimit
from geozones.teams.staffing_problem import (
    NO_LYCEE,
    PostGroup,
    StaffingOptions,
    StaffingProblem,
    StaffingRequest,
    contradictions,
)
from geozones.teams.week import (
    ALONE,
    BALANCE,
    EVENNESS,
    EXCEPTIONS,
    GAPS,
    SPLITS,
    TRAVEL,
    Week,
    WeekOfPost,
    best_week,
    counted,
    half_days,
)

POSTS = "Postes"
#: Shortcomings of a proposal, in words for `worded`: criterion, singular, plural.
_FAULTS = (
    (
        GAPS,
        "jour sans présence au-delà de la limite",
        "jours sans présence au-delà de la limite",
    ),
    (SPLITS, "journée partagée", "journées partagées"),
)


@dataclass(frozen=True)
class PostsProposal:
    """Posts proposed for a zone, and their proof."""

    zone: str  # Id of the zone.
    status: ProofStatus
    posts: tuple[Post, ...]
    #: The criteria in their order, each with its value and its bound.
    levels: tuple[CriterionValue, ...]
    seconds: float  # Duration of the search.
    why: str = ""  # Why there is no post, in French sentences; empty otherwise.
    #: Posts in one lycée only and lycées that one post only knows, each with its reason.
    exceptions: tuple[SharingException, ...] = ()

    @property
    def summary(self) -> str:
        """Summary of the proposal and its proof, in French: ``14 postes, 2 exceptions, prouvé``."""
        if not self.levels:
            return self.why
        values = {level.name: round(level.value) for level in self.levels}
        parts = [plural(values[POSTS], "poste")]
        exceptions = values.get(EXCEPTIONS, 0)
        parts.append(plural(exceptions, "exception") if exceptions else "aucune exception")
        parts += [
            plural(values[name], worded(singular), worded(several))
            for name, singular, several in _FAULTS
            if values.get(name)
        ]
        unproven = [level for level in self.levels if not level.proven]
        if not unproven:
            proof = "prouvé"
        else:
            told = [
                f"{level.label.lower()} : {number(level.value)}, au moins {number(level.bound)}"
                for level in unproven
            ]
            if [level.name for level in unproven] == [TRAVEL]:
                proof = f"prouvé, sauf les {told[0]}"
            else:
                proof = f"meilleur trouvé ({' ; '.join(told)})"
        return f"{', '.join(parts)}, {proof}"

    @property
    def gap(self) -> float:
        """Relative gap of the first unproven criterion; 0 if optimal, ``inf`` without criteria."""
        if self.status is ProofStatus.OPTIMAL:
            return 0.0
        return next((level.gap for level in self.levels if not level.proven), inf)


def propose_posts(
    request: StaffingRequest,
    options: StaffingOptions | None = None,
    tick: Callable[[], None] | None = None,
) -> PostsProposal:
    """Return the fewest posts that meet the needs of a zone, with their best grid, proven.

    Posts are the first criterion; ``week`` has the others, and the formulation. The same request
    gives the same answer, except for a search that is cancelled: ``tick`` is called regularly, and
    may raise ``SearchCancelledError``; the best grid so far is then returned.
    """
    options = options or StaffingOptions()
    _check(options)
    start = perf_counter()
    work = WorkLimit(options.nodes, tick)
    kept = [post for post in request.posts if options.keep or post.locked]
    base = staffing_problem(request, kept, options)
    why = contradictions(base)
    if why:
        return PostsProposal(
            request.zone, ProofStatus.INFEASIBLE, (), (), perf_counter() - start, " ".join(why)
        )
    week, problem, fewest = _search(base, work)
    seconds = perf_counter() - start
    if week.posts is None:
        status, why_not = _no_week(base, week)
        return PostsProposal(request.zone, status, (), (), seconds, why_not)
    made = _posts(request, base, week.posts, kept)
    exceptions = exceptions_of(base, made)
    counts = {EXCEPTIONS: float(len(exceptions)), **_counts(problem, week.posts, made)}
    levels = (
        CriterionValue(POSTS, problem.posts, fewest),
        # the columns of a search stopped early may count more than its week has
        *(
            replace(level, value=value, bound=min(level.bound, value))
            for level in week.solution.levels
            for value in (min(level.value, counts.get(level.name, inf)),)
        ),
    )
    proven = all(level.proven for level in levels) and week.solution.proven
    status = ProofStatus.OPTIMAL if proven else ProofStatus.FEASIBLE
    return PostsProposal(request.zone, status, made, levels, seconds, exceptions=exceptions)


def staffing_problem(
    request: StaffingRequest, kept: Sequence[Post], options: StaffingOptions
) -> StaffingProblem:
    """Return the problem of a zone's posts; the posts in ``kept`` stay, with their locks."""
    lycees = tuple(sorted(request.needs))
    needs = tuple(request.needs[key] for key in lycees)
    groups, reach = _kept(kept, options), options.settings.shared_minutes
    return StaffingProblem(lycees, needs, request.times, groups, options, request.name, reach)


def _check(options: StaffingOptions) -> None:
    settings = options.settings
    ranges = (
        (options.share in SHARES, SHARES_RULE),
        (options.nodes > 0, "Une recherche de postes demande un nœud au moins."),
        (1 <= settings.max_posts <= 40, "Une zone a de 1 à 40 postes au plus."),
        (
            0 <= settings.split_minutes <= 240,
            "Le trajet entre deux {sites} d'une journée est entre 0 et 240 minutes.",
        ),
        (
            1 <= settings.max_known <= 40,
            "{A_site} est connu de 1 à 40 {proximity_technicians} au plus.",
        ),
        (
            0 <= settings.shared_minutes <= 240,
            (
                "Le trajet de la résidence à un autre {site} du poste est entre 0 et 240 "
                "minutes."
            ),
        ),
        (0 <= settings.gap_days <= 5, "{A_site} reste sans personne de 0 à 5 jours de suite."),
    )  # fmt: skip
    for fine, message in ranges:
        if not fine:
            raise InputError(worded(message))


def _kept(posts: Sequence[Post], options: StaffingOptions) -> tuple[PostGroup, ...]:
    """Return the groups of the posts to keep; a post with locks is a group by itself."""
    groups = []
    for share in sorted({post.share for post in posts if not post.locked}, reverse=True):
        count = sum(post.share == share and not post.locked for post in posts)
        groups.append(PostGroup(count, capacity(share, 2 * options.days)))
    for post in posts:
        if post.locked:
            locks = {slot: post.cells[slot] for slot in sorted(post.locked)}
            free = sum(cell == FREE for cell in locks.values())
            most = capacity(post.share, 2 * options.days) - free
            groups.append(PostGroup(1, most, post, locks))
    return tuple(groups)


def _search(base: StaffingProblem, work: WorkLimit) -> tuple[Week, StaffingProblem, int]:
    """Add posts until the needs are met; return the week, its problem and a bound of its posts."""
    kept = base.posts
    most = capacity(base.options.share, 2 * base.options.days)
    short = sum(base.needs) - sum(group.count * group.most for group in base.groups)
    fewest = kept + max(ceil(short / most), 0)
    if not fewest:
        return Week((), Solution(None, (), proven=True)), base, 0
    week, problem = Week(None, Solution(None, (), proven=True)), base
    for count in range(fewest, max(base.options.settings.max_posts, kept) + 1):
        added = (PostGroup(count - kept, most),) if count > kept else ()
        problem = replace(base, groups=(*base.groups, *added))
        # another post costs more than a long drive
        for reach in (base.reach, inf):
            week = best_week(replace(problem, reach=reach), work)
            if week.posts is not None:
                return week, problem, fewest
        if not week.solution.proven:
            break
        fewest = count + 1
    return week, problem, fewest


def _counts(
    problem: StaffingProblem, weeks: Sequence[WeekOfPost], posts: Sequence[Post]
) -> dict[str, float]:
    """Return the criteria that are counted on the weeks of some posts."""
    gaps = [
        longest_gap(posts, problem.lycees[rank], problem.options.days) - problem.gaps[rank]
        for rank in problem.served
    ]
    twice = alone = 0
    for slot in range(2 * problem.options.days):
        there = [post.cells[slot] for post in posts]
        beside = sum(max(there.count(lycee) - 1, 0) for lycee in problem.lycees)
        twice += beside
        alone += not beside and FREE not in there
    uneven = 0
    for week in weeks:
        low, high = problem.loads(problem.groups[week.group])
        worked = sum(map(half_days, week.days))
        uneven += max(worked - high, low - worked, 0)
    return {
        GAPS: sum(max(gap, 0) for gap in gaps),
        EVENNESS: twice,
        ALONE: alone,
        BALANCE: uneven,
    }


def _no_week(base: StaffingProblem, week: Week) -> tuple[ProofStatus, str]:
    if not week.solution.proven:
        return ProofStatus.UNKNOWN, (
            "La recherche s'est arrêtée avant d'avoir trouvé une grille : relancez-la, ou levez un "
            "verrou pour la rendre plus simple."
        )
    most = base.options.settings.max_posts
    total, gap = sum(base.needs), base.options.settings.gap_days
    return ProofStatus.INFEASIBLE, (
        f"Aucune grille de {plural(most, 'poste')} au plus ne couvre ces {total} demi-journées "
        "par semaine. Levez un verrou, ou élargissez l'une de ces limites : "
        f"{plural(gap, 'jour')} de suite sans personne, "
        f"{base.options.settings.split_minutes:.0f} min entre deux {terms().site.plural} d'une "
        "journée."
    )


def _posts(
    request: StaffingRequest,
    problem: StaffingProblem,
    weeks: Sequence[WeekOfPost],
    kept: Sequence[Post],
) -> tuple[Post, ...]:
    """Write weeks as posts: posts kept, with their ids and in their order, then new posts."""
    loose = sorted((post for post in kept if not post.locked), key=lambda post: -post.share)
    unused = [post.id for post in request.posts if post not in kept]
    made: dict[str, Post] = {}
    for entry in weeks:
        # the posts added are a group after those of the problem
        group = problem.groups[entry.group] if entry.group < len(problem.groups) else None
        if group is None:
            rank = len(made)
            key = unused.pop(0) if unused else request.new_id(rank)
            source = Post(key, request.zone, problem.options.share)
        else:
            source = group.post or loose.pop(0)
        post = replace(source, zone=request.zone)
        cells: list[Cell] = [None] * SLOTS
        for day, kind in enumerate(entry.days):
            for half, lycee in enumerate(kind):
                cells[2 * day + half] = None if lycee == NO_LYCEE else problem.lycees[lycee]
        for slot in entry.free:
            cells[slot] = FREE
        for slot in post.locked:
            cells[slot] = post.cells[slot]
        made[source.id] = replace(
            post, cells=tuple(cells), residence=problem.lycees[entry.residence]
        )
    first = [made.pop(post.id) for post in kept]
    return (*first, *made.values())


#: Drive, in minutes, that splits any day.
_ANY_DRIVE = 240.0


@dataclass(frozen=True, slots=True)
class MorePosts:
    """Posts that a proposal needs where fewer are counted."""

    counted: int  # Posts counted: the needs over ten half-days, rounded up.
    proposed: int  # Fewest posts whose weeks meet the needs under the rules of a proposal.
    reason: str  # Why, as the end of a French sentence after « parce que ».

    @property
    def sentence(self) -> str:
        """Sentence on the difference, in French."""
        more = self.proposed - self.counted
        posts = "un poste" if more == 1 else plural(more, "poste")
        return (
            f"La proposition d'équipe demande {posts} de plus : {number(self.proposed)} au lieu de "
            f"{number(self.counted)}, parce que {self.reason}."
        )


def more_posts(
    request: StaffingRequest, options: StaffingOptions, counted: int
) -> MorePosts | None:
    """Return the posts that a proposal needs beyond those counted; ``None`` if none or unknown.

    A zone whose needs no proposal can meet has none either: `propose_posts` says why.
    """
    if contradictions(staffing_problem(request, (), options)):
        return None
    if _meets(request, options, counted) is not False:
        return None
    for posts in range(counted + 1, options.settings.max_posts + 1):
        found = _meets(request, options, posts)
        if found is None:
            return None
        if found:
            return MorePosts(counted, posts, _reason(request, options, counted))
    return None


def _meets(request: StaffingRequest, options: StaffingOptions, posts: int) -> bool | None:
    """Return whether so many new posts meet the needs; ``None`` if the work was too little."""
    group = PostGroup(posts, capacity(options.share, 2 * options.days))
    problem = replace(staffing_problem(request, (), options), groups=(group,), reach=inf)
    return counted(problem).is_feasible(WorkLimit(options.nodes))


def _reason(request: StaffingRequest, options: StaffingOptions, counted: int) -> str:
    for settings, reason in _relaxed(options.settings):
        if _meets(request, replace(options, settings=settings), counted):
            return reason
    weeks = f"aucune semaine de {plural(counted, 'poste')}"
    return f"{weeks} ne couvre les besoins de ces {terms().site.plural}"


def _relaxed(settings: TeamSettings) -> Iterator[tuple[TeamSettings, str]]:
    """Yield the settings with one limit lifted, and that limit as a French reason."""
    site = terms().site
    far = (
        f"deux {site.plural} à plus de {minutes(settings.split_minutes)} l'un de l'autre "
        "ne se partagent pas une journée"
    )
    yield replace(settings, split_minutes=_ANY_DRIVE), far
    most = f"{number(settings.max_known)} {terms().proximity_technician.plural}"
    known = f"{site.a} n'est connu que de {most} au plus"
    yield replace(settings, max_known=settings.max_posts), known
