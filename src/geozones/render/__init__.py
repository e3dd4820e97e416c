"""Drawing of a plan: a neutral Scene, then a folium map or a sheet."""

from geozones.render.ground import Ground, Outline, River, Road
from geozones.render.palette import Palette
from geozones.render.scene import (
    Label,
    LyceePoint,
    Patch,
    Pin,
    Scene,
    SectorArea,
    View,
    Way,
    ZoneArea,
)

__all__ = [
    "Ground",
    "Label",
    "LyceePoint",
    "Outline",
    "Palette",
    "Patch",
    "Pin",
    "River",
    "Road",
    "Scene",
    "SectorArea",
    "View",
    "Way",
    "ZoneArea",
]
