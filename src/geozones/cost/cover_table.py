r"""Table of the share of missed half-days that nobody covers, under the monthly cap.

A zone has P posts. On a day each is absent or not: a Markov chain whose share of absent days is the
absence rate, and whose absences last ``absence_days`` on average, as in `geozones.teams.simulate`.
On a half-day an absent post is due somewhere and nobody else is there with probability d. Each
colleague present covers one at most, and makes ``monthly_cap`` interventions a month at most.

The state is (absent posts, interventions made this month by those present), the month being 18
days. Whoever leaves takes an equal part of the interventions with them; whoever comes back brings a
third of one (`_BROUGHT_BACK`): what fits a simulation of each post by itself, which the share found
is within 2 % of for the default hypotheses. All the rest is exact.
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, comb

import numpy as np
from numpy.typing import NDArray

from geozones.domain.settings import TeamSettings

type Floats = NDArray[np.float64]

#: Posts of the largest zone of the table; larger zones use its shares.
MOST_POSTS = 9
#: Absence rates of the tables, as multiples of the setting; shares are interpolated between two
#: rates.
RATES = (0.5, 1.0, 2.0)
#: Chances d that are computed; shares are interpolated between two chances.
_DUE = (0.0, 0.25, 0.5, 0.75, 1.0)
_MONTH_DAYS = 18
#: Most states for the calls of one post.
_MOST_STATES = 6
_BROUGHT_BACK = 1 / 3


@dataclass(frozen=True, eq=False)
class CoverTable:
    """Shares by number of posts and chance of a call, ``float[posts, due]``, from 0 to 1.

    Parameters
    ----------
    uncovered
        Share not covered among missed half-days with nobody else in the lycée.
    next_one
        Ratio r between the chances of each colleague, in order of preference: they
        come with chances 1, r, r², … scaled to their sum; 0 if the first always comes.
    """

    uncovered: Floats
    next_one: Floats

    def shares(self, posts: Floats, due: Floats) -> tuple[Floats, Floats]:
        """Return both shares for numbers of posts (interpolated) and chances of a call."""
        at, corners = _corners(posts, due)
        uncovered, next_one = (
            sum((table.take(at + step) * weight for step, weight in corners), np.zeros(()))
            for table in (self.uncovered, self.next_one)
        )
        return uncovered, next_one


@dataclass(frozen=True, eq=False)
class RatedTable:
    """Shares with an absence rate for each zone.

    Parameters
    ----------
    below, part
        Between which of the tables each zone is, ``int[zone]``, and how far from the first of both,
        ``float[zone]`` from 0 to 1.
    uncovered, next_one
        As in `CoverTable`, ``float[rate, posts, due]``.
    """

    below: NDArray[np.int64]
    part: Floats
    uncovered: Floats
    next_one: Floats

    def shares(self, posts: Floats, due: Floats) -> tuple[Floats, Floats]:
        """Return both shares, like `CoverTable.shares`; arrays have as many zones as rates."""
        at, corners = _corners(posts, due)
        table = self.uncovered[0].size
        uncovered, next_one = np.zeros((2, len(self.part)))
        for rate, share in ((self.below, 1 - self.part), (self.below + 1, self.part)):
            for step, weight in corners:
                place, weighed = rate * table + at + step, weight * share
                uncovered += self.uncovered.take(place) * weighed
                next_one += self.next_one.take(place) * weighed
        return uncovered, next_one

    def take(self, zones: NDArray[np.int64]) -> "RatedTable":
        """Return the table of some of the zones, in their order, possibly repeated."""
        return replace(self, below=self.below[zones], part=self.part[zones])


def rated_table(settings: TeamSettings, rates: Floats) -> RatedTable:
    """Return the table for absence rates, ``float[zone]``, near the rate of the settings.

    Tables are computed at `RATES` times the setting; rates out of range use the nearest table.
    """
    nodes = np.unique(np.clip(settings.absence_rate * np.array(RATES), 0.0, 1.0))
    if len(nodes) == 1:
        nodes = np.repeat(nodes, 2)
    tables = [
        cover_table(float(rate), settings.absence_days, settings.monthly_cap) for rate in nodes
    ]
    below = np.clip(np.searchsorted(nodes, rates), 1, len(nodes) - 1) - 1
    width = nodes[below + 1] - nodes[below]
    part = np.clip((rates - nodes[below]) / np.where(width > 0, width, 1.0), 0.0, 1.0)
    return RatedTable(
        below,
        part,
        np.stack([table.uncovered for table in tables]),
        np.stack([table.next_one for table in tables]),
    )


def _corners(
    posts: Floats, due: Floats
) -> tuple[NDArray[np.int64], tuple[tuple[int, Floats], ...]]:
    """Return the place of each zone in a flat table, and its four neighbours with their weights."""
    row, column = np.clip(posts, 0, MOST_POSTS), np.clip(due, 0, 1) * (len(_DUE) - 1)
    top = np.minimum(np.floor(row), MOST_POSTS - 1)
    left = np.minimum(np.floor(column), len(_DUE) - 2)
    down, right = row - top, column - left
    at = top.astype(np.int64) * len(_DUE) + left.astype(np.int64)
    return at, (
        (0, (1 - down) * (1 - right)),
        (1, (1 - down) * right),
        (len(_DUE), down * (1 - right)),
        (len(_DUE) + 1, down * right),
    )


def table_of(settings: TeamSettings) -> CoverTable:
    """Return the table for hypotheses about teams."""
    return cover_table(settings.absence_rate, settings.absence_days, settings.monthly_cap)


@lru_cache(maxsize=256)
def cover_table(absence_rate: float, absence_days: float, monthly_cap: int) -> CoverTable:
    """Return the table for some hypotheses; computed once per process."""
    shape = (MOST_POSTS + 1, len(_DUE))
    uncovered, next_one = np.ones(shape), np.zeros(shape)
    for posts in range(2, MOST_POSTS + 1):
        month = _Month(posts, absence_rate, absence_days, monthly_cap)
        for column, due in enumerate(_DUE):
            uncovered[posts, column], next_one[posts, column] = month.shares(due)
    # another colleague, never called, would not lose more
    return CoverTable(np.minimum.accumulate(uncovered, axis=0), next_one)


class _Month:
    """Markov chain of a month, for a number of posts.

    States are (absent, made) flattened; ``made`` never exceeds the total cap of all posts.
    """

    def __init__(self, posts: int, rate: float, days: float, cap: int) -> None:
        self.posts, self.rate = posts, rate
        self.leave, self.start = 1 / days, rate / days / max(1 - rate, 1e-9)
        if self.start > 1:  # a rate so high that absences must last longer
            self.leave, self.start = (1 - rate) / rate, 1.0
        # nobody is called more than once a half-day
        self.cap = min(cap, 2 * _MONTH_DAYS)
        # calls are counted in multiples of `unit`, so that a high cap needs no more states
        self.unit = max(ceil(self.cap / _MOST_STATES), 1)
        self.made = np.arange(ceil(self.cap / self.unit) * posts + 1)
        self.overnight = self._overnight()

    def shares(self, due: float) -> tuple[float, float]:
        """Return both shares of `CoverTable`, for a chance of a call."""
        # without calls, use the shares at the smallest chance
        step, missed, covered, ranks = self._half_day(max(due, 0.01))
        state = np.zeros((self.posts + 1, len(self.made)))
        state[:, 0] = _binomial(self.posts, self.rate)
        states = state.ravel()
        sums = np.zeros(2 + ranks.shape[1])
        effects = np.column_stack([missed, covered, ranks])
        for day in range(_MONTH_DAYS):
            states = states @ self.overnight if day else states
            for _ in range(2):
                sums += states @ effects
                states = states @ step
        if sums[0] == 0:
            return self._never_away(due)
        return 1 - sums[1] / sums[0], _geometric(sums[2:])

    def _never_away(self, due: float) -> tuple[float, float]:
        """Return the shares for an absence rate of 0: the shares for the rarest absences."""
        month = _Month(self.posts, 1e-4, 1 / self.leave, self.cap)
        return month.shares(due)

    def _overnight(self) -> Floats:
        """Return the transition probabilities from each state to the next day's states."""
        most, size = len(self.made) - 1, len(self.made)
        table = np.zeros((self.posts + 1, size, self.posts + 1, size))
        for absent in range(self.posts + 1):
            present = self.posts - absent
            for gone, leaving in enumerate(_binomial(present, self.start)):
                for back, returning in enumerate(_binomial(absent, self.leave)):
                    change = (_BROUGHT_BACK * back - gone) / present if present else -1.0
                    made = np.minimum(self.made * (1 + change), most)
                    self._add(table[absent, :, absent + gone - back], made, leaving * returning)
        return table.reshape((self.posts + 1) * size, -1)

    def _add(self, table: Floats, made: Floats, chance: float) -> None:
        """Add a transition probability from each count of calls to ``made``, split if not whole."""
        low = np.floor(made).astype(np.int64)
        table[self.made, low] += chance * (1 - made + low)
        table[self.made, np.minimum(low + 1, len(self.made) - 1)] += chance * (made - low)

    def _half_day(self, due: float) -> tuple[Floats, Floats, Floats, Floats]:
        """Return state probabilities after a half-day, calls, covers, covers by rank."""
        size = len(self.made)
        step = np.zeros((self.posts + 1, size, self.posts + 1, size))
        missed, covered = np.zeros((2, self.posts + 1, size))
        ranks = np.zeros((self.posts + 1, size, self.posts))
        for absent in range(self.posts + 1):
            present = self.posts - absent
            left = np.maximum(self.cap * present - self.made * self.unit, 0)
            if self.cap == 2 * _MONTH_DAYS:
                left = np.full_like(self.made, self.cap * present)
            spent = self.made * self.unit // self.cap if self.cap else self.made
            for calls, chance in enumerate(_binomial(absent, due)):
                done = np.minimum(np.minimum(calls, present), left)
                missed[absent] += calls * chance
                covered[absent] += done * chance
                made = np.minimum(self.made + done / self.unit, size - 1)
                self._add(step[absent, :, absent], made, chance)
                for rank in range(calls):
                    here = rank < done
                    first = np.minimum(spent + rank, max(present - 1, 0))
                    ranks[absent, self.made[here], first[here]] += chance
        states = (self.posts + 1) * size
        return (
            step.reshape(states, -1),
            missed.ravel(),
            covered.ravel(),
            ranks.reshape(states, -1),
        )


def _geometric(ranks: Floats) -> float:
    """Return the ratio of the geometric law over the ranks with the covers' mean rank."""
    total = ranks.sum()
    if total == 0:
        return 0.0
    count = max(len(ranks) - 1, 1)  # at least one colleague is absent
    places = np.arange(count)
    mean = float(ranks @ np.minimum(np.arange(len(ranks)), count - 1)) / total
    low, high = 0.0, 4.0
    for _ in range(40):
        ratio = (low + high) / 2
        weights = ratio**places
        low, high = (ratio, high) if weights @ places / weights.sum() < mean else (low, ratio)
    return ratio


def _binomial(count: int, chance: float) -> Floats:
    """Return the probabilities of 0 to ``count`` successes."""
    return np.array(
        [comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)]
    )
