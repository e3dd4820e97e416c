"""The use cases: the only place where the rooms are joined."""

from geozones.workspace.calendar import deployed_sectors, phrases
from geozones.workspace.core import Workspace, open_workspace
from geozones.workspace.effects import Destination, MoveEffect
from geozones.workspace.scenes import NOT_PUBLISHED, SceneOptions, build_scene, leaders
from geozones.workspace.travel import Trip

__all__ = [
    "NOT_PUBLISHED",
    "Destination",
    "MoveEffect",
    "SceneOptions",
    "Trip",
    "Workspace",
    "build_scene",
    "deployed_sectors",
    "leaders",
    "open_workspace",
    "phrases",
]
