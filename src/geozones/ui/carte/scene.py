"""Scene of the map, built from what is on screen."""

from collections.abc import Mapping
from dataclasses import replace

from geozones.domain.terms import terms
from geozones.render import Scene, View
from geozones.render.scene import Pin
from geozones.ui import state
from geozones.ui.carte.calendar import deployed
from geozones.ui.carte.layers import tiles
from geozones.ui.carte.shown import ACCESS, Screen
from geozones.ui.state.carte_views import MapView, Mode, MoveView, Selection
from geozones.ui.state.editing_views import LocationView, OpeningView
from geozones.workspace.comments.marks import marks_of
from geozones.workspace.maps.colouring import colour_zones
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.maps.reach import isochrone_layer, layer_of, over_reach
from geozones.workspace.maps.travel_scenes import pair_scene
from geozones.workspace.moves.new_zone import NEW_ZONE


def scene_of(screen: Screen) -> Scene:
    """Return the scene: the plan, or the requested drives over it."""
    study, options = screen.study, _options(screen)
    if screen.access is not None:
        rings = () if screen.rings is None else screen.rings.rings
        layer = (
            isochrone_layer(study, screen.access, rings)
            if rings
            else layer_of(study, screen.access)
        )
        lycee = screen.access.place if layer.pin is None else None
        return over_reach(build_scene(study, replace(options, lycee=lycee)), layer)
    if screen.route is not None and screen.pair is not None:
        return pair_scene(study, screen.pair, options, screen.route.route)
    scene = _with_site(build_scene(study, options), screen)
    tries = screen.mode is Mode.LOOK
    scene = replace(scene, feedback=marks_of(study, screen.feedback), tries=tries)
    chosen = state.of(Selection)
    if chosen.bounds is None:
        return scene
    return replace(scene, view=View(chosen.bounds, f"recherche-{chosen.look}"))


def _options(screen: Screen) -> SceneOptions:
    chosen, view = state.of(Selection), state.of(MapView)
    editing = screen.mode is Mode.EDIT
    return SceneOptions(
        sector=chosen.sector,
        zone=chosen.zone if chosen.target in {None, NEW_ZONE} else chosen.target,
        lycee=chosen.lycee,
        picked=_ringed(screen),
        editable=editing,
        placing=editing and state.of(LocationView).dragging,
        deployed=deployed(screen),
        layers=view.layers,
        tiles=tiles(),
        look=chosen.look,
        colours=_colours(screen),
        reference=None if screen.reference is None else screen.reference.plan,
    )


def _with_site(scene: Scene, screen: Screen) -> Scene:
    """Return the scene with a pin where a lycée is about to open."""
    asked = state.of(OpeningView)
    if screen.mode is not Mode.EDIT:
        return scene
    spot = None if asked.site is None else asked.site.spot
    new = terms().site.agreeing("Le nouveau", "La nouvelle")
    pin = None if spot is None else Pin(f"{new} {terms().site}", spot.lat, spot.lon)
    return replace(scene, siting=asked.clicking, pin=pin)


def _ringed(screen: Screen) -> frozenset[str]:
    """Return the ringed lycées: those picked for a move, else those that changed zone."""
    if screen.mode is Mode.EDIT:
        return frozenset(state.of(MoveView).picked)
    if screen.reference is None:
        return frozenset()
    if screen.packages is not None:
        return frozenset(lycee for one in screen.packages.shown for lycee in one.lycees)
    before, after = screen.reference.plan.zone_by_lycee, screen.study.plan.zone_by_lycee
    return frozenset(lycee for lycee in after if before.get(lycee) != after[lycee])


def _colours(screen: Screen) -> Mapping[str, str]:
    key = state.of(MapView).colouring
    if key and key != ACCESS:
        return colour_zones(screen.study, key).colours
    return {} if screen.is_published else screen.study.state.colours
