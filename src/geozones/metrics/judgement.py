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


#: The one wording of each outcome, on every screen and in every file.
_WORDS = {
    Outcome.SURELY_BETTER: "favorable",
    Outcome.PROBABLY_BETTER: "plutôt favorable",
    Outcome.EQUIVALENT: "équivalent",
    Outcome.PROBABLY_WORSE: "plutôt défavorable",
    Outcome.SURELY_WORSE: "défavorable",
    Outcome.NOT_COMPARABLE: "non comparable",
}
#: Outcomes that are said with their chances.
_CHANCES = frozenset(_WORDS) - {Outcome.EQUIVALENT, Outcome.NOT_COMPARABLE}


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
        """Judgement with its chances: ``plutôt favorable (9 chances sur 10)``, ``équivalent``."""
        if self.outcome not in _CHANCES:
            return self.short
        share = max(self.better or 0.0, self.worse or 0.0)
        of = 100 if share >= SURE else 10
        # a share is rounded down: nothing is said to be more certain than it is
        chances = min(math.floor(of * share + 1e-9), of - 1)
        return f"{self.short} ({chances} chances sur {of})"

    @property
    def short(self) -> str:
        """Judgement in French: ``plutôt favorable``, ``équivalent``."""
        return _WORDS[self.outcome]


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
