"""Drawing of a plan: a neutral Scene, then a folium map or a sheet."""

from geozones.render.map_ground import CloseGround, MapGround, Outline, River, Road
from geozones.render.palette import Palette
from geozones.render.scene import (
    DrawnDrive,
    Label,
    LyceePoint,
    Patch,
    Pin,
    Scene,
    SectorArea,
    ShownChange,
    ShownMove,
    View,
    ZoneArea,
)

__all__ = [
    "CloseGround",
    "DrawnDrive",
    "Label",
    "LyceePoint",
    "MapGround",
    "Outline",
    "Palette",
    "Patch",
    "Pin",
    "River",
    "Road",
    "Scene",
    "SectorArea",
    "ShownChange",
    "ShownMove",
    "View",
    "ZoneArea",
]
