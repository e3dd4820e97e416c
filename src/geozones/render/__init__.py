"""From a plan to a picture: a neutral Scene, then a folium map."""

from geozones.render.palette import Palette
from geozones.render.scene import (
    Label,
    LyceePoint,
    Outline,
    Patch,
    Pin,
    Scene,
    SectorArea,
    View,
    Way,
    ZoneArea,
)

__all__ = [
    "Label",
    "LyceePoint",
    "Outline",
    "Palette",
    "Patch",
    "Pin",
    "Scene",
    "SectorArea",
    "View",
    "Way",
    "ZoneArea",
]
