"""Engine ``shipped``, the default: the drives of a matrix file, without any network."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineUnavailableError, TravelTimes
from geozones.travel.engine import Point, Positions
from geozones.travel.matrix_file import MatrixFile, open_matrix

#: Two positions are the same to the fifth decimal of a degree, about a metre.
SAME_DEGREES = 1.01e-5


class Shipped:
    """Drives of a matrix file, between its places.

    Parameters
    ----------
    path
        The file, opened at the first request.
    lycees
        Position of every lycée, which must match the file.
    communes
        ``commune:CODE`` -> the point of each commune.
    """

    name = "shipped"

    def __init__(self, path: Path, lycees: Positions, communes: Positions) -> None:
        self._path, self._lycees = path, lycees
        self._known = {**communes, **lycees}
        self._communes = communes
        self._file: MatrixFile | None = None

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return the file's drives, ``float[origin, destination]``; NaN for places it has not.

        The provenance is the file's own: the engine that made the figures, not this engine.

        Raises
        ------
        DataFileError
            If the file is missing, altered, of another version, or made for other positions.
        EngineUnavailableError
            If the file holds none of the drives asked for.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        if self._file is None:
            self._file = open_matrix(self._path, self._lycees, self._communes)
        times = self._file.rectangle(tuple(origins), tuple(destinations))
        figures = {name: table.copy() for name, table in times.figures.items()}
        moved_rows = [not self._holds(place, point) for place, point in origins.items()]
        moved_columns = [not self._holds(place, point) for place, point in destinations.items()]
        for array in figures.values():
            array[moved_rows, :] = np.nan
            array[:, moved_columns] = np.nan
            array[times.same] = 0.0
        beyond = None if times.beyond is None else times.beyond.copy()
        if beyond is not None:
            beyond[moved_rows, :] = beyond[:, moved_columns] = False
        progress(total, total)
        minutes = figures["minutes"]
        if total and np.isnan(minutes[~times.same]).all() and not times.same.all():
            msg = "La matrice livrée n'a aucun des trajets demandés."
            raise EngineUnavailableError(msg)
        return replace(
            times,
            minutes=minutes,
            km=figures["km"],
            low=figures["low"],
            high=figures["high"],
            leg_share=figures["leg_share"],
            beyond=beyond,
        )

    def _holds(self, place: str, point: Point) -> bool:
        known = self._known.get(place)
        return known is not None and all(
            abs(a - b) <= SAME_DEGREES for a, b in zip(known, point, strict=True)
        )
