"""Estimates with their 95 % interval, from counts, spells and clusters.

| estimate | for | interval |
|---|---|---|
| `rate` | visits, interventions, level 2 | Garwood's, exact under a Poisson law (1936) |
| `mean` | presence by week, minutes to arrive | Student's, on the logarithm of the mean |
| `clustered_share` | share of absences covered | residuals of whole absences, on the logit scale |
| `spells_share` | rate of absence | variance (1 + cv²) / N of a sum of N spells |
| `spell_length` | length of an absence | a gamma law with the variance of the lengths |

``benchmarks/journal_intervals.py`` draws journals from known rates: the intervals hold them 93 to
97 times in 100.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from scipy.special import gammaincinv, stdtrit

#: Probability that an interval holds the true figure.
LEVEL = 0.95
#: Weight of the prior for a coefficient of variation of 1, in spells.
_PRIOR = 8


@dataclass(frozen=True, slots=True)
class Estimate:
    """Estimate: a figure, its 95 % interval, and its number of observations.

    ``low`` and ``high`` are ``None`` if there are too few observations.
    """

    value: float
    low: float | None
    high: float | None
    count: int

    def holds(self, value: float) -> bool:
        """Return whether a figure is in the interval."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high


def rate(count: int, exposure: float) -> Estimate | None:
    """Return events per unit of exposure, under a Poisson law, with Garwood's exact interval.

    F. Garwood, Biometrika 28, 1936. ``None`` without exposure.
    """
    if exposure <= 0:
        return None
    tail = (1 - LEVEL) / 2
    low = gammaincinv(count, tail) if count else 0.0
    high = gammaincinv(count + 1, 1 - tail)
    return Estimate(count / exposure, float(low) / exposure, float(high) / exposure, count)


def mean(values: Sequence[float]) -> Estimate | None:
    """Return the mean of independent positive values; ``None`` without values.

    Its interval is Student's on the logarithm of the mean (delta method), which holds for skewed
    values such as lengths.
    """
    count, total = len(values), math.fsum(values)
    if not count:
        return None
    average = total / count
    if count < 2 or average <= 0:
        return Estimate(average, None, None, count)
    variance = math.fsum((value - average) ** 2 for value in values) / (count - 1)
    return _around(average, math.sqrt(variance / count) / average, count)


def spell_length(lengths: Sequence[float], ongoing: int = 0) -> Estimate | None:
    """Return the mean length of spells; ``ongoing`` of them had not ended when last seen.

    Days divided by ended spells: maximum likelihood if an end is equally likely each day. The
    interval comes from a gamma law with the variance of the lengths, whose coefficient of variation
    is drawn towards 1 as by `_PRIOR` more spells. ``None`` without an end.
    """
    ended = len(lengths) - ongoing
    if ended < 1:
        return None
    total = math.fsum(lengths)
    average = total / ended
    if ended < 2:
        return Estimate(average, None, None, len(lengths))
    middle = total / len(lengths)
    squares = math.fsum((length - middle) ** 2 for length in lengths) / (len(lengths) - 1)
    spread = (squares / middle**2 * (ended - 1) + _PRIOR) / (ended - 1 + _PRIOR)
    shape, tail = ended / spread, (1 - LEVEL) / 2
    low, high = (
        average * shape / float(gammaincinv(shape, quantile)) for quantile in (1 - tail, tail)
    )
    return Estimate(average, low, high, len(lengths))


def spells_share(lengths: Sequence[float], exposure: float) -> Estimate | None:
    """Return the share of a time that independent spells take.

    The relative variance of a sum of N spells, N under a Poisson law, is (1 + cv²) / N, cv being
    the coefficient of variation of their lengths. ``None`` without exposure.
    """
    if exposure <= 0:
        return None
    count = len(lengths)
    total = math.fsum(lengths)
    if count < 2:
        return Estimate(total / exposure, None, None, count)
    average = total / count
    variance = math.fsum((length - average) ** 2 for length in lengths) / (count - 1)
    share = total / exposure
    # no other spell begins during an absence
    spread = math.sqrt((1 + variance / average**2) / count) * (1 - share)
    return _around(share, spread, count)


def clustered_share(clusters: Sequence[tuple[float, float]]) -> Estimate | None:
    """Return Σ hits / Σ trials over clusters (hits, trials), on the logit scale.

    The variance comes from the residuals of whole clusters, as trials in a cluster are correlated.
    ``count`` is the number of trials. ``None`` without trials.
    """
    clusters = [(hits, trials) for hits, trials in clusters if trials]
    trials = math.fsum(held for _, held in clusters)
    if not trials:
        return None
    share = math.fsum(hits for hits, _ in clusters) / trials
    count = round(trials)
    many = len(clusters)
    if many < 2:
        return Estimate(share, None, None, count)
    if share in {0.0, 1.0}:  # rule of three, each cluster counting as one trial
        edge = min(3.0 / many, 1.0)
        return Estimate(share, max(0.0, share - edge), min(1.0, share + edge), count)
    residuals = math.fsum((hits - share * held) ** 2 for hits, held in clusters)
    error = math.sqrt(residuals * many / (many - 1)) / trials / (share * (1 - share))
    away = float(stdtrit(many - 1, 1 - (1 - LEVEL) / 2)) * error
    logit = math.log(share / (1 - share))
    low, high = (1 / (1 + math.exp(-(logit + step))) for step in (-away, away))
    return Estimate(share, low, high, count)


def _around(value: float, relative: float, count: int) -> Estimate:
    """Return an estimate with this standard error of its logarithm, by Student's law."""
    away = float(stdtrit(count - 1, 1 - (1 - LEVEL) / 2)) * relative
    away = min(away, 50.0)
    return Estimate(value, value * math.exp(-away), value * math.exp(away), count)
