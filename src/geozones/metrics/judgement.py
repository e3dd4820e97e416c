"""Judgement of which of two uncertain figures is better."""

import math
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

#: Share of the draws in which one side must be better for a difference to count, as for the
#: intervals of minutes, which hold 80 % of them. Below, chance alone often makes as much.
LIKELY = 0.8
#: Share above which the difference is almost certain.
SURE = 0.99
#: Differences caused by rounding alone, in minutes.
ROUNDING = 1e-6


class Outcome(StrEnum):
    """Outcome of a comparison."""

    SURELY_BETTER = "surely_better"
    PROBABLY_BETTER = "probably_better"
    EQUIVALENT = "equivalent"
    PROBABLY_WORSE = "probably_worse"
    SURELY_WORSE = "surely_worse"
    #: A figure is missing on both sides.
    NOT_COMPARABLE = "not_comparable"


#: The same outcomes for little room.
_SHORT = {
    Outcome.SURELY_BETTER: "favorable",
    Outcome.PROBABLY_BETTER: "plutôt favorable",
    Outcome.EQUIVALENT: "équivalent",
    Outcome.PROBABLY_WORSE: "plutôt défavorable",
    Outcome.SURELY_WORSE: "défavorable",
    Outcome.NOT_COMPARABLE: "—",
}
_WORDS = {
    Outcome.SURELY_BETTER: "amélioration quasi certaine",
    Outcome.PROBABLY_BETTER: "probablement favorable",
    Outcome.EQUIVALENT: "équivalent",
    Outcome.PROBABLY_WORSE: "probablement défavorable",
    Outcome.SURELY_WORSE: "dégradation quasi certaine",
    Outcome.NOT_COMPARABLE: "non comparable",
}


@dataclass(frozen=True, slots=True)
class Judgement:
    """Shares of the draws, from 0 to 1, in which a figure is better, and worse, than another.

    Both are ``None`` if the figures cannot be compared. In the remaining draws they are equal.
    """

    better: float | None
    worse: float | None

    @property
    def outcome(self) -> Outcome:
        """Outcome: equivalent unless one side is better in `LIKELY` of the draws."""
        if self.better is None or self.worse is None:
            return Outcome.NOT_COMPARABLE
        if self.better >= LIKELY:
            return Outcome.SURELY_BETTER if self.better >= SURE else Outcome.PROBABLY_BETTER
        if self.worse >= LIKELY:
            return Outcome.SURELY_WORSE if self.worse >= SURE else Outcome.PROBABLY_WORSE
        return Outcome.EQUIVALENT

    @property
    def is_better(self) -> bool | None:
        """Whether the figure is better, at least probably; ``None`` if unknown."""
        if self.outcome in {Outcome.SURELY_BETTER, Outcome.PROBABLY_BETTER}:
            return True
        if self.outcome in {Outcome.SURELY_WORSE, Outcome.PROBABLY_WORSE}:
            return False
        return None

    @property
    def is_tie(self) -> bool:
        """Whether neither figure is better, as far as the minutes can tell."""
        return self.outcome is Outcome.EQUIVALENT

    @property
    def text(self) -> str:
        """Judgement in French: ``probablement favorable (9 chances sur 10)``, ``équivalent``."""
        outcome = self.outcome
        if outcome in {Outcome.PROBABLY_BETTER, Outcome.PROBABLY_WORSE}:
            tenths = math.floor(10 * max(self.better or 0.0, self.worse or 0.0) + 1e-9)
            return f"{_WORDS[outcome]} ({tenths} chances sur 10)"
        return _WORDS[outcome]

    @property
    def short(self) -> str:
        """Judgement for a narrow column: ``plutôt favorable``, ``équivalent``, ``—``."""
        return _SHORT[self.outcome]


def judge(after: NDArray[np.float64], before: NDArray[np.float64]) -> Judgement:
    """Judge a figure against another, ``float[draw]`` each; lower is better.

    A pair that becomes reachable (from ``inf``) is better, a pair that becomes unreachable (to
    ``inf``) worse. Two infinite figures, or a NaN, cannot be compared.
    """
    (judgement,) = judge_all(after[None, :], before)
    return judgement


def judge_all(after: NDArray[np.float64], before: NDArray[np.float64]) -> list[Judgement]:
    """Judge several figures, ``float[figure, draw]``, against another; see `judge`."""
    with np.errstate(invalid="ignore"):
        difference = after - before
    missing = np.isnan(difference).any(axis=1)
    better = (difference < -ROUNDING).mean(axis=1)
    worse = (difference > ROUNDING).mean(axis=1)
    return [
        Judgement(None, None) if unknown else Judgement(float(share), float(other))
        for unknown, share, other in zip(missing, better, worse, strict=True)
    ]
