"""Travel times: the matrix of any engine, the merge of several, the 80 % interval of a figure.

An interval is two figures around the minutes: it aims at holding the true drive in eight cases of
ten, one in ten being below and one above. Whether it does is measured on control drives, or is a
hypothesis: `interval_means` and `interval_source` say which. The error is taken as log-normal:
errors of drives are shares of the drive, and a drive is never negative.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import number
from geozones.domain.errors import UnknownLyceeError

#: Engine of straight-line estimates, always labelled as such.
ESTIMATE = "estimate"
#: Parameter of an estimate: number of places of a matrix around each end that scale it, or 0.
ANCHORS = "lycees_voisins"
#: Minutes that a user gave in a file.
GIVEN = "given"
#: Correction of an engine's figures by observed journeys.
JOURNAL = "journal"
#: Parameter of a matrix whose intervals were measured: ``{"drives": 135, "held": 115}``.
INTERVAL_CHECK = "interval_check"
_LABELS = {
    JOURNAL: "corrigé par les trajets du journal",
    "shipped": "matrice livrée",
    "roadgraph": "modèle routier",
    ESTIMATE: "estimation d'après la distance",
    GIVEN: "durées fournies",
}


@dataclass(frozen=True, slots=True)
class IntervalCheck:
    """Control drives, which fitted nothing, and how many of them fell inside their interval."""

    drives: int
    held: int

    @property
    def percent(self) -> float:
        """Share of the control drives inside their interval, in %."""
        return 100 * self.held / self.drives


@dataclass(frozen=True)
class Provenance:
    """Provenance of figures: engine, date, profile, parameters, data source and its licence."""

    engine: str
    date: str
    profile: str = "voiture"
    source: str = ""
    licence: str = ""
    parameters: dict[str, object] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """French name of the engine, for people who know no engine."""
        # the French name of an engine; that of a product is its own
        return _LABELS.get(self.engine, self.engine)

    @property
    def interval_check(self) -> "IntervalCheck | None":
        """How many control drives the intervals held; ``None`` if they were not measured."""
        match self.parameters.get(INTERVAL_CHECK):
            case {"drives": int(drives), "held": int(held)} if 0 <= held <= drives and drives:
                return IntervalCheck(drives, held)
        return None

    @property
    def is_estimate(self) -> bool:
        """Whether the figures are estimates rather than times of a road engine."""
        return self.engine == ESTIMATE


type Floats = NDArray[np.float64]

#: A normal value is above its mean plus this many standard deviations in one case of ten.
TENTH_QUANTILE = 1.2816
#: Over this share of straight legs, a drive is written « estimé ».
ESTIMATED_SHARE = 0.5
#: Explanation of this word for the user, in French.
ESTIMATED_MEANS = "plus de la moitié du trajet est comptée en ligne droite"
#: Mark of a figure that rests on estimated drives: of a matrix of roads, and of estimates alone.
PARTLY_ESTIMATED, ALL_ESTIMATED = "estimation partielle", "estimation"
#: Words beside a conclusion where all drives are estimates.
ON_ESTIMATES = "sur des durées estimées"
#: Shares of control drives inside their interval, in %, between which « huit sur dix » is written.
EIGHT_IN_TEN = (78.0, 85.0)
#: Minutes lost or won at the two ends (parking, a light), whatever the distance.
ENDS_MIN = 1.0


@dataclass(frozen=True, slots=True)
class Spread:
    """Standard deviation of the log of an engine's minutes, and why, in French for the user."""

    log_error: float
    reason: str


#: Both engines of the table that were measured (docs/data.md, the 135 control drives).
_TOO_WIDE = (
    "une même part pour tous les trajets, plus large que visé : {held} % des 135 trajets de "
    "contrôle y tombent, là où le modèle a été réglé"
)
#: Spread by engine, for engines without intervals of their own.
SPREADS = {
    "openrouteservice": Spread(
        0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"
    ),
    "valhalla": Spread(0.10, "routes d'OpenStreetMap, vitesses libres : un dixième, par hypothèse"),
    "roadgraph": Spread(0.18, _TOO_WIDE.format(held=94)),
    ESTIMATE: Spread(0.20, _TOO_WIDE.format(held=95)),
    GIVEN: Spread(0.18, "durées d'un fichier : 18 %, par hypothèse"),
}
#: Spread of an engine that is not in the table.
OTHER = Spread(0.18, "moteur sans mesure connue : 18 %, par hypothèse")


def spread_of(engine: str) -> Spread:
    """Return the spread of an engine that gives no interval."""
    return SPREADS.get(engine, OTHER)


def interval_source(maker: Provenance, *, given: bool) -> str:
    """Return where the intervals of an engine come from, in French: measured, or a hypothesis.

    ``given`` tells whether the matrix holds intervals. Those of an engine in the table `SPREADS`
    were computed from its spread.
    """
    check = maker.interval_check
    if check is not None:
        return f"calculé pour chaque trajet, mesuré : y tombent {_held(check)}"
    if given and maker.engine == "roadgraph":
        return "calculé pour chaque trajet comme celui de la matrice livrée, par hypothèse"
    return spread_of(maker.engine).reason


def interval_means(makers: Iterable[Provenance]) -> str:
    """Explain an interval for the user: « huit trajets sur dix » only where that was measured."""
    checks = {maker.interval_check for maker in makers}
    if len(checks) != 1 or (check := checks.pop()) is None:
        return "l'intervalle visé à 80 % par hypothèse, qui n'a pas été mesuré"
    low, high = EIGHT_IN_TEN
    if low <= check.percent <= high:
        return f"l'intervalle où tombent huit trajets sur dix ({_held(check)})"
    return f"l'intervalle visé à 80 % ; y tombent {_held(check)}"


def _held(check: IntervalCheck) -> str:
    drives = f"des {number(check.drives)} trajets de contrôle, hors pointe"
    return f"{number(check.percent)} % {drives}, qui n'ont pas servi à régler le calcul"


def spread_bounds(minutes: Floats, log_error: Floats) -> tuple[Floats, Floats]:
    """Return the low and the high figure of minutes, an 80 % interval.

    ``log_error`` is the engine's spread; the minute at the ends adds an independent error.
    """
    total = np.hypot(log_error, ENDS_MIN / (minutes + ENDS_MIN))
    width = np.exp(TENTH_QUANTILE * total)
    return minutes / width, minutes * width


def log_error_of(minutes: Floats, low: Floats, high: Floats) -> Floats:
    """Return the standard deviation of the log of minutes with an 80 % interval.

    (log high - log low) / (2 x 1.2816); 0 where the minutes are 0, NaN if unreachable.
    """
    drive = minutes > 0
    # a low figure rounded to 0 says nothing: the high one is then taken for both sides
    floor = np.where(low > 0, low, minutes**2 / np.where(high > 0, high, 1.0))
    ratio = np.where(drive, high, 1.0) / np.where(drive, floor, 1.0)
    return np.where(np.isnan(minutes), np.nan, np.log(ratio) / (2 * TENTH_QUANTILE))


FloatArray = NDArray[np.float64]
#: Names of the tables of a matrix, each ``float[origin, destination]``.
FIGURES = ("minutes", "km", "low", "high", "leg_share")
#: Cells of these tables: the ranks of their rows, and of their columns.
type Cells = tuple[Any, Any]


@dataclass(frozen=True, eq=False)
class TravelTimes:
    """Minutes and kilometres between places, and the uncertainty of the minutes."""

    origins: tuple[str, ...]  # Place ids: lycée ids, or ``commune:<INSEE code>``.
    destinations: tuple[str, ...]
    #: ``float[origin, destination]``; NaN where the destination cannot be reached.
    minutes: FloatArray
    km: FloatArray
    #: The engine of every figure that ``maker`` does not assign to another engine.
    provenance: Provenance
    others: tuple[Provenance, ...] = ()  # The other engines, if several were needed.
    #: ``uint8[origin, destination]``: 0 for ``provenance``, k for ``others[k - 1]``; ``None`` if
    #: ``provenance`` made them all.
    maker: NDArray[np.uint8] | None = None
    #: 80 % interval of the minutes: it aims at one drive in ten below, one above. ``None`` if the
    #: engine gives none: ``bounds`` then uses the spread of the engine
    #: (`geozones.domain.times`).
    low: FloatArray | None = None
    high: FloatArray | None = None
    #: From 0 to 1, the share of the minutes that is a straight leg, not a road of a graph; ``None``
    #: where the engine does not say.
    leg_share: FloatArray | None = None
    #: Limit in minutes of a matrix that leaves out longer drives, and ``bool[origin,
    #: destination]``, the pairs left out: their figures are estimates of at least the limit.
    #: ``None`` if no pair is left out.
    within: float | None = None
    beyond: NDArray[np.bool_] | None = None

    def __post_init__(self) -> None:
        shape = (len(self.origins), len(self.destinations))
        if (self.low is None) != (self.high is None):
            raise ValueError("an interval needs both of its ends")
        tables = (self.minutes, self.km, self.maker, self.low, self.high, self.leg_share)
        for array in (*tables, self.beyond):
            if array is None:
                continue
            if array.shape != shape:
                raise ValueError(f"expected shape {shape}, got {array.shape}")
            array.setflags(write=False)
        if self.maker is not None and self.maker.max(initial=0) > len(self.others):
            raise ValueError("a figure has a maker that is not listed")
        if len(set(self.origins)) != shape[0] or len(set(self.destinations)) != shape[1]:
            raise ValueError("a place appears twice")

    @cached_property
    def origin_index(self) -> dict[str, int]:
        """Row of each origin."""
        return {place: row for row, place in enumerate(self.origins)}

    @cached_property
    def destination_index(self) -> dict[str, int]:
        """Column of each destination."""
        return {place: column for column, place in enumerate(self.destinations)}

    def between(self, origin: str, destination: str) -> float:
        """Return the minutes from one place to another; NaN if unreachable."""
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

    def least(self, origin: str, destination: str) -> float | None:
        """Return the minutes that a drive exceeds if the matrix lacks it; else ``None``."""
        if self.beyond is None or not self.beyond[self._at(origin, destination)]:
            return None
        return self.within

    @cached_property
    def held(self) -> NDArray[np.bool_]:
        """``bool[origin, destination]``: different places with minutes within the limit."""
        known = ~np.isnan(self.minutes) & ~self.same
        return known if self.beyond is None else known & ~self.beyond

    @property
    def beyond_pairs(self) -> int:
        """Number of pairs that are longer than the matrix holds."""
        return 0 if self.beyond is None else int(self.beyond.sum())

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

    def log_errors(self, at: Cells) -> FloatArray:
        """Return the standard deviation of the log of the minutes of some cells of the tables."""
        low, high = self.bounds
        return log_error_of(self.minutes[at], low[at], high[at])

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
        """Number of pairs of different places with a figure, by engine; none of those beyond."""
        counts = np.bincount(self.maker_ranks[self.held], minlength=len(self.makers)).tolist()
        return tuple(zip(self.makers, counts, strict=True))

    @cached_property
    def estimated_by_maker(self) -> tuple[int, ...]:
        """Number of those pairs whose figure is estimated, in the order of ``makers``."""
        guessed = self.estimated & self.held
        return tuple(np.bincount(self.maker_ranks[guessed], minlength=len(self.makers)).tolist())

    @property
    def estimated_pairs(self) -> int:
        """Number of pairs of different places with an estimated figure."""
        return sum(self.estimated_by_maker)

    @cached_property
    def estimate_mark(self) -> str:
        """Mark of a figure with an estimated drive: « estimation » where all drives are."""
        return ALL_ESTIMATED if self.all_estimated else PARTLY_ESTIMATED

    @property
    def basis(self) -> str:
        """French remark to put beside each conclusion if all drives are estimates, else empty."""
        return ON_ESTIMATES if self.all_estimated else ""

    @cached_property
    def all_estimated(self) -> bool:
        """Whether all drives are estimates: hills are in none, and no rule on minutes is judged."""
        return bool(self.held.any() and self.estimated[self.held].all())

    @cached_property
    def same(self) -> NDArray[np.bool_]:
        """``bool[origin, destination]``, true if both are the same place."""
        return same_places(self.origins, self.destinations)

    def corrected(self, factors: FloatArray, by: Provenance) -> "TravelTimes":
        """Return the same drives with some minutes multiplied, marked as made by another engine.

        ``factors`` is ``float[origin, destination]``, 1 where nothing is corrected. Intervals are
        multiplied with the minutes.
        """
        ranks = np.where(factors == 1, self.maker_ranks, len(self.makers)).astype(np.uint8)
        low, high = self.bounds
        minutes = self.minutes * factors
        if self.beyond is None or self.within is None:
            no_shorter = minutes
        else:
            no_shorter = np.where(self.beyond, np.maximum(minutes, self.within), minutes)
        return replace(
            self,
            minutes=no_shorter,
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
            beyond=None if self.beyond is None else self.beyond[at],
        )

    @cached_property
    def both_ways(self) -> dict[str, dict[str, float]]:
        """Minutes m(i, j) of each pair, the mean of the two directions; ``inf`` if unreachable.

        Plain dictionaries: zones hold a handful of lycées, where array calls cost more than
        arithmetic. Only for a square matrix (lycée × lycée).
        """
        return self._rows(both_ways=True)

    @cached_property
    def one_way(self) -> dict[str, dict[str, float]]:
        """Minutes ``one_way[origin][destination]``; ``inf`` if unreachable."""
        return self._rows(both_ways=False)

    def _rows(self, *, both_ways: bool) -> dict[str, dict[str, float]]:
        """Return the minutes of each origin; those beyond the limit are read when asked for."""
        return {
            origin: _Row(self, row, both_ways=both_ways) for row, origin in enumerate(self.origins)
        }

    def require(self, places: Sequence[str]) -> None:
        """Check that every place has a row and a column."""
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


class _Row(dict[str, float]):
    """Minutes from an origin, ``inf`` if unreachable.

    Drives beyond the limit of a sparse matrix are computed on access: among 2,600 sites they are 17
    of 18, and would take 800 MB as Python floats.
    """

    __slots__ = ("_both_ways", "_row", "_times")

    def __init__(self, times: TravelTimes, row: int, *, both_ways: bool) -> None:
        self._times, self._row, self._both_ways = times, row, both_ways
        if times.beyond is None:
            super().__init__(zip(times.destinations, self._minutes(slice(None)), strict=True))
            return
        near = np.flatnonzero(~times.beyond[row])
        places = [times.destinations[column] for column in near]
        super().__init__(zip(places, self._minutes(near), strict=True))

    def __missing__(self, destination: str) -> float:
        """Return a drive beyond the limit; raise ``KeyError`` for an unknown place."""
        return self._minutes(np.array([self._times.destination_index[destination]]))[0]

    def _minutes(self, columns: slice | NDArray[np.intp]) -> list[float]:
        table = self._times.minutes
        found = table[self._row, columns]
        if self._both_ways:
            found = (found + table[columns, self._row]) / 2
        minutes: list[float] = np.where(np.isnan(found), np.inf, found).tolist()
        return minutes


def same_places(origins: Iterable[str], destinations: Iterable[str]) -> NDArray[np.bool_]:
    """Return ``bool[origin, destination]``, true if both ids are the same."""
    ranks: dict[str, int] = {}
    rows, columns = (
        np.array([ranks.setdefault(place, len(ranks)) for place in places], np.int64)
        for places in (origins, destinations)
    )
    return np.asarray(rows[:, None] == columns[None, :])


def merge_times(
    origins: Sequence[str], destinations: Sequence[str], parts: Iterable[TravelTimes]
) -> TravelTimes:
    """Merge matrices, ``float[origin, destination]``; NaN for pairs that no matrix has.

    The first matrix that has a pair gives it. Every figure keeps its maker and interval.
    """
    shape = (len(origins), len(destinations))
    figures = {name: np.full(shape, np.nan) for name in FIGURES}
    maker, filled, beyond = (np.zeros(shape, kind) for kind in (np.uint8, bool, bool))
    makers: list[Provenance] = []
    limits: list[float] = []
    for block in parts:
        known = [maker_of for maker_of in block.makers if maker_of not in makers]
        makers += known
        rank = np.array([makers.index(maker_of) for maker_of in block.makers], np.uint8)
        rows, r = common_ranks(origins, block.origin_index)
        columns, c = common_ranks(destinations, block.destination_index)
        at, of = np.ix_(rows, columns), np.ix_(r, c)
        new = ~filled[at]
        for name, table in block.figures.items():
            figures[name][at] = np.where(new, table[of], figures[name][at])
        if block.beyond is not None and block.within is not None:
            limits.append(block.within)
            beyond[at] |= new & block.beyond[of]
        maker[at] = np.where(new, rank[block.maker_ranks[of]], maker[at])
        filled[at] = True
    first, *others = makers
    return TravelTimes(
        tuple(origins),
        tuple(destinations),
        provenance=first,
        others=tuple(others),
        maker=maker if others else None,
        within=min(limits, default=None),
        beyond=beyond if limits else None,
        **figures,
    )


def common_ranks(places: Iterable[str], index: Mapping[str, int]) -> tuple[list[int], list[int]]:
    """Return the ranks, in both lists, of the places that both contain."""
    both = [(rank, index[place]) for rank, place in enumerate(places) if place in index]
    return [rank for rank, _ in both], [rank for _, rank in both]
