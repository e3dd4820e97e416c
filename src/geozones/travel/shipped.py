"""The shipped matrix: ``travel_times.parquet``, no network, the default engine."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geozones.domain import DataFileError, Provenance, TravelTimes
from geozones.travel.positions import positions_hash

FORMAT = 1
_REBUILD = "reconstruisez-le (« make data », voir docs/data.md)"


def read_shipped(path: Path, positions: Mapping[str, tuple[float, float]]) -> TravelTimes:
    """Read the times between the lycées.

    Parameters
    ----------
    path
        A parquet table ``origin, destination, minutes, km`` with its provenance in the metadata.
    positions
        id -> (latitude, longitude) in WGS84 degrees, of the lycées asked for.

    Returns
    -------
    TravelTimes
        ``minutes`` and ``km`` are ``float[lycée, lycée]``, in the order of ``positions``.

    Raises
    ------
    DataFileError
        If the file is missing, altered, of another format, made for other positions, or if a pair
        is missing.
    """
    try:
        table = pq.read_table(path)
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {_REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {_REBUILD}."
        raise DataFileError(msg) from error
    meta = _metadata(table, path.name)
    if meta.get("positions_sha256") != positions_hash(positions):
        msg = f"Un lycée a changé de place depuis le calcul de {path.name} : {_REBUILD}."
        raise DataFileError(msg)
    lycees = tuple(positions)
    try:
        minutes, km = _square(table.to_pandas(), lycees, path.name)
        return TravelTimes(lycees, lycees, minutes, km, _provenance(meta))
    except (KeyError, TypeError, ValueError) as error:
        msg = f"Le fichier {path.name} est altéré : {_REBUILD}."
        raise DataFileError(msg) from error


def _metadata(table: pa.Table, name: str) -> dict[str, Any]:
    try:
        meta = json.loads((table.schema.metadata or {})[b"geozones"])
    except (KeyError, ValueError):
        meta = None
    columns = {"origin", "destination", "minutes", "km"}
    if (
        not isinstance(meta, dict)
        or meta.get("format") != FORMAT
        or not columns <= set(table.column_names)
    ):
        msg = f"Le fichier {name} est d'une autre version : {_REBUILD}."
        raise DataFileError(msg)
    return meta


def _square(
    frame: pd.DataFrame, lycees: tuple[str, ...], name: str
) -> tuple[np.ndarray[Any, np.dtype[np.float64]], np.ndarray[Any, np.dtype[np.float64]]]:
    wanted = frame[frame["origin"].isin(lycees) & frame["destination"].isin(lycees)]
    index = pd.Index(lycees)
    rows = index.get_indexer(pd.Index(wanted["origin"].astype(str)))
    columns = index.get_indexer(pd.Index(wanted["destination"].astype(str)))
    filled = np.zeros((len(lycees), len(lycees)), dtype=bool)
    filled[rows, columns] = True
    if not filled.all() or len(wanted) != filled.size:
        msg = f"Le fichier {name} n'a pas un trajet et un seul par paire de lycées : {_REBUILD}."
        raise DataFileError(msg)
    arrays = []
    for column in ("minutes", "km"):
        array = np.full(filled.shape, np.nan)
        array[rows, columns] = wanted[column].to_numpy(dtype=float)
        if (array < 0).any() or np.isinf(array).any():
            msg = f"Le fichier {name} a des trajets impossibles : {_REBUILD}."
            raise DataFileError(msg)
        arrays.append(array)
    return arrays[0], arrays[1]


def _provenance(meta: Mapping[str, Any]) -> Provenance:
    return Provenance(
        engine=str(meta["engine"]),
        date=str(meta["date"]),
        profile=str(meta.get("profile", "voiture")),
        source=str(meta.get("source", "")),
        licence=str(meta.get("licence", "")),
        parameters=dict(meta.get("parameters", {})),
    )
