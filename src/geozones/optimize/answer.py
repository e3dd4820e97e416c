"""One search: the best plan of a problem over its candidates, and how it is written."""

from dataclasses import dataclass, replace
from functools import partial
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.domain import InputError, SearchCancelledError
from geozones.domain.french import listing, number, plural
from geozones.optimize.candidates import Candidates
from geozones.optimize.clashes import compatible_pairs
from geozones.optimize.diagnose import left_out
from geozones.optimize.identity import Made, given, redrawn, with_identities
from geozones.optimize.model import Model, build_model, columns_of
from geozones.optimize.moves import ordered_moves
from geozones.optimize.pool import Choice, candidates_of
from geozones.optimize.pricing import first_columns, relax
from geozones.optimize.problem import Problem
from geozones.optimize.result import Result, Status
from geozones.optimize.solve import SAME, Search, minimise
from geozones.optimize.watch import Watch, gap_of
from geozones.optimize.wide import moved_at_least

ENUMERATION = "Zones candidates"
#: Candidates among which few moves are sought first.
_LIKELY = 50_000
#: Seconds to tell how many moves are needed, at most.
_COUNTING = 10.0


@dataclass(frozen=True, eq=False)
class Answer:
    """The zones of the best plan found (``None``: the plan given, or none) and its proof.

    ``bound`` is of the lycées that may move, locked zones left out.
    """

    status: Status
    bound: float
    made: list[Made] | None = None
    why: str = ""


def solved(problem: Problem, watch: Watch) -> Result:
    """Search the best plan of a problem that does not contradict itself.

    Raises
    ------
    TooManyError
        If there are too many candidates to compare.
    """
    try:
        watch.tell(ENUMERATION)
        choice = candidates_of(problem, watch)
    except SearchCancelledError:
        return result_of(problem, 0, stopped_early(problem), watch)
    answer = answer_of(problem, choice, watch)
    return result_of(problem, len(choice.candidates), answer, watch)


def answer_of(problem: Problem, choice: Choice, watch: Watch) -> Answer:
    """Search the best zones among candidates."""
    candidates, start = choice.candidates, choice.start
    reasons = left_out(problem, candidates)
    if reasons:
        return Answer(Status.INFEASIBLE, inf, why=" ".join(reasons))
    if not problem.size:
        return Answer(Status.OPTIMAL, 0.0, [])
    model = build_model(problem, candidates)
    same = columns_of(model, candidates, problem, given(problem))
    known = [same, None if start is None else columns_of(model, candidates, problem, start)]
    search = minimise(model, candidates, watch, min(known, key=partial(_cost, model)))
    if search.chosen is None:
        return _without_plan(problem, candidates, search, watch)
    proven = search.proven and search.objective <= choice.ceiling + SAME
    status = Status.OPTIMAL if proven else Status.FEASIBLE
    bound = min(search.bound, max(choice.ceiling, 0.0)) if not proven else search.bound
    if search.objective >= _cost(model, same) - SAME:
        return Answer(status, bound, given(problem))
    # Even where K chose old zones: of two labellings within K, this one moves fewest.
    zones = [candidates.zone(int(model.candidate[column])) for column in search.chosen]
    made = with_identities(problem, zones)
    return Answer(status, bound, made)


def _cost(model: Model, columns: NDArray[np.int64] | None) -> float:
    return inf if columns is None else float(model.cost[columns].sum())


def stopped_early(problem: Problem) -> Answer:
    """Return what is known before any candidate was made: the plan given, if it will do."""
    compatible = compatible_pairs(problem)
    options = problem.options
    zones = [members for members, _ in given(problem)]
    fits = problem.zone_count in {None, len(zones)} and all(
        options.size_min <= len(members) <= options.size_max
        and compatible[np.ix_(members, members)].sum() == len(members) * (len(members) - 1)
        and all(set(group) <= set(members) or not set(group) & set(members) for group in groups)
        for groups in [problem.groups]
        for members in zones
    )
    if fits:
        return Answer(Status.FEASIBLE, 0.0, given(problem))
    return Answer(Status.UNKNOWN, 0.0, why=NOT_FOUND)


NOT_FOUND = (
    "La recherche s'est arrêtée avant d'avoir trouvé un découpage qui respecte ces options : "
    "laissez-lui plus de temps."
)

#: Where the plan given respects the options, and nothing else was found.
NOT_BETTER = (
    "La recherche s'est arrêtée avant d'avoir trouvé mieux que le plan actuel : laissez-lui plus "
    "de temps."
)


def _without_plan(problem: Problem, candidates: Candidates, search: Search, watch: Watch) -> Answer:
    """Tell why no plan was found."""
    if not search.proven:
        return Answer(Status.UNKNOWN, search.bound, why=NOT_FOUND)
    allowed = problem.options.max_moves
    if allowed is not None and allowed < problem.size:
        least = leaving_at_least(problem)
        moves = (least, least) if least > allowed else fewest_moves(problem, candidates, watch)
        if moves is not None:
            needed = max(moves[0], allowed + 1)
            return Answer(
                Status.INFEASIBLE,
                inf,
                why=(
                    f"Il faut au moins {plural(needed, 'déplacement')} pour respecter ces "
                    f"options ; {_allowed(allowed)}."
                ),
            )
    return Answer(Status.INFEASIBLE, inf, why=_unmet(problem, candidates, search))


def _allowed(allowed: int) -> str:
    if allowed == 0:
        return "aucun n'est permis"
    return f"{number(allowed)} {'est permis' if allowed == 1 else 'sont permis'}"


def leaving_at_least(problem: Problem) -> int:
    """Return how many lycées leave the old zones that are larger than a zone may be."""
    most = problem.options.size_max
    return sum(max(len(members) - most, 0) for members in problem.old_members)


def fewest_moves(problem: Problem, candidates: Candidates, watch: Watch) -> tuple[int, int] | None:
    """Return how many moves the options need: at least, and some number that will do.

    They are the same but where the search was stopped, grew long or too large. ``None`` if no
    number will do, or none was found. First each zone may go on as any old one, whatever the others
    do: a bound. Then with rows (4), over the candidates that fewer moves than known to do may have.
    """
    watch = watch.quiet(_COUNTING)
    free = replace(problem, options=replace(problem.options, max_moves=None))
    model = build_model(free, candidates)
    model = model.priced(moved_at_least(free, candidates.members).astype(float))
    least = minimise(model, candidates, watch)
    if not least.proven or least.chosen is None:
        return None
    zones = [candidates.zone(int(model.candidate[column])) for column in least.chosen]
    found = redrawn(free, with_identities(free, zones)).plan.moves_from(problem.plan)
    low, high = max(round(least.objective), leaving_at_least(problem)), len(found)
    if low == high:
        return low, high
    try:
        root = relax(model, first_columns(model, candidates), watch)
        likely = np.sort(np.argsort(root.reduced, kind="stable")[:_LIKELY])
        for among in (candidates.take(likely), candidates):
            limited = replace(problem, options=replace(problem.options, max_moves=high - 1))
            model = build_model(limited, among)
            search = minimise(model.priced(model.moved.astype(float)), among, watch.quiet())
            if search.chosen is not None:
                high = int(model.moved[search.chosen].sum())
            if among is candidates and search.proven:
                low = high
    except (InputError, SearchCancelledError):
        pass
    return low, high


def _unmet(problem: Problem, candidates: Candidates, search: Search) -> str:
    """Tell which lycées stay without a zone when the options are held."""
    without = np.flatnonzero(search.unmet[: problem.size] > 1e-7)
    names = listing([problem.name(problem.lycees[lycee]) for lycee in without[:5]])
    about = f" ; ils butent sur {names}" if names else ""
    return (
        f"Aucun découpage ne respecte toutes ces options à la fois parmi les "
        f"{plural(len(candidates), 'zone candidate', 'zones candidates')}{about}. Élargissez les "
        "tailles ou le plafond de minutes, ou levez un verrou."
    )


def result_of(problem: Problem, candidates: int, answer: Answer, watch: Watch) -> Result:
    """Write an answer as a plan, its moves and its figures."""
    plan = problem.plan
    before, worst = problem.objective(plan), problem.worst_minutes(plan)
    if answer.made is None:
        return Result(
            answer.status, before, before, worst, worst, answer.bound + problem.kept_cost,
            inf, watch.seconds, candidates, plan, why=answer.why,
        )  # fmt: skip
    new = redrawn(problem, answer.made)
    if not new.plan.moves_from(plan):
        new = replace(new, plan=plan)
    after = problem.objective(new.plan)
    proven = answer.status is Status.OPTIMAL
    bound = after if proven else min(answer.bound + problem.kept_cost, after)
    moves = ordered_moves(problem, new.plan)
    why = answer.why or (_already_best(problem) if proven and not moves else "")
    return Result(
        answer.status, before, after, worst, problem.worst_minutes(new.plan), bound,
        gap_of(bound, after), watch.seconds, candidates, new.plan, moves,
        new.created, new.emptied, why,
    )  # fmt: skip


def _already_best(problem: Problem) -> str:
    """Tell why the plan stays as it is."""
    if not problem.size:
        return "Rien ne peut bouger : le périmètre est vide ou entièrement verrouillé."
    allowed = problem.options.max_moves
    within = (
        ""
        if allowed is None or allowed >= problem.size
        else f" en {plural(allowed, 'déplacement')} au plus"
    )
    return (
        f"Le plan est déjà le meilleur possible sous ces options{within} : aucun autre découpage "
        "n'a un objectif plus bas, c'est prouvé."
    )
