"""Screen map: a bare folium map that never changes, and one layer that does.

``st_folium`` changes the map object passed to it, so a new map is built at each run; the same
script gives the same component, hence no remount. All changes travel in the layer, as data: the
drawing itself is ``static/geozones-map.js``.
"""

from collections.abc import Mapping
from typing import Any

import folium
from branca.element import Element
from folium.template import Template

from geozones.render.library import Library
from geozones.render.scene import Scene
from geozones.render.scene_json import drawn_scene, map_options

#: Where Streamlit serves ``static/``, relative to the component's own page.
STATIC = "../../app/static"


class _BareMap(folium.Map):
    """Folium map with Leaflet alone, from the app's own server: no CDN."""

    def __init__(self, scripts: tuple[str, ...], **options: Any) -> None:  # noqa: ANN401
        super().__init__(tiles=None, zoom_control=False, **options)
        read = enumerate(scripts)
        self.default_js = [(f"script_{i}", f"{STATIC}/vendor/{file}") for i, file in read]
        self.default_css = []


class _Text(Element):
    """Text for a page, unchanged; branca would take milliseconds to compile it as a template."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Return the text."""
        return self._text


class _Script(folium.MacroElement):
    """Call of ``geozones-map.js`` with JSON data, inert whatever the data."""

    _template = Template(
        "{% macro script(this, kwargs) %}"
        "{{ this.call }}({{ this._parent.get_name() }}, {{ this.data }});"
        "{% endmacro %}"
    )

    def __init__(self, call: str, data: str) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._name = "GeozonesScript"
        self.call = call
        self.data = data

    def render(self, **_: Any) -> str:  # noqa: ANN401 - branca's own signature
        """Add the call to the scripts of the page, without compiling a template."""
        call = _Text(self._template.module.script(self, {}))
        root: Any = self.get_root()
        root.script.add_child(call, name=self.get_name())
        return ""


def base_map(ground: str, files: tuple[str, ...]) -> folium.Map:
    """Return the constant part: an empty map and its ground, as `ground_json` writes it.

    The ``files`` draw the map, and hold data that the browser reads once.
    """
    options = map_options()
    bare = _BareMap(
        files,
        location=options.pop("center"),
        zoom_start=options.pop("zoom"),
        **options,
    )
    _Script("geozones.setup", ground).add_to(bare)
    return bare


def scene_layer(
    scene: Scene,
    library: Library | None = None,
    needed: Library | None = None,
    near: Mapping[str, str | None] | None = None,
) -> tuple[folium.FeatureGroup, frozenset[str]]:
    """Return the variable part, as a feature group for ``feature_group_to_add``, and its keys.

    ``library`` holds the data that the browser has; ``needed`` is the part of it that this scene
    needs and that was not in the initial map: the browser reads its files before it draws. ``near``
    gives the files that it reads when the user zooms in: ``borders`` and ``ground``.
    """
    group = folium.FeatureGroup(name="geozones")
    files = [] if needed is None else [f"{STATIC}/vendor/{file}" for file in needed.files]
    closer = {what: f"{STATIC}/vendor/{file}" for what, file in (near or {}).items() if file}
    drawn = drawn_scene(scene, library, files, closer)
    _Script("geozones.draw", drawn.text).add_to(group)
    return group, drawn.keys
