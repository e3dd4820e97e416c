"""Covers by colleagues: table of the share of calls that nobody answers.

A zone has P posts. On a day each is absent or not: a Markov chain whose share of absent days is the
absence rate, and whose absences last ``absence_days`` on average. `tests/cost/test_properties.py`
holds this table against a simulation post by post, and `tests/cost/test_simulated_years.py` the
hours made of it against years of proposed weeks.

On a half-day a post serves with probability d a lycée that would have nobody without it; otherwise
it is slack: free, or with somebody who stays. Weeks are even: P (1 - d) posts are slack on each
half-day, rounded down on some and up on the others, whichever posts these are. One that is absent
and not slack makes a call. Each slack colleague present answers one call at most, and
``monthly_cap`` of them a month at most.

The state is (absent posts, interventions made this month by those present), the month being 18
days. They are spread among those present at random, no one over the cap. Some answers come from
the lycée itself, where a free colleague lives, and is no intervention. A post that becomes absent
takes an equal part of the interventions with it; a post that comes back brings half of one
(`_BROUGHT_BACK`, fitted to the simulation post by post).
"""

from dataclasses import dataclass, replace
from functools import lru_cache
from math import ceil, comb
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from geozones.domain.settings import TeamSettings
from geozones.domain.teams import MONTH_DAYS
from geozones.domain.times import Floats

#: Posts of the largest zone of the table; larger zones use its shares.
MOST_POSTS = 9
#: Absence rates of the tables, as multiples of the setting; shares are interpolated between two
#: rates.
RATES = (0.5, 1.0, 2.0)
#: Numbers of slack posts that are computed: 0 to `MOST_POSTS`.
_NODES = MOST_POSTS + 1
#: A monthly cap that nobody reaches: one call a half-day at most.
NO_CAP = 2 * MONTH_DAYS
#: Most states for the interventions of one post.
_MOST_STATES = 6
_BROUGHT_BACK = 0.5
#: Of P answers, those that come from the lycée itself; fitted to weeks proposed for random zones.
AT_HOME = 1.4


@dataclass(frozen=True, eq=False)
class CoverTable:
    """Share of calls without an answer, ``float[posts, slack]``, from 0 to 1."""

    unanswered: Floats

    def share(self, posts: Floats, due: Floats) -> Floats:
        """Return the share for whole numbers of posts and chances of a call, ``float[zone]``."""
        at, part = _place(posts, due)
        flat = self.unanswered.ravel()
        share: Floats = flat.take(at) * (1 - part) + flat.take(at + 1) * part
        return share


@dataclass(frozen=True, eq=False)
class RatedTable:
    """Shares with an absence rate for each zone."""

    #: Between which of the tables each zone is, ``int[zone]``, and how far from the first of both,
    #: ``float[zone]`` from 0 to 1.
    below: NDArray[np.int64]
    part: Floats
    unanswered: Floats  # As in `CoverTable`, ``float[rate, posts, slack]``.

    def share(self, posts: Floats, due: Floats) -> Floats:
        """Return the share, like `CoverTable.share`; arrays have as many zones as rates."""
        at, part = _place(posts, due)
        flat, size = self.unanswered.ravel(), self.unanswered[0].size
        total: Floats = np.zeros(len(self.part))
        for rate, weight in ((self.below, 1 - self.part), (self.below + 1, self.part)):
            here = rate * size + at
            total += weight * (flat.take(here) * (1 - part) + flat.take(here + 1) * part)
        return total

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
    return RatedTable(below, part, np.stack([table.unanswered for table in tables]))


def _place(posts: Floats, due: Floats) -> tuple[NDArray[np.int64], Floats]:
    """Return the place of each zone in a flat table, and the share of the calls of the next one."""
    row = np.clip(posts, 0, MOST_POSTS)
    slack = row * (1 - np.clip(due, 0, 1))
    node = np.minimum(np.floor(slack), _NODES - 2)
    # half-days with one slack post more have one call less
    calls = (slack - node) * np.maximum(row - node - 1, 0) / np.maximum(row - slack, 1e-9)
    return (row * _NODES + node).astype(np.int64), np.minimum(calls, 1.0)


def table_of(settings: TeamSettings) -> CoverTable:
    """Return the table for hypotheses about teams."""
    return cover_table(settings.absence_rate, settings.absence_days, settings.monthly_cap)


def tables_of(settings: TeamSettings) -> tuple[CoverTable, CoverTable]:
    """Return the tables under the monthly cap and without it."""
    uncapped = cover_table(settings.absence_rate, settings.absence_days, NO_CAP)
    return table_of(settings), uncapped


#: A table takes 0.2 s of the one thread that computes: those that need it too wait for it.
_COMPUTING = Lock()


def cover_table(absence_rate: float, absence_days: float, monthly_cap: int) -> CoverTable:
    """Return the table for some hypotheses; computed once per process."""
    with _COMPUTING:
        return _computed(absence_rate, absence_days, monthly_cap)


@lru_cache(maxsize=256)
def _computed(absence_rate: float, absence_days: float, monthly_cap: int) -> CoverTable:
    unanswered = np.ones((MOST_POSTS + 1, _NODES))
    for posts in range(2, MOST_POSTS + 1):
        month = _Month(posts, absence_rate, absence_days, monthly_cap)
        for slack in range(1, posts):
            unanswered[posts, slack] = month.share(slack)
        unanswered[posts, posts:] = unanswered[posts, posts - 1]  # without calls: the rarest ones
    # another slack post, never called, would not lose more
    return CoverTable(np.minimum.accumulate(unanswered, axis=1))


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
        self.cap = min(cap, NO_CAP)
        # a free colleague who lives at the lycée that calls makes no intervention
        self.away = 1 - AT_HOME / posts
        # calls are counted in multiples of `unit`, so that a high cap needs no more states
        self.unit = max(ceil(self.cap / _MOST_STATES), 1)
        self.made = np.arange(ceil(self.cap / self.unit) * posts + 1)
        most, size = len(self.made) - 1, len(self.made)
        table = np.zeros((self.posts + 1, size, self.posts + 1, size))
        for absent in range(self.posts + 1):
            present = self.posts - absent
            for gone, leaving in enumerate(_binomial(present, self.start)):
                for back, returning in enumerate(_binomial(absent, self.leave)):
                    change = (_BROUGHT_BACK * back - gone) / present if present else -1.0
                    made = np.minimum(self.made * (1 + change), most)
                    self._add(table[absent, :, absent + gone - back], made, leaving * returning)
        self.overnight = table.reshape((self.posts + 1) * size, -1)

    def share(self, slack: int) -> float:
        """Return the share of calls without an answer, for so many slack posts; some are not."""
        step, calls, answered = self._half_day(slack)
        state = np.zeros((self.posts + 1, len(self.made)))
        state[:, 0] = _binomial(self.posts, self.rate)
        states = state.ravel()
        sums = np.zeros(2)
        effects = np.column_stack([calls, answered])
        for day in range(MONTH_DAYS):
            states = states @ self.overnight if day else states
            for _ in range(2):
                sums += states @ effects
                states = states @ step
        if sums[0] == 0:  # an absence rate of 0: the share for the rarest absences
            return _Month(self.posts, 1e-4, 1 / self.leave, self.cap).share(slack)
        return float(1 - sums[1] / sums[0])

    def _add(self, table: Floats, made: Floats, chance: float | Floats) -> None:
        """Add a transition probability from each count of calls to ``made``, split if not whole."""
        low = np.floor(made).astype(np.int64)
        table[self.made, low] += chance * (1 - made + low)
        table[self.made, np.minimum(low + 1, len(self.made) - 1)] += chance * (made - low)

    def _may_come(self, present: int) -> Floats:
        """Return the chance that one of those present made fewer interventions than the cap.

        The interventions of the month are spread among them at random.
        """
        if self.cap == NO_CAP or not present:
            return np.ones(len(self.made))
        made = self.made * self.unit
        share = 1 / present
        # how many ways there are to choose so many of each count
        chances = [
            np.array([float(comb(count, few)) for count in made.tolist()])
            * share**few
            * (1 - share) ** np.maximum(made - few, 0)
            for few in range(self.cap)
        ]
        # as many interventions are left as all of them may still make
        left = np.maximum(self.cap - made / present, 0.0)
        return np.minimum(np.minimum(np.sum(chances, axis=0), left), 1.0)

    def _half_day(self, slack: int) -> tuple[Floats, Floats, Floats]:
        """Return state probabilities after a half-day, expected calls, expected answers."""
        size = len(self.made)
        step = np.zeros((self.posts + 1, size, self.posts + 1, size))
        called, answered = np.zeros((2, self.posts + 1, size))
        for absent in range(self.posts + 1):
            present = self.posts - absent
            may = self._may_come(present)
            for calls in range(max(absent - slack, 0), min(absent, self.posts - slack) + 1):
                idle = absent - calls  # slack posts that are absent
                ways = comb(slack, idle) * comb(self.posts - slack, calls)
                chance = ways / comb(self.posts, absent)
                called[absent] += calls * chance
                for able, part in enumerate(_binomial(slack - idle, may)):
                    done = min(calls, able)
                    answered[absent] += done * chance * part
                    made = np.minimum(self.made + done * self.away / self.unit, size - 1)
                    self._add(step[absent, :, absent], made, chance * part)
        states = (self.posts + 1) * size
        return step.reshape(states, -1), called.ravel(), answered.ravel()


def _binomial(count: int, chance: float | Floats) -> Floats:
    """Return the probabilities of 0 to ``count`` successes, ``float[count + 1, ...]``."""
    return np.array(
        [comb(count, k) * chance**k * (1 - chance) ** (count - k) for k in range(count + 1)]
    )
