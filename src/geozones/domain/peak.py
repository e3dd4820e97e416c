"""Peak hours: factors that lengthen drives in the morning and in the evening, by place.

Travel times are stored off-peak: a `Traffic` is applied when they are read.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

import numpy as np

from geozones.common.french import multiplied
from geozones.domain.times import FloatArray

#: Most minutes of a trip that the traffic of the urban area at one end slows down.
URBAN_MINUTES = 15.0


class Moment(StrEnum):
    """Moment of a drive; the value is used in files and commands."""

    OFF_PEAK = "creuse"
    MORNING = "matin"
    EVENING = "soir"

    @property
    def label(self) -> str:
        """The moment in French: « heures creuses »."""
        return _LABELS[self]


_LABELS = {
    Moment.OFF_PEAK: "heures creuses",
    Moment.MORNING: "pointe du matin",
    Moment.EVENING: "pointe du soir",
}


@dataclass(frozen=True, slots=True)
class PeakFactors:
    """Factors of off-peak minutes at peak hours, both at least 1."""

    morning: float = 1.0
    evening: float = 1.0
    measured: bool = False  # Whether traffic was measured there; else the factors are a hypothesis.
    source: str = ""  # Who measured what and when, or why this hypothesis, in French.

    def at(self, moment: Moment) -> float:
        """Return the factor at a moment; 1 off-peak."""
        return {Moment.MORNING: self.morning, Moment.EVENING: self.evening}.get(moment, 1.0)


@dataclass(frozen=True, slots=True)
class PeakArea:
    """Towns with similar traffic; ``towns`` holds the communes (INSEE codes) of each, by name."""

    name: str
    factors: PeakFactors
    towns: tuple[tuple[str, frozenset[str]], ...]


@dataclass(frozen=True)
class PeakProfile:
    """Peak hours of a region; an empty profile lengthens no drive."""

    areas: tuple[PeakArea, ...] = ()  # Urban areas; a commune is in one town at most.
    elsewhere: PeakFactors = PeakFactors()  # Factors everywhere else.

    @cached_property
    def _towns(self) -> tuple[tuple[frozenset[str], PeakFactors], ...]:
        return tuple((codes, area.factors) for area in self.areas for _, codes in area.towns)

    @cached_property
    def _town_of(self) -> dict[str, int]:
        return {code: rank for rank, (codes, _) in enumerate(self._towns) for code in codes}

    def is_flat(self, moment: Moment) -> bool:
        """Return whether no drive is longer at that moment than off-peak."""
        everywhere = (self.elsewhere, *(area.factors for area in self.areas))
        return all(factors.at(moment) == 1 for factors in everywhere)

    def slowdown(
        self,
        minutes: FloatArray,
        origins: Sequence[str | None],
        destinations: Sequence[str | None],
        moment: Moment,
    ) -> FloatArray:
        """Return the factor of each drive at a moment, relative to off-peak.

        The traffic of the town at one end slows half of the trip, 15 minutes of it at most, by that
        town's factor; the rest has the factor of elsewhere. A trip inside one town is slowed
        whole. So a longer trip stays longer, and no trip is slowed more than the slower end's
        factor. A modelling convention of this tool, without a published source.

        Parameters
        ----------
        minutes
            Off-peak, ``float[origin, destination]``; NaN for unreachable places.
        origins, destinations
            The commune (INSEE code) of each place; ``None`` if unknown.
        """
        elsewhere = self.elsewhere.at(moment)
        start, end = self._ranks(origins)[:, None], self._ranks(destinations)[None, :]
        factors = np.array([town.at(moment) for _, town in self._towns] + [elsewhere])
        share = URBAN_MINUTES / np.maximum(minutes, 2 * URBAN_MINUTES)
        ends = elsewhere + (factors[start] + factors[end] - 2 * elsewhere) * share
        return np.where(start == end, factors[start], ends)

    def off_peak_minutes(self, minutes: float, origin: str | None, moment: Moment) -> float:
        """Return the off-peak minutes of a drive of ``minutes`` at a moment, to the countryside.

        The inverse of `slowdown` for a drive from a commune (INSEE code) to no town.
        """
        elsewhere = self.elsewhere.at(moment)
        town = self._town_of.get(origin or "")
        more = 0.0 if town is None else self._towns[town][1].at(moment) - elsewhere
        short = minutes / (elsewhere + more / 2)
        if short <= 2 * URBAN_MINUTES:
            return short
        return (minutes - more * URBAN_MINUTES) / elsewhere

    def _ranks(self, communes: Sequence[str | None]) -> np.ndarray[tuple[int], np.dtype[np.intp]]:
        """Return the rank of the town of each commune; -1, the last rank, is elsewhere."""
        return np.array([self._town_of.get(code or "", -1) for code in communes], np.intp)


@dataclass(frozen=True, slots=True)
class Traffic:
    """Traffic conditions of the durations shown."""

    moment: Moment = Moment.OFF_PEAK  # The moment whose factors, by place, apply.
    factor: float = 1.0  # Additional factor of every drive, everywhere: an expert's own hypothesis.

    def __post_init__(self) -> None:
        if not math.isfinite(self.factor) or self.factor <= 0:
            raise ValueError("a factor of durations is a positive number")

    @property
    def is_usual(self) -> bool:
        """Whether durations are off-peak and without additional factor."""
        return self == Traffic()

    @property
    def label(self) -> str:
        """French label of the traffic: « pointe du matin », « heure de pointe × 1,3 »."""
        if self.factor == 1:
            return self.moment.label
        named = "heure de pointe" if self.moment is Moment.OFF_PEAK else self.moment.label
        return f"{named} {multiplied(self.factor)}"
