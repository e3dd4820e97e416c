"""Exports of a dossier as files: pictures, documents, spreadsheets, geographic data."""

from geozones.export.dossier import (
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
