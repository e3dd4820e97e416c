"""« Meilleur centre support »: gain of another centre, and its adoption in the scenario."""

from functools import partial

import htpy
import streamlit as st

from geozones.common.french import number
from geozones.domain.terms import terms, worded
from geozones.ui import current_scenario, state
from geozones.ui.carte.proposals.conditions import plan_request
from geozones.ui.state.proposal_views import CentresView
from geozones.ui.widgets import html
from geozones.ui.widgets.job_card import StopButton, begin_job, drop_job, job_card
from geozones.workspace.proposals.centre_choice import BestCentre, BestCentres
from geozones.workspace.proposals.centres import centres_job
from geozones.workspace.study import Study

_DECISION = (
    "{The_support_centre} d'un secteur est une décision {of_the_organisation}. L'outil calcule "
    "le gain d'un autre choix, en heures de route des {sector_technicians}, avec les meilleures "
    "zones."
)
_BEST = "Meilleur{e_support_centre}s {support_centres}"
_PROVEN = "Prouvé : sous vos conditions, aucun autre choix de centres et de zones ne fait mieux."


def centres_button() -> None:
    """Offer to search the best support centres of the sectors in the form."""
    st.button(
        worded(_BEST),
        icon=":material/home_work:",
        key="propositions.centres",
        on_click=_ask,
        width="stretch",
    )


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


def _found(study: Study, searched: Study, found: BestCentres) -> None:
    """Show the centres found from a study, and offer those that the current one has not."""
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
    gap = number(max(found.hours - found.bound, 0), 1)
    unsure = (
        f"Pas encore prouvé : d'autres centres feraient gagner {gap} h de plus par an, au maximum."
    )
    html.show(html.sentence(htpy.strong[_PROVEN if found.proven else unsure]))
    st.button("Fermer", key="centres.fermer", on_click=drop_job, args=(CentresView,))


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
