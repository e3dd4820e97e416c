"""Exports: a `Dossier`, the content of any file, and the formats made from it.

May import `common`, `domain`, `metrics`, `render`.
"""

from geozones.export.dossier import (
    AreaDrive,
    Dossier,
    Interval,
    LyceeRow,
    Matrix,
    Moved,
    PlanComparison,
    PlanInView,
    SectorRow,
    Step,
    TripRow,
    Version,
    ZoneRow,
)

__all__ = [
    "AreaDrive",
    "Dossier",
    "Interval",
    "LyceeRow",
    "Matrix",
    "Moved",
    "PlanComparison",
    "PlanInView",
    "SectorRow",
    "Step",
    "TripRow",
    "Version",
    "ZoneRow",
]
