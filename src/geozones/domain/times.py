"""Travel-time matrix, as a value independent of the engine that filled it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from geozones.domain.errors import UnknownLyceeError
from geozones.domain.provenance import Provenance
from geozones.domain.uncertainty import (
    ESTIMATED_SHARE,
    interval_means,
    log_error_of,
    spread_bounds,
    spread_of,
)

FloatArray = NDArray[np.float64]
#: Names of the tables of a matrix, each ``float[origin, destination]``.
FIGURES = ("minutes", "km", "low", "high", "leg_share")


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Minutes and kilometres between places, and the uncertainty of the minutes.

    Parameters
    ----------
    origins, destinations
        Place ids: lycée ids, or ``commune:<INSEE code>``.
    minutes, km
        ``float[origin, destination]``; NaN where the destination cannot be reached.
    provenance
        The engine of every figure that ``maker`` does not assign to another engine.
    others
        The other engines, if several were needed.
    maker
        ``uint8[origin, destination]``: 0 for ``provenance``, k for ``others[k - 1]``; ``None``
        if ``provenance`` made them all.
    low, high
        80 % interval of the minutes: it aims at one drive in ten below, one above. ``None``
        if the engine gives none: ``bounds`` then uses the spread of the engine
        (`geozones.domain.uncertainty`).
    leg_share
        From 0 to 1, the share of the minutes that is a straight leg, not a road of a graph;
        ``None`` where the engine does not say.

    Raises
    ------
    ValueError
        If the shapes disagree, an id appears twice, or only one end of the intervals is given.
    """

    origins: tuple[str, ...]
    destinations: tuple[str, ...]
    minutes: FloatArray
    km: FloatArray
    provenance: Provenance
    others: tuple[Provenance, ...] = ()
    maker: NDArray[np.uint8] | None = None
    low: FloatArray | None = None
    high: FloatArray | None = None
    leg_share: FloatArray | None = None

    def __post_init__(self) -> None:
        shape = (len(self.origins), len(self.destinations))
        if (self.low is None) != (self.high is None):
            msg = "an interval needs both of its ends"
            raise ValueError(msg)
        for array in (self.minutes, self.km, self.maker, self.low, self.high, self.leg_share):
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
        """Return the minutes from one place to another; NaN if unreachable.

        Raises
        ------
        UnknownLyceeError
            If the matrix lacks one of the two places.
        """
        return float(self.minutes[self._at(origin, destination)])

    def km_between(self, origin: str, destination: str) -> float:
        """Return the kilometres driven from one place to another; NaN if unreachable."""
        return float(self.km[self._at(origin, destination)])

    @property
    def makers(self) -> tuple[Provenance, ...]:
        """Every engine of the figures, in the order of the numbers in ``maker``."""
        return (self.provenance, *self.others)

    def made_by(self, origin: str, destination: str) -> Provenance:
        """Return the engine that made a figure."""
        at = self._at(origin, destination)
        return self.provenance if self.maker is None else self.makers[int(self.maker[at])]

    def interval(self, origin: str, destination: str) -> tuple[float, float]:
        """Return the low and the high minutes of a drive, an 80 % interval; NaN if unreachable."""
        at = self._at(origin, destination)
        low, high = self.bounds
        return float(low[at]), float(high[at])

    def interval_both_ways(self, a: str, b: str) -> tuple[float, float]:
        """Return the low and the high minutes of a pair, the mean of the two directions."""
        there, back = self.interval(a, b), self.interval(b, a)
        return (there[0] + back[0]) / 2, (there[1] + back[1]) / 2

    def leg_share_between(self, origin: str, destination: str) -> float:
        """Return the share of the minutes driven on a straight leg, from 0 to 1."""
        return float(self.legs[self._at(origin, destination)])

    def is_estimated(self, origin: str, destination: str) -> bool:
        """Return whether most of a figure is an estimate rather than roads."""
        return bool(self.estimated[self._at(origin, destination)])

    @cached_property
    def bounds(self) -> tuple[FloatArray, FloatArray]:
        """Low and high minutes: from the engine, else from the spread of its kind."""
        if self.low is not None and self.high is not None:
            return self.low, self.high
        spreads = np.array([spread_of(maker.engine).log_error for maker in self.makers])
        return spread_bounds(self.minutes, spreads[self.maker_ranks])

    @property
    def interval_means(self) -> str:
        """Explanation of the intervals for the user, in French: measured, or a hypothesis."""
        return interval_means(maker for maker, pairs in self.pairs_by_maker if pairs)

    @cached_property
    def log_error(self) -> FloatArray:
        """The standard deviation of the log of the minutes, ``float[origin, destination]``."""
        return log_error_of(self.minutes, *self.bounds)

    @cached_property
    def legs(self) -> FloatArray:
        """Share of straight legs: from the engine, else 1 for an estimate and 0 for roads."""
        if self.leg_share is not None:
            return self.leg_share
        return (self._by_estimate & ~self.same).astype(np.float64)

    @cached_property
    def estimated(self) -> NDArray[np.bool_]:
        """``bool[origin, destination]``: an estimate, or over half of the way on straight legs."""
        return (self._by_estimate | (self.legs > ESTIMATED_SHARE)) & ~self.same

    @property
    def figures(self) -> dict[str, FloatArray]:
        """The tables by name (``FIGURES``)."""
        tables = (self.minutes, self.km, *self.bounds, self.legs)
        return dict(zip(FIGURES, tables, strict=True))

    @property
    def maker_ranks(self) -> NDArray[np.uint8]:
        """Rank in ``makers`` of the engine of each figure, ``uint8[origin, destination]``."""
        return np.zeros(self.minutes.shape, np.uint8) if self.maker is None else self.maker

    @property
    def _by_estimate(self) -> NDArray[np.bool_]:
        return np.array([maker.is_estimate for maker in self.makers])[self.maker_ranks]

    @cached_property
    def pairs_by_maker(self) -> tuple[tuple[Provenance, int], ...]:
        """Number of pairs of different places with a figure, by engine."""
        known = ~np.isnan(self.minutes) & ~self.same
        counts = np.bincount(self.maker_ranks[known], minlength=len(self.makers)).tolist()
        return tuple(zip(self.makers, counts, strict=True))

    @cached_property
    def estimated_by_maker(self) -> tuple[int, ...]:
        """Number of those pairs whose figure is estimated, in the order of ``makers``."""
        guessed = self.estimated & ~np.isnan(self.minutes)
        return tuple(np.bincount(self.maker_ranks[guessed], minlength=len(self.makers)).tolist())

    @property
    def estimated_pairs(self) -> int:
        """Number of pairs of different places with an estimated figure."""
        return sum(self.estimated_by_maker)

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """``bool[origin, destination]``, true if both are the same place."""
        return same_places(self.origins, self.destinations)

    def scaled(self, factor: float | FloatArray) -> "TravelTimes":
        """Return the same drives with minutes multiplied, by one factor or a factor per drive.

        Intervals are multiplied with them: the error stays the same share of the minutes.
        """
        return replace(
            self,
            minutes=self.minutes * factor,
            low=None if self.low is None else self.low * factor,
            high=None if self.high is None else self.high * factor,
        )

    def corrected(self, factors: FloatArray, by: Provenance) -> "TravelTimes":
        """Return the same drives with some minutes multiplied, marked as made by another engine.

        ``factors`` is ``float[origin, destination]``, 1 where nothing is corrected. Intervals are
        multiplied with the minutes.
        """
        ranks = np.where(factors == 1, self.maker_ranks, len(self.makers)).astype(np.uint8)
        low, high = self.bounds
        return replace(
            self,
            minutes=self.minutes * factors,
            low=low * factors,
            high=high * factors,
            leg_share=self.legs,
            others=(*self.others, by),
            maker=ranks,
        )

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
            low=None if self.low is None else self.low[at],
            high=None if self.high is None else self.high[at],
            leg_share=None if self.leg_share is None else self.leg_share[at],
        )

    @cached_property
    def both_ways(self) -> dict[str, dict[str, float]]:
        """Minutes m(i, j) of each pair, the mean of the two directions; ``inf`` if unreachable.

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
        """Minutes ``one_way[origin][destination]``; ``inf`` if unreachable."""
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
            For the first place that lacks either.
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


def same_places(origins: Iterable[str], destinations: Iterable[str]) -> NDArray[np.bool_]:
    """Return ``bool[origin, destination]``, true if both ids are the same."""
    rows, columns = np.array(list(origins), object), np.array(list(destinations), object)
    same = np.asarray(rows[:, None] == columns[None, :], bool)
    return same.reshape(len(rows), len(columns))
