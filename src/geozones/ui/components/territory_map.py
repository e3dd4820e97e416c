"""The map of the territory, and what the user did to it."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from streamlit_folium import st_folium

from geozones.render.folium_map import base_map, scene_layer
from geozones.render.scene import Scene
from geozones.ui import state
from geozones.ui.assets import assets, commune_shapes
from geozones.workspace import Workspace

#: Height in pixels before the style sheet adapts it to the screen.
_HEIGHT = 600

type Handler = Callable[[Workspace, Mapping[str, Any]], None]


def territory_map(
    workspace: Workspace, scene: Scene, key: str, on_event: Handler, *, communes: bool = False
) -> None:
    """Draw a scene; ``on_event`` gets ``{"event": …}`` once for each gesture on the map.

    Events: ``zone`` and ``lycee`` (a click, with ``id``), ``drop`` (a lycée let go at ``lat``,
    ``lon``), ``place`` (the same where dragging corrects places), ``undo`` and ``redo`` (keys
    pressed there), ``tiles-failed`` (the optional background could not be loaded). ``communes``:
    the map also reads the shapes of the communes, once.
    """

    def changed() -> None:
        for gesture in state.new_gestures(key):
            state.after_callbacks(partial(on_event, workspace, gesture), gesture=True)

    served = assets(workspace.home)
    library = served.library | commune_shapes(workspace.home) if communes else served.library
    st_folium(
        base_map(workspace.outlines, library, served.version),
        key=key,
        height=_HEIGHT,
        use_container_width=True,
        returned_objects=[],
        feature_group_to_add=scene_layer(scene, library),
        on_change=changed,
    )
