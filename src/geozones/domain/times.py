"""Travel times as a value: nothing downstream knows which engine filled it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geozones.domain.errors import UnknownLyceeError

FloatArray = NDArray[np.float64]
#: The engine whose figures are estimates, and are always shown as such.
ESTIMATE = "estimate"


@dataclass(frozen=True)
class Provenance:
    """Who made the figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than a road engine's."""
        return self.engine == ESTIMATE


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
        The engine behind every figure that ``maker`` does not give to another.
    others
        The other engines, where several were needed.
    maker
        ``uint8[origin, destination]``: 0 for ``provenance``, k for ``others[k - 1]``; ``None``
        where ``provenance`` made them all.
    factor
        What an engine's minutes were multiplied by: 1 for free roads, more at peak hours.

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
    others: tuple[Provenance, ...] = ()
    maker: NDArray[np.uint8] | None = None
    factor: float = 1.0

    def __post_init__(self) -> None:
        shape = (len(self.origins), len(self.destinations))
        for array in (self.minutes, self.km, self.maker):
            if array is None:
                continue
            if array.shape != shape:
                msg = f"expected shape {shape}, got {array.shape}"
                raise ValueError(msg)
            array.setflags(write=False)
        if self.maker is not None and self.maker.max(initial=0) > len(self.others):
            msg = "a figure has a maker that is not listed"
            raise ValueError(msg)
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

    @property
    def makers(self) -> tuple[Provenance, ...]:
        """Every engine that made a figure, in the order that ``maker`` numbers."""
        return (self.provenance, *self.others)

    def made_by(self, origin: str, destination: str) -> Provenance:
        """Return the engine that made a figure."""
        at = self._at(origin, destination)
        return self.provenance if self.maker is None else self.makers[int(self.maker[at])]

    def is_estimated(self, origin: str, destination: str) -> bool:
        """Tell whether the figure is an estimate rather than a road engine's."""
        return self.made_by(origin, destination).is_estimate

    @cached_property
    def pairs_by_maker(self) -> tuple[tuple[Provenance, int], ...]:
        """How many pairs of different places each engine gave a figure for."""
        known = ~np.isnan(self.minutes) & ~self.same
        maker = np.zeros(known.shape, np.uint8) if self.maker is None else self.maker
        counts = np.bincount(maker[known], minlength=len(self.makers)).tolist()
        return tuple(zip(self.makers, counts, strict=True))

    @property
    def estimated_pairs(self) -> int:
        """How many pairs of different places have an estimate for figure."""
        return sum(count for maker, count in self.pairs_by_maker if maker.is_estimate)

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """``bool[origin, destination]``, true where both are the same place."""
        return same_places(self.origins, self.destinations)

    def scaled(self, factor: float) -> "TravelTimes":
        """Return the same drives with minutes multiplied by ``factor`` (1: as the engine said)."""
        minutes = self.minutes * (factor / self.factor)
        return replace(self, minutes=minutes, factor=factor)

    def restricted(self, origins: Sequence[str], destinations: Sequence[str]) -> "TravelTimes":
        """Return the rows and columns of some places, in the order given."""
        rows = [self.origin_index[place] for place in origins]
        at = np.ix_(rows, [self.destination_index[place] for place in destinations])
        return replace(
            self,
            origins=tuple(origins),
            destinations=tuple(destinations),
            minutes=self.minutes[at],
            km=self.km[at],
            maker=None if self.maker is None else self.maker[at],
        )

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


def merged(
    origins: Sequence[str], destinations: Sequence[str], parts: Iterable[TravelTimes]
) -> TravelTimes:
    """Return one matrix out of several, ``float[origin, destination]``; NaN where none has a pair.

    A pair that several have is the first's. Every figure keeps its maker.

    Raises
    ------
    ValueError
        If there is no part, or the parts were multiplied by different factors.
    """
    blocks = tuple(parts)
    if len({block.factor for block in blocks}) != 1:
        msg = "the parts of a matrix must have one factor"
        raise ValueError(msg)
    shape = (len(origins), len(destinations))
    minutes, km = np.full(shape, np.nan), np.full(shape, np.nan)
    maker, filled = np.zeros(shape, np.uint8), np.zeros(shape, bool)
    makers: list[Provenance] = []
    for block in blocks:
        known = [maker_of for maker_of in block.makers if maker_of not in makers]
        makers += known
        rank = np.array([makers.index(maker_of) for maker_of in block.makers], np.uint8)
        made = np.zeros(block.minutes.shape, np.uint8) if block.maker is None else block.maker
        rows, r = _found(origins, block.origin_index)
        columns, c = _found(destinations, block.destination_index)
        at, of = np.ix_(rows, columns), np.ix_(r, c)
        new = ~filled[at]
        minutes[at] = np.where(new, block.minutes[of], minutes[at])
        km[at] = np.where(new, block.km[of], km[at])
        maker[at] = np.where(new, rank[made[of]], maker[at])
        filled[at] = True
    first, *others = makers
    return TravelTimes(
        tuple(origins),
        tuple(destinations),
        minutes,
        km,
        first,
        tuple(others),
        maker if others else None,
        factor=blocks[0].factor,
    )


def _found(places: Sequence[str], index: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Return the ranks, in both lists, of the places that both have."""
    both = [(rank, index[place]) for rank, place in enumerate(places) if place in index]
    return [rank for rank, _ in both], [rank for _, rank in both]


def same_places(origins: Iterable[str], destinations: Iterable[str]) -> NDArray[np.bool_]:
    """Return ``bool[origin, destination]``, true where both ids are the same."""
    rows, columns = np.array(list(origins), object), np.array(list(destinations), object)
    same = np.asarray(rows[:, None] == columns[None, :], bool)
    return same.reshape(len(rows), len(columns))
