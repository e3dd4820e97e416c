"""Estimates with their 95 % interval, from counts and clusters, of drives too, pooled by zone.

Observed drives are compared with the minutes of the matrix. A single drive proves little: traffic,
a detour. The comparison uses the mean of each pair of lycées with two drives or more; a zone is
then drawn towards the whole, the more so the fewer its own pairs (empirical Bayes, τ² by
DerSimonian and Laird, 1986).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from scipy.special import gammaincinv, stdtrit

from geozones.experiment.facts import Facts

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

    @property
    def is_bounded(self) -> bool:
        """Return whether the estimate has an interval."""
        return self.low is not None

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
    return mean_of(len(values), math.fsum(values), math.fsum(value * value for value in values))


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


def mean_of(count: int, total: float, squares: float) -> Estimate | None:
    """Return the mean of values from their number, their sum and their sum of squares."""
    if not count:
        return None
    average = total / count
    if count < 2 or average <= 0:
        return Estimate(average, None, None, count)
    variance = max(squares - total * average, 0.0) / (count - 1)
    return _around(average, math.sqrt(variance / count) / average, count)


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


#: Least drives of a pair that counts; least drives and pairs of a zone that may be corrected.
PAIR_DRIVES, ZONE_DRIVES, ZONE_PAIRS = 2, 20, 3
#: Standard deviation of the logarithm of one drive around its pair's usual drive, if pairs have too
#: few drives to estimate it: a tenth.
_ONE_DRIVE = 0.10


class PairDrives(NamedTuple):
    """Drives of a pair: number, mean logarithm of observed over matrix, its variance."""

    pair: frozenset[str]
    drives: int
    log_ratio: float
    variance: float


@dataclass(frozen=True)
class DriveFactors:
    """Factors that correct the minutes of the matrix.

    ``whole`` is over every pair, ``zones`` by zone (id), drawn towards ``whole``; ``count`` is the
    number of drives. ``pairs`` are the pairs by zone, of several zones under an empty id.
    """

    whole: Estimate | None
    zones: Mapping[str, Estimate]
    pairs: Mapping[str, Sequence[PairDrives]]

    def may_correct(self, zone: str) -> bool:
        """Return whether a zone has enough drives and pairs to correct the matrix."""
        known = self.zones.get(zone)
        enough = known is not None and known.count >= ZONE_DRIVES
        return enough and len(self.pairs.get(zone, ())) >= ZONE_PAIRS

    def of_lycees(self, lycees: frozenset[str]) -> Estimate | None:
        """Return the factor of the pairs of some lycées (ids) alone; ``None`` without any."""
        inside = {
            zone: [one for one in pairs if one.pair <= lycees] for zone, pairs in self.pairs.items()
        }
        inside = {zone: pairs for zone, pairs in inside.items() if pairs}
        return _Pool.of(inside).factor() if inside else None


@dataclass(frozen=True)
class _Pool:
    """Mean logarithm of each zone with its variance, their mean, and the variance τ² between."""

    by_zone: Mapping[str, Sequence[PairDrives]]
    means: Mapping[str, tuple[float, float]]
    centre: float
    variance: float
    tau: float

    @classmethod
    def of(cls, by_zone: Mapping[str, Sequence[PairDrives]]) -> "_Pool":
        """Return the pool of the pairs of zones, none of them empty."""
        between = _between_pairs([one for pairs in by_zone.values() for one in pairs])
        means = {zone: _weighted(pairs, between) for zone, pairs in by_zone.items()}
        return cls(by_zone, means, *_pooled([means[zone] for zone in sorted(means)]))

    def drives(self, zone: str) -> int:
        """Return the number of drives of a zone."""
        return sum(one.drives for one in self.by_zone[zone])

    def factor(self) -> Estimate:
        """Return the factor of all zones together."""
        between = _between_zones(list(self.means.values()), self.centre, self.tau)
        groups = len(self.means) if len(self.means) > 1 else len(*self.by_zone.values())
        drives = sum(map(self.drives, self.by_zone))
        return _factor(self.centre, max(self.variance, between), drives, groups)

    def zone_factor(self, zone: str) -> Estimate:
        """Return the factor of one zone, drawn towards all of them."""
        mean, variance = self.means[zone]
        weight = self.tau / (self.tau + variance) if self.tau else 0.0
        shrunk = self.centre + weight * (mean - self.centre)
        left = weight * variance + (1 - weight) ** 2 * self.variance
        return _factor(shrunk, left, self.drives(zone), len(self.by_zone[zone]) + 1)


def drive_factors(facts: Facts, minutes: Callable[[str, str], float]) -> DriveFactors:
    """Return the factors of a journal; ``minutes`` returns minutes of the matrix, one way."""
    by_zone: dict[str, list[PairDrives]] = defaultdict(list)
    for one in _pairs(facts, minutes):
        zones = {facts.zone_of.get(lycee, "") for lycee in one.pair}
        by_zone[zones.pop() if len(zones) == 1 else ""].append(one)
    if not by_zone:
        return DriveFactors(None, {}, {})
    pool = _Pool.of(by_zone)
    return DriveFactors(
        pool.factor(), {zone: pool.zone_factor(zone) for zone in by_zone if zone}, dict(by_zone)
    )


def _pairs(facts: Facts, minutes: Callable[[str, str], float]) -> list[PairDrives]:
    logs: dict[frozenset[str], list[float]] = defaultdict(list)
    for trip in facts.journal.trips:
        expected = minutes(trip.origin, trip.destination)
        if math.isfinite(expected) and expected > 0:
            logs[frozenset((trip.origin, trip.destination))].append(
                math.log(trip.minutes / expected)
            )
    kept = {pair: held for pair, held in logs.items() if len(held) >= PAIR_DRIVES}
    freedom = sum(len(held) - 1 for held in kept.values())
    around = sum((log - sum(held) / len(held)) ** 2 for held in kept.values() for log in held)
    within = around / freedom if freedom else _ONE_DRIVE**2
    return [
        PairDrives(pair, len(held), sum(held) / len(held), within / len(held))
        for pair, held in sorted(kept.items(), key=lambda item: sorted(item[0]))
    ]


def _between_pairs(pairs: list[PairDrives]) -> float:
    """Return the variance between pairs, beyond that within pairs (DerSimonian and Laird)."""
    return _pooled([(one.log_ratio, one.variance) for one in pairs])[2]


def _weighted(pairs: Sequence[PairDrives], between: float) -> tuple[float, float]:
    """Return the mean logarithm of the pairs of a zone, and its variance."""
    weights = [1 / (one.variance + between + 1e-9) for one in pairs]
    total = sum(weights)
    return sum(w * one.log_ratio for w, one in zip(weights, pairs, strict=True)) / total, 1 / total


def _between_zones(means: list[tuple[float, float]], centre: float, tau: float) -> float:
    """Return the variance of the mean of few zones, from their own spread (Hartung and Knapp)."""
    if len(means) < 2:
        return 0.0
    weights = [1 / (variance + tau + 1e-9) for _, variance in means]
    spread = sum(w * (mean - centre) ** 2 for w, (mean, _) in zip(weights, means, strict=True))
    return spread / ((len(means) - 1) * sum(weights))


def _pooled(means: list[tuple[float, float]]) -> tuple[float, float, float]:
    """Return the mean of several (mean, variance), its variance, and the variance τ² between."""
    floor = 1e-9
    weights = [1 / max(variance, floor) for _, variance in means]
    total = sum(weights)
    centre = sum(w * mean for w, (mean, _) in zip(weights, means, strict=True)) / total
    spread = sum(w * (mean - centre) ** 2 for w, (mean, _) in zip(weights, means, strict=True))
    scale = total - sum(w * w for w in weights) / total
    tau = max(0.0, (spread - (len(means) - 1)) / scale) if scale > 0 else 0.0
    weights = [1 / max(variance + tau, floor) for _, variance in means]
    total = sum(weights)
    centre = sum(w * mean for w, (mean, _) in zip(weights, means, strict=True)) / total
    return centre, 1 / total, tau


def _factor(log_ratio: float, variance: float, drives: int, pairs: int) -> Estimate:
    if pairs < 2:
        return Estimate(math.exp(log_ratio), None, None, drives)
    away = float(stdtrit(pairs - 1, 1 - (1 - LEVEL) / 2)) * math.sqrt(variance)
    return Estimate(
        math.exp(log_ratio), math.exp(log_ratio - away), math.exp(log_ratio + away), drives
    )
