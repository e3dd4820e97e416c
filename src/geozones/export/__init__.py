"""From a dossier to files: pictures, documents, spreadsheets, geographic data."""

from geozones.export.dossier import (
    Comparison,
    Dossier,
    Gap,
    LyceeRow,
    Matrix,
    Moved,
    SectorRow,
    Step,
    Version,
    ZoneRow,
)

__all__ = [
    "Comparison",
    "Dossier",
    "Gap",
    "LyceeRow",
    "Matrix",
    "Moved",
    "SectorRow",
    "Step",
    "Version",
    "ZoneRow",
]
