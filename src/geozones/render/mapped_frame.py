"""Table of sites or zones that draws itself as a map."""

from base64 import b64encode
from collections.abc import Mapping
from typing import Any

import folium
from geopandas import GeoDataFrame

from geozones.common.errors import InputError
from geozones.render.standalone_map import leaflet_file


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
