"""Exports of a dossier as files: pictures, documents, spreadsheets, geographic data."""

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
