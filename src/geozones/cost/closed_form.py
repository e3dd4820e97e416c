r"""Closed form of the yearly activity of zones, from needs, minutes and a number of posts.

If nobody defined the posts, they are assumed as the document wants them, and as a proposal
makes them (`geozones.teams`): as many as the needs fill, loads balanced, each post in two lycées at
least and each lycée known by two of them at least, the least driving.

The service is that of `geozones.teams.zone_cover` in expectation, by even weeks: each lycée has
somebody due on as many half-days as its need allows, ten at most; these are E in all. A post serves
a lycée alone with probability E / (10 × posts), and is slack otherwise: slack colleagues come where
an absence leaves a lycée without anyone (`geozones.cost.cover_table`). Where none does, the lycée
has nobody.
"""

from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.cost.cover_table import (
    MANY,
    CoverTable,
    RatedTable,
    covers_of_many,
    lacking_of_many,
    squares,
)
from geozones.cost.items import Activity, Hypotheses, Service
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import SLOTS
from geozones.domain.times import Floats

#: Half-days of a day: one trip there and back.
_DAY = 2
#: Weight of the remoter of two lycées with the same claim to another post.
_REMOTE = 0.5
#: Least half-days that a post spends in another lycée, and another post in its own; trips of a week
#: for each two half-days elsewhere, since some half-days are alone on their day; half-days in a
#: lycée from which a post knows it, so that it makes no visit there. Fitted to the weeks proposed
#: for random zones, none of the shipped plan: ``tests/fixtures/cost/make.py``.
_SHARED, _ALONE, _KNOWN = 1.4, 1.13, 1.7
#: Power of the gravity model, and rounds of its balancing.
_DISTANCE_POWER = 4
_ROUNDS = 6
#: Trips there and back per half-day that a slack colleague covers: half a trip for a whole day.
#: Fitted to the same weeks.
_TRIPS = 0.7
#: Unanswered calls come together, since an absent colleague answers no other call. The number of
#: calls at once is modelled as binomial with a mean this many times larger; fitted to simulated
#: years with T.I.S.
_TOGETHER = 2.1


@dataclass(frozen=True, eq=False)
class Zones:
    """Zones of k lycées each, as arrays; legs are trips there and back."""

    needs: Floats  # ``float[k, zone]``, half-days of need a week; above 0 in all.
    #: ``float[pair, zone]``, minutes there and back between two lycées, in the order of
    #: ``combinations(range(k), 2)``; ``inf`` if unreachable.
    minutes: Floats
    posts: Floats  # ``float[zone]``, whole numbers of posts.
    #: ``bool[k, zone]``, whether the sector of each lycée has a known support centre.
    centred: NDArray[np.bool_]
    #: ``float[zone]``, T.I.S. who come from the centre where no colleague can: 0 unless they
    #: replace (``tis_replaces``).
    technicians: Floats
    #: Absences, and the longest drive from a résidence to another lycée of a post
    #: (``shared_minutes``).
    teams: TeamSettings = field(default_factory=TeamSettings)

    @property
    def size(self) -> int:
        """Lycées of a zone, k."""
        return len(self.needs)


def whole_posts(needs: Floats) -> Floats:
    """Return the posts that needs (``float[k, zone]``) fill: over ten half-days, rounded up."""
    return np.maximum(np.ceil(needs.sum(axis=0) / SLOTS - 1e-9), 1.0)


def unmet_needs(needs: Floats, posts: Floats) -> Floats:
    """Return the half-days of need a week that no post gives, ``float[zone]``."""
    unmet: Floats = np.maximum(needs.sum(axis=0) - SLOTS * posts, 0.0)
    return unmet


def activity_of(zones: Zones, hypotheses: Hypotheses, table: CoverTable | RatedTable) -> Activity:
    """Return the activity that the posts of zones would have; see the module."""
    total = np.maximum(zones.needs.sum(axis=0), 1e-9)
    unmet = unmet_needs(zones.needs, zones.posts)
    met = total - unmet
    posts = _posts(zones)
    residents = _residents(zones, posts)
    flows = _flows(zones, posts, residents)
    answers = _Answers(zones, hypotheses, table, met)
    nearer = _nearer(zones)
    tis_covers = answers.by_tis * zones.needs / total
    return Activity(
        week=_both_ways(flows, zones) * (_ALONE / _DAY * met / total),
        visits=_visits(zones, residents, flows),
        covers=_covers(zones, nearer, answers.slack) * (answers.slack_trips / total),
        tis=zones.centred.astype(np.float64),
        tis_covers=tis_covers * _TRIPS,
        service=answers.service(),
        unmet=unmet,
    )


class _Answers:
    """Answers to the half-days missed in a year, ``float[zone]`` each.

    ``met`` are the half-days a week that posts give.
    """

    def __init__(
        self,
        zones: Zones,
        hypotheses: Hypotheses,
        table: CoverTable | RatedTable,
        met: Floats,
    ) -> None:
        rate = hypotheses.absence_rate
        capacity, year = SLOTS * zones.posts, rate * hypotheses.weeks
        self.missed = year * met
        wanted: Floats = np.minimum(zones.needs, SLOTS).sum(axis=0)  # even weeks
        attended = np.minimum(wanted, met)
        due = attended / capacity
        called = year * attended
        left = called * table.share(zones.posts, due)
        at_once = _TOGETHER * left / np.maximum(SLOTS * hypotheses.weeks, 1e-9)
        self.by_tis = left * _answered(at_once, zones.posts, zones.technicians)
        self.unattended = left - self.by_tis
        # a lycée with two people needs nobody unless both are absent
        empty = called - year * (1 - rate) * (met - attended)
        self._answered = np.maximum(empty - left, 0.0)
        self.slack = 1 - due
        spare = np.maximum(capacity - attended, 1e-9)
        self._free_share = (capacity - met) / spare

    @property
    def slack_trips(self) -> Floats:
        """Trips there and back of slack colleagues."""
        return self._answered * _TRIPS

    def service(self) -> Service:
        """Return the half-days of the year."""
        given = self._answered * self._free_share
        return {
            "missed": self.missed,
            "given_free": given,
            "given_by_tis": self.by_tis,
            "displaced": self._answered - given,
            "unattended": self.unattended,
            "reduced": self.missed - given - self.by_tis - self.unattended,
        }


def _answered(calls: Floats, posts: Floats, technicians: Floats) -> Floats:
    """Return the share of calls that so many T.I.S. answer, each one call at once.

    ``calls`` is the mean number of calls at once: a binomial number, one call a post at most.
    """
    if not technicians.any():
        return np.zeros_like(posts)
    chance = np.clip(calls / posts, 0.0, 1.0 - 1e-9)
    exactly = (1 - chance) ** posts
    more = np.ones_like(exactly)
    answered: Floats = np.zeros_like(exactly)
    for known in range(int(technicians.max())):
        more = more - exactly
        answered += more * (technicians > known)
        exactly = exactly * (posts - known) / (known + 1) * chance / (1 - chance)
    share: Floats = np.minimum(answered / np.maximum(calls, 1e-12), 1.0)
    return share


def _rows(size: int) -> dict[tuple[int, int], int]:
    """Return the row of each pair of lycées, in both orders."""
    rows = {pair: row for row, pair in enumerate(combinations(range(size), 2))}
    return rows | {(j, i): row for (i, j), row in rows.items()}


def _others(size: int, *but: int) -> list[int]:
    return [lycee for lycee in range(size) if lycee not in but]


#: Whether j is nearer than m for lycée i: ``float[zone]`` by (i, j, m).
type _Nearer = dict[tuple[int, int, int], Floats]


def _nearer(zones: Zones) -> _Nearer:
    """Return by (i, j, m) whether j is nearer than m for lycée i: 0 or 1, ½ if equally far.

    Nothing for zones of more than `MANY` lycées, which `covers_of_many` ranks instead.
    """
    rows, nearer = _rows(zones.size), {}
    for i in range(zones.size if zones.size <= MANY else 0):
        for j, m in combinations(_others(zones.size, i), 2):
            first, other = zones.minutes[rows[i, j]], zones.minutes[rows[i, m]]
            nearer[i, j, m] = (first < other) * 0.5 + (first <= other) * 0.5
            nearer[i, m, j] = 1 - nearer[i, j, m]
    return nearer


def _residents(zones: Zones, posts: "_Posts") -> Floats:
    """Return how many posts reside in each lycée, real: ``float[k, zone]``.

    Each lycée gets its share of the posts, by needs: whole posts first. The remaining posts reside
    one after the other where they save the most half-days from elsewhere, weighted by distance,
    among lycées that lack half-days within reach. Lycées that would save as much share a post.
    """
    due = zones.posts * zones.needs / np.maximum(zones.needs.sum(axis=0), 1e-9)
    residents = np.floor(due + 1e-9)
    left = zones.posts - residents.sum(axis=0)
    remoteness = _mean_minutes(zones)
    remote = 1 + _REMOTE * remoteness / np.maximum(remoteness.sum(axis=0), 1e-9)
    for step in range(int(np.ceil(left.max(initial=0.0) - 1e-9))):
        worth = (posts.received(residents) - posts.received(residents + 1)) * remote
        worth *= np.clip(posts.lacking(residents) / posts.load, 0.0, 1.0)
        best = worth == worth.max(axis=0)
        residents += best / best.sum(axis=0) * np.clip(left - step, 0.0, 1.0)
    return residents


def _mean_minutes(zones: Zones) -> Floats:
    """Return the sum of the minutes there and back to the others, ``float[k, zone]``."""
    total = np.zeros_like(zones.needs)
    for row, (i, j) in enumerate(combinations(range(zones.size), 2)):
        total[i] += zones.minutes[row]
        total[j] += zones.minutes[row]
    return total


@dataclass(frozen=True, eq=False)
class _Posts:
    """Half-days that posts spend outside the lycée of their résidence, and get from others.

    A lycée needs n half-days, and R posts reside in it, each with the balanced load L. They
    spend elsewhere the half-days that it does not need, or that others must serve: each post is in
    two lycées, each lycée knows two posts, s half-days each at least. Between whole numbers of
    posts, figures are interpolated. ``near`` is whether each pair is within reach.
    """

    needs: Floats
    load: Floats
    shared: Floats
    near: NDArray[np.bool_]

    def sent(self, residents: Floats) -> Floats:
        r"""Return :math:`o = \max(R L - n, s R, R L - n + s (2 - R))`; 0 without posts."""
        whole = np.floor(residents)
        part = residents - whole
        sent: Floats = (1 - part) * self._sent(whole) + part * self._sent(whole + 1)
        return sent

    def _sent(self, residents: Floats) -> Floats:
        spare = residents * self.load - self.needs
        for_two = spare + self.shared * np.maximum(2 - residents, 0.0)
        sent = np.maximum(np.maximum(spare, self.shared * residents), for_two)
        return sent * (residents > 0)

    def received(self, residents: Floats) -> Floats:
        """Return :math:`d = n - R L + o`."""
        received: Floats = self.needs - residents * self.load + self.sent(residents)
        return received

    @cached_property
    def _reach(self) -> Floats:
        return squares(self.near, len(self.needs))

    def lacking(self, residents: Floats) -> Floats:
        """Return the half-days that lack within reach of each lycée, including itself."""
        short = self.needs - residents * self.load
        if len(short) > MANY:
            return lacking_of_many(short, self._reach)
        lacking = short.copy()
        for near, (i, j) in zip(self.near, combinations(range(len(short)), 2), strict=True):
            lacking[i] += short[j] * near
            lacking[j] += short[i] * near
        return lacking


def _posts(zones: Zones) -> _Posts:
    """Return the posts of zones; a lycée out of reach of the others is never shared."""
    near = zones.minutes <= 2 * zones.teams.shared_minutes
    shared = np.zeros(zones.needs.shape, bool)
    for row, (i, j) in zip(near, combinations(range(zones.size), 2), strict=True):
        shared[i] |= row
        shared[j] |= row
    least = shared * (_SHARED * np.clip(zones.posts - 1, 0.0, 1.0))
    load = np.maximum(zones.needs.sum(axis=0), 1e-9) / zones.posts
    return _Posts(zones.needs, load, least, near)


def _flows(zones: Zones, posts: _Posts, residents: Floats) -> dict[tuple[int, int], Floats]:
    r"""Return half-days a week worked in j by residents of i, ``float[zone]`` by (i, j).

    Who goes where is a transportation problem from half-days sent to half-days received, that the
    least driving solves: here by the doubly constrained gravity model, flows
    :math:`a_i b_j m_{ij}^{-4}` of these sums, which is within 2 % of it.
    """
    size, rows = zones.size, _rows(zones.size)
    sent, due = posts.sent(residents), posts.received(residents)
    pull = 1 / (zones.minutes + 1.0) ** _DISTANCE_POWER
    a, b = np.ones_like(sent), np.ones_like(sent)
    for _ in range(_ROUNDS):
        for j in range(size):
            reach = sum(a[i] * pull[rows[i, j]] for i in _others(size, j))
            b[j] = due[j] / np.maximum(reach, 1e-30)
        for i in range(size):
            reach = sum(b[j] * pull[rows[i, j]] for j in _others(size, i))
            a[i] = sent[i] / np.maximum(reach, 1e-30)
    return {(i, j): a[i] * pull[row] * b[j] for (i, j), row in rows.items()}


def _both_ways(flows: dict[tuple[int, int], Floats], zones: Zones) -> Floats:
    """Return the flows of each pair, both directions together: ``float[pair, zone]``."""
    pairs = combinations(range(zones.size), 2)
    legs = [flows[i, j] + flows[j, i] for i, j in pairs]
    return np.array(legs) if legs else np.zeros_like(zones.minutes)


def _visits(zones: Zones, residents: Floats, flows: dict[tuple[int, int], Floats]) -> Floats:
    """Return the trips of one visit by each post to each other lycée."""
    unknown = {
        (i, j): np.maximum(residents[i] - np.minimum(flow / _KNOWN, residents[i]), 0.0)
        for (i, j), flow in flows.items()
    }
    return _both_ways(unknown, zones)


def _covers(zones: Zones, nearer: _Nearer, able: Floats) -> Floats:
    """Return the origins of covers: ``float[pair, zone]``, half-days of need of each lycée.

    The nearest colleague who can comes; ``able`` is the chance of one who is present.
    """
    size, rows = zones.size, _rows(zones.size)
    chance = np.minimum(zones.needs / SLOTS, 1.0) * able
    if size > MANY:
        return covers_of_many(zones.minutes, zones.needs, chance)
    legs = np.zeros_like(zones.minutes)
    for i in range(size):
        others = _others(size, i)
        weights = []
        for j in others:
            weight = chance[j].copy()
            for m in others:
                if m != j:
                    weight *= 1 - nearer[i, m, j] * chance[m]
            weights.append(weight)
        if others:
            share = zones.needs[i] / np.maximum(sum(weights), 1e-9)
            for j, weight in zip(others, weights, strict=True):
                legs[rows[i, j]] += weight * share
    return legs
