"""Interactive map of a proposal, before or after, with the details of the selection under it."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import htpy
import streamlit as st

from geozones.domain.terms import worded
from geozones.render import Scene, View
from geozones.ui import state
from geozones.ui.state.carte_views import Selection
from geozones.ui.state.comment_views import SpeakView
from geozones.ui.state.shared_views import SharedView
from geozones.ui.widgets import html, legend, panel
from geozones.ui.widgets.comment_signs import feedback_signs
from geozones.ui.widgets.territory_map import main_map
from geozones.workspace.comments.marks import marks_of
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.sharing.exported_plan import ExportedPlan
from geozones.workspace.study import Study
from geozones.workspace.webinar.slide_parts import bounds_of_changes, with_moved

_AFTER, _BEFORE = "Après", "Avant"


def shared_map(exported: ExportedPlan) -> None:
    """Draw the map and the card of the selection."""
    state.within(SharedView, exported.plan)
    view, base = state.of(SharedView), exported.base
    changed = base is not None and base.plan != exported.plan
    if changed:
        state.bound(SharedView, "side").draw(
            st.segmented_control,
            "Plan à l'écran",
            [_AFTER, _BEFORE],
            required=True,
            label_visibility="collapsed",
        )
    before = changed and state.of(SharedView).side == _BEFORE
    shown = base.study if base is not None and before else exported.study
    main_map(shown, _scene(exported, shown, view), on_event, head=None)
    chosen = Selection(zone=view.zone, lycee=view.lycee).within(shown.plan)
    nothing = chosen.zone is None and chosen.lycee is None
    hint = html.note(worded("Cliquez une zone ou {a_site} pour en lire la fiche."))
    html.show(
        html.stack(
            legend.legend(shown, trial=changed),
            feedback_signs(exported.feedback),
            hint if nothing else htpy.div(".gz-shared-card")[panel.details(shown, chosen)],
        )
    )


def _scene(exported: ExportedPlan, shown: Study, view: SharedView) -> Scene:
    base = exported.base
    now = exported.plan.zone_by_lycee
    then = {} if base is None else base.plan.zone_by_lycee
    moved = frozenset(key for key, zone in now.items() if then.get(key, zone) != zone)
    options = SceneOptions(
        zone=view.zone,
        lycee=view.lycee,
        picked=moved,
        colours=shown.state.colours,
        reference=None if base is None else base.plan,
    )
    scene = with_moved(build_scene(shown, options), moved)
    zones = {plan[key] for key in moved for plan in (now, then) if key in plan}
    if zones:  # the others are paler: what changes is seen first
        drawn = tuple(replace(zone, aside=zone.id not in zones) for zone in scene.zones)
        scene = replace(scene, zones=drawn)
    bounds = bounds_of_changes(scene, zones)
    marks = marks_of(shown, exported.feedback)
    return replace(
        scene, feedback=marks, view=View(bounds, f"partage-{exported.version.fingerprint}")
    )


def on_event(study: Study, event: Mapping[str, Any]) -> None:
    """Select the zone or the lycée that was clicked, or named in a list (``go``)."""
    kind, name = event["event"], str(event.get("id"))
    if kind == "go":  # or the sign of the comments on a place
        kind, _, name = name.removeprefix("voix:").partition(":")
    choose = partial(state.update, SharedView)
    state.update(SpeakView, place=None)  # a comment is about the last selection
    if kind == "zone" and study.plan.has_zone(name):
        choose(zone=name, lycee=None)
    elif kind == "lycee" and name in study.plan.zone_by_lycee:
        choose(zone=study.plan.zone_of(name).id, lycee=name)
