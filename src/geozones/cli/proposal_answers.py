"""Answers of « propose » as JSON: plans, packages, support centres."""

import json
from pathlib import Path

from geozones.cli.options import Answer, change_json, judged, rounded, violations
from geozones.common.files import write_atomically
from geozones.domain.terms import worded
from geozones.metrics import PlanChange, Robustness
from geozones.optimize import Frontier, PartitionOptions, Result
from geozones.workspace.plan_comparison import plan_change
from geozones.workspace.proposals.centres import BestCentres
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
from geozones.workspace.proposals.solve import robustness_of
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import post_sentences

#: Statuses of a result that has a plan to write.
PLANS = {"optimal", "feasible"}


def curve_answer(study: Study, options: PartitionOptions, curve: Frontier) -> Answer:
    """Return the best plan for each number of moves."""
    return {
        "complete": curve.complete,
        "frontier": [
            {
                "max_moves": point.max_moves,
                "objective": rounded(point.result.objective_after),
                "max_minutes": rounded(point.result.worst_after),
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
    proposal = proposal_of(study, result.plan, options)
    plan = shown_plan(proposal)
    count = sufficient_moves(study, options, result)
    robust, after = robustness_of(study, plan), study.with_plan(plan)
    posts = post_sentences(study, after)
    return {
        "text": sufficient_sentence(count, len(results[-1].moves)) if len(results) > 1 else "",
        "moves": [
            {"lycee": lycee, "from": origin, "to": target}
            for lycee, origin, target in plan.moves_from(study.plan)
        ],
        "packages": packages_json(study, options, result),
        "beside": list(posts),
        **_change(study, after, robust),
    }


def plan_answer(
    study: Study, options: PartitionOptions, result: Result, out: Path | None
) -> Answer:
    """Return the best plan, and write it to the file ``out``, if one is given."""
    whole = robustness_of(study, result.plan)
    answer: Answer = {
        "status": result.status.value,
        "bound": result.bound,
        "gap": result.gap,
        "objective": HOURS,
        "unit": "h",
        "lost_hour": study.settings.cost.lost_hour,
        "objective_before": result.objective_before,
        "objective_after": result.objective_after,
        "max_minutes_before": result.worst_before,
        "max_minutes_after": result.worst_after,
        "moves": moves_json(study, result),
        "packages": packages_json(study, options, result),
        "without": sorted(options.without),
        "violations_before": violations(study),
        "violations_after": violations(study.with_plan(kept_zones(result.plan))),
        **_change(study, study.with_plan(result.plan), whole),
        "breaches": [breach.message for breach in made_anew(study, result.plan)],
        "created": [{"id": zone.id, "name": zone.name} for zone in result.created],
        "emptied": list(result.emptied),
        "candidates": result.candidates,
        "seconds": result.seconds,
        "why": result.why,
    }
    if result.status.value == "infeasible":
        found = rules_to_lift(study, options)
        answer["to_lift"] = None if found is None else [list(rules) for rules in found]
    if out is not None and result.status.value not in PLANS:
        answer |= {"out": None, "why": f"{result.why} Aucun plan n'est écrit.".strip()}
    elif out is not None:
        text = json.dumps(study.with_plan(result.plan).plan_json(), ensure_ascii=False, indent=1)
        write_atomically(out, text + "\n")
        answer["out"] = str(out)
    return answer


def moves_json(study: Study, result: Result) -> list[Answer]:
    """Return the moves of a proposal, each judged against the plan before it."""
    judgements = judge_steps(study, result)
    return [
        {"lycee": move.lycee, "from": move.origin, "to": move.target, **judged(judgement)}
        for move, judgement in zip(result.moves, judgements, strict=True)
    ]


def packages_json(study: Study, options: PartitionOptions, result: Result) -> list[Answer]:
    """Return a proposal as packages, each judged by itself.

    ``needs`` are the ranks of the packages to accept first, from 0.
    """
    proposal = proposal_of(study, result.plan, options)
    return [
        {
            "reason": package.reason,
            "moves": [
                {"lycee": lycee, "from": origin, "to": target}
                for lycee, origin, target in package.moves
            ],
            "gain": package.gain,
            **change_json(package.change),
            **_verdict(package.change, package.robustness),
            "breaches": [breach.message for breach in package.breaches],
            "equivalent": package.is_equivalent,
            "needs": [
                proposal.packages.index(first)
                for first in needed_first(proposal, package, proposal.before)
            ],
        }
        for package in proposal.packages
    ]


def _change(study: Study, after: Study, found: Robustness) -> Answer:
    change = plan_change(study, after)
    return {**change_json(change), **_verdict(change, found)}


def _verdict(change: PlanChange, found: Robustness) -> Answer:
    """Return the judgement; null where posts differ."""
    same = change.judgement is not None
    return {
        **judged(found.judgement if same else None),
        "robustness": _robustness(found) if same else None,
    }


def _robustness(found: Robustness) -> Answer:
    """Return the draws in which a plan is better than the given one, as JSON."""
    return {
        "verdict": found.verdict.value,
        "draws": found.draws,
        "better": found.better,
        "mean_gain": found.gain,
        "greatest_loss": found.loss,
        "text": found.text(),
    }


_DECISION = "{The_support_centre} d'un secteur est une décision {of_the_organisation}."


def centres_answer(study: Study, found: BestCentres) -> Answer:
    """Return the centres as JSON."""
    return {
        "proven": found.proven,
        "hours": rounded(found.hours),
        "bound": rounded(found.bound),
        "note": worded(_DECISION),
        "sectors": [
            {
                "sector": one.sector,
                "name": study.plan.sector(one.sector).name,
                "now": one.now,
                "best": one.best,
                "best_name": study.name(one.best),
                "gain_hours": rounded(one.hours),
                "gain_km": rounded(one.km),
                "ranking": [
                    {"lycee": lycee, "more_hours": rounded(hours)} for lycee, hours in one.ranking
                ],
            }
            for one in found.sectors
        ],
    }
