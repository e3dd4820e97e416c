"""Exact yearly activity of a zone from its posts: grids, résidences, replacements."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import Activity, Hypotheses
from geozones.cost.cover_table import CoverTable
from geozones.domain.teams import DAYS, FREE, SLOTS, Post

type Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class StaffedZone:
    """Zone whose posts are defined.

    Parameters
    ----------
    lycees
        Its k lycées (ids).
    needs
        Half-days a week by lycée.
    minutes
        ``float[k, k]``, one way from the row to the column; ``inf`` if unreachable.
    posts
        Posts of the zone; half-days in a lycée of another zone are ignored.
    alone_minutes
        Penalty on the drive of a colleague who would leave a lycée without anyone.
    centred
        Whether the support centre of its sector is known.
    tis_replace
        Whether T.I.S. replace from the centre where no colleague can.
    """

    lycees: tuple[str, ...]
    needs: Mapping[str, int]
    minutes: Floats
    posts: tuple[Post, ...]
    alone_minutes: float
    centred: bool = False
    tis_replace: bool = False

    @property
    def size(self) -> int:
        """Lycées of the zone, k."""
        return len(self.lycees)

    @cached_property
    def _rank(self) -> dict[str, int]:
        return {lycee: rank for rank, lycee in enumerate(self.lycees)}

    @cached_property
    def homes(self) -> tuple[int | None, ...]:
        """The résidence of each post, by rank; ``None`` out of the zone."""
        return tuple(self._rank.get(post.home or "") for post in self.posts)

    @cached_property
    def due(self) -> tuple[tuple[int | None, ...], ...]:
        """Place of each post on each half-day, by rank; ``None`` for no lycée of the zone."""
        return tuple(
            tuple(self._rank.get(cell or "") for cell in post.cells) for post in self.posts
        )

    def place(self, post: int, slot: int) -> int | None:
        """Return the place from which a post (by rank) can be called; ``None`` if not at work."""
        if self.posts[post].cells[slot] == FREE:
            return self.homes[post]
        return self.due[post][slot]

    @cached_property
    def given(self) -> dict[str, int]:
        """Half-days a week that posts give each lycée (id)."""
        counts = dict.fromkeys(self.lycees, 0)
        for week in self.due:
            for lycee in week:
                if lycee is not None:
                    counts[self.lycees[lycee]] += 1
        return counts


def activity_of_posts(zone: StaffedZone, hypotheses: Hypotheses, table: CoverTable) -> Activity:
    """Return the activity of the posts of a zone; legs are drives one way, ``float[k, k]``.

    Each post is considered absent by itself; ``table`` accounts for other absences and the monthly
    cap: if nobody else present is in the lycée, its share is not covered, and colleagues divide the
    rest, the nearer the more.
    """
    covers = _Covers(zone, table, float(hypotheses.absence_rate))
    scale = float(hypotheses.absence_rate) * float(hypotheses.weeks)
    unmet = sum(max(need - zone.given[key], 0) for key, need in zone.needs.items())
    return Activity(
        week=_week(zone),
        visits=_visits(zone),
        covers=covers.legs * scale,
        tis=np.ones(zone.size) if zone.centred else None,
        tis_covers=covers.by_tis * scale,
        missed=covers.missed * scale,
        displaced=covers.displaced * scale,
        uncovered=covers.uncovered * scale,
        unmet=float(unmet),
    )


def _week(zone: StaffedZone) -> Floats:
    """Return the trips of a week: each day, from the résidence through the day's lycées, back."""
    legs = np.zeros((zone.size, zone.size))
    for home, week in zip(zone.homes, zone.due, strict=True):
        for day in range(len(DAYS)):
            stops = [lycee for lycee in week[2 * day : 2 * day + 2] if lycee is not None]
            if home is None or not stops:
                continue
            for start, end in pairwise([home, *stops, home]):
                if start != end:
                    legs[start, end] += 1
    return legs


def _visits(zone: StaffedZone) -> Floats:
    legs = np.zeros((zone.size, zone.size))
    for home, week in zip(zone.homes, zone.due, strict=True):
        for lycee in range(zone.size):
            if home is not None and lycee != home and lycee not in week:
                legs[home, lycee] += 1
                legs[lycee, home] += 1
    return legs


class _Covers:
    """Covers of a week in which each post is absent, one at a time, all added up."""

    def __init__(self, zone: StaffedZone, table: CoverTable, rate: float) -> None:
        self._zone = zone
        self.legs = np.zeros((zone.size, zone.size))
        self.by_tis = np.zeros(zone.size)
        self.missed = self.displaced = self.uncovered = 0.0
        calls = [(call, rate**call.there) for call in self._calls()]
        made = sum(chance for _, chance in calls)
        able = sum(chance * len(call.able) for call, chance in calls)
        posts = 1 + (able / made if made else 0)
        due = made / (SLOTS * max(len(zone.posts), 1))
        lost, next_one = table.shares(np.array(float(posts)), np.array(due))
        for call, chance in calls:
            self._count(call, chance, float(lost), float(next_one))

    def _calls(self) -> "list[_Call]":
        zone = self._zone
        return [
            self._call(post, slot, lycee)
            for post, week in enumerate(zone.due)
            for slot, lycee in enumerate(week)
            if lycee is not None
        ]

    def _call(self, post: int, slot: int, lycee: int) -> "_Call":
        zone = self._zone
        others = [other for other in range(len(zone.posts)) if other != post]
        places = {other: zone.place(other, slot) for other in others}
        able = [
            (
                float(zone.minutes[place, lycee]) + self._left_alone(other, slot, places),
                other,
                place,
            )
            for other, place in places.items()
            if place is not None and np.isfinite(zone.minutes[place, lycee])
        ]
        there = sum(place == lycee for place in places.values())
        return _Call(post, slot, lycee, there, tuple(sorted(able)))

    def _left_alone(self, other: int, slot: int, places: Mapping[int, int | None]) -> float:
        """Return the penalty on the drive of a colleague, for the lycée that they leave."""
        zone = self._zone
        due = zone.due[other][slot]
        if due is None:
            return 0.0
        stays = any(zone.due[third][slot] == due for third in places if third != other)
        return 0.0 if stays else zone.alone_minutes

    def _count(self, call: "_Call", chance: float, lost: float, next_one: float) -> None:
        """Count a missed half-day; ``chance``: probability that nobody present is in the lycée."""
        zone = self._zone
        self.missed += 1
        self._without_colleague(call, chance * (lost if call.able else 1.0))
        if not call.able:
            return
        weights = next_one ** np.arange(len(call.able))
        for weight, (_, other, place) in zip(weights / weights.sum(), call.able, strict=True):
            share = float(weight) * chance * (1 - lost)
            if zone.due[other][call.slot] is not None:
                self.displaced += share
            # one trip for both halves of a day
            pair = call.slot ^ 1
            whole = zone.due[call.post][pair] == call.lycee and zone.place(other, pair) == place
            trips = share / 2 if whole else share
            self.legs[place, call.lycee] += trips
            self.legs[call.lycee, place] += trips

    def _without_colleague(self, call: "_Call", share: float) -> None:
        zone = self._zone
        if zone.tis_replace and zone.centred:
            whole = zone.due[call.post][call.slot ^ 1] == call.lycee
            self.by_tis[call.lycee] += share / 2 if whole else share
        else:
            self.uncovered += share


@dataclass(frozen=True, slots=True)
class _Call:
    """Half-day that an absent post misses.

    Parameters
    ----------
    there
        Number of others in the lycée already, unless absent.
    able
        Who can come, in order of preference: (price, rank of the post, their place).
    """

    post: int
    slot: int
    lycee: int
    there: int
    able: tuple[tuple[float, int, int], ...]
