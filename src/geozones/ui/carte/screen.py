"""Layout of the page « Carte »."""

import htpy
import streamlit as st

from geozones.ui import current_scenario, state
from geozones.ui.carte import carte_address, shown
from geozones.ui.carte.answer import answered_move
from geozones.ui.carte.attention import announce_choice
from geozones.ui.carte.chips import chips
from geozones.ui.carte.comments_panel import with_feedback
from geozones.ui.carte.drawer import drawer
from geozones.ui.carte.full_screen import full_screen
from geozones.ui.carte.gestures import on_event
from geozones.ui.carte.main_panel import main_panel
from geozones.ui.carte.scene import scene_of
from geozones.ui.carte.shown import Screen
from geozones.ui.state import address
from geozones.ui.state.carte_views import MapView, MoveView, Selection, TravelView, VigilanceView
from geozones.ui.state.comment_views import CommentsView
from geozones.ui.state.proposal_views import Demand, ProposalView
from geozones.ui.widgets import html
from geozones.ui.widgets.territory_map import main_map
from geozones.workspace.maps.find import bounds_of_lycees
from geozones.workspace.study import Study


def carte(study: Study) -> None:
    """Draw the page: the map first, in the place that `keep_map` reserves on other pages."""
    study = carte_address.follow(study)
    screen = with_feedback(shown.on_screen(study))
    for view in (Selection, TravelView, MoveView, Demand, VigilanceView, CommentsView):
        state.within(view, screen.study.plan)
    _look_at_proposal(screen)
    main_map(screen.study, scene_of(screen), on_event, current_scenario.current().timeline.head)
    if state.of(MapView).full:
        full_screen(screen)
    else:
        main_panel(screen)
        chips(screen)
        with st.container():  # always drawn: the drawer comes and goes
            drawer(screen)
    marker = htpy.div("#gz-chosen", hidden=True, data_chosen=_chosen(), data_mode=screen.mode)
    html.show(marker)
    announce_choice(screen.study)
    address.publish(current_scenario.current(), carte_address.parameters(screen.study))


def _look_at_proposal(screen: Screen) -> None:
    """Move the map to the zones that a proposal changes, once, when it is opened."""
    if screen.packages is None or screen.reference is None:
        return
    lycees = tuple(sorted(lycee for package in screen.packages.first for lycee in package.lycees))
    if not lycees or lycees == state.of(ProposalView).looked:
        return
    sides = (bounds_of_lycees(study, lycees) for study in (screen.reference, screen.study))
    (west, south, east, north), other = sides
    bounds = (
        min(west, other[0]), min(south, other[1]), max(east, other[2]), max(north, other[3])
    )  # fmt: skip
    state.update(Selection, bounds=bounds, look=state.of(Selection).look + 1)
    state.update(ProposalView, looked=lycees)


def _chosen() -> str:
    """Return the selection as text: the page opens its sheet on a phone when it changes."""
    chosen, search = state.of(Selection), state.of(ProposalView).job
    searched = "" if search is None else f"recherche-{id(search)}"
    listed = "vigilance" if state.of(VigilanceView).opened else ""
    listed = "commentaires" if state.of(CommentsView).opened else listed
    done, answer = answered_move(), ""
    if done is not None:
        answer = f"detail-{done.event}" if state.of(MoveView).detail else f"reponse-{done.event}"
    named = (chosen.lycee, chosen.zone, chosen.target, searched, listed, answer)
    return " ".join(name for name in named if name)
