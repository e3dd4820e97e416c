"""« propose »: the best plan or the best for each number of moves, proven, as JSON and as text."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    change_json,
    command_options,
    figure_line,
    judged,
    picked,
    verdict_text,
    violations,
    write_json,
)
from geozones.cli.parameters import Reply, flag, option
from geozones.common.french import listing, minutes, number, plural
from geozones.domain import Plan
from geozones.domain.proposal_conditions import ProofStatus, ProposalConditions
from geozones.domain.settings import default_rules
from geozones.domain.terms import has_organisation, worded
from geozones.effect import Effect
from geozones.metrics import Robustness
from geozones.metrics.metric_changes import NO_VERDICT
from geozones.optimize import Frontier, PartitionOptions, Result
from geozones.workspace.drafting import read_sizes
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.proposals.centres import BestCentres, best_centres
from geozones.workspace.proposals.packages import needed_first, proposal_of
from geozones.workspace.proposals.respected_rules import kept_zones, made_anew
from geozones.workspace.proposals.search import (
    as_good_as,
    first_rank,
    judge_result,
    judge_steps,
    rules_to_lift,
    shown_plan,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import frontier as solve_frontier
from geozones.workspace.proposals.solve import named_options, robustness_of
from geozones.workspace.proposals.solve import propose as solve
from geozones.workspace.teams import post_sentences

#: Statuses of a result that has a plan to write.
PLANS = {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}


def curve_answer(study: Study, options: PartitionOptions, curve: Frontier) -> Answer:
    """Return the best plan for each number of moves."""
    return {
        "complete": curve.complete,
        "frontier": [
            {
                "max_moves": point.max_moves,
                "objective": point.result.objective_after,
                "max_minutes": point.result.worst_after,
                "moves": moves_json(study, point.result),
                "packages": packages_json(study, options, point.result),
                **judged(judge_result(study, point.result)),
                "breaches": [breach.message for breach in made_anew(study, point.result.plan)],
                "equivalent_to_best": as_good_as(study, point.result, curve.best),
            }
            for point in curve.points
        ],
    }


def first_answer(study: Study, options: PartitionOptions, results: list[Result]) -> Answer:
    """Return the first proposal: the fewest moves beyond which the gain is within the error."""
    result = results[first_rank(study, results)]
    plan = shown_plan(proposal_of(study, result.plan, options))
    count = sufficient_moves(study, options, result)
    return {
        "text": sufficient_sentence(study, count, results[-1]) if len(results) > 1 else "",
        "moves": [_move(*move) for move in plan.moves_from(study.plan)],
        "packages": packages_json(study, options, result),
        "beside": post_sentences(study, study.with_plan(plan)),
        **_change(study, plan),
    }


def plan_answer(
    study: Study, options: PartitionOptions, result: Result, out: Path | None
) -> Answer:
    """Return the best plan, and write it to the file ``out``, if one is given."""
    answer: Answer = {
        **picked(result, "status", "bound", "gap"),
        "objective": "hours",
        "unit": "h",
        "absence_weight": study.settings.cost.absence_weight,
        **picked(result, "objective_before", "objective_after"),
        "max_minutes_before": result.worst_before,
        "max_minutes_after": result.worst_after,
        "moves": moves_json(study, result),
        "packages": packages_json(study, options, result),
        "without": sorted(options.without),
        "violations_before": violations(study),
        "violations_after": violations(study.with_plan(kept_zones(result.plan))),
        **_change(study, result.plan),
        "breaches": [breach.message for breach in made_anew(study, result.plan)],
        "created": [{"id": zone.id, "name": zone.name} for zone in result.created],
        **picked(result, "emptied", "candidates", "seconds", "why"),
    }
    if result.status is ProofStatus.INFEASIBLE:
        found = rules_to_lift(study, options)
        answer["to_lift"] = None if found is None else list(found)
    if out is not None and result.status not in PLANS:
        answer |= {"out": None, "why": f"{result.why} Aucun plan n'est écrit.".strip()}
    elif out is not None:
        answer["out"] = write_json(out, study.with_plan(result.plan).plan_json())
    return answer


def moves_json(study: Study, result: Result) -> list[Answer]:
    """Return the moves of a proposal, each judged against the plan before it."""
    judgements = judge_steps(study, result)
    steps = zip(result.moves, judgements, strict=True)
    return [_move(*move) | judged(judgement) for move, judgement in steps]


def _move(lycee: str, origin: str, target: str) -> Answer:
    return {"lycee": lycee, "from": origin, "to": target}


def packages_json(study: Study, options: PartitionOptions, result: Result) -> list[Answer]:
    """Return a proposal as packages, each judged by itself.

    ``needs`` are the ranks of the packages to accept first, from 0.
    """
    proposal = proposal_of(study, result.plan, options)
    return [
        {
            "reason": package.reason,
            "moves": [_move(*move) for move in package.moves],
            "gain": package.gain,
            **_with_robustness(package.change, package.robustness),
            "breaches": [breach.message for breach in package.breaches],
            "equivalent": package.is_equivalent,
            "needs": [
                proposal.packages.index(first)
                for first in needed_first(proposal, package, proposal.before)
            ],
        }
        for package in proposal.packages
    ]


def _change(study: Study, plan: Plan) -> Answer:
    change = plan_change(study, study.with_plan(plan))
    return _with_robustness(change, robustness_of(study, plan))


def _with_robustness(change: Effect, found: Robustness) -> Answer:
    """Return a change as JSON, with the draws in which it is better; null where posts differ."""
    draws = {
        **picked(found, "draws", "better"),
        "mean_gain": found.gain,
        "greatest_loss": found.loss,
    }
    return change_json(change) | {"robustness": None if change.judgement is None else draws}


_DECISION = "{The_support_centre} d'un secteur est une décision {of_the_organisation}."


def centres_answer(study: Study, found: BestCentres) -> Answer:
    """Return the centres as JSON."""
    return {
        **picked(found, "proven", "hours", "bound"),
        "note": worded(_DECISION),
        "sectors": [
            {
                "sector": one.sector,
                "name": study.plan.sector(one.sector).name,
                **picked(one, "now", "best"),
                "best_name": study.name(one.best),
                "gain_hours": one.hours,
                "gain_km": one.km,
                "ranking": [{"lycee": lycee, "more_hours": more} for lycee, more in one.ranking],
            }
            for one in found.sectors
        ],
    }


_SIZES = "-".join(map(str, default_rules().proposed_sizes))
_STATUSES = {
    "optimal": "optimal, prouvé",
    "feasible": "le meilleur trouvé dans le temps donné",
    "infeasible": "aucun plan ne respecte ces contraintes",
    "unknown": "rien trouvé dans le temps donné",
}

_LIFTING_UNKNOWN = (
    "règles à lever : non trouvées, la recherche sans elles est trop longue ou compare trop de "
    "zones"
)


def proposal_text(answer: Answer) -> str:
    """Return the answer of « propose » as text: the first proposal, the best plan, the rest."""
    lines = [*_first_lines(answer["first"]), *_best_lines(answer)]
    lines += [_point(point) for point in answer.get("frontier", ())]
    lines += centre_lines(answer["centres"]) if answer.get("centres") else []
    return "\n".join(lines)


def _first_lines(first: Answer) -> list[str]:
    lines = [first["text"]] if first["text"] else []
    if not first["moves"]:
        return lines
    count = plural(len(first["moves"]), "déplacement")
    lines.append(f"{count}, par rapport au plan actuel : {verdict_text(first)}")
    lines += [first["posts_change"]] if first["posts_change"] else []
    lines += [figure_line(figure) for figure in first["figures"]]
    return [*lines, *first["beside"], *_package_lines(first["packages"])]


def _best_lines(answer: Answer) -> list[str]:
    """Return the lines on the best plan, with its packages where the first proposal lacks some."""
    count = plural(len(answer["moves"]), "déplacement")
    lines = [f"{_STATUSES[answer['status']]} : {count} ({number(answer['seconds'], 1)} s)"]
    if answer["gap"] and math.isfinite(answer["gap"]):
        lines.append(f"écart à l'optimum : {number(100 * answer['gap'], 1)} % au plus")
    if answer["why"]:
        lines.append(answer["why"])
    if answer.get("to_lift", ()) is None:
        lines.append(_LIFTING_UNKNOWN)
    lines += [
        f"un plan existe avec {' '.join(f'--without {rule}' for rule in rules)}"
        for rules in answer.get("to_lift") or ()
    ]
    lines += [f"nouveau ou aggravé : {breach}" for breach in answer["breaches"]]
    if answer["packages"] != answer["first"]["packages"]:
        lines += _package_lines(answer["packages"])
    return lines


def _package_lines(packages: list[Answer]) -> list[str]:
    """Return a line per package, in the order in which they can be accepted."""
    lines = []
    for rank, package in enumerate(packages, 1):
        told = ", ".join(figure["text"] for figure in package["figures"])
        told = " ".join(filter(None, (package["posts_change"], told)))
        line = f"{rank}. {package['reason']} ({package['verdict'] or NO_VERDICT}) : {told}"
        needs = listing([str(first + 1) for first in package["needs"]])
        lines.append(f"{line} ; ne peut être accepté qu'après {needs}" if needs else line)
    return lines


def _point(point: Answer) -> str:
    count = plural(point["max_moves"], "déplacement")
    worst = minutes(point["max_minutes"])
    line = f"{count} au plus : plus long trajet {worst}"
    verdict = point["verdict"] or NO_VERDICT
    line += f" ; face au plan actuel : {verdict}" if point["moves"] else ""
    return f"{line} ; équivalent au meilleur plan" if point["equivalent_to_best"] else line


def centre_lines(answer: Answer) -> Iterator[str]:
    """Yield the centres as lines of text."""
    gap = number(max(answer["hours"] - answer["bound"], 0), 1)
    sure = "prouvé" if answer["proven"] else f"d'autres feraient mieux de {gap} h par an au plus"
    yield f"{worded('{Support_centres}')} ({sure}) :"
    for one in answer["sectors"]:
        yield f"{one['name']} : {one['best_name']}{_gain(one)}"
    yield str(answer["note"])


def _gain(one: Answer) -> str:
    if one["now"] == one["best"]:
        return ", comme aujourd'hui"
    if one["gain_hours"] is None:
        return worded(" ({no_support_centre} publié)")
    hours, km = number(one["gain_hours"], 1), number(one["gain_km"])
    return f", {hours} h et {km} km par an de moins qu'aujourd'hui"


#: Seconds for the curve behind the first proposal, where it is not asked for: those of the app.
_CURVE_S = 60.0


@Parameter(name="*")
@command_options
@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions(ProposalConditions):
    """Conditions of a search."""

    sizes: Annotated[str | None, option("N-M", f"{{sites}} par zone ({_SIZES})")] = None

    def of(self, study: Study) -> PartitionOptions:
        """Return the options of the search; raise ``InputError`` for an unknown lycée."""
        if self.sizes is None:
            return named_options(study, self)
        least, most = read_sizes(self.sizes)
        return named_options(study, replace(self, size_min=least, size_max=most))


_ANY_PLAN = SearchOptions()


def propose(
    *,
    search: SearchOptions = _ANY_PLAN,
    frontier: Annotated[bool, flag("le meilleur pour 0, 1, 2… déplacements")] = False,
    centres: Annotated[
        bool,
        flag(
            "le meilleur {support_centre} de chaque secteur, choisi avec les zones",
            shown=has_organisation(),
        ),
    ] = False,
    out: Annotated[Path | None, option("FICHIER", "écrire le meilleur plan")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Search the best plan; with ``frontier``, the best for each number of moves.

    As in the app, the first proposal is the fewest moves after which gains are within the error.
    """
    study = common.study()
    options = search.of(study)
    curve = solve_frontier(study, options) if frontier else None
    result = solve(study, options) if curve is None else curve.best
    answer = plan_answer(study, options, result, out)
    known = curve
    if known is None and result.moves:  # the first proposal is the app's: of the same curve
        known = solve_frontier(study, replace(options, time_limit=_CURVE_S))
    results = [] if known is None else [point.result for point in known.points]
    answer["first"] = first_answer(study, options, results or [result])
    if centres:
        found = best_centres(study, options) if result.status in PLANS else None
        answer["centres"] = None if found is None else centres_answer(study, found)
    if curve is not None:
        answer |= curve_answer(study, options, curve)
    return common.reply(study, answer, proposal_text, names_plan=True)
