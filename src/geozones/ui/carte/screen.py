"""Layout of the page « Carte », its scene, its address, and what screen readers are told.

The address names the content of the panel, the selection (the narrowest of a sector, a zone, a
lycée), the colouring of the map, the date, the plan in force where it is shown instead of the
current scenario, and whether the map is in full screen. `address.publish` adds the scenario.
"""

from dataclasses import replace

import htpy
import streamlit as st

from geozones.common.french import listing
from geozones.domain.terms import terms, worded
from geozones.metrics.metric_registry import REGISTRY, VIGILANCE
from geozones.render import Scene, View
from geozones.render.scene import Pin
from geozones.ui import current_scenario, state
from geozones.ui.carte import shown
from geozones.ui.carte.chips import chips, full_screen, tiles
from geozones.ui.carte.drawer import drawer
from geozones.ui.carte.gestures import go_to, moving, on_event, why_fixed
from geozones.ui.carte.main_panel import answered_move, main_panel
from geozones.ui.carte.shown import (
    ACCESS,
    Screen,
    days,
    deployed,
    is_past_day,
    plan_on_screen,
)
from geozones.ui.feature_parts import map_lists
from geozones.ui.state import address
from geozones.ui.state.carte_views import (
    Demand,
    LocationView,
    MapView,
    Mode,
    MoveView,
    OpeningView,
    ProposalView,
    Selection,
    TravelView,
    VigilanceView,
)
from geozones.ui.state.session_views import Arrival, Attention, Notice
from geozones.ui.widgets import html
from geozones.ui.widgets.panel import choice_in_words
from geozones.ui.widgets.scenario_bar import BASELINE, other_publications
from geozones.ui.widgets.territory_map import main_map
from geozones.workspace.figures.study import Study
from geozones.workspace.maps import (
    RELEVE,
    SceneOptions,
    bounds_of_lycees,
    build_scene,
    colour_by_releve,
    layer_of,
    over_reach,
    pair_scene,
)
from geozones.workspace.moves.destinations import NEW_ZONE, group_moves


def announce_choice(study: Study) -> None:
    """Announce a changed selection to screen readers, unless a message on screen says more."""
    now, before = state.of(Selection), state.of(Attention).chosen
    chosen = (now.sector, now.zone, now.lycee, now.target)
    state.update(Attention, chosen=chosen)
    if before and chosen != before and not state.of(Notice).text:
        state.announce(_choice(study, now, before))


def _choice(study: Study, now: Selection, before: tuple[str | None, ...]) -> str:
    plan, (_, zone, lycee, target) = study.plan, before
    if now.target is not None and now.target != target:
        known = plan.has_zone(now.target)
        said = f"Zone visée : {plan.zone(now.target).name if known else 'une zone nouvelle'}."
        moves = group_moves(plan, moving()).get(now.target)
        verdict = study.may_move_all(moves) if moves else None
        if verdict is not None and not verdict.allowed:
            said += f" Déplacement refusé. {' '.join(verdict.reasons)}"
        return said
    if now.lycee not in {None, lycee}:
        return choice_in_words(study, now)
    if now.zone not in {None, zone}:
        return choice_in_words(study, replace(now, lycee=None))
    if now.lycee or now.zone:
        return ""
    if now.sector is None:
        return worded("{Whole_territory}.")
    return f"Secteur {plan.sector(now.sector).name}."


def scene_of(screen: Screen) -> Scene:
    """Return the scene: the plan, or the requested drives over it."""
    study, options = screen.study, _options(screen)
    if screen.access is not None:
        layer = layer_of(study, screen.access)
        lycee_id = screen.access.place if layer.pin is None else None
        return over_reach(build_scene(study, replace(options, lycee=lycee_id)), layer)
    if screen.pair is not None:
        return pair_scene(study, screen.pair, options)
    scene = build_scene(study, options)
    asked = state.of(OpeningView)
    if screen.movable:  # a pin where a lycée is about to open
        spot = None if asked.site is None else asked.site.spot
        pin = None if spot is None else Pin(f"Le nouveau {terms().site}", spot.lat, spot.lon)
        clicking = asked.clicking or state.of(LocationView).clicking
        scene = replace(scene, siting=clicking, pin=pin)
    marks = tuple(mark for part in screen.parts for mark in part.marks(study))
    scene = replace(scene, feedback=marks, fixed=why_fixed(screen))
    chosen = state.of(Selection)
    if chosen.bounds is None:
        return scene
    return replace(scene, view=View(chosen.bounds, f"recherche-{chosen.look}"))


def _options(screen: Screen) -> SceneOptions:
    chosen, view = state.of(Selection), state.of(MapView)
    editing = screen.movable and screen.access is None and screen.pair is None
    colours = {} if screen.publication is not None else screen.study.state.colours
    if view.colouring == RELEVE:
        colours = colour_by_releve(screen.study).colours
    # ringed: lycées picked for a move, else those that changed zone
    ringed = frozenset(state.of(MoveView).picked)
    if not ringed and screen.reference is not None:
        if screen.packages is not None:
            ringed = frozenset(lycee for one in screen.packages.shown for lycee in one.lycees)
        else:
            before, after = screen.reference.plan.zone_by_lycee, screen.study.plan.zone_by_lycee
            ringed = frozenset(key for key in after if before.get(key) != after[key])
    return SceneOptions(
        sector=chosen.sector,
        zone=chosen.zone if chosen.target in {None, NEW_ZONE} else chosen.target,
        lycee=chosen.lycee,
        picked=ringed,
        editable=editing,
        deployed=deployed(screen),
        layers=view.layers,
        tiles=tiles(),
        look=chosen.look,
        colours=colours,
        reference=None if screen.reference is None else screen.reference.plan,
    )


_PLACE_NAMES = {"lycee": "{the_site}", "zone": "la zone", "secteur": "le secteur"}


def parameters(study: Study) -> dict[str, str]:
    """Return the parameters that describe the screen; empty for the region as it opens."""
    view, chosen = state.of(MapView), state.of(Selection)
    places = ((word, getattr(chosen, field)) for word, field in address.PLACES.items())
    narrowest = next(((word, place) for word, place in places if place is not None), None)
    date = next((day.date for day in days(study.atlas)[1:] if day.label == view.step), None)
    plan = view.publication
    if plan is None and view.baseline and not current_scenario.current().is_untouched:
        plan = BASELINE
    values = {
        address.MODE: view.mode if view.mode is Mode.PROPOSE else None,
        **({} if narrowest is None else {narrowest[0]: narrowest[1]}),
        address.LAYER: view.colouring or None,
        address.DATE: date,
        address.PLAN: plan,
        address.SCREEN: address.FULL if view.full else None,
    }
    return {word: str(value) for word, value in values.items() if value is not None}


def follow(study: Study) -> Study:
    """Apply the view of the address if the page was just loaded or Back was pressed.

    Return the study of the current scenario, which Back may change. Names that are not in the plan
    are reported to the user, and the rest is shown.
    """
    arrival = state.of(Arrival)
    if arrival.seen and not arrival.back:
        return study
    with state.uninterrupted():  # an address is followed once
        state.update(Arrival, seen=True, back=False)
        asked = address.asked_view()
        if arrival.back:
            scenario = asked.get(address.SCENARIO)
            state.update(MapView, mode=address.asked_mode())
            current = current_scenario.current().scenario
            if scenario is not None and (current is None or current.id != scenario):
                current_scenario.open_scenario(scenario)
            study = current_scenario.study()
        unknown = [*_show_view(study, asked, back=arrival.back)]
        shown = plan_on_screen(study).study
        unknown += _look_at(shown, asked, back=arrival.back)
        if unknown:
            state.notify("warning", f"L'adresse demande {listing(unknown)} : ce plan ne l'a pas.")
    return study


def _show_view(study: Study, asked: dict[str, str], *, back: bool) -> list[str]:
    unknown = []
    view = state.of(MapView)
    if back:
        view = replace(view, colouring="", step=None, baseline=False, publication=None)
    layer, date, plan = (asked.get(word) for word in (address.LAYER, address.DATE, address.PLAN))
    if layer in {ACCESS, RELEVE}:
        view = replace(view, colouring=layer)
    elif layer in {*REGISTRY, VIGILANCE.key}:  # coloured zones before: the tables have it
        view = replace(view, drawer=True)
    elif layer:
        unknown.append(f"la couche « {layer} »")
    day = next((day for day in days(study.atlas) if day.date == date), None)
    if day is not None:
        view = replace(view, step=day.label)
    elif date and not is_past_day(study.atlas, date):
        unknown.append(f"la date « {date} »")
    if plan == BASELINE or plan in other_publications():
        view = replace(view, baseline=True, publication=None if plan == BASELINE else plan)
    elif plan:
        unknown.append(f"le plan « {plan} »")
    elif back and address.SCENARIO not in asked:  # no change was made yet at that time
        view = replace(view, baseline=True)
    full = asked.get(address.SCREEN) == address.FULL
    state.update(MapView, full=full, **{name: getattr(view, name) for name in _FIELDS})
    return unknown


_FIELDS = ("colouring", "drawer", "step", "baseline", "publication")


def _look_at(study: Study, asked: dict[str, str], *, back: bool) -> list[str]:
    named = next(((word, asked[word]) for word in address.PLACES if word in asked), None)
    if named is None:
        if back and state.of(Selection).places != (None, None, None):
            state.look_at(None)
        return []
    word, place = named
    plan = study.plan
    known = {"lycee": plan.zone_by_lycee.__contains__, "zone": plan.has_zone}
    if not known.get(word, plan.has_sector)(place):
        return [f"{worded(_PLACE_NAMES[word])} « {place} »"]
    go_to(study, f"{address.PLACES[word]}:{place}")
    return []


def carte(study: Study) -> None:
    """Draw the page: the panel, then the map, in the places that `keep_map` reserves elsewhere."""
    study = follow(study)
    screen = shown.on_screen(study)
    scenario = None if screen.publication is not None else screen.work.scenario
    key = None if scenario is None else scenario.id  # a publication has no lists of features
    screen = replace(screen, parts=tuple(each.read(screen.study, key) for each in map_lists()))
    lists = (each.view for each in map_lists())
    for view in (Selection, TravelView, MoveView, Demand, VigilanceView, *lists):
        state.within(view, screen.study.plan)
    _look_at_proposal(screen)
    full = state.of(MapView).full
    # before the map, so that Tab and screen readers meet the panel first
    left = st.container(key="gz-before-map" if full else "gz-over-left")
    main_map(screen.study, scene_of(screen), on_event, current_scenario.current().timeline.head)
    if full:
        full_screen(screen)
    else:
        with left:
            main_panel(screen)
        chips(screen)
        with st.container():  # always drawn: the drawer comes and goes
            drawer(screen)
    marker = htpy.div("#gz-chosen", hidden=True, data_chosen=_chosen(), data_mode=screen.mode)
    html.show(marker)
    announce_choice(screen.study)
    address.publish(current_scenario.current(), parameters(screen.study))


def _look_at_proposal(screen: Screen) -> None:
    """Move the map to the zones that a proposal changes, once, when it is opened."""
    if screen.packages is None or screen.reference is None:
        return
    lycees = tuple(
        sorted(lycee for package in screen.packages.proposed for lycee in package.lycees)
    )
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
    for each in map_lists():
        listed = each.name if state.of(each.view).opened else listed
    done, answer = answered_move(), ""
    if done is not None:
        answer = f"detail-{done.event}" if state.of(MoveView).detail else f"reponse-{done.event}"
    named = (chosen.lycee, chosen.zone, chosen.target, searched, listed, answer)
    return " ".join(name for name in named if name)
