"""What the app serves beside its pages: Leaflet, its own script, the shapes of the shipped plan."""

import hashlib
from dataclasses import dataclass

import streamlit as st

from geozones.render.shapes import ShapeLibrary, publish_shapes
from geozones.ui import serve
from geozones.workspace import SceneOptions, Workspace, build_scene


@dataclass(frozen=True, slots=True)
class Assets:
    """The shapes published, and a version that changes with the map's own files."""

    shapes: ShapeLibrary
    version: str


@st.cache_resource(show_spinner=False)
def assets(_workspace: Workspace) -> Assets:
    """Prepare ``static/`` once for a running app; raises ``InputError`` if it cannot."""
    folder = serve.app_folder()
    serve.prepare_static(folder)
    scene = build_scene(_workspace, _workspace.plan, SceneOptions())
    geometries = scene.geometries + tuple(entry.geometry for entry in _workspace.outlines)
    own = b"".join((folder / "static" / name).read_bytes() for name in serve.OWN_FILES)
    return Assets(
        publish_shapes(geometries, folder / "static" / "vendor"),
        hashlib.sha256(own).hexdigest()[:12],
    )
