"""Observed drives compared with the minutes of the matrix, partially pooled by zone.

A single drive proves little: traffic, a detour. The comparison uses the mean of each pair of lycées
with two drives or more; a zone is then drawn towards the whole, the more so the fewer its own pairs
(empirical Bayes, τ² by DerSimonian and Laird, 1986).
"""

import math
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from scipy.special import stdtrit

from geozones.experiment.estimates import LEVEL, Estimate
from geozones.experiment.facts import Facts

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
    number of drives.
    """

    whole: Estimate | None
    zones: Mapping[str, Estimate]
    pairs: Mapping[str, int]

    def may_correct(self, zone: str) -> bool:
        """Return whether a zone has enough drives and pairs to correct the matrix."""
        known = self.zones.get(zone)
        enough = known is not None and known.count >= ZONE_DRIVES
        return enough and self.pairs.get(zone, 0) >= ZONE_PAIRS


def drive_factors(facts: Facts, minutes: Callable[[str, str], float]) -> DriveFactors:
    """Return the factors of a journal; ``minutes`` returns minutes of the matrix, one way."""
    by_zone: dict[str, list[PairDrives]] = defaultdict(list)
    for one in _pairs(facts, minutes):
        zones = {facts.zone_of.get(lycee, "") for lycee in one.pair}
        by_zone[zones.pop() if len(zones) == 1 else ""].append(one)
    every = [one for pairs in by_zone.values() for one in pairs]
    if not every:
        return DriveFactors(None, {}, {})
    between = _between_pairs(every)
    means = {zone: _weighted(pairs, between) for zone, pairs in by_zone.items()}
    drives = {zone: sum(one.drives for one in pairs) for zone, pairs in by_zone.items()}
    mu, mu_variance, tau = _pooled([means[zone] for zone in sorted(means)])
    spread = max(mu_variance, _between_zones(list(means.values()), mu, tau))
    groups = len(means) if len(means) > 1 else len(every)
    whole = _factor(mu, spread, sum(drives.values()), groups)
    factors: dict[str, Estimate] = {}
    for zone, (mean, variance) in means.items():
        if not zone:
            continue
        weight = tau / (tau + variance) if tau else 0.0
        shrunk = mu + weight * (mean - mu)
        left = weight * variance + (1 - weight) ** 2 * mu_variance
        factors[zone] = _factor(shrunk, left, drives[zone], len(by_zone[zone]) + 1)
    return DriveFactors(whole, factors, {zone: len(pairs) for zone, pairs in by_zone.items()})


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


def _weighted(pairs: list[PairDrives], between: float) -> tuple[float, float]:
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
