"""Whether a change of plan holds: in how many draws it is better, and what it loses in the others.

A draw is a set of minutes and of hypotheses that may be the true ones. Both plans are looked at in
the same draws, those that `Judgement` counts shares of.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number, plural
from geozones.metrics.judgement import ROUNDING, Judgement, Outcome, judge

#: Share of the draws in which a change that holds is better, at least.
SOLID = 0.9


class Verdict(StrEnum):
    """What can be said of a change of plan; the value is its word on screen."""

    #: Better in `SOLID` of the draws, at least.
    SOLID = "solide"
    #: Better in `judgement.LIKELY` of the draws at least, in less than `SOLID` of them.
    FRAGILE = "fragile"
    #: Neither plan wins `judgement.LIKELY` of the draws.
    EQUIVALENT = "équivalent"
    #: Worse in `judgement.LIKELY` of the draws, at least.
    WORSE = "coûte plus"
    #: A drive has no way in both plans.
    NOT_COMPARABLE = "non comparable"


@dataclass(frozen=True, slots=True)
class Robustness:
    """How a plan stands against another, draw by draw.

    Parameters
    ----------
    judgement
        In which share of the draws it is better, and worse.
    draws
        How many draws there are.
    gain
        How much lower it is in the mean of the draws, in the unit of what is compared; negative
        where it is higher, infinite or NaN where a drive has no way in one of the plans.
    loss
        How much higher it is in the draw that suits it least; 0 where it is never higher.
    """

    judgement: Judgement
    draws: int
    gain: float
    loss: float

    @property
    def better(self) -> int:
        """In how many draws it is better."""
        return round((self.judgement.better or 0.0) * self.draws)

    @property
    def verdict(self) -> Verdict:
        """What can be said of it."""
        judgement = self.judgement
        if judgement.is_better:
            solid = (judgement.better or 0.0) >= SOLID
            return Verdict.SOLID if solid else Verdict.FRAGILE
        if judgement.is_better is False:
            return Verdict.WORSE
        is_unknown = judgement.outcome is Outcome.NOT_COMPARABLE
        return Verdict.NOT_COMPARABLE if is_unknown else Verdict.EQUIVALENT

    def text(self, unit: str = "h") -> str:
        """Say it in French: ``solide : mieux dans 187 tirages sur 200 ; sinon perd jusqu'à 12 h``.

        ``unit`` is that of what is compared: hours a year, minutes.
        """
        if self.verdict is Verdict.NOT_COMPARABLE:
            return self.verdict.value
        return f"{self.verdict} : {self._told(unit)}"

    def _told(self, unit: str) -> str:
        if self.better == self.draws:
            return f"mieux dans les {self.draws} tirages"
        if not self.better:
            lost = self._lost(unit, " ni moins bien", ", perd ")
            return f"jamais mieux{lost} en {self.draws} tirages"
        share = f"mieux dans {plural(self.better, 'tirage')} sur {self.draws}"
        return f"{share}{self._lost(unit, ', jamais moins bien', ' ; sinon perd ')}"

    def _lost(self, unit: str, never: str, verb: str) -> str:
        """Say the greatest loss after a verb, or that there is none."""
        if self.loss <= 0:
            return never
        if self.loss == inf:
            return f"{verb}un trajet (sans chemin)"
        lost = round(self.loss)
        most = f"jusqu'à {number(lost)}" if lost else "moins d'1"
        return f"{verb}{most}{NBSP}{unit}"


def robustness(after: NDArray[np.float64], before: NDArray[np.float64]) -> Robustness:
    """Return how a figure stands against another, ``float[draw]`` each; lower is better."""
    with np.errstate(invalid="ignore"):
        gains = before - after
        gain = float(gains.mean())
    worst = float(np.nan_to_num(-gains, nan=0.0, posinf=inf, neginf=-inf).max())
    return Robustness(judge(after, before), len(gains), gain, worst if worst > ROUNDING else 0.0)
