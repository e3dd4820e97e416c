"""What the app serves beside its pages: Leaflet, its own script, the shapes of a plan."""

from dataclasses import dataclass

import streamlit as st

from geozones.render.library import Library
from geozones.render.scene_json import publish_borders, publish_scene, publish_shapes
from geozones.render.standalone import map_bundle
from geozones.ui import serve
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study, study_in_force


@dataclass(frozen=True, slots=True)
class Assets:
    """What is served of the plan in force at the start, after the script that draws it.

    ``borders`` is the file of those of the shipped lycées, if any.
    """

    library: Library
    borders: str | None


@st.cache_resource(show_spinner=False)
def assets(_study: Study) -> Assets:
    """Write what draws the map once for a running app.

    One file has the script of the map, its styles and what it shows first: the browser waits for
    one after the other. Names change with what files hold, so that no browser keeps old ones.

    Raises
    ------
    InputError
        If the folder cannot be written.
    DataFileError
        If a file of the map cannot be read: the installation is not whole.
    """
    vendor = serve.vendor_folder()
    scene = build_scene(study_in_force(_study.analysis), SceneOptions(editable=True))
    library = publish_scene(scene, _study.atlas.ground, vendor, map_bundle())
    return Assets(library, publish_borders(_study.atlas.borders, vendor))


@st.cache_resource(show_spinner=False)
def commune_shapes(_study: Study) -> Library:
    """Publish the shapes of the communes, once for a running app; raises ``InputError``."""
    shapes = (entry.geometry for entry in _study.atlas.communes)
    return publish_shapes(shapes, serve.vendor_folder())
