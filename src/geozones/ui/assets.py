"""Static files that draw the map: Leaflet, the map script, the shapes of a plan."""

from dataclasses import dataclass

import streamlit as st

from geozones.render.library import Library
from geozones.render.scene_json import (
    publish_borders,
    publish_close_ground,
    publish_scene,
    publish_shapes,
)
from geozones.render.standalone_map import close_script, map_bundle
from geozones.ui.server import serve
from geozones.ui.server.page_head import LETTERS, MEDIA
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study, baseline_study

#: Address of the folder of Streamlit's fonts in the frame of the map.
_MEDIA_URL = "../../static/media"


@dataclass(frozen=True, slots=True)
class Assets:
    """Files served for the plan in force at the start, after the script that draws the map.

    ``borders`` is the file of the shipped lycées' borders, ``ground`` the file of the ground of
    close zooms, if any.
    """

    library: Library
    borders: str | None
    ground: str | None


@st.cache_resource(show_spinner=False)
def assets(_study: Study) -> Assets:
    """Write the files that draw the map, once per running app.

    One file holds the script of the map, its styles and its first content, because the browser
    waits for files one after the other. File names change with their content, so that no browser
    keeps an old one.

    Raises
    ------
    InputError
        If the folder cannot be written.
    DataFileError
        If a file of the map cannot be read: the installation is not whole.
    """
    vendor = serve.vendor_folder()
    scene = build_scene(baseline_study(_study.analysis), SceneOptions(editable=True))
    library = publish_scene(scene, _study.atlas.ground, vendor, map_bundle(_typeface()))
    ground = publish_close_ground(_study.atlas.close_ground, vendor, close_script())
    corners = _study.territory.home.corners
    return Assets(library, publish_borders(_study.atlas.borders, corners, vendor), ground)


@st.cache_resource(show_spinner=False)
def commune_shapes(_study: Study) -> Library:
    """Publish the shapes of the communes, once per running app; raise ``InputError``."""
    shapes = (entry.geometry for entry in _study.atlas.communes)
    return publish_shapes(shapes, serve.vendor_folder())


def _typeface() -> str:
    """Return CSS that has the map use the file of letters of the page around it, already read.

    Its italics are slanted by the browser: a file of their own would be 100 kB for the rivers.
    """
    found = sorted(MEDIA.glob(LETTERS))
    rule = "font-family: 'Source Sans'; font-weight: 200 900; font-display: block; src: url({});"
    return "".join(f"@font-face {{ {rule.format(f'{_MEDIA_URL}/{path.name}')} }}" for path in found)
