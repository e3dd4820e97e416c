"""Scenes focused on a zone."""

from dataclasses import replace

from geozones.render import Scene, View

#: Margin around a zone, as a part of its height and width.
_AROUND = 0.35


def on_zone(scene: Scene, code: str) -> Scene:
    """Return a scene focused on one zone (id), with every other zone faded."""
    zones = tuple(replace(zone, aside=zone.id != code) for zone in scene.zones)
    bounds = next((zone.geometry.bounds for zone in zones if zone.id == code), scene.view.bounds)
    west, south, east, north = bounds
    dx, dy = (east - west) * _AROUND, (north - south) * _AROUND
    view = View((west - dx, south - dy, east + dx, north + dy), f"zone-{code}")
    return replace(scene, zones=zones, selected_zones=frozenset({code}), view=view)
