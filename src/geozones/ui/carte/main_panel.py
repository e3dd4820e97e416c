"""Panel of the map: search, what is chosen, and what can be done with it."""

import htpy
import streamlit as st

from geozones.common.french import listing, plural
from geozones.domain.terms import worded
from geozones.ui import state
from geozones.ui.carte.answer import answer_box
from geozones.ui.carte.comments_panel import feedback_link, feedback_panel
from geozones.ui.carte.edit_tools import edit_tools
from geozones.ui.carte.editing.destination_list import ask_where_else, destination_list
from geozones.ui.carte.editing.joint_moves import joint_list
from geozones.ui.carte.editing.lycee_opening import best_plan_next, siting_note
from geozones.ui.carte.editing.place_editor import placing_note
from geozones.ui.carte.editing.tools import tools
from geozones.ui.carte.modes import mode_control, try_buttons
from geozones.ui.carte.plans_menu import plan_line
from geozones.ui.carte.proposals.best_plans import demand_tools, proposals_card, search_button
from geozones.ui.carte.proposals.conditions import redraw
from geozones.ui.carte.proposals.why_not import why_not_button
from geozones.ui.carte.search import search_box
from geozones.ui.carte.several import move_several
from geozones.ui.carte.shown import ACCESS, Screen
from geozones.ui.carte.travel_access import access_card
from geozones.ui.carte.vigilance_panel import vigilance_panel
from geozones.ui.state.carte_views import MapView, Mode, MoveView, Selection, VigilanceView
from geozones.ui.state.comment_views import CommentsView
from geozones.ui.widgets import html, panel
from geozones.ui.widgets.figures import short_figures
from geozones.ui.widgets.scenario_bar import trouble
from geozones.ui.widgets.sector_card import sector_list
from geozones.workspace.maps.plan_scene import peak_facts
from geozones.workspace.study import Study

_EMPTY = (
    "Choisissez {a_site} : dans la recherche, ou d'un clic sur la carte. Vous pouvez aussi "
    "{article_site} faire glisser directement vers une autre zone. Ctrl + clic, ou Maj en les "
    "entourant, en choisit plusieurs."
)


def main_panel(screen: Screen) -> None:
    """Draw the panel."""
    with st.container(key="gz-over-left"):
        search_box(screen.study)
        with st.container():  # always drawn, so that the elements below do not move
            trouble(screen.study, screen.work)
            placing_note()
            siting_note()
            answer_box(screen.study)
            if screen.mode is Mode.EDIT:
                best_plan_next(screen.study, screen.work)
        if screen.mode is not Mode.LOOK:
            mode_control()
        with st.container(key="gz-mode"):
            if screen.mode is Mode.EDIT:
                edit_tools(screen)
        if state.of(VigilanceView).opened:
            vigilance_panel(screen.study)
        elif state.of(CommentsView).opened:
            feedback_panel(screen)
        else:
            _DRAWN[screen.mode](screen)


def _look(screen: Screen) -> None:
    study, chosen = screen.study, state.of(Selection)
    if state.of(MapView).colouring == ACCESS:
        access_card(study, screen.access, screen.rings, screen.problem)
    # one element: if the number of elements changed, the browser would rebuild all that follow
    looked_at = html.stack(
        _way_up(screen),
        None if screen.reference is None else _changes(study, screen.reference),
        panel.details(study, chosen, screen.reference),
        None if screen.route is None else html.note(screen.route.note),
    )
    html.show(htpy.div("#gz-look")[looked_at])  # where screen.js names what is clicked
    if chosen.sector is not None and chosen.zone is None:
        _redraw(screen, chosen.sector)
    try_buttons()
    plan_line(screen)


def _changes(study: Study, reference: Study) -> htpy.Element:
    """Return the lycées that change zone, open or close since the plan compared with."""
    before, after = reference.plan, study.plan
    moved = after.moves_from(before)
    opened, closed = after.opened_since(before), before.opened_since(after)
    items = [
        htpy.li[
            html.go(f"lycee:{lycee}", study.name(lycee)),
            f" : {before.zone(origin).name} → {after.zone(target).name}",
        ]
        for lycee, origin, target in moved
    ]
    items += [
        htpy.li[
            html.go(f"lycee:{lycee}", study.name(lycee)), f" ouvre : {after.zone_of(lycee).name}"
        ]
        for lycee in opened
    ]
    items += [
        htpy.li[f"{reference.name(lycee)} ferme : {before.zone_of(lycee).name}"] for lycee in closed
    ]
    if not items:
        return html.note(worded("{No_site} n'y change de zone."))
    counts = (
        (moved, "{site} change de zone", "{sites} changent de zone"),
        (opened, "{site} ouvre", "{sites} ouvrent"),
        (closed, "{site} ferme", "{sites} ferment"),
    )
    title = listing(
        [plural(len(keys), worded(one), worded(many)) for keys, one, many in counts if keys]
    )
    return html.card(html.kicker("Ce qui change"), htpy.h3[title], htpy.ul(".gz-steps")[items])


def _way_up(screen: Screen) -> htpy.Element | None:
    """Return the path from the region to what is chosen, and the link to the comments."""
    plan, chosen = screen.study.plan, state.of(Selection)
    comments = feedback_link(screen)
    sector, zone = chosen.around(plan)
    places: list[htpy.Node] = []
    if chosen.lycee or chosen.zone or chosen.sector:
        places.append(html.go("region:", "Toute la région"))
    if sector is not None and (chosen.lycee or chosen.zone):
        places.append(html.go(f"sector:{sector}", plan.sector(sector).name))
    if zone is not None and chosen.lycee:
        places.append(html.go(f"zone:{zone}", plan.zone(zone).name))
    if not places and comments is None:
        return None
    path = [[" › " if rank else "", place] for rank, place in enumerate(places)]
    return htpy.nav(".gz-way", aria_label="Chemin")[htpy.span[path] if places else None, comments]


def _redraw(screen: Screen, sector: str) -> None:
    """Offer a new division into zones for a draft sector."""
    if screen.study.plan.sector(sector).is_draft:
        st.button(
            "Proposer un découpage",
            icon=":material/trending_down:",
            key="carte.decouper",
            width="stretch",
            on_click=_draw_anew,
            args=(sector,),
        )


def _draw_anew(sector: str) -> None:
    state.update(MapView, mode=Mode.PROPOSE)
    redraw(sector)


def _edit(screen: Screen) -> None:
    study, work, chosen = screen.study, screen.work, state.of(Selection)
    if state.of(MoveView).picked:
        move_several(study)
    elif chosen.lycee is not None:
        card = panel.lycee_card(study, chosen.lycee, work.state.pivots, folded=True)
        html.show(html.stack(_way_up(screen), card))
        with st.container():
            done = state.of(MoveView).done
            made = None if done is None else done.effect
            if chosen.target is None and made is not None and made.lycee == chosen.lycee:
                ask_where_else()
            else:
                destination_list(study, (chosen.lycee,))
        if chosen.target is None:
            joint_list(study, chosen.lycee)
            why_not_button(chosen.lycee)
        tools(study, work)
    elif chosen.zone is not None or chosen.sector is not None:
        html.show(html.stack(_way_up(screen), panel.details(study, chosen)))
        if chosen.zone is not None and study.plan.members(chosen.zone):
            why_not_button(chosen.zone)
        tools(study, work)
    else:
        html.show(
            html.stack(
                feedback_link(screen),
                html.note(worded(_EMPTY)),
                html.facts(peak_facts(study)),
                short_figures(study, screen.reference),
                sector_list(study),
            )
        )
        tools(study, work)
    plan_line(screen)


def _propose(screen: Screen) -> None:
    search_button(screen)
    with st.container():  # always drawn, so that the form below does not move
        proposals_card(screen)
    demand_tools(screen)
    plan_line(screen)


_DRAWN = {Mode.LOOK: _look, Mode.EDIT: _edit, Mode.PROPOSE: _propose}
