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

        For example ``solide : gain dans 187 tirages sur 200 ; au pire, 12 h de plus``.
        ``unit`` is the unit of the figures compared: hours a year, minutes.
        """
        if self.verdict is ChangeVerdict.NOT_COMPARABLE:
            return self.verdict.value
        return f"{self.verdict} : {self._draws_text(unit)}"

    def _draws_text(self, unit: str) -> str:
        if self.better == self.draws:
            return f"gain dans les {self.draws} tirages"
        if self.better:
            share = f"gain dans {plural(self.better, 'tirage')} sur {self.draws}"
            return share + (self._worst(unit) or ", jamais de perte")
        if self.loss > 0:
            return f"aucun gain en {self.draws} tirages{self._worst(unit)}"
        return f"ni gain ni perte en {self.draws} tirages"

    def _worst(self, unit: str) -> str:
        """Return the greatest loss in French, after what it follows; empty if there is none."""
        if self.loss <= 0:
            return ""
        if self.loss == inf:
            return " ; au pire, un trajet devient impossible"
        lost = round(self.loss)
        most = number(lost) if lost else "moins d'1"
        return f" ; au pire, {most}{NBSP}{unit} de plus"


def robustness(after: NDArray[np.float64], before: NDArray[np.float64]) -> Robustness:
    """Return the robustness of a figure against another, ``float[draw]`` each; lower is better."""
    with np.errstate(invalid="ignore"):
        gains = before - after
        gain = float(gains.mean())
    worst = float(np.nan_to_num(-gains, nan=0.0, posinf=inf, neginf=-inf).max())
    return Robustness(judge(after, before), len(gains), gain, worst if worst > ROUNDING else 0.0)
