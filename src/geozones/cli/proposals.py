"""« propose »: the best plan, or the best for each number of moves, proven, and its text."""

import json
import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from geozones.cli.options import (
    DEFAULTS,
    Answer,
    CommonOptions,
    Reply,
    between,
    command_options,
    figure_line,
    figures,
    flag,
    judged,
    option,
    rounded,
    violations,
)
from geozones.cli.why_not import centre_lines, centres_answer, price_lines, prices
from geozones.common.files import write_atomically
from geozones.common.french import listing, minutes, number, plural
from geozones.domain.settings import HYPOTHESIS_BOUNDS
from geozones.domain.terms import terms
from geozones.metrics import Robustness
from geozones.optimize import Frontier, PartitionOptions, Result
from geozones.workspace.plan_comparison import GAINS, beside_sentence, gains
from geozones.workspace.proposals.accepting import needed_first
from geozones.workspace.proposals.centres import best_centres
from geozones.workspace.proposals.packages import proposal_of
from geozones.workspace.proposals.respected_rules import kept_zones, made_anew
from geozones.workspace.proposals.search import (
    EQUIVALENTS,
    as_good_as,
    first_rank,
    judge_result,
    judge_steps,
    rules_to_lift,
    shown_plan,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import (
    UNITS,
    PlannerOptions,
    options_of,
    over_draws,
    robustness_of,
)
from geozones.workspace.proposals.solve import frontier as solve_frontier
from geozones.workspace.proposals.solve import propose as solve
from geozones.workspace.proposals.why_not import read_choices
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import post_sentences

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
    lines += price_lines(answer.get("why_not", ()), answer["unit"])
    lines += centre_lines(answer["centres"]) if answer.get("centres") else []
    return "\n".join(lines)


def _first_lines(first: Answer) -> list[str]:
    lines = [first["text"]] if first["text"] else []
    if not first["moves"]:
        return lines
    count = plural(len(first["moves"]), "déplacement")
    lines.append(f"{count}, par rapport au plan actuel : {first['robustness']['text']}")
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
    if answer["robust"] and answer["moves"]:
        lines.append(
            over_draws(
                answer["robust"],
                answer["objective_before"],
                answer["objective_after"],
                answer["unit"],
            )
        )
    lines += [f"nouveau ou aggravé : {breach}" for breach in answer["breaches"]]
    if answer["packages"] != answer["first"]["packages"]:
        lines += _package_lines(answer["packages"])
    return lines


def _package_lines(packages: list[Answer]) -> list[str]:
    """Return a line a package: those that the margin of error swallows are apart, at the end."""
    order = sorted(range(len(packages)), key=lambda rank: packages[rank]["equivalent"])
    numbers = {rank: number for number, rank in enumerate(order, 1)}
    lines = []
    for rank in order:
        package = packages[rank]
        if package["equivalent"] and f"{EQUIVALENTS} :" not in lines:
            lines.append(f"{EQUIVALENTS} :")
        gained = ", ".join(f["text"] for f in package["figures"] if f["key"] in GAINS)
        line = f"{numbers[rank]}. {package['reason']} ({package['robustness']['text']}) : {gained}"
        needs = listing([str(numbers[first]) for first in package["needs"]])
        lines.append(f"{line} ; ne peut être accepté qu'après {needs}" if needs else line)
    return lines


def _point(point: Answer) -> str:
    count = plural(point["max_moves"], "déplacement")
    worst = minutes(point["max_minutes"])
    line = f"{count} au plus : plus long trajet {worst}"
    line += f" ; face au plan actuel : {point['verdict']}" if point["moves"] else ""
    return f"{line} ; équivalent au meilleur plan" if point["equivalent_to_best"] else line


#: Statuses of a result that has a plan to write.
_PLANS = {"optimal", "feasible"}
#: Seconds for the curve behind the first proposal, where no limit is asked for: those of the app.
_CURVE_S = 60.0


@Parameter(name="*")
@command_options
@dataclass(frozen=True, slots=True, kw_only=True)
class SearchOptions(PlannerOptions):
    """Constraints, objective and time limit of a search."""

    lost_hour: Annotated[
        float | None,
        option(
            "W",
            "une heure de rupture vaut W heures de route (1)",
            check=between(*HYPOTHESIS_BOUNDS["lost_hour"]),
        ),
    ] = None

    def study(self, common: CommonOptions) -> Study:
        """Return the plan to start from, with the weight of an hour of rupture."""
        study = common.study()
        if self.lost_hour is None:
            return study
        return study.with_cost_settings(replace(study.settings.cost, lost_hour=self.lost_hour))


_ANY_PLAN = SearchOptions()


def propose(  # noqa: PLR0913 - one keyword an option
    *,
    search: SearchOptions = _ANY_PLAN,
    frontier: Annotated[bool, flag("le meilleur pour 0, 1, 2… déplacements")] = False,
    scheduler: Annotated[
        str | None, option("ADRESSE", "calculer sur un cluster Dask (tcp://machine:port)")
    ] = None,
    why_not: Annotated[
        list[str] | None,
        option(
            "CHOIX",
            "surcoût d'un choix par rapport au meilleur plan ; répété : {SITE}=ZONE, {SITE} (dans "
            "chaque zone), ZONE (telle qu'elle est, à {a_site} près) ou {SITE},{SITE}… (une zone)",
        ),
    ] = None,
    centres: Annotated[
        bool,
        flag(
            f"{terms().support_centre.agreeing('le meilleur', 'la meilleure')} {{support_centre}} "
            "de chaque secteur, choisi{e_support_centre} avec les zones"
        ),
    ] = False,
    out: Annotated[Path | None, option("FICHIER", "écrire le meilleur plan")] = None,
    common: CommonOptions = DEFAULTS,
) -> Reply:
    """Search the best plan; with ``frontier``, the best for each number of moves.

    The first proposal is that of the app: the fewest moves that nothing later betters.
    """
    study, objective = search.study(common), search.objective
    options = options_of(**search.solver_options(study))
    choices = [read_choices(study, options, text) for text in why_not or ()]
    curve = None
    if frontier:
        curve = solve_frontier(study, options, objective=objective, scheduler=scheduler)
        result = curve.best
    else:
        result = solve(study, options, objective=objective, scheduler=scheduler)
    answer = _answer(study, options, objective, result, out)
    known = curve
    if known is None and result.moves:  # the first proposal is the app's: of the same curve
        within = replace(options, time_limit=options.time_limit or _CURVE_S)
        known = solve_frontier(study, within, objective=objective, scheduler=scheduler)
    answer["first"] = _first(study, options, objective, _results(known) or [result])
    if why_not:
        answer["why_not"] = prices(study, options, objective, choices)
    if centres:
        has_plan = result.status.value in _PLANS
        found = best_centres(study, options) if has_plan else None
        answer["centres"] = None if found is None else centres_answer(study, found)
    if curve is not None:
        answer |= _curve_answer(study, options, objective, curve)
    return common.reply(study, answer, proposal_text)


def _curve_answer(
    study: Study, options: PartitionOptions, objective: str, curve: Frontier
) -> Answer:
    return {
        "complete": curve.complete,
        "frontier": [
            {
                "max_moves": point.max_moves,
                "objective": rounded(point.result.objective_after),
                "max_minutes": rounded(point.result.worst_after),
                "moves": moves_json(study, objective, point.result),
                "packages": packages_json(study, options, objective, point.result),
                **judged(judge_result(study, point.result, objective)),
                "breaches": [breach.message for breach in made_anew(study, point.result.plan)],
                "equivalent_to_best": as_good_as(study, point.result, curve.best, objective),
            }
            for point in curve.points
        ],
    }


def _results(curve: Frontier | None) -> list[Result]:
    return [] if curve is None else [point.result for point in curve.points]


def _first(
    study: Study, options: PartitionOptions, objective: str, results: list[Result]
) -> Answer:
    """Return the first proposal: the fewest moves beyond which the gain is within the error."""
    result = results[first_rank(study, results, objective)]
    proposal = proposal_of(study, result.plan, options, objective)
    plan = shown_plan(proposal)
    count = sufficient_moves(study, options, result, objective)
    robust, after = robustness_of(study, plan, objective), study.with_plan(plan)
    posts = post_sentences(study, after)
    return {
        "text": sufficient_sentence(count, len(results[-1].moves)) if len(results) > 1 else "",
        "moves": [
            {"lycee": lycee, "from": origin, "to": target}
            for lycee, origin, target in plan.moves_from(study.plan)
        ],
        "packages": packages_json(study, options, objective, result),
        "figures": figures(gains(study, after)),
        "beside": [text for text in (beside_sentence(study, after), *posts) if text],
        **judged(robust.judgement),
        "robustness": _robustness(robust, objective),
    }


def _answer(
    study: Study, options: PartitionOptions, objective: str, result: Result, out: Path | None
) -> Answer:
    whole = robustness_of(study, result.plan, objective)
    answer: Answer = {
        "status": result.status.value,
        "bound": result.bound,
        "gap": result.gap,
        "objective": objective,
        "unit": UNITS[objective],
        "robust": options.robust or None,
        "lost_hour": study.settings.cost.lost_hour,
        "objective_before": result.objective_before,
        "objective_after": result.objective_after,
        "max_minutes_before": result.worst_before,
        "max_minutes_after": result.worst_after,
        "moves": moves_json(study, objective, result),
        "packages": packages_json(study, options, objective, result),
        "without": sorted(options.without),
        "violations_before": violations(study),
        "violations_after": violations(study.with_plan(kept_zones(result.plan))),
        "figures": figures(gains(study, study.with_plan(result.plan))),
        **judged(whole.judgement),
        "robustness": _robustness(whole, objective),
        "breaches": [breach.message for breach in made_anew(study, result.plan)],
        "created": [{"id": zone.id, "name": zone.name} for zone in result.created],
        "emptied": list(result.emptied),
        "candidates": result.candidates,
        "seconds": result.seconds,
        "why": result.why,
    }
    if result.status.value == "infeasible":
        found = rules_to_lift(study, options, objective)
        answer["to_lift"] = None if found is None else [list(rules) for rules in found]
    if out is not None and result.status.value not in _PLANS:
        answer |= {"out": None, "why": f"{result.why} Aucun plan n'est écrit.".strip()}
    elif out is not None:
        text = json.dumps(study.with_plan(result.plan).plan_json(), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return answer


def moves_json(study: Study, objective: str, result: Result) -> list[Answer]:
    """Return the moves of a proposal, each judged against the plan before it."""
    judgements = judge_steps(study, result, objective)
    return [
        {"lycee": move.lycee, "from": move.origin, "to": move.target, **judged(judgement)}
        for move, judgement in zip(result.moves, judgements, strict=True)
    ]


def packages_json(
    study: Study, options: PartitionOptions, objective: str, result: Result
) -> list[Answer]:
    """Return a proposal as packages, each judged by itself.

    ``needs`` are the ranks of the packages to accept first, from 0.
    """
    proposal = proposal_of(study, result.plan, options, objective)
    return [
        {
            "reason": package.reason,
            "moves": [
                {"lycee": lycee, "from": origin, "to": target}
                for lycee, origin, target in package.moves
            ],
            "gain": package.gain,
            "figures": figures(package.changes),
            **judged(package.robustness.judgement),
            "robustness": _robustness(package.robustness, objective),
            "breaches": [breach.message for breach in package.breaches],
            "equivalent": package.is_equivalent,
            "needs": [
                proposal.packages.index(first)
                for first in needed_first(proposal, package, proposal.before)
            ],
        }
        for package in proposal.packages
    ]


def _robustness(found: Robustness, objective: str) -> Answer:
    """Return the draws in which a plan is better than the given one, as JSON."""
    return {
        "verdict": found.verdict.value,
        "draws": found.draws,
        "better": found.better,
        "mean_gain": found.gain,
        "greatest_loss": found.loss,
        "text": found.text(UNITS[objective]),
    }
