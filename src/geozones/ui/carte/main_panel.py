"""Panel of the map: search, what is chosen, what can be done with it, points to watch.

The answer to a move, or to packages accepted, has the buttons that undo it and show it in full.
"""

import json
from collections.abc import Iterable
from functools import lru_cache, partial
from itertools import groupby

import htpy
import streamlit as st
from markupsafe import Markup

from geozones.common.french import inside, minutes
from geozones.domain.identifiers import commune_code
from geozones.domain.terms import has_organisation, terms, worded
from geozones.metrics.metric_registry import WatchList, watch_list
from geozones.ui import current_scenario, state
from geozones.ui.carte.chips import baseline_name, plan_line
from geozones.ui.carte.gestures import chosen_sites, propose_button, turn
from geozones.ui.carte.lycee_opening import best_plan_next, siting_note
from geozones.ui.carte.moves import (
    ask_where_else,
    destination_list,
    effect_card,
    joint_list,
)
from geozones.ui.carte.proposals import demand_form, proposals_card, redraw
from geozones.ui.carte.shown import ACCESS, Screen, access_card
from geozones.ui.carte.tools import tools
from geozones.ui.feature_parts import map_lists
from geozones.ui.server.auth import actor
from geozones.ui.state.carte_views import (
    MadeMove,
    MapView,
    Mode,
    MoveView,
    Selection,
    VigilanceView,
)
from geozones.ui.state.session_views import Notice
from geozones.ui.widgets import html, panel
from geozones.ui.widgets.panel import change_table, changed_lycees, point_list
from geozones.ui.widgets.scenario_bar import (
    drift_box,
    notice,
    scenario_menu,
    scenario_notice,
    step_button,
    trouble,
    undo_asked,
)
from geozones.workspace.figures.plan_comparison import plan_change
from geozones.workspace.figures.study import Study
from geozones.workspace.figures.vigilance import (
    PointKind,
    VigilancePoint,
    chosen,
    in_short,
    vigilance,
)
from geozones.workspace.folder.territory import Territory
from geozones.workspace.maps import Entry, place_entries, plan_entries
from geozones.workspace.roles import Role


def answered_move() -> MadeMove | None:
    """Return the move that the message on screen answers, if an undo would take it back."""
    done = state.of(MoveView).done
    if done is None or state.of(Notice).text != done.answer:
        return None
    return done if current_scenario.undoes(done.event) else None


def answer_box() -> None:
    """Show the last message; the answer to a move has its buttons inside its box."""
    done = answered_move()
    if done is None:
        notice()
        return
    opened, about = state.of(MoveView).detail, scenario_notice()
    if about is not None:
        html.show(about)
    with st.container(key="gz-answer", gap="small"):
        first, _, rest = done.answer.partition("\n")
        kind = state.of(Notice).kind
        html.show(html.notice(kind, htpy.strong[first], f"\n{rest}", role="status"))
        with st.container(horizontal=True, gap="small"):
            # the style sheet hides the other one while an answer, which names the move, is there
            step_button("undo", "reponse.annuler", named=False)
            if done.effect is not None:
                st.button(
                    "Fermer le détail" if opened else "Détail",
                    key="reponse.detail",
                    on_click=state.changing(MoveView, detail=not opened),
                )
    if opened and done.effect is not None:
        html.show(effect_card(done.effect))


#: Most places sent to the browser, besides lycées and those of the plan; the smallest communes come
#: last and are left out.
_MOST = 600


def search_box(study: Study) -> None:
    """Draw the page's title, the box, which ``search.js`` builds, and the places that it knows.

    Those of the plan are apart: an element that changes is sent and read again whole.
    """
    title = htpy.h1(".gz-hidden")["Carte des secteurs et des zones de continuité"]
    below = html.hidden_title("Ce qui est choisi")
    sought = worded("Chercher {a_site}, une ville, une zone")
    said = f"{sought}, un RNS" if has_organisation() else sought
    box = htpy.div("#gz-search", role="search", data_sought=sought, data_said=said)
    pending = htpy.div("#gz-pending")  # where screen.js tells of a move that is not saved yet
    places = _places(study.territory, study.plan.lycees)
    html.show(htpy.fragment[title, box, pending, below, places])
    html.show(_searched(plan_entries(study)))


@lru_cache(maxsize=16)
def _places(territory: Territory, lycees: tuple[str, ...]) -> Markup:
    """Return the places that no move changes, in an element that is written once."""
    known = place_entries(territory, lycees)
    last = max(rank for rank, entry in enumerate(known) if commune_code(entry.key) is None)
    return Markup(_searched(known[: max(_MOST, last + 1)]))  # noqa: S704 - htpy escaped it


def _searched(places: Iterable[Entry]) -> htpy.Element:
    fields = [(place.key, place.name, place.label) for place in places]
    written = json.dumps(fields, ensure_ascii=False, separators=(",", ":"))
    return htpy.div(".gz-places", hidden=True, data_places=written)


def move_several(study: Study) -> None:
    """Draw the picked lycées, and rank the zones that they could join."""
    picked = state.of(MoveView).picked
    html.show(html.subtitle(chosen_sites(len(picked))))
    state.bound(MoveView, "picked").draw(
        st.multiselect,
        worded("{Sites} (ou Ctrl + clic sur la carte)"),
        study.plan.lycees,
        format_func=study.name,
        placeholder=worded("Choisir des {sites}"),
    )
    destination_list(study, picked)

    def leave() -> None:
        state.clear_notice()
        state.update(MoveView, picked=())
        state.update(Selection, target=None)

    st.button("Ne plus les choisir", key="plusieurs.laisser", on_click=leave)


_HEADS = {
    PointKind.RULE: "Règles non respectées",
    PointKind.FRAGILE: "Zones fragiles",
    PointKind.SINGLE: "Collègues uniques",
}


def vigilance_panel(study: Study) -> None:
    """Show the points to watch of the region, or of the sector from which they were opened."""
    with st.container(key="gz-vigilance"):
        st.button(
            "Fermer la liste",
            icon=":material/close:",
            key="vigilance.fermer",
            on_click=state.changing(VigilanceView, opened=False),
            type="tertiary",
        )
        sector_id = state.of(VigilanceView).sector
        shown = chosen(vigilance(study), sector_id=sector_id)
        where = "" if sector_id is None else f", secteur {study.plan.sector(sector_id).name}"
        html.show(_point_groups(study, watch_list(shown), where))


def _point_groups(study: Study, watched: WatchList[VigilancePoint], where: str) -> htpy.Element:
    """Return the points under the heading of their kind, information last, and how each is found.

    Zones and colleagues depend on the current hypotheses.
    """
    order = {kind: rank for rank, kind in enumerate(_HEADS)}
    ordered = sorted(watched.counted, key=lambda point: order[point.kind])
    groups = [
        (head, list(group))
        for head, group in groupby(ordered, lambda point: worded(_HEADS[point.kind]))
    ]
    if watched.information:
        groups.append(("À savoir", list(watched.information)))
    near, site = minutes(study.settings.teams.near_minutes), terms().site
    text = partial(in_short, study)
    return html.card(
        htpy.h3[f"{watched.text}{where}"],
        [(htpy.h4[f"{head} ({len(group)})"], point_list(group, text)) for head, group in groups],
        html.note(
            f"Zone fragile : relève à plus de {near}. Collègue unique : plusieurs {site.plural} "
            f"n'ont qu'un même {site} à moins de {near}. À confirmer : le seuil est dans "
            "la marge d'erreur des durées."
        ),
    )


_HINT = "Pour déplacer {a_site}, faites-le glisser vers une autre zone, ou choisissez-le."


def main_panel(screen: Screen) -> None:
    """Draw the panel."""
    search_box(screen.study)
    with st.container():  # always drawn, so that the elements below do not move
        trouble(screen.study, screen.work)
        if screen.publication is None and not screen.work.is_untouched:
            drift_box(screen.work, "scenario.reprendre", current_scenario.take_over)
        siting_note()
        answer_box()
        if screen.movable:
            best_plan_next(screen.study, screen.work)
    with st.container(key="gz-mode"):
        if screen.mode is Mode.PROPOSE:
            st.button(
                "Revenir à la carte",
                icon=":material/arrow_back:",
                key="carte.retour",
                on_click=partial(turn, Mode.MAP),
                type="tertiary",
            )
        elif screen.movable and screen.work.timeline.events:  # something to undo or redo
            with st.container(horizontal=True, gap="small"):
                step_button("undo", "atelier.undo", shortcut="Ctrl+Z")
                step_button("redo", "atelier.redo", shortcut="Ctrl+Shift+Z")
                scenario_menu(screen.study, screen.work)
            undo_asked()
    listed = [
        part
        for each, part in zip(map_lists(), screen.parts, strict=True)
        if state.of(each.view).opened
    ]
    if state.of(VigilanceView).opened:
        vigilance_panel(screen.study)
    elif listed:
        listed[0].draw()
    else:
        (_propose if screen.mode is Mode.PROPOSE else _map)(screen)


def _map(screen: Screen) -> None:
    study, chosen = screen.study, state.of(Selection)
    moves = screen.movable and actor().role >= Role.PLANNER
    names_first = screen.publication is None and screen.work.scenario is not None
    if names_first:  # else whoever opens a link to a scenario does not see which one it is
        plan_line(screen)
    if state.of(MapView).colouring == ACCESS:
        access_card(screen.access, screen.problem)
    if moves and state.of(MoveView).picked:
        move_several(study)
    elif moves and chosen.lycee is not None:
        _lycee(screen, chosen.lycee)
    else:
        _details(screen)
        if moves and not any(chosen.places):
            html.show(html.note(worded(_HINT)))
        if chosen.sector is not None and chosen.zone is None:
            _offer_division(screen, chosen.sector)
        propose_button()
    if moves:
        tools(study, screen.work)
    if not names_first:
        plan_line(screen)


def _details(screen: Screen) -> None:
    # one element: if the number of elements changed, the browser would rebuild all that follow
    study, reference = screen.study, screen.reference
    looked_at = html.stack(
        _way_up(screen),
        None if reference is None else _changes(study, reference),
        panel.details(
            study,
            state.of(Selection),
            reference,
            plan_name="" if screen.publication is None else inside(baseline_name(screen)),
        ),
    )
    html.show(htpy.div("#gz-look")[looked_at])  # where screen.js names what is clicked


def _lycee(screen: Screen, lycee_id: str) -> None:
    study, chosen = screen.study, state.of(Selection)
    card = panel.lycee_card(study, lycee_id, folded=True)
    html.show(htpy.div("#gz-look")[html.stack(_way_up(screen), card)])
    with st.container():
        done = state.of(MoveView).done
        made = None if done is None else done.effect
        if chosen.target is None and made is not None and made.lycee == lycee_id:
            ask_where_else()
        else:
            destination_list(study, (lycee_id,))
    if chosen.target is None:
        joint_list(study, lycee_id)


def _changes(study: Study, reference: Study) -> htpy.Element:
    """Return the lycées that move, open or close since the plan compared with, and the effect."""
    held = reference.analysis.baseline
    items = [
        htpy.li[html.go(f"lycee:{lycee}", name) if lycee else name, text]
        for lycee, name, text in changed_lycees(reference, study)
    ]
    if not items:
        return html.note(worded("{No_site} ne change de zone."))
    than = held.dated if reference.plan == held.plan else "plan choisi sous « Comparer »"
    change = plan_change(reference, study)
    return html.card(
        html.kicker(f"Ce qui change par rapport au {than}"),
        htpy.h3[panel.counted_changes(reference.plan, study.plan)],
        htpy.ul(".gz-steps")[items],
        change_table(change, html.sentence(change.conclusion)),
    )


def _way_up(screen: Screen) -> htpy.Element | None:
    """Return the path from the region to what is chosen, and the links to the lists of features."""
    plan, chosen = screen.study.plan, state.of(Selection)
    links = [part.link for part in screen.parts if part.link is not None]
    sector_id, zone_id = chosen.around(plan)
    places: list[htpy.Node] = []
    if chosen.lycee or chosen.zone or chosen.sector:
        places.append(html.go("region:", worded("{Whole_territory}")))
    if sector_id is not None and (chosen.lycee or chosen.zone):
        places.append(html.go(f"sector:{sector_id}", plan.sector(sector_id).name))
    if zone_id is not None and chosen.lycee:
        places.append(html.go(f"zone:{zone_id}", plan.zone(zone_id).name))
    if not places and not links:
        return None
    # the sign stays with the name that it leads to
    path = [htpy.span[" › " if rank else "", place] for rank, place in enumerate(places)]
    return htpy.nav(".gz-way", aria_label="Chemin")[htpy.span[path] if places else None, links]


def _offer_division(screen: Screen, sector_id: str) -> None:
    """Offer a new division into zones for a draft sector."""
    if not screen.study.plan.sector(sector_id).is_draft:
        return

    def divide() -> None:
        state.update(MapView, mode=Mode.PROPOSE)
        redraw(sector_id)

    st.button(
        "Proposer un découpage",
        icon=":material/trending_down:",
        key="carte.decouper",
        width="stretch",
        on_click=divide,
    )


def _propose(screen: Screen) -> None:
    demand_form(screen)
    with st.container():
        proposals_card(screen)
    plan_line(screen)
