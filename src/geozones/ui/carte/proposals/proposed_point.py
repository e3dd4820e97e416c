"""Details of a point of the curve: value, proof, broken rules, zones that change."""

import htpy

from geozones.common.french import number, of, plural
from geozones.domain import DecisionStatus, Plan, Sector
from geozones.metrics.metric import Metric, MetricPlace
from geozones.metrics.metric_changes import compare
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui.carte.proposals.robustness import robustness_line
from geozones.ui.widgets import html
from geozones.ui.widgets.headline import headline_table
from geozones.workspace.plan_comparison import gains
from geozones.workspace.proposals.first_proposal import sufficient_moves, sufficient_sentence
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.robustness import UNITS, over_draws, robustness_of
from geozones.workspace.proposals.search import PlanRequest, Point
from geozones.workspace.study import Study


def conclusion(asked: PlanRequest, plan: Plan) -> htpy.Element:
    """Return the sentence on the value of a plan shown: how often it gains, over the draws."""
    return robustness_line(robustness_of(asked.study, plan, asked.objective), asked.objective)


def figures_table(asked: PlanRequest, point: Point, plan: Plan, proof: str) -> htpy.Element:
    """Return the figures of a plan shown for a point, and the sentence on the point's ``proof``.

    ``plan`` has the moves of the point, or its better packages alone.
    """
    searched = asked.study
    changes = gains(searched, searched.with_plan(plan))
    count = plural(_moved(asked, plan), "déplacement")
    return html.stack(
        headline_table(changes, searched.analysis.peak_note),
        html.sentence(f"En {count}, dans les zones qui changent."),
        _over_draws(asked, point),
        html.sentence(htpy.strong[proof]),
    )


def _over_draws(asked: PlanRequest, point: Point) -> htpy.Element | None:
    """Return the objective over the random draws, if the search optimised over them."""
    robust, result = asked.options.robust, point.result
    if not robust:
        return None
    unit = UNITS[asked.objective]
    return html.note(over_draws(robust, result.objective_before, result.objective_after, unit))


def _moved(asked: PlanRequest, plan: Plan) -> int:
    return len(plan.moves_from(asked.study.plan))


def breaches(asked: PlanRequest, plan: Plan) -> htpy.Element | None:
    """Return the rules that a plan newly breaks, or breaks worse than the plan searched from."""
    anew = made_anew(asked.study, plan)
    if not anew:
        return None
    count_text = plural(
        len(anew),
        "manquement aux règles, nouveau ou aggravé",
        "manquements aux règles, nouveaux ou aggravés",
    )
    return html.stack(
        html.sentence(htpy.strong[f"{count_text} :"]),
        html.bullets([breach.message for breach in anew], "gz-alerts"),
    )


def proof(point: Point, *, last: bool) -> str:
    """Return the sentence on the proof of a point; ``last``: the end of a complete curve."""
    if point.result.status.value != "optimal":
        gap = number(100 * point.result.gap, 1)
        return f"Pas encore prouvé : un autre plan gagnerait {gap} % de plus au maximum."
    if last:
        return (
            "Prouvé : sous ces conditions, aucun plan ne fait mieux, même en plus de déplacements."
        )
    allowed = plural(point.moves, "déplacement")
    return f"Prouvé : sous ces conditions, aucun plan à {allowed} au plus ne fait mieux."


def enough(asked: PlanRequest, first: Point, best: Point) -> htpy.Element | None:
    """Return the sentence on the moves that are enough; ``None`` if it takes all of the best.

    ``first`` is the point shown first, ``best`` the last point.
    """
    count = sufficient_moves(asked.study, asked.options, first.result, asked.objective)
    text = sufficient_sentence(count, len(best.result.moves))
    return html.sentence(htpy.strong[text]) if text else None


def zones_table(
    study: Study, before: Plan, after: Plan, sectors: list[Sector]
) -> htpy.Element | None:
    """Return the zones of the scope that change, or all of a draft: lycées, mean, worst drive."""
    rows = []
    for sector in sectors:
        for zone in after.zones_of(sector.id):
            old = before.members(zone.id) if before.has_zone(zone.id) else ()
            new = after.members(zone.id)
            if not old and not new:
                continue
            if old == new and not sector.is_draft:
                continue
            rows.append(_zone_row(study, zone.name, old, new))
    if not rows:
        return None
    heads = ("Zone", *(record.narrow for record in _records()))
    caption = f"Avant → après, par zone{study.analysis.peak_note}"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def _zone_row(
    study: Study, name: str, old: tuple[str, ...], new: tuple[str, ...]
) -> tuple[str, ...]:
    before, after = (study.evaluator.members(members) for members in (old, new))
    return (name, *(change.arrow() for change in compare(_records(), before, after)))


def _records() -> tuple[Metric, ...]:
    return (metric("lycees"), *shown_in(MetricPlace.SUMMARY))


def title(asked: PlanRequest, plan: Plan, sectors: list[Sector]) -> htpy.Element:
    """Return the heading of a plan, with the draft badge if the whole scope is draft."""
    is_draft = sectors and all(sector.is_draft for sector in sectors)
    badge = [" ", html.pill(DecisionStatus.DRAFT)] if is_draft else None
    count = _moved(asked, plan)
    text = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Aucun déplacement"
    return html.subtitle(text, badge)
