"""Robustness of a change of plan: share of draws in which it is better, and worst loss.

A draw is a set of minutes and of hypotheses that may be the true values. Both plans are compared in
the same draws, whose shares `Judgement` counts.
"""

from dataclasses import dataclass
from enum import StrEnum
from math import inf

import numpy as np
from numpy.typing import NDArray

from geozones.common.french import NBSP, number, plural
from geozones.metrics.judgement import ROUNDING, Judgement, Outcome, judge

#: Least share of the draws in which a solid change is better.
SOLID = 0.9


class ChangeVerdict(StrEnum):
    """Verdict on a change of plan; the value is its word on screen."""

    #: Better in at least `SOLID` of the draws.
    SOLID = "solide"
    #: Better in at least `judgement.LIKELY` of the draws, but less than `SOLID` of them.
    FRAGILE = "fragile"
    #: Neither plan is better in `judgement.LIKELY` of the draws.
    EQUIVALENT = "équivalent"
    #: Worse in at least `judgement.LIKELY` of the draws.
    WORSE = "coûte plus"
    #: A drive is unreachable in both plans.
    NOT_COMPARABLE = "non comparable"


@dataclass(frozen=True, slots=True)
class Robustness:
    """Comparison of a plan with another, draw by draw.

    Parameters
    ----------
    judgement
        Shares of the draws in which the plan is better, and worse.
    draws
        Number of draws.
    gain
        Mean decrease over the draws, in the unit of the figures compared; negative
        for an increase, infinite or NaN if a drive is unreachable in one of the plans.
    loss
        Increase in the worst draw; 0 if it is never higher.
    """

    judgement: Judgement
    draws: int
    gain: float
    loss: float

    @property
    def better(self) -> int:
        """Number of draws in which the plan is better."""
        return round((self.judgement.better or 0.0) * self.draws)

    @property
    def verdict(self) -> ChangeVerdict:
        """Verdict on the change."""
        judgement = self.judgement
        if judgement.is_better:
            solid = (judgement.better or 0.0) >= SOLID
            return ChangeVerdict.SOLID if solid else ChangeVerdict.FRAGILE
        if judgement.is_better is False:
            return ChangeVerdict.WORSE
        is_unknown = judgement.outcome is Outcome.NOT_COMPARABLE
        return ChangeVerdict.NOT_COMPARABLE if is_unknown else ChangeVerdict.EQUIVALENT

    def text(self, unit: str = "h") -> str:
        """Return the verdict in French, with numbers of draws.

        For example ``solide : mieux dans 187 tirages sur 200 ; sinon perd jusqu'à 12 h``.
        ``unit`` is the unit of the figures compared: hours a year, minutes.
        """
        if self.verdict is ChangeVerdict.NOT_COMPARABLE:
            return self.verdict.value
        return f"{self.verdict} : {self._draws_text(unit)}"

    def _draws_text(self, unit: str) -> str:
        if self.better == self.draws:
            return f"mieux dans les {self.draws} tirages"
        if not self.better:
            lost = self._lost(unit, " ni moins bien", ", perd ")
            return f"jamais mieux{lost} en {self.draws} tirages"
        share = f"mieux dans {plural(self.better, 'tirage')} sur {self.draws}"
        return f"{share}{self._lost(unit, ', jamais moins bien', ' ; sinon perd ')}"

    def _lost(self, unit: str, never: str, verb: str) -> str:
        """Return the greatest loss after a verb, or that there is none, in French."""
        if self.loss <= 0:
            return never
        if self.loss == inf:
            return f"{verb}un trajet (sans chemin)"
        lost = round(self.loss)
        most = f"jusqu'à {number(lost)}" if lost else "moins d'1"
        return f"{verb}{most}{NBSP}{unit}"


def robustness(after: NDArray[np.float64], before: NDArray[np.float64]) -> Robustness:
    """Return the robustness of a figure against another, ``float[draw]`` each; lower is better."""
    with np.errstate(invalid="ignore"):
        gains = before - after
        gain = float(gains.mean())
    worst = float(np.nan_to_num(-gains, nan=0.0, posinf=inf, neginf=-inf).max())
    return Robustness(judge(after, before), len(gains), gain, worst if worst > ROUNDING else 0.0)
