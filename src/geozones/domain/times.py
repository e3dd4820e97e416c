"""Travel times as a value: nothing downstream knows which engine filled it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geozones.domain.errors import UnknownLyceeError

FloatArray = NDArray[np.float64]


@dataclass(frozen=True)
class Provenance:
    """Who made the figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Minutes and kilometres between places.

    Parameters
    ----------
    origins, destinations
        Place ids: lycée ids, or ``commune:<INSEE code>``.
    minutes, km
        ``float[origin, destination]``; NaN where the destination cannot be reached.
    provenance
        The engine behind every figure that ``estimated`` does not mark.
    estimated
        ``bool[origin, destination]``, true where the figure is an estimate; ``None`` for none.

    Raises
    ------
    ValueError
        If the shapes disagree or an id appears twice.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: FloatArray
    km: FloatArray
    provenance: Provenance
    estimated: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.origins), len(self.destinations))
        arrays = [self.minutes, self.km] + ([] if self.estimated is None else [self.estimated])
        for array in arrays:
            if array.shape != shape:
                msg = f"expected shape {shape}, got {array.shape}"
                raise ValueError(msg)
            array.setflags(write=False)
        if len(set(self.origins)) != shape[0] or len(set(self.destinations)) != shape[1]:
            msg = "a place appears twice"
            raise ValueError(msg)

    @cached_property
    def origin_index(self) -> dict[str, int]:
        """Row of each origin."""
        return {place: row for row, place in enumerate(self.origins)}

    @cached_property
    def destination_index(self) -> dict[str, int]:
        """Column of each destination."""
        return {place: column for column, place in enumerate(self.destinations)}

    def between(self, origin: str, destination: str) -> float:
        """Return the minutes from one place to another; NaN where there is no way.

        Raises
        ------
        UnknownLyceeError
            If the matrix does not hold one of the two places.
        """
        return float(self.minutes[self._at(origin, destination)])

    def km_between(self, origin: str, destination: str) -> float:
        """Return the kilometres driven from one place to another; NaN where there is no way."""
        return float(self.km[self._at(origin, destination)])

    def is_estimated(self, origin: str, destination: str) -> bool:
        """Tell whether the figure is an estimate rather than an engine's."""
        return self.estimated is not None and bool(self.estimated[self._at(origin, destination)])

    @cached_property
    def both_ways(self) -> dict[str, dict[str, float]]:
        """Minutes m(i, j) of each pair, the mean of the two directions; ``inf`` where no way.

        Plain dictionaries: zones hold a handful of lycées, where array calls cost more than
        arithmetic. Only for a square matrix (lycée × lycée).
        """
        mean = (self.minutes + self.minutes.T) / 2
        rows = np.where(np.isnan(mean), np.inf, mean).tolist()
        return {
            origin: dict(zip(self.destinations, row, strict=True))
            for origin, row in zip(self.origins, rows, strict=True)
        }

    @cached_property
    def one_way(self) -> dict[str, dict[str, float]]:
        """Minutes ``one_way[origin][destination]``; ``inf`` where there is no way."""
        rows = np.where(np.isnan(self.minutes), np.inf, self.minutes).tolist()
        return {
            origin: dict(zip(self.destinations, row, strict=True))
            for origin, row in zip(self.origins, rows, strict=True)
        }

    def require(self, places: Sequence[str]) -> None:
        """Check that every place has a row and a column.

        Raises
        ------
        UnknownLyceeError
            For the first place that has not.
        """
        for place in places:
            self._at(place, place)

    def _at(self, origin: str, destination: str) -> tuple[int, int]:
        try:
            row = self.origin_index[origin]
        except KeyError:
            raise UnknownLyceeError(origin) from None
        try:
            return row, self.destination_index[destination]
        except KeyError:
            raise UnknownLyceeError(destination) from None
