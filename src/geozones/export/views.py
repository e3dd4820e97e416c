"""Scenes seen from nearer."""

from dataclasses import replace

from geozones.render import Scene, View

#: Part of a zone's height and width left around it.
_AROUND = 0.35


def on_zone(scene: Scene, code: str) -> Scene:
    """Return a scene that looks at one zone (id), with every other zone marked aside."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next((zone.geometry.bounds for zone in zones if zone.id == code), scene.view.bounds)
    west, south, east, north = bounds
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), f"zone-{code}")
    return replace(scene, zones=zones, selected_zones=frozenset({code}), view=view)
