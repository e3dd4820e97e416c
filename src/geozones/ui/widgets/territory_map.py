"""The one map of the app, and the dispatch of gestures on it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

import streamlit as st
from streamlit_folium import st_folium

from geozones.render.folium_map import base_map, scene_layer
from geozones.render.library import Library
from geozones.render.scene import Scene
from geozones.render.scene_json import scene_keys
from geozones.ui import current_scenario, state
from geozones.ui.assets import assets, commune_shapes
from geozones.ui.state.session_views import LastMap
from geozones.workspace.study import Study

#: Height in pixels before the style sheet adapts it to the screen.
_HEIGHT = 600
_KEY = "gz-map"
#: Keys (some hundreds of moves) after which the whole map is sent again.
_MOST_KNOWN = 8192

type Handler = Callable[[Study, Mapping[str, Any]], None]


def main_map(study: Study, scene: Scene, on_event: Handler, head: str | None) -> None:
    """Draw the map of the page « Carte », the same one at each run and on each page.

    ``head`` is the last event of the current scenario, ``None`` where nothing can be undone.
    ``on_event`` gets ``{"event": …}`` once for each gesture on the map. Events: ``zone`` and
    ``lycee`` (a click, with ``id``), ``patch`` (a commune, with ``id``), ``drop`` (a lycée dropped
    at ``lat``, ``lon``), ``place`` (the same where dragging corrects places), ``site`` (a click
    that places a lycée to open, at ``lat``, ``lon``), ``pick`` (a lycée added to or removed from
    the picked ones), ``pick-many`` (``ids`` inside a lasso), ``destinations`` (asks for the targets
    of the lycée ``id``), ``try`` (asks to try a move of the lycée ``id``), ``undo`` and ``redo``
    (keys pressed on the map, on the event ``head``; see
    `state.new_gestures` for ``sent_before``), ``go`` (a name clicked in a list, with ``id``),
    ``tiles-failed`` (the optional background did not load), ``unknown`` (a scene named a part that
    the map does not have; handled here).
    """
    state.update(LastMap, scene=scene)
    _same_map(study, scene, on_event, head)


def keep_map(study: Study) -> None:
    """Keep the map in a page that does not show it, so that it is there when the user returns."""
    scene = state.of(LastMap).scene
    if scene is None:
        st.container(key=_KEY)
    else:
        _same_map(study, scene, _ignore, current_scenario.current().timeline.head)


def _same_map(study: Study, scene: Scene, on_event: Handler, head: str | None) -> None:
    """Draw the one map, without sending again what it received in this session."""
    known = state.of(LastMap).known
    if len(known) > _MOST_KNOWN:
        known = frozenset()
    with st.container(key=_KEY):
        territory_map(study, scene, _KEY, on_event, head, known=known)
    state.update(LastMap, known=known | scene_keys(scene))


def territory_map(  # noqa: PLR0913 - each is one input of a map
    study: Study,
    scene: Scene,
    key: str,
    on_event: Handler,
    head: str | None,
    *,
    known: frozenset[str] = frozenset(),
) -> None:
    """Draw a map; ``on_event`` gets each gesture on it, and ``head`` is as in `main_map`.

    ``known`` are the keys of the parts that the map already has.
    """

    def changed() -> None:
        for gesture in state.new_gestures(key):
            if gesture["event"] == "unknown":
                state.update(LastMap, known=frozenset())
            else:
                state.after_callbacks(partial(on_event, study, gesture))

    served = assets(study)
    patches = commune_shapes(study) if scene.patches else None
    library = served.library | Library((), known)
    if patches is not None:
        library |= patches
    borders = served.borders if study.territory.is_shipped else None
    near = {"borders": borders, "ground": served.ground}
    sent = replace(scene, answered=state.last_gesture(key), head=head)
    st_folium(
        base_map(study.atlas.ground, served.library),
        key=key,
        height=_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=scene_layer(sent, library, patches, near),
        on_change=changed,
    )


def _ignore(_: Study, __: Mapping[str, Any]) -> None:
    """Ignore gestures: the map is not in view."""
