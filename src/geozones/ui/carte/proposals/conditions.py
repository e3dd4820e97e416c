"""Form of a proposal: sectors, moves, the rate, five more conditions; the best support centres."""

from dataclasses import replace
from functools import partial

import htpy
import streamlit as st

from geozones.common.french import listing, number, plural
from geozones.domain.proposal_conditions import rule_label
from geozones.domain.settings import decided_value
from geozones.domain.terms import has_organisation, terms, worded
from geozones.metrics.judgement import rate_text
from geozones.ui import current_scenario, state
from geozones.ui.carte.shown import Screen
from geozones.ui.opened_data import default_analysis
from geozones.ui.state.carte_views import CentresView, Demand, ProposalView
from geozones.ui.state.session_views import HypothesesView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.ui.widgets.option_fields import (
    chooser,
    option_of,
    range_field,
    several_field,
    steps_field,
)
from geozones.workspace.plan_comparison import rate_origin
from geozones.workspace.proposals.centres import BestCentre, BestCentres, centres_job
from geozones.workspace.proposals.search import PlanRequest, plan_job
from geozones.workspace.proposals.solve import search_options
from geozones.workspace.study import Study


def demand_form(screen: Screen) -> None:
    """Draw the form: where, how many moves, the rate, more conditions, the button that searches."""
    names = {sector.id: sector.name for sector in screen.work.plan.sectors}
    with st.container(key="gz-demand"):
        several_field(Demand, "sectors", names)
        count, more = st.columns([1.1, 1.3], gap="small", vertical_alignment="bottom")
        with count:
            option = option_of(Demand, "max_moves")
            values = [*map(int, option.offered), None]
            shown = {value: option.shown(value) for value in values}
            chooser(option.label, shown, state.bound(Demand, "max_moves"))
        with more.popover("Plus de conditions", width="stretch"):
            _more_conditions(screen)
        _rate_field(screen.study)
        _lifted_rules()
        st.button(
            "Chercher les meilleurs déplacements",
            type="primary",
            icon=":material/search:",
            key="propositions.chercher",
            disabled=screen.job is not None and screen.job.is_running,
            on_click=search_now,
            width="stretch",
        )


def _more_conditions(screen: Screen) -> None:
    plan = screen.work.plan
    scope = state.of(Demand).sectors or tuple(sector.id for sector in plan.sectors)
    lycees = {key: screen.study.name(key) for sector in scope for key in plan.lycees_of(sector)}
    range_field(Demand, "size_min", "size_max")
    steps_field(Demand, "max_minutes")
    several_field(Demand, "locked_lycees", lycees)
    state.bound(Demand, "change_sector").draw(st.toggle, option_of(Demand, "change_sector").label)
    if has_organisation():
        st.button(
            worded(_BEST),
            icon=":material/home_work:",
            key="propositions.centres",
            on_click=_ask,
            width="stretch",
        )
    locks = len(screen.work.state.locks.reasons)
    if locks:
        html.show(html.note(f"{plural(locks, 'verrou')} du scénario : respectés."))


#: Rates of exchange offered, in hours of road.
_RATES = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0)


def _rate_field(study: Study) -> None:
    """Let the user try another rate of exchange for this session, and say whose the value is."""
    rate = study.settings.cost.absence_weight
    offered = sorted({*_RATES, rate, decided_value("absence_weight")})
    state.BoundValue("propositions.taux", rate, _try_rate).draw(
        st.select_slider,
        worded("Une heure sans {technician} vaut (heures de route)"),
        offered,
        format_func=rate_text,
    )
    html.show(html.note(f"{rate_origin(rate)}."))


def _try_rate(rate: float) -> None:
    now = state.of(HypothesesView).cost or default_analysis().settings.cost
    state.update(HypothesesView, cost=replace(now, absence_weight=rate))


def _lifted_rules() -> None:
    """Say which rules the user lifted, and offer to restore them."""
    lifted = state.of(Demand).without
    if not lifted:
        return
    names = listing([f"« {rule_label(rule)} »" for rule in lifted])
    rules = "Règle levée" if len(lifted) == 1 else "Règles levées"
    html.show(html.note(f"{rules} : {names}."))
    st.button(
        "Rétablir les règles",
        icon=":material/lock:",
        type="tertiary",
        key="propositions.retablir",
        on_click=_restore_rules,
    )


def _restore_rules() -> None:
    state.update(Demand, without=())


def plan_request(*, required: bool = False) -> PlanRequest:
    """Return the request of a search on the plan of the session's scenario, as the form asks."""
    study = current_scenario.study()
    asked = search_options(study, state.of(Demand))
    if required:
        asked.require(study.plan)
    return PlanRequest(study, asked)


def search_now() -> None:
    """Start a search on the plan of the session's scenario."""
    if begin_job(ProposalView, lambda: plan_job(plan_request(required=True))):
        state.update(ProposalView, moves=None, after=True, aside=frozenset(), looked=())


def redraw(sector: str) -> None:
    """Search the best zones of one sector, whatever its zones are now."""
    state.update(Demand, sectors=(sector,), max_moves=None)
    search_now()


_DECISION = (
    "{The_support_centre} d'un secteur est une décision {of_the_organisation}. L'outil calcule "
    "le gain d'un autre choix, en heures de route des {sector_technicians}, avec les meilleures "
    "zones."
)
_BEST = "Meilleur{e_support_centre}s {support_centres}"


def centres_card(study: Study) -> None:
    """Show the best centres found; ``study`` is the study of the current scenario."""
    job = state.of(CentresView).job
    if job is None:
        return
    with st.container(key="gz-centres"):
        html.show(htpy.h3[worded(_BEST)])
        job_card(
            job,
            worded("Recherche des meilleur{e_support_centre}s {support_centres}"),
            lambda found: _found(study, job.asked.study, found),
            StopButton("Arrêter", "centres.arreter", partial(drop_job, CentresView)),
        )


def _found(study: Study, searched: Study, found: BestCentres) -> str:
    """Show the centres found from a study and offer those that the current one lacks.

    Return the best centre of each sector in one sentence.
    """
    html.show(html.note(worded(_DECISION)))
    for one in found.sectors:
        with st.container(gap="xxsmall"):
            html.show(_line(searched, one))
            chosen = study.plan.sector(one.sector).support_centre if _has(study, one) else one.best
            if chosen != one.best:
                st.button(
                    html.unmarked(f"Retenir {searched.name(one.best)} dans le scénario"),
                    key=f"centres.retenir.{one.sector}",
                    on_click=_retain,
                    args=(one,),
                )
    if not found.proven:
        gap = number(max(found.hours - found.bound, 0), 1)
        more = f"d'autres choix feraient gagner {gap} h de plus par an, au maximum."
        html.show(html.sentence(htpy.strong[f"À confirmer : {more}"]))
    st.button("Fermer", key="centres.fermer", on_click=drop_job, args=(CentresView,))
    best = [
        f"{searched.plan.sector(one.sector).name}, {searched.name(one.best)}"
        for one in found.sectors
    ]
    return f"{worded(_BEST)} : {' ; '.join(best)}."


def _has(study: Study, one: BestCentre) -> bool:
    sectors = {sector.id for sector in study.plan.sectors}
    return one.sector in sectors and study.plan.zone_by_lycee.get(one.best) is not None


def _line(study: Study, one: BestCentre) -> htpy.Element:
    """Return the line of a sector: its best centre, the gain, the next best ones."""
    name, best = study.plan.sector(one.sector).name, study.name(one.best)
    others = [(lycee, hours) for lycee, hours in one.ranking if lycee != one.best][:2]
    then = [f"{study.name(lycee)} (+{number(hours, 1)} h)" for lycee, hours in others]
    return htpy.p(".gz-step")[
        htpy.b[name],
        f" : {best}",
        htpy.small(class_="gz-better" if (one.hours or 0) > 0 else "gz-same")[_gain(study, one)],
        htpy.small(".gz-same")[f"Ensuite : {', '.join(then)}."] if then else None,
    ]


def _gain(study: Study, one: BestCentre) -> str:
    if one.now == one.best:
        return f"C'est {terms().support_centre.the} d'aujourd'hui."
    if one.now is None or one.hours is None or one.km is None:
        return worded("{No_support_centre} n'est publié{e_support_centre} pour ce secteur.")
    hours, km = number(one.hours, 1), number(one.km)
    return f"Au lieu de {study.name(one.now)} : {hours} h et {km} km par an de moins."


def _ask() -> None:
    begin_job(CentresView, lambda: centres_job(plan_request()))


def _retain(one: BestCentre) -> None:
    """Make a lycée the support centre of its sector in the scenario; undo reverts it."""
    changes = {"support_centre": one.best}
    if current_scenario.record("edit_sector", {"sector": one.sector, "changes": changes}):
        done = worded(
            "{Support_centre} retenu{e_support_centre} dans le scénario ; la décision revient "
            "{to_the_organisation}."
        )
        state.notify("ok", done)
