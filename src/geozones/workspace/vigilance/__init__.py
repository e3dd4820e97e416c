"""Points de vigilance: points to watch in a plan, one list for pages, files and the terminal."""

from geozones.rules import RuleOrigin, Severity
from geozones.workspace.vigilance.record import (
    PointKind,
    VigilancePoint,
    chosen,
    is_within,
    within,
)
from geozones.workspace.vigilance.registry import points_among, vigilance

__all__ = [
    "PointKind",
    "RuleOrigin",
    "Severity",
    "VigilancePoint",
    "chosen",
    "is_within",
    "points_among",
    "vigilance",
    "within",
]
