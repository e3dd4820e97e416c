"""Line of a bilan: an observed figure in words, its verdict, and its bar."""

from dataclasses import dataclass
from enum import StrEnum


class BilanVerdict(StrEnum):
    """Comparison of an observed figure with its expectation, the worst first."""

    WORSE = "moins bien que prévu"
    MORE = "plus que supposé"
    LESS = "moins que supposé"
    BETTER = "mieux que prévu"
    AS_EXPECTED = "comme prévu"
    UNSURE = "trop peu d'observations"
    NOT_MODELLED = ""


#: Verdicts on a figure whose interval does not hold what was expected.
OUTSIDE = frozenset({BilanVerdict.WORSE, BilanVerdict.MORE, BilanVerdict.LESS, BilanVerdict.BETTER})


@dataclass(frozen=True, slots=True)
class IntervalBar:
    """Shares of the length of a scale, from 0 to 1; ``None`` for what a figure lacks."""

    value: float
    low: float | None
    high: float | None
    expected: float | None


@dataclass(frozen=True)
class BilanLine:
    """A figure of the bilan in words, with its interval, number of observations and period.

    ``observed`` is its ``value``, announced as a rate where it is one.
    """

    key: str
    label: str
    value: str
    observed: str
    interval: str
    expected: str
    verdict: BilanVerdict
    counted: str
    bar: IntervalBar

    @property
    def described(self) -> str:
        """What the drawn bar shows, in words."""
        parts = [f"observé {self.observed}"]
        if self.interval:
            parts.append(f"intervalle à 95 % de {self.interval}")
        if self.expected:
            parts.append(f"attendu {self.expected}")
        return f"{self.label} : {', '.join(parts)}, d'après {self.counted}"
