"""« Pourquoi pas ailleurs ? »: price of each alternative for a lycée or a zone, and its plan."""

from functools import partial

import htpy
import streamlit as st

from geozones.common.french import number, plural
from geozones.ui import current_scenario, state
from geozones.ui.carte.gestures import turn
from geozones.ui.carte.proposals.conditions import options, plan_request
from geozones.ui.state.carte_views import Demand, MapView, Mode, ProposalView, Selection, WhyNotView
from geozones.ui.widgets import html
from geozones.ui.widgets.figures import change_lines
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.workspace.proposals.search import PlanRequest
from geozones.workspace.proposals.solve import options_of
from geozones.workspace.proposals.why_not import (
    Alternative,
    WhyNot,
    WhyNotJob,
    WhyNotRequest,
    opened_plan,
    why_not_job,
)
from geozones.workspace.rankings import HOURS
from geozones.workspace.study import Study

_ASK = "Pourquoi pas ailleurs ?"
_PRICE = (
    "Pour chaque choix, le meilleur plan qui le respecte, et son surcoût par rapport au meilleur "
    "plan sous vos conditions."
)


def why_not_button(item: str) -> None:
    """Offer to ask about a lycée or a zone (id); the answer is in the mode « proposer »."""
    elsewhere = state.of(MapView).mode is not Mode.PROPOSE
    st.button(
        f"{_ASK} (ouvre {Mode.PROPOSE.label})" if elsewhere else _ASK,
        icon=":material/question_exchange:",
        key=f"pourquoi.{item}",
        on_click=_ask,
        args=(item,),
        width="stretch",
    )


def why_not_card(study: Study) -> None:
    """Show the prices of the last question; ``study`` is the study of the current scenario."""
    job = state.of(WhyNotView).job
    if job is not None:
        with st.container(key="gz-why-not"):
            _answered(study, job)


def why_not_offer(study: Study) -> None:
    """Offer to ask about the selection, unless the last question was about it."""
    job, item = state.of(WhyNotView).job, _chosen(study)
    if item is not None and (job is None or item != job.asked.item):
        _offer(study, item)


def _chosen(study: Study) -> str | None:
    chosen, plan = state.of(Selection).within(study.plan), study.plan
    if chosen.lycee is not None:
        return chosen.lycee
    return chosen.zone if chosen.zone is not None and plan.members(chosen.zone) else None


def _offer(study: Study, item: str) -> None:
    plan = study.plan
    is_lycee = item in plan.zone_by_lycee
    name = study.name(item) if is_lycee else f"Zone {plan.zone(item).name}"
    html.show(htpy.h3[name])
    why_not_button(item)


def _answered(study: Study, job: WhyNotJob) -> None:
    came_from = state.of(WhyNotView).came_from
    if came_from is not None:
        st.button(
            f"Revenir à {came_from.label}",
            icon=":material/arrow_back:",
            key="pourquoi.revenir",
            on_click=_go_back,
            args=(job.asked.item,),
        )
    html.show(htpy.h3[f"{_ASK[:-2]} : {job.asked.subject} ?"])
    job_card(
        job,
        "Recherche du meilleur plan pour chaque choix",
        lambda found: _found(study, job.asked, found),
        StopButton("Arrêter", "pourquoi.arreter", partial(drop_job, WhyNotView)),
    )


def _found(study: Study, asked: WhyNotRequest, found: WhyNot) -> None:
    origin = asked.origin
    _prices(origin, found)
    if study.plan != origin.study.plan or _asked_now(study) != (origin.options, origin.objective):
        html.show(html.note("Le plan ou vos conditions ont changé : reposez la question."))
        why_not_button(asked.item)


def _asked_now(study: Study) -> tuple[object, str]:
    return options_of(**options(study)), state.of(Demand).objective


def _prices(origin: PlanRequest, found: WhyNot) -> None:
    html.show(html.note(_PRICE))
    possible = [one for one in found.alternatives if one.result is not None]
    others = [one for one in found.alternatives if one.result is None]
    with st.container(key="gz-prices", gap=None):
        for rank, one in enumerate(possible):
            with st.container(gap="xxsmall"):
                html.show(_line(origin, one))
                st.button(
                    "Voir ce plan",
                    icon=":material/map:",
                    key=f"pourquoi.voir.{rank}",
                    on_click=_open,
                    args=(origin, one),
                )
    if others:
        label = plural(len(others), "choix impossible", "choix impossibles")
        with st.expander(label):
            html.show(
                htpy.ul(".gz-steps")[
                    (
                        htpy.li[htpy.b[one.choice.text(origin.study)], " : ", one.why]
                        for one in others
                    )
                ]
            )


def _line(origin: PlanRequest, one: Alternative) -> htpy.Element:
    """Return the description of an alternative: its price, and what changes in its plan."""
    text = one.choice.text(origin.study)
    return htpy.p(".gz-step")[
        htpy.b[f"{text[0].upper()}{text[1:]}"],
        f" : {_price(one, origin.objective)}",
        None if one.change is None else change_lines(one.change),
    ]


def _price(one: Alternative, objective: str) -> str:
    result = one.result
    proven = result is not None and result.status.value == "optimal"
    sure = "" if proven else " (pas encore prouvé)"
    if one.price <= 0:
        return f"aucun surcoût, c'est le meilleur choix{sure}"
    unit = "h par an" if objective == HOURS else "min"
    return f"+{number(one.price, 1)} {unit}{sure}"


def _ask(item: str) -> None:
    """Start the search on the plan of the session's scenario, and show it."""
    mode = state.of(MapView).mode
    if begin_job(WhyNotView, lambda: why_not_job(WhyNotRequest(plan_request(), item))):
        state.update(ProposalView, opened=None)
        if mode is not Mode.PROPOSE:
            sectors = state.of(Demand).sectors
            state.update(WhyNotView, came_from=mode)
            turn(Mode.PROPOSE)
            state.update(Demand, sectors=sectors)  # the conditions of the question, not others


def _go_back(item: str) -> None:
    """Go back to the mode where the question was asked, with its lycée or zone chosen."""
    mode, plan = state.of(WhyNotView).came_from, current_scenario.current().plan
    if mode is None:
        return
    turn(mode)
    state.update(ProposalView, opened=None)
    if item in plan.zone_by_lycee:
        state.update(Selection, lycee=item, zone=None)
    elif plan.has_zone(item):
        state.update(Selection, lycee=None, zone=item)


def _open(origin: PlanRequest, one: Alternative) -> None:
    state.update(ProposalView, opened=opened_plan(origin, one), after=True)
