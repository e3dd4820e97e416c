"""From a plan to a picture: a neutral Scene, then a folium map."""

from geozones.render.palette import Palette
from geozones.render.scene import (
    Label,
    LyceePoint,
    Outline,
    Scene,
    SectorArea,
    View,
    ZoneArea,
)

__all__ = ["Label", "LyceePoint", "Outline", "Palette", "Scene", "SectorArea", "View", "ZoneArea"]
