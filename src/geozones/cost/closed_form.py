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

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from geozones.cost.cover_table import CoverTable, RatedTable
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
#: A whole number of posts, and the next two, along a new first axis.
_NEXT = np.arange(3.0)[:, None, None]
#: Most lycées of a zone whose covers are worked out triple by triple.
_MANY = 16
#: Most values of covers that are worked out at once: they fit in a processor's cache.
_MOST_CELLS = 100_000
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
    # the posts of zones; a lycée out of reach of the others is never shared
    near = squares(zones.minutes <= 2 * zones.teams.shared_minutes, zones.size)
    shared = _SHARED * np.clip(zones.posts - 1, 0.0, 1.0)
    load = np.maximum(zones.needs.sum(axis=0), 1e-9) / zones.posts
    posts = _Posts(zones.needs, load, near.any(axis=1) * shared, near)
    residents = _residents(zones, posts)
    # half-days a week worked in j by residents of i, float[k, k, zone]. Who goes where is a
    # transportation problem from half-days sent to half-days received, that the least driving
    # solves: here by the doubly constrained gravity model, flows :math:`a_i b_j m_{ij}^{-4}` of
    # these sums, which is within 2 % of it
    sent, due = posts.sent(residents), posts.received(residents)
    pull = squares(1 / (zones.minutes + 1.0) ** _DISTANCE_POWER, zones.size)
    a = np.ones_like(sent)
    for _ in range(_ROUNDS):
        b = due / np.maximum(np.einsum("ijz,iz->jz", pull, a), 1e-30)
        a = sent / np.maximum(np.einsum("ijz,jz->iz", pull, b), 1e-30)
    flows: Floats = a[:, None] * pull * b
    answers = _Answers(zones, hypotheses, table, met)
    able = np.minimum(zones.needs / SLOTS, 1.0) * answers.slack
    tis_covers = answers.by_tis * zones.needs / total
    return Activity(
        week=_both_ways(flows) * (_ALONE / _DAY * met / total),
        visits=_both_ways(np.maximum(residents[:, None] - flows / _KNOWN, 0.0)),
        covers=_covers(zones.minutes, zones.needs, able) * (answers.slack_trips / total),
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


def _residents(zones: Zones, posts: "_Posts") -> Floats:
    """Return how many posts reside in each lycée, real: ``float[k, zone]``.

    Each lycée gets its share of the posts, by needs: whole posts first. The remaining posts reside
    one after the other where they save the most half-days from elsewhere, weighted by distance,
    among lycées that lack half-days within reach. Lycées that would save as much share a post.
    """
    due = zones.posts * zones.needs / np.maximum(zones.needs.sum(axis=0), 1e-9)
    residents = np.floor(due + 1e-9)
    left = zones.posts - residents.sum(axis=0)
    remoteness = squares(zones.minutes, zones.size).sum(axis=1)
    remote = 1 + _REMOTE * remoteness / np.maximum(remoteness.sum(axis=0), 1e-9)
    for step in range(int(np.ceil(left.max(initial=0.0) - 1e-9))):
        worth = posts.saved(residents) * remote
        worth *= np.clip(posts.lacking(residents) / posts.load, 0.0, 1.0)
        best = worth == worth.max(axis=0)
        residents += best / best.sum(axis=0) * np.clip(left - step, 0.0, 1.0)
    return residents


@dataclass(frozen=True, eq=False)
class _Posts:
    """Half-days that posts spend outside the lycée of their résidence, and get from others.

    A lycée needs n half-days, and R posts reside in it, each with the balanced load L. They
    spend elsewhere the half-days that it does not need, or that others must serve: each post is in
    two lycées, each lycée knows two posts, s half-days each at least. Between whole numbers of
    posts, figures are interpolated. ``near`` is 1 for pairs within reach, ``float[k, k, zone]``.
    """

    needs: Floats
    load: Floats
    shared: Floats
    near: Floats

    def sent(self, residents: Floats) -> Floats:
        r"""Return :math:`o = \max(R L - n, s R, R L - n + s (2 - R))`; 0 without posts."""
        whole = np.floor(residents)
        low, high = self._sent(whole + _NEXT[:2])
        sent: Floats = low + (residents - whole) * (high - low)
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

    def saved(self, residents: Floats) -> Floats:
        """Return the half-days from elsewhere that one post more in each lycée saves."""
        whole = np.floor(residents)
        sent = self._sent(whole + _NEXT)
        low, high = self.load + sent[:-1] - sent[1:]
        saved: Floats = low + (residents - whole) * (high - low)
        return saved

    def lacking(self, residents: Floats) -> Floats:
        """Return the half-days that lack within reach of each lycée, including itself."""
        short = self.needs - residents * self.load
        lacking: Floats = short + np.einsum("ijz,jz->iz", self.near, short)
        return lacking


def _both_ways(flows: Floats) -> Floats:
    """Return the flows of each pair, both directions together: ``float[pair, zone]``."""
    first, second = pairs_of(len(flows))
    legs: Floats = flows[first, second] + flows[second, first]
    return legs


def _covers(minutes: Floats, needs: Floats, able: Floats) -> Floats:
    """Return the origins of covers: ``float[pair, zone]``, half-days of need of each lycée.

    A colleague comes if no nearer one can; of two equally far, each comes first half of the time.
    ``able`` is the chance that a resident can come, ``float[k, zone]``.
    """
    size, columns = needs.shape
    legs = np.zeros_like(minutes)
    weigh, cells = (_by_rank, size**2) if size > _MANY else (_by_triple, size**3)
    most = max(_MOST_CELLS // cells, 1)
    for begin in range(0, columns, most):
        zones = slice(begin, begin + most)
        weights = weigh(squares(minutes[:, zones], size), able[:, zones])
        given = weights * (needs[:, zones] / np.maximum(weights.sum(axis=1), 1e-9))[:, None]
        legs[:, zones] = _both_ways(given)
    return legs


def _by_triple(minutes: Floats, able: Floats) -> Floats:
    """Return the chance of each colleague to come to each lycée, ``float[k, k, zone]``.

    It is a product over the other colleagues: fast for few lycées.
    """
    far, near = minutes[:, :, None], minutes[:, None]
    absent = 1 - ((far < near) + 0.5 * (far == near)) * able[:, None]
    own = np.arange(len(minutes))
    absent[own, own] = absent[:, own, own] = 1.0
    weights: Floats = able * absent.prod(axis=1)
    weights[own, own] = 0.0
    return weights


def _by_rank(minutes: Floats, able: Floats) -> Floats:
    """Return the same as `_by_triple` by running products, colleague by colleague outwards.

    It is fast for many lycées. A territory begins with such zones, before its zones are drawn.
    """
    return np.stack([_of_own(row, able, own) for own, row in enumerate(minutes)])


def _of_own(minutes: Floats, chance: Floats, own: int) -> Floats:
    others = np.delete(np.arange(len(minutes)), own)
    order = np.argsort(minutes[others].T, axis=1, kind="stable")
    far, able = (np.take_along_axis(each[others].T, order, 1) for each in (minutes, chance))
    # where those as far as each begin, and where they end
    place = np.arange(far.shape[1])
    differ = far[:, 1:] != far[:, :-1]
    edge = np.ones((len(far), 1), bool)
    start = np.maximum.accumulate(np.where(np.hstack([edge, differ]), place, 0), axis=1)
    last = np.where(np.hstack([differ, edge]), place + 1, far.shape[1])
    end = np.minimum.accumulate(last[:, ::-1], axis=1)[:, ::-1]
    beside = np.log1p(-able / 2)
    none_nearer = np.take_along_axis(_running(np.cumprod, 1 - able, 1.0), start, 1)
    halves = _running(np.cumsum, beside, 0.0)
    among = np.take_along_axis(halves, end, 1) - np.take_along_axis(halves, start, 1)
    weights = np.zeros((len(far), len(minutes)))
    np.put_along_axis(weights, others[order], able * none_nearer * np.exp(among - beside), 1)
    return weights.T


def _running(total: Callable[..., Floats], values: Floats, first: float) -> Floats:
    """Return the running total along each row, before each value and after the last."""
    return np.hstack([np.full((len(values), 1), first), total(values, axis=1)])


@lru_cache(maxsize=64)
def pairs_of(size: int) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return both lycées of each pair, in the order of ``itertools.combinations``."""
    first, second = np.triu_indices(size, 1)
    return first, second


def squares(pairs: Floats | NDArray[np.bool_], size: int) -> Floats:
    """Return symmetric tables of values of pairs, ``float[k, k, zone]``, 0 on diagonals.

    ``pairs`` is ``[pair, zone]``, pairs in the order of ``itertools.combinations``.
    """
    first, second = pairs_of(size)
    tables = np.zeros((size, size, pairs.shape[1]))
    tables[first, second] = tables[second, first] = pairs
    return tables
