"""Matrix file ``travel_times.parquet``, with the provenance of its figures.

A table ``origin, destination, minutes, km, low, high, leg_share`` and, if several engines made it,
``maker`` (0 for the first). A file of format 1, from older versions, has no intervals and no share
of legs: it is read, with the default spread of its engines.

The metadata hold the engines and a fingerprint of the lycées' positions: a matrix for other
positions is refused.
"""

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geozones.common.errors import DataFileError
from geozones.common.files import ordinary, write_atomically
from geozones.domain import Provenance, TravelTimes
from geozones.domain.terms import terms, worded
from geozones.domain.times import FIGURES, FloatArray
from geozones.travel.matrix_format import (
    FORMAT,
    REBUILD,
    TYPES,
    read_metadata,
    read_provenance,
    rounded_for_file,
)
from geozones.travel.positions import positions_hash


@dataclass(frozen=True)
class MatrixFile:
    """Open matrix file, checked against the lycées' positions."""

    path: Path
    table: pa.Table
    makers: tuple[Provenance, ...]

    @cached_property
    def _frame(self) -> pd.DataFrame:
        frame: pd.DataFrame = self.table.to_pandas()
        return frame

    @cached_property
    def places(self) -> frozenset[str]:
        """Every place that is the origin of a drive."""
        return frozenset(self._frame["origin"].astype(str).unique())

    def square(self, lycees: Sequence[str]) -> TravelTimes:
        """Return the drives between lycées, ``float[lycée, lycée]`` in the order given.

        Raises
        ------
        DataFileError
            If a pair is missing or repeated, or a figure is invalid.
        """
        times, filled, count = self._read(lycees, lycees)
        if not filled.all() or count != filled.size:
            msg = (
                f"Le fichier {self.path.name} n'a pas un trajet et un seul par paire "
                f"{terms().site.of_plural} : {REBUILD}."
            )
            raise DataFileError(msg)
        return times

    def rectangle(self, origins: Sequence[str], destinations: Sequence[str]) -> TravelTimes:
        """Return drives, NaN for pairs missing from the file; raise as `square`."""
        return self._read(origins, destinations)[0]

    def _read(
        self, origins: Sequence[str], destinations: Sequence[str]
    ) -> tuple[TravelTimes, np.ndarray[Any, np.dtype[np.bool_]], int]:
        try:
            return self._filled(origins, destinations)
        except (KeyError, TypeError, ValueError) as error:
            msg = f"Le fichier {self.path.name} est altéré : {REBUILD}."
            raise DataFileError(msg) from error

    def _filled(
        self, origins: Sequence[str], destinations: Sequence[str]
    ) -> tuple[TravelTimes, np.ndarray[Any, np.dtype[np.bool_]], int]:
        rows = _ranks(self._frame["origin"], origins)
        columns = _ranks(self._frame["destination"], destinations)
        wanted = (rows >= 0) & (columns >= 0)
        at = (rows[wanted], columns[wanted])
        filled = np.zeros((len(origins), len(destinations)), dtype=bool)
        filled[at] = True
        figures = {}
        for column in FIGURES:
            if column in self._frame:
                figures[column] = np.full(filled.shape, np.nan)
                figures[column][at] = self._frame[column].to_numpy(dtype=float)[wanted]
        if _impossible(figures):
            msg = f"Le fichier {self.path.name} a des trajets impossibles : {REBUILD}."
            raise DataFileError(msg)
        maker = None
        if len(self.makers) > 1:
            maker = np.zeros(filled.shape, dtype=np.uint8)
            maker[at] = self._frame["maker"].to_numpy(dtype=np.uint8)[wanted]
        first, *others = self.makers
        times = TravelTimes(
            tuple(origins),
            tuple(destinations),
            provenance=first,
            others=tuple(others),
            maker=maker,
            **figures,
        )
        return times, filled, int(wanted.sum())


def _impossible(figures: Mapping[str, FloatArray]) -> bool:
    """Return whether a figure is negative or infinite, or minutes are out of their interval."""
    if any((table < 0).any() or np.isinf(table).any() for table in figures.values()):
        return True
    minutes = figures["minutes"]
    low, high = (figures.get(name, minutes) for name in ("low", "high"))
    known = ~np.isnan(minutes)
    inside = (low <= minutes) & (minutes <= high)
    return bool((known & ~inside).any() or (figures.get("leg_share", low * 0) > 1).any())


def _ranks(column: "pd.Series[Any]", places: Sequence[str]) -> np.ndarray[Any, np.dtype[np.int64]]:
    """Return the rank of each row's place, -1 if it is not among them."""
    categories = column.astype("category").cat
    by_category = pd.Index(places).get_indexer(pd.Index(categories.categories.astype(str)))
    return np.asarray(by_category, np.int64)[categories.codes.to_numpy()]


def open_matrix(path: Path, positions: Mapping[str, tuple[float, float]]) -> MatrixFile:
    """Open a matrix file made for lycées at these positions.

    Parameters
    ----------
    path
        The file.
    positions
        id -> (latitude, longitude) in WGS84 degrees, of every lycée.

    Raises
    ------
    DataFileError
        If the file is missing, altered, of another format, or made for other positions.
    """
    try:
        table = pq.read_table(ordinary(path))
    except FileNotFoundError:
        msg = f"Il manque le fichier {path.name} : {REBUILD}."
        raise DataFileError(msg) from None
    except (OSError, pa.ArrowException) as error:
        msg = f"Le fichier {path.name} est illisible ou altéré : {REBUILD}."
        raise DataFileError(msg) from error
    meta = read_metadata(table, path.name)
    if meta.get("positions_sha256") != positions_hash(positions):
        msg = f"{worded('{A_site}')} a changé de place depuis le calcul de {path.name} : {REBUILD}."
        raise DataFileError(msg)
    try:
        makers = tuple(read_provenance(entry) for entry in (meta, *meta.get("others", ())))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        msg = f"Le fichier {path.name} est altéré : {REBUILD}."
        raise DataFileError(msg) from error
    return MatrixFile(path, table, makers)


def write_matrix(
    path: Path, tables: Sequence[TravelTimes], positions: Mapping[str, tuple[float, float]]
) -> None:
    """Write matrices as one file, replaced atomically; the same figures give the same bytes.

    Parameters
    ----------
    path
        Path of the file.
    tables
        Matrices that share no pair; figures are kept to the hundredth, intervals to the tenth of a
        minute, outwards.
    positions
        Positions of every lycée; their fingerprint goes in the file.

    Raises
    ------
    InputError
        If it cannot be written; the file is then unchanged.
    """
    makers = tuple(dict.fromkeys(_hashable(maker) for table in tables for maker in table.makers))
    columns: dict[str, list[Any]] = {name: [] for name in TYPES}
    for table in tables:
        columns["origin"].append(
            np.repeat(np.array(table.origins, object), len(table.destinations))
        )
        columns["destination"].append(np.tile(table.destinations, len(table.origins)))
        for name, figures in table.figures.items():
            columns[name].append(rounded_for_file(name, figures.ravel()).astype(np.float32))
        ranks = np.array([makers.index(_hashable(maker)) for maker in table.makers], np.uint8)
        columns["maker"].append(ranks[table.maker_ranks].ravel())
    arrays = {name: pa.array(np.concatenate(parts), TYPES[name]) for name, parts in columns.items()}
    for name in ("origin", "destination"):
        arrays[name] = arrays[name].dictionary_encode()
    if len(makers) == 1:
        del arrays["maker"]
    first, *others = (json.loads(maker) for maker in makers)
    meta = {"format": FORMAT, **first, "positions_sha256": positions_hash(positions)}
    if others:
        meta["others"] = others
    note = json.dumps(meta, ensure_ascii=False, sort_keys=True).encode()
    buffer = io.BytesIO()
    arrow = pa.table(arrays).replace_schema_metadata({b"geozones": note})
    pq.write_table(arrow, buffer, compression="zstd", compression_level=15)
    write_atomically(path, buffer.getvalue())


def _hashable(maker: Provenance) -> str:
    return json.dumps(asdict(maker), ensure_ascii=False, sort_keys=True)
