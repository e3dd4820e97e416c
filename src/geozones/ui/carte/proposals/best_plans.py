"""Mode « proposer »: the best plan found, before and after, its groups of moves, or why none."""

from collections.abc import Sequence
from math import isfinite
from typing import TYPE_CHECKING

import htpy
import streamlit as st

from geozones.common.french import listing, number, of, plural
from geozones.domain import DecisionStatus, Plan, Sector
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.terms import worded
from geozones.metrics.judgement import rate_text
from geozones.metrics.metric import HOURS, Metric, MetricPlace
from geozones.metrics.metric_changes import PlanChange, compare
from geozones.metrics.metric_registry import metric, shown_in
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.conditions import centres_card, search_now
from geozones.ui.carte.proposals.proposed_packages import packages_list
from geozones.ui.carte.shown import Screen
from geozones.ui.state.carte_views import Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import narrow_change_table
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.job_card import StopButton, job_card
from geozones.ui.widgets.option_fields import option_of
from geozones.workspace.plan_comparison import plan_change
from geozones.workspace.proposals.respected_rules import made_anew
from geozones.workspace.proposals.search import (
    FoundPlans,
    PlanJob,
    PlanRequest,
    Point,
    points_of,
    sufficient_moves,
    sufficient_sentence,
)
from geozones.workspace.proposals.solve import search_options
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import post_sentences

if TYPE_CHECKING:
    from geozones.workspace.proposals.search import Frontier

_NO_USE = (
    "Lever les règles ne suffit pas : aucun plan ne respecte vos conditions (tailles, trajet "
    "maximal, déplacements, verrous)."
)
_NOT_KNOWN = (
    "L'outil n'a pas trouvé quelles règles lever : sans elles, la recherche est trop longue ou "
    "compare trop de zones. Restreignez vos conditions (secteurs, tailles, trajet maximal)."
)
_NOTHING = "Aucune proposition n'a été trouvée dans le temps donné."
#: Conditions of the form that a planner can relax, in its order.
_RELAXED = ("max_moves", "size_min", "max_minutes", "locked_lycees", "change_sector")


def proposals_card(screen: Screen) -> None:
    """Show the progress or the result of the search, under the best centres."""
    job = screen.job
    centres_card(current_scenario.study())
    if job is None:
        html.show(html.note("L'outil cherche parmi toutes les zones permises."))
        return
    job_card(
        job,
        "Recherche de propositions",
        lambda found: _found(screen, job, found),
        StopButton("Arrêter et garder le meilleur trouvé", "propositions.arreter", job.cancel),
        lambda: _progress(job),
    )


def _progress(job: PlanJob) -> None:
    progress = job.progress
    found = "un plan est trouvé" if isfinite(progress.incumbent) else "pas encore de plan"
    text = f"Recherche en cours… {number(job.seconds)} s, {found}"
    st.progress(progress.share, text=text)


def offer_to_lift(plans: FoundPlans) -> None:
    """Offer to search again without the smallest sets of rules that no plan respects."""
    found = plans.rules_to_lift
    if found is None:
        if plans.frontier.best.status is ProofStatus.INFEASIBLE:
            html.show(html.note(_NOT_KNOWN))
        return
    if not found:
        html.show(html.note(_NO_USE))
        return
    fewest = len(next(iter(found)))
    count = "une règle" if fewest == 1 else f"{fewest} règles à la fois"
    html.show(html.sentence(f"Aucun plan ne respecte tout. Il y en a un si vous levez {count} :"))
    for rules, names in found.items():
        st.button(
            f"Chercher sans {names}",
            icon=":material/lock_open:",
            key=f"propositions.lever.{'.'.join(rules)}",
            on_click=_lift,
            args=(rules,),
            width="stretch",
        )


def _lift(rules: tuple[str, ...]) -> None:
    state.update(Demand, without=tuple(sorted({*state.of(Demand).without, *rules})))
    search_now()


def _found(screen: Screen, job: PlanJob, found: FoundPlans) -> str:
    """Show the proposal, its sentence first, and return that sentence; "" if there is none."""
    asked, outcome, shown = job.asked, found.frontier, screen.point
    if shown is None or screen.packages is None:
        offer_to_lift(found)
        html.show(html.error(_nothing_found(asked, outcome.best.why or outcome.why or _NOTHING)))
        return ""
    points = points_of(outcome)
    _qualifications(screen, job, outcome, points)
    plan = screen.packages.after  # without what was set aside
    change = plan_change(asked.study, asked.study.with_plan(plan))
    count = len(plan.moves_from(asked.study.plan))
    title, verdict = conclusion(change, count, sufficient_text(asked, shown, points))
    is_draft = all(sector.is_draft for sector in _scope(asked))
    badge = [" ", html.pill(DecisionStatus.DRAFT)] if is_draft else None
    html.show(
        htpy.div(".gz-conclusion")[
            html.subtitle(title, badge), htpy.p[verdict] if verdict else None
        ]
    )
    if count:
        _sides()
        html.show(html.stack(narrow_change_table(change), _breaches(asked, plan)))
    if shown.result.moves:
        packages_list(screen.packages)
    if found.by_rate and not count:
        html.show(rates_table(asked.study, found.by_rate))
    _details(screen, asked, (points, shown), plan)
    return f"{title.rstrip('.')}. {verdict}".strip()


def rates_table(study: Study, plans: Sequence[tuple[float, Plan]]) -> htpy.Element:
    """Return the figures of today's plan, then those of the best plan at each rate, in columns."""
    changes = [plan_change(study, study.with_plan(plan)) for _, plan in plans]
    rows = []
    for figures in zip(*(change.figures for change in changes), strict=True):
        record = figures[0].metric
        unit = f" ({record.unit})" if record.unit else ""
        values = (figures[0].before, *(each.after for each in figures))
        cells = (record.write(value, 0).removesuffix(record.unit).strip() for value in values)
        rows.append((f"{record.short}{unit}", *cells))
    heads = ("", "Auj.", *(rate_text(rate) for rate, _ in plans))
    caption = "Aujourd'hui, puis le meilleur plan selon le taux d'échange"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def sufficient_text(asked: PlanRequest, shown: Point, points: tuple[Point, ...]) -> str:
    """Return the sentence on the number of moves that suffice; empty if the best plan needs all.

    A plan that the user chose among the ``points`` has none.
    """
    if state.of(ProposalView).moves is not None:
        return ""
    count = sufficient_moves(asked.study, asked.options, shown.result)
    return sufficient_sentence(asked.study, count, points[-1].result)


def conclusion(change: PlanChange, count: int, enough: str) -> tuple[str, str]:
    """Return the title of a proposal, how many moves it makes or suffice, and its verdict."""
    title = f"Proposition {of(plural(count, 'déplacement'))}" if count else "Aucun déplacement"
    verdict = " ".join(filter(None, (change.posts, change.conclusion))) if count else ""
    return enough or title, verdict


def _nothing_found(asked: PlanRequest, why: str) -> str:
    """Say where no plan was found, why, and which conditions of the form can be relaxed."""
    names = listing([sector.name for sector in _scope(asked)])
    everywhere = worded("{Whole_territory}.")
    where = f"Secteurs cherchés : {names}." if asked.options.sectors else everywhere
    form = state.of(Demand)
    tightened = [
        option_of(Demand, field).label
        for field in _RELAXED
        if getattr(form, field) != getattr(Demand(), field)
    ]
    relax = listing([f"« {label} »" for label in tightened])
    return " ".join(filter(None, (where, why, relax and f"Conditions à assouplir : {relax}.")))


def _qualifications(
    screen: Screen, job: PlanJob, outcome: "Frontier", points: tuple[Point, ...]
) -> None:
    """Show what qualifies the result: no better plan, search not ended, inputs changed since."""
    asked, work, best = job.asked, screen.work, outcome.best
    too_many = not outcome.points and best.status is ProofStatus.OPTIMAL
    if not outcome.complete and not too_many:
        ended = "arrêtée" if job.is_cancelled else "trop longue"
        why = best.why or f"Recherche {ended}."
        html.show(html.warning(f"Proposition à confirmer. {why}"))
    if search_options(asked.study, state.of(Demand)) != asked.options:
        html.show(html.note("Vos conditions ont changé depuis : relancez la recherche."))
    elif screen.study.settings != asked.study.settings:
        html.show(html.note("Vos hypothèses ont changé depuis : relancez la recherche."))
    elif work.plan != asked.study.plan and not _follows(points, work.plan, asked.study.plan):
        html.show(html.note("Votre scénario a changé depuis : chaque groupe sera revérifié."))


def _follows(points: tuple[Point, ...], now: Plan, then: Plan) -> bool:
    """Tell whether the current plan is the one searched, with some of the moves accepted."""
    if now.zone_by_lycee.keys() != then.zone_by_lycee.keys():
        return False
    changes = {(lycee, target) for lycee, _, target in now.moves_from(then)}
    return any(
        changes <= {(move.lycee, move.target) for move in point.result.moves} for point in points
    )


def _scope(asked: PlanRequest) -> list[Sector]:
    ids = asked.options.sectors or {sector.id for sector in asked.study.plan.sectors}
    return [sector for sector in asked.study.plan.sectors if sector.id in ids]


def _sides() -> None:
    names = {False: "Avant", True: "Après"}
    state.bound(ProposalView, "after").draw(
        st.segmented_control,
        "Plan montré",
        list(names),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
        width="stretch",
    )


def _breaches(asked: PlanRequest, plan: Plan) -> htpy.Element | None:
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


@when_open(st.expander, "Le détail", key="propositions.detail")
def _details(
    screen: Screen, asked: PlanRequest, where: tuple[tuple[Point, ...], Point], plan: Plan
) -> None:
    """Show the zones that change, full posts, and what each number of moves brings."""
    points, shown = where
    html.show(
        html.stack(
            zones_table(screen.study, asked.study.plan, plan, _scope(asked)),
            *map(html.sentence, post_sentences(asked.study, asked.study.with_plan(plan))),
            _curve(points) if len(points) > 1 else None,
        )
    )
    if len(points) > 1:
        bound = state.BoundValue("ProposalView.moves", shown.moves, _see)
        numbers = [point.moves for point in points]
        bound.draw(st.select_slider, "Déplacements de la proposition montrée", numbers)


def _see(moves: int) -> None:
    state.update(ProposalView, moves=moves)


def _curve(points: tuple[Point, ...]) -> htpy.Element:
    """Return the hours a year of the best plan of each number of moves, and what it saves."""
    now = round(points[0].result.objective_before)
    hours = [round(point.result.objective_after) for point in points]
    rows = [
        (number(point.moves), HOURS.write(value), HOURS.write(value - now))
        for point, value in zip(points, hours, strict=True)
    ]
    heads = ("Déplacements au plus", "Heures par an", "Écart")
    caption = "Ce que chaque déplacement apporte"
    return html.table(caption, heads, rows, numeric=frozenset({0, 1, 2}))


def zones_table(
    study: Study, before: Plan, after: Plan, sectors: list[Sector]
) -> htpy.Element | None:
    """Return the zones that change, all of them in a draft: lycées, mean, worst drive."""
    rows, drafted = [], all(sector.is_draft for sector in sectors)
    for sector in sectors:
        for zone in after.zones_of(sector.id):
            old = before.members(zone.id) if before.has_zone(zone.id) else ()
            new = after.members(zone.id)
            if (old or new) and (old != new or drafted):
                values = study.evaluator.members
                changes = compare(_records(), values(old), values(new))
                rows.append((zone.name, *(change.arrow() for change in changes)))
    if not rows:
        return None
    heads = ("Zone", *(record.narrow for record in _records()))
    caption = "Avant → après, par zone"
    return html.table(caption, heads, rows, numeric=frozenset(range(1, len(heads))))


def _records() -> tuple[Metric, ...]:
    return (metric("lycees"), *shown_in(MetricPlace.SUMMARY))
