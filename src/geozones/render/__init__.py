"""Drawing of a plan: a neutral `Scene`, then the screen map, a sheet or a web page.

May import `common`, `domain`, `metrics`, `territory`.
"""

from geozones.render.palette import Palette
from geozones.render.scene import (
    CloseGround,
    DrawnDrive,
    Label,
    LyceePoint,
    MapGround,
    Outline,
    Patch,
    Pin,
    River,
    Road,
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
