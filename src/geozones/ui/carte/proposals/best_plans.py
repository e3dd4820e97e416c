"""Mode « proposer »: the best plans for a number of moves, proven, and the rules to lift."""

from math import isfinite
from typing import TYPE_CHECKING

import htpy
import streamlit as st

from geozones.common.french import listing, number, plural
from geozones.domain import Plan, Sector
from geozones.domain.proposal_conditions import ProofStatus
from geozones.domain.terms import worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.conditions import (
    centres_button,
    centres_card,
    demand_form,
    options,
    redraw,
    search_now,
)
from geozones.ui.carte.proposals.curve import curve
from geozones.ui.carte.proposals.proposed_packages import (
    breaches,
    conclusion,
    enough,
    figures_table,
    packages_list,
    proof,
    title,
    zones_table,
)
from geozones.ui.carte.shown import Screen
from geozones.ui.state.carte_views import Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.html import when_open
from geozones.ui.widgets.job_card import StopButton, job_card
from geozones.ui.widgets.option_fields import option_of
from geozones.workspace.proposals.search import (
    FoundPlans,
    PlanJob,
    PlanRequest,
    Point,
    points_of,
)
from geozones.workspace.proposals.solve import options_of
from geozones.workspace.study import Study

if TYPE_CHECKING:
    from geozones.workspace.proposals.search import Frontier

_NO_USE = (
    "Lever les règles ne suffit pas : aucun plan ne respecte vos conditions (tailles, plafond, "
    "déplacements, verrous)."
)
_NOT_KNOWN = (
    "L'outil n'a pas trouvé quelles règles lever : sans elles, la recherche est trop longue ou "
    "compare trop de zones. Restreignez vos conditions (secteurs, tailles, plafond)."
)


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


_NOTHING = "Aucune proposition n'a été trouvée dans le temps donné."


#: Conditions of the form that a planner can relax, in its order.
_RELAXED = (
    "max_moves",
    "size_min",
    "max_minutes",
    "change_sector",
    "min_posts",
    "max_posts",
    "min_pupils",
    "max_pupils",
    "zone_count",
    "locked_zones",
    "locked_lycees",
    "together",
    "apart",
)


def search_button(screen: Screen) -> None:
    """Draw the button that searches under the conditions of the form."""
    st.button(
        "Chercher les meilleurs déplacements",
        type="primary",
        icon=":material/search:",
        key="propositions.chercher",
        disabled=_is_running(screen),
        on_click=search_now,
        width="stretch",
    )


def _is_running(screen: Screen) -> bool:
    return screen.job is not None and screen.job.is_running


def demand_tools(screen: Screen) -> None:
    """Draw the form of a proposal, and the searches beside it."""
    plan, running = screen.work.plan, _is_running(screen)
    with st.container(key="gz-demand"):
        html.show(html.subtitle("Conditions"))
        demand_form(screen.study, screen.work)
        centres_button()
    drafts = {sector.id: sector.name for sector in plan.sectors if sector.is_draft}
    if not drafts:
        return
    with st.expander("Découper un secteur pas encore publié"):
        html.show(html.note("L'outil en propose toutes les zones, en brouillon."))
        for sector, name in drafts.items():
            st.button(
                f"Proposer un découpage : {html.unmarked(name)}",
                key=f"propositions.decouper.{sector}",
                disabled=running,
                on_click=redraw,
                args=(sector,),
                width="stretch",
            )


def proposals_card(screen: Screen) -> None:
    """Show the purpose of the search, its progress or its results, under the best centres."""
    job, study = screen.job, current_scenario.study()
    centres_card(study)
    if job is None:
        _empty(screen.work.plan)
    else:
        stop = "Arrêter et garder le meilleur trouvé"
        job_card(
            job,
            "Recherche de propositions",
            lambda found: _found(screen, job, found),
            StopButton(stop, "propositions.arreter", job.cancel),
            lambda: _progress(job),
        )


def _empty(plan: Plan) -> None:
    count = len(plan.sectors)
    scope = "du secteur" if count == 1 else f"des {plural(count, 'secteur')}"
    what = html.sentence(
        f"L'outil compare toutes les zones possibles {scope}. Il donne, pour 0, 1, 2… "
        "déplacements, le meilleur plan qui respecte vos conditions. Chaque point est prouvé : "
        "aucun autre plan n'est meilleur. Les déplacements liés entre eux forment des groupes, à "
        "accepter un à un ou tous ensemble. Ils s'ajoutent à votre scénario et peuvent être "
        "annulés."
    )
    question = "Que peut-on gagner, et en combien de déplacements ?"
    html.show(html.card(htpy.h3[question], what))


def _progress(job: PlanJob) -> None:
    progress = job.progress
    has_plan = isfinite(progress.incumbent)
    rows = [
        ("Étape", progress.phase),
        ("Plan trouvé", "oui" if has_plan else "pas encore"),
        (
            "Gain possible d'un autre plan",
            f"{number(100 * progress.gap, 2)} % au plus" if has_plan else "—",
        ),
        (
            "Durée",
            f"{number(job.seconds, 1)} s sur {job.asked.options.time_limit or 0:.0f} au plus",
        ),
    ]
    st.progress(progress.share, text="Recherche en cours…")
    html.show(html.card(html.facts(rows)))


def _found(screen: Screen, job: PlanJob, found: FoundPlans) -> None:
    """Show the conclusion, then the packages, then figures, zones and curves."""
    asked, outcome, shown = job.asked, found.frontier, screen.point
    if shown is None or screen.packages is None:
        offer_to_lift(found)
        html.show(html.error(_nothing_found(asked, outcome.best.why or outcome.why or _NOTHING)))
        return
    points = points_of(outcome)
    _qualifications(screen, job, outcome, points)
    sectors = _scope(asked)
    plan = screen.packages.after  # without what was set aside
    fewest = enough(asked, points[found.first], points[-1])
    if fewest is not None:
        html.show(fewest)
    html.show(title(asked, plan, sectors))
    left = bool(plan.moves_from(asked.study.plan))
    if left:
        html.show(conclusion(asked, plan))
        _sides()
    if shown.result.moves:
        packages_list(screen.packages, asked.objective)
    if left:
        _details(asked, outcome, (points, shown), plan)
    zones = zones_table(screen.study, asked.study.plan, plan, sectors)
    if zones is not None:
        html.show(zones)
    if len(points) > 1:
        _choose(points, shown)
        _curves(asked.study, points, shown)


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
    advice = f"Conditions à assouplir : {relax}." if relax else "Donnez plus de temps de recherche."
    return f"{where} {why} {advice}"


def _details(
    asked: PlanRequest, outcome: "Frontier", where: tuple[tuple[Point, ...], Point], plan: Plan
) -> None:
    """Show the figures of a plan shown for a point, their proof, and the rules that it breaks."""
    points, shown = where
    if not shown.result.moves:
        return
    whole = outcome.complete and asked.options.max_moves is None
    proven = proof(shown, last=whole and shown == points[-1])
    html.show(figures_table(asked, plan, proven))
    anew = breaches(asked, plan)
    if anew is not None:
        html.show(anew)


@when_open(
    st.expander,
    "Courbes : ce que chaque déplacement apporte",
    key="propositions.courbes",
)
def _curves(searched: Study, points: tuple[Point, ...], shown: Point) -> None:
    curve(searched, points, shown)


def _qualifications(
    screen: Screen, job: PlanJob, outcome: "Frontier", points: tuple[Point, ...]
) -> None:
    """Show what qualifies the result: no better plan, proof incomplete, inputs changed since."""
    asked, work, best = job.asked, screen.work, outcome.best
    if best.why and not best.moves:
        html.show(html.notice("ok", best.why, role="status"))
    if not outcome.points and best.status is ProofStatus.OPTIMAL:
        text = (
            "Les zones possibles sont trop nombreuses pour chercher le meilleur plan de chaque "
            "nombre de déplacements : seul est donné le meilleur de tous sous ces options, c'est "
            "prouvé."
        )
        html.show(html.note(text))
    elif not outcome.complete:
        ended = "Recherche arrêtée" if job.is_cancelled else "Temps de recherche écoulé"
        text = (
            f"{ended} : la courbe est incomplète, ses points restent prouvés. Le dernier est "
            "le meilleur plan trouvé."
        )
        html.show(html.warning(text))
    now_asked = options_of(**options(asked.study)), state.of(Demand).objective
    if now_asked != (asked.options, asked.objective):
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


def _choose(points: tuple[Point, ...], shown: Point) -> None:
    """Draw a slider over the points, so that the keyboard can choose one too."""
    bound = state.BoundValue("ProposalView.moves", shown.moves, _see)
    bound.draw(
        st.select_slider,
        "Déplacements de la proposition montrée",
        [point.moves for point in points],
    )


def _see(moves: int) -> None:
    state.update(ProposalView, moves=moves)


def _sides() -> None:
    names = {False: "Avant", True: "Après"}
    state.bound(ProposalView, "after").draw(
        st.segmented_control,
        "Plan montré",
        list(names),
        format_func=names.__getitem__,
        required=True,
        label_visibility="collapsed",
    )
