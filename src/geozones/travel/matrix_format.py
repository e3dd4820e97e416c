"""Format of matrix files: columns, metadata, and rounding of figures."""

import json
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa

from geozones.common.errors import DataFileError
from geozones.domain import Provenance
from geozones.domain.times import FIGURES, FloatArray

FORMAT = 2
#: Columns of figures of each readable format.
_COLUMNS = ((1, ("minutes", "km")), (FORMAT, FIGURES))
REBUILD = "reconstruisez-le (« geozones times build » ou « make data », voir docs/data.md)"
TYPES = {
    "origin": pa.string(),
    "destination": pa.string(),
    **dict.fromkeys(FIGURES, pa.float32()),
    "maker": pa.uint8(),
}


def read_metadata(table: pa.Table, name: str) -> dict[str, Any]:
    """Return the metadata of the table of a file (its name); raises ``DataFileError``."""
    try:
        meta = json.loads((table.schema.metadata or {})[b"geozones"])
    except (KeyError, ValueError):
        meta = None
    found = meta.get("format") if isinstance(meta, dict) else None
    figures = next((names for known, names in _COLUMNS if known == found), None)
    columns = {"origin", "destination", *(figures or ())}
    if isinstance(meta, dict) and meta.get("others"):
        columns.add("maker")
    if not isinstance(meta, dict) or figures is None or not columns <= set(table.column_names):
        msg = f"Le fichier {name} est d'une autre version : {REBUILD}."
        raise DataFileError(msg)
    return meta


def read_provenance(meta: Mapping[str, Any]) -> Provenance:
    """Return the provenance in metadata; raise KeyError, TypeError or ValueError."""
    return Provenance(
        engine=str(meta["engine"]),
        date=str(meta["date"]),
        profile=str(meta.get("profile", "voiture")),
        source=str(meta.get("source", "")),
        licence=str(meta.get("licence", "")),
        parameters=dict(meta.get("parameters", {})),
    )


def rounded_for_file(name: str, figures: FloatArray) -> FloatArray:
    """Return figures as rounded in a file; figures read from a file do not change."""
    tenths = np.round(figures * 10, 3)
    if name == "low":
        return np.asarray(np.floor(tenths) / 10)
    if name == "high":
        return np.asarray(np.ceil(tenths) / 10)
    return np.round(figures, 2)
