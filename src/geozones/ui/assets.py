"""What the app serves beside its pages: Leaflet, its own script, the shapes of a plan."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from geozones.render.app_files import MAP_FILES, app_folder
from geozones.render.library import Library
from geozones.render.scene_json import publish_scene, publish_shapes
from geozones.ui import serve
from geozones.workspace.maps.plan_scene import SceneOptions, build_scene
from geozones.workspace.study import Study, study_in_force


@dataclass(frozen=True, slots=True)
class Assets:
    """What is served of the plan in force at the start; a version of the map's files."""

    library: Library
    version: str


@st.cache_resource(show_spinner=False)
def assets(_study: Study) -> Assets:
    """Prepare ``static/`` once for a running app; raises ``InputError`` if it cannot."""
    folder = app_folder()
    serve.prepare_static(folder)
    scene = build_scene(study_in_force(_study.analysis), SceneOptions(editable=True))
    own = b"".join((folder / "static" / name).read_bytes() for name in MAP_FILES)
    return Assets(
        publish_scene(scene, _study.atlas.ground, folder / "static" / "vendor"),
        hashlib.sha256(own).hexdigest()[:12],
    )


@st.cache_resource(show_spinner=False)
def commune_shapes(_study: Study) -> Library:
    """Publish the shapes of the communes, once for a running app; raises ``InputError``."""
    folder = app_folder() / "static" / "vendor"
    return publish_shapes((entry.geometry for entry in _study.atlas.communes), folder)
