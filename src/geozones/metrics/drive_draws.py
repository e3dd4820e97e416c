"""Random draws of minutes between lycées within their error, the same for the same data.

Two figures are compared draw by draw, in the same draws: errors on the pairs that both share occur
on both sides, and cancel.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import combinations
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from geozones.domain import TravelTimes
from geozones.domain.yearly_cost import ZoneCostDraws

#: Figure in each draw, ``float[draw]``.
type Draws = NDArray[np.float64]

#: Number of draws: a share of 80 % is then known within 3 points. Both plans share the draws: with
#: separate draws, 8 first destinations of 119 differed from the second, against 92
#: (docs/decisions.md, 11).
DRAWS = 200
#: Share of the variance of a pair's error that comes from its two ends, half from each: the way out
#: of a town is misjudged for every trip alike. Over 235 pairs of 23 towns, against the minutes of
#: an independent router, 0.27; from 0.22 to 0.31 if one of the towns is left out.
ENDS_SHARE = 0.27
#: Another seed gives another set of draws.
_SEED = "geozones 2025"
#: Zones whose minutes are cached, 25 kB each: a zone's figures and its costs ask for them in turn.
_INSIDE = 64
#: Errors cached by the process, about 1 kB each: 119 lycées have 7,021 pairs.
_PAIRS = 20_000


def worst(figures: Iterable[Draws | None]) -> Draws | None:
    """Return the greatest of some figures in each draw; ``None`` without figures."""
    known = [figure for figure in figures if figure is not None]
    return np.maximum.reduce(known) if known else None


@dataclass(frozen=True, eq=False)
class ZoneDraws:
    """Zone in each draw, in minutes; ``inf`` if a pair is unreachable."""

    size: int  # Number of lycées.
    total: Draws  # The sum of the minutes of its pairs.
    #: The longest m(i, j), and the slowest relève; ``None`` for fewer than two lycées.
    longest: Draws | None
    slowest_releve: Draws | None
    cost: ZoneCostDraws | None = None  # Cost of the zone; ``None`` if not computed.


class DrawnMinutes:
    """Minutes of a square matrix (lycée × lycée), drawn `DRAWS` times.

    In a draw the minutes of a pair are multiplied by exp(s z): s is the standard deviation of their
    logarithm (`TravelTimes.log_errors`), z a standard normal error of the pair, the same in both
    directions, made of a part of the way and a part of each of its ends. For m(i, j), the mean of
    the two directions, s is the mean of theirs.

    ``towns`` gives the town of each lycée: lycées of two towns share one way, with one error.
    Without it each pair has its own. Of more than `DRAWS` draws, the first are the same.
    """

    def __init__(
        self, times: TravelTimes, towns: Mapping[str, str] | None = None, draws: int = DRAWS
    ) -> None:
        self._towns, self.draws = towns or {}, draws
        self._times = times
        self._inside = lru_cache(maxsize=_INSIDE)(self._drawn_inside)

    def inside(self, members: Sequence[str]) -> NDArray[np.float64]:
        """Return m(i, j) of each pair of a zone, ``float[pair, draw]``, read-only."""
        return self._inside(tuple(members))

    def _drawn_inside(self, members: tuple[str, ...]) -> NDArray[np.float64]:
        drawn = self.between(list(combinations(members, 2)))
        drawn.flags.writeable = False  # its callers share it
        return drawn

    def zone(self, members: Sequence[str]) -> ZoneDraws:
        """Return the draws from which figures of a zone are computed."""
        if len(members) < 2:
            return ZoneDraws(len(members), np.zeros(self.draws), None, None)
        named = list(combinations(members, 2))
        pairs = self.inside(members)
        # the slowest relève: the greatest of the minutes from the nearest colleague
        size, rows = len(members), [self._times.origin_index[lycee_id] for lycee_id in members]
        errors = np.zeros((size, size, self.draws), np.float32)
        first, second = np.triu_indices(size, 1)
        errors[first, second] = errors[second, first] = self._errors(named)
        at = np.ix_(rows, rows)
        minutes, error = _known(self._times.minutes[at], self._times.log_errors(at))
        ways = minutes[..., None] * np.exp(error[..., None] * errors)
        ways[range(size), range(size)] = np.inf
        return ZoneDraws(
            len(members),
            pairs.sum(axis=0),
            pairs.max(axis=0),
            np.asarray(ways.min(axis=0).max(axis=0)),
        )

    def between(self, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
        """Return m(i, j) of some pairs of lycées, ``float[pair, draw]``."""
        minutes, error = self._both_ways(pairs)
        return minutes[:, None] * self._factors(pairs, error)

    def factors(self, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
        """Return the factors of the minutes of some pairs, ``float[pair, draw]``."""
        return self._factors(pairs, self._both_ways(pairs)[1])

    def _factors(
        self, pairs: list[tuple[str, str]], error: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        if not pairs:
            return np.zeros((0, self.draws))
        with np.errstate(over="ignore"):  # the error of an interval as wide as floats allow
            return np.exp(error[:, None] * self._errors(pairs).astype(np.float64))

    def _both_ways(
        self, pairs: list[tuple[str, str]]
    ) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
        """Return m(i, j) of some pairs, and the error of its logarithm."""
        times, index = self._times, self._times.origin_index
        first, second = ([index[pair[end]] for pair in pairs] for end in (0, 1))
        there, back = (first, second), (second, first)
        minutes = times.minutes[there] + times.minutes[back]
        return _known(minutes / 2, (times.log_errors(there) + times.log_errors(back)) / 2)

    def _errors(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """Return the standard normal error of each pair, ``float[pair, draw]``."""
        return np.stack([_error(self._way(*pair), *sorted(pair), self.draws) for pair in pairs])

    def _way(self, lycee_id: str, other: str) -> str:
        """Name the way between two lycées: between two towns, or between two places in a town."""
        towns = {self._towns.get(lycee_id, lycee_id), self._towns.get(other, other)}
        return " ".join(sorted(towns if len(towns) > 1 else (lycee_id, other)))


def _known(
    minutes: NDArray[np.float64], error: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float32]]:
    """Return minutes, ``inf`` if unreachable, and the error of their logarithm."""
    known = np.where(np.isnan(minutes), np.inf, minutes)
    # no error for an unreachable pair, nor for a pair in one place
    return known, np.where(np.isinf(known) | (known == 0), 0, error).astype(np.float32)


@lru_cache(maxsize=_PAIRS)
def _error(way: str, first: str, second: str, draws: int) -> NDArray[np.float32]:
    """Return the standard normal error of a pair, ``float[draw]``."""
    ends = np.float32(sqrt(ENDS_SHARE / 2)) * (normal(first, draws) + normal(second, draws))
    return np.float32(sqrt(1 - ENDS_SHARE)) * normal(way, draws) + ends


@lru_cache(maxsize=_PAIRS)
def normal(name: str, draws: int = DRAWS) -> NDArray[np.float32]:
    """Return standard normal numbers that depend on a name alone, ``float[draw]``."""
    key = blake2b(f"{_SEED} {name}".encode(), digest_size=16).digest()
    generator = np.random.Generator(np.random.Philox(key=int.from_bytes(key)))
    return generator.standard_normal(draws, np.float32)
