"""Standalone page of the map, without any request, and tables that draw themselves as a map.

The page draws with the same script and the same JSON as the screen map, so that the two never
disagree.
"""

import re
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import Any

import folium
from geopandas import GeoDataFrame
from xstatic.pkg import leaflet

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import why
from geozones.render.library import Library, dumps, shape
from geozones.render.scene import MapGround, Scene
from geozones.render.scene_json import (
    drawn_scene,
    ground_entries,
    ground_json,
    map_options,
    scene_entries,
)


class MappedFrame(GeoDataFrame):  # type: ignore[misc] # geopandas has no types
    """Sites or zones by code, with a colour each."""

    @property
    def _constructor(self) -> type["MappedFrame"]:
        return MappedFrame

    def explore(
        self,
        m: folium.Map | None = None,
        *,
        color: str = "color",
        **options: Any,  # noqa: ANN401 - of folium.Map
    ) -> folium.Map:
        """Return a map of the rows, drawn over the map ``m`` if there is one.

        ``color`` is a column of colours, or a colour; ``options`` are those of `folium.Map`.
        Without ``tiles`` the map reads nothing from the network. The method of geopandas, which
        this one replaces, needs matplotlib.
        """
        if self.empty:
            raise InputError("Rien à dessiner : cette table n'a aucune ligne.")
        if m is None:
            m = folium.Map(**{"tiles": None, "control_scale": True} | options)
            m.default_js = [("leaflet_js", _inline("leaflet.js", "text/javascript"))]
            m.default_css = [("leaflet_css", _inline("leaflet.css", "text/css"))]
        rows = self.reset_index()

        def style(row: Mapping[str, Any]) -> dict[str, Any]:
            fill = row["properties"].get(color, color)
            return {"color": "#333", "weight": 1, "fillColor": fill, "fillOpacity": 0.8}

        folium.GeoJson(
            rows,
            style_function=style,
            tooltip=folium.GeoJsonTooltip(
                [name for name in rows.columns if name not in {rows.geometry.name, color}]
            ),
            marker=folium.CircleMarker(radius=5, fill=True),
        ).add_to(m)
        m.fit_bounds(m.get_bounds())  # type: ignore[arg-type] # of a layer with rows
        return m


def _inline(name: str, media: str) -> str:
    """Return a file of Leaflet as the address of its own content."""
    return f"data:{media};base64,{b64encode(leaflet_file(name).encode()).decode()}"


#: The files of ``static/`` that draw the map, in the order in which they are joined into one: the
#: component reads its files one after the other, which made nine requests before the first drawing.
MAP_SCRIPTS = (
    "geozones-names.js",
    "geozones-gestures.js",
    "geozones-near.js",
    "geozones-live.js",
    "geozones-keys.js",
    "geozones-lasso.js",
    "geozones-fixed.js",
    "geozones-groups.js",
    "geozones-map.js",
)
MAP_STYLE = "geozones-map.css"
#: Not among them: the browser reads it with what it draws, once the user zooms in.
CLOSE_SCRIPT = "geozones-ground.js"


def app_folder() -> Path:
    """Return the folder of ``app.py``: the checkout's, else the installed wheel's."""
    package = Path(str(files("geozones")))
    checkout = package.parents[1]
    return checkout if (checkout / "app.py").is_file() else package / "_share"


#: No request may leave such a page: it may run only its own content.
POLICY = (
    "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'"
)
#: Images of controls that the map lacks, and a hook of Internet Explorer 8.
_FETCHED = re.compile(r"[\w-]+\s*:\s*url\([^)]*\)\s*;?")
_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def map_script() -> str:
    """Return Leaflet and the scripts of the map, for a ``<script>``."""
    parts = (leaflet_file("leaflet.js"), *map(_own, MAP_SCRIPTS))
    return in_script(_SOURCE_MAP.sub("", "\n".join(parts)))


def close_script() -> str:
    """Return the script that draws the ground of close zooms; raise as `map_script`."""
    return _own(CLOSE_SCRIPT)


def map_style() -> str:
    """Return the styles of Leaflet and the map, for a ``<style>``; raise as `map_script`."""
    return _FETCHED.sub("", "\n".join((leaflet_file("leaflet.css"), _own(MAP_STYLE))))


def map_bundle(also: str = "") -> str:
    """Return a script that includes the styles: the map then waits for one file, not for three.

    ``also`` is further CSS of the caller. Raise as `map_script`.
    """
    text = f"{map_style()}\n{also}"
    style = f"const style = document.createElement('style'); style.textContent = {dumps(text)};"
    return f"{map_script()}\n{{ {style} document.head.append(style); }}\n"


def scenes_json(scenes: Mapping[str, Scene], ground: MapGround) -> str:
    """Return scenes and their ground as one JSON object, safe inside a script.

    ``{"options", "shapes", "entries", "ground", "scenes": {key: scene}}``: values that scenes
    share are written once. Lycées without a position are left out.
    """
    placed = {key: _placed(scene) for key, scene in scenes.items()}
    shapes = {e.key: e.text for s in placed.values() for e in map(shape, s.geometries)}
    entries = {e.key: e.text for s in placed.values() for e in scene_entries(s)}
    entries |= {e.key: e.text for e in ground_entries(ground)}
    shapes |= {e.key: e.text for e in map(shape, ground.geometries)}
    library = Library((), frozenset(shapes) | frozenset(entries))
    parts = {
        "options": dumps(map_options()),
        "shapes": _object(shapes),
        "entries": _object(entries),
        "ground": ground_json(ground, library),
        "scenes": _object({key: drawn_scene(scene, library).text for key, scene in placed.items()}),
    }
    return _object(parts)


def in_script(text: str) -> str:
    """Return a script that cannot end its ``<script>`` element, whatever its strings hold."""
    return text.replace("</script", r"<\/script").replace("<!--", r"<\!--")


def _placed(scene: Scene) -> Scene:
    lycees = tuple(point for point in scene.lycees if point.is_placed)
    return scene if len(lycees) == len(scene.lycees) else replace(scene, lycees=lycees)


def _object(texts: Mapping[str, str]) -> str:
    return f"{{{','.join(f'{dumps(key)}:{texts[key]}' for key in texts)}}}"


def leaflet_file(name: str) -> str:
    """Return a file of Leaflet; raise ``DataFileError`` if it cannot be read."""
    return _read(Path(leaflet.BASE_DIR) / name)


def _own(name: str) -> str:
    return _read(app_folder() / "static" / name)


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(
            f"Le fichier {path.name} ne peut pas être lu ({why(error)}) : réinstallez geozones."
        ) from error
