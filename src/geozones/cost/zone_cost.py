"""Yearly cost of one zone, in closed form or exactly, from the grids of its posts."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from itertools import combinations, pairwise
from math import ceil

import numpy as np

from geozones.cost.closed_form import Zones, activity_of, whole_posts
from geozones.cost.cover_table import CoverTable, table_of, tables_of
from geozones.cost.items import (
    ITEMS,
    Activity,
    Hypotheses,
    Part,
    half_days_of,
    hypotheses_of,
)
from geozones.domain import Settings, TravelTimes
from geozones.domain.teams import (
    DAYS,
    NOBODY,
    SLOTS,
    TIS,
    MissedHalfDay,
    Post,
    ServiceHalfDays,
    capacity,
)
from geozones.domain.times import Floats
from geozones.domain.yearly_cost import ItemCost, YearlyCost, sum_costs
from geozones.teams.zone_cover import ZoneTeam

#: Most colleagues absent at once that are counted, and in zones of more posts than `_MANY`.
_AWAY, _AWAY_OF_MANY, _MANY = 3, 2, 6


def activity_of_posts(
    team: ZoneTeam, hypotheses: Hypotheses, tables: tuple[CoverTable, CoverTable]
) -> Activity:
    """Return the activity of the posts of a zone; legs are drives one way, ``float[k, k]``.

    ``tables`` are those under the monthly cap and under no cap: sets of absent colleagues are
    counted without the cap, which then takes its share of the covers.
    """
    year = _Absences(team, hypotheses, tables)
    given = [team.due(post, slot) for post in range(len(team.posts)) for slot in range(SLOTS)]
    unmet = sum(max(need - given.count(key), 0) for key, need in team.needs.items())
    # the trips of one visit by each post to each lycée that it does not serve
    legs = np.zeros((len(team.members),) * 2)
    for post in range(len(team.posts)):
        home, week = _home(team, post), _places(team, post)
        for lycee in range(len(team.members)):
            if home is not None and lycee != home and lycee not in week:
                legs[home, lycee] += 1
                legs[lycee, home] += 1
    return Activity(
        week=_week(team),
        visits=legs,
        covers=year.legs,
        tis=np.ones(len(team.members)) if team.centre is not None else None,
        tis_covers=year.by_tis,
        service=asdict(year.service),
        unmet=float(unmet),
    )


def _places(team: ZoneTeam, post: int) -> list[int | None]:
    """Return the rank of the lycée where a post is due, by half-day."""
    due = (team.due(post, slot) for slot in range(SLOTS))
    return [None if at is None else team.rank_of(at) for at in due]


def _home(team: ZoneTeam, post: int) -> int | None:
    home = team.posts[post].home
    return team.rank_of(home) if home in team.members else None


def _week(team: ZoneTeam) -> Floats:
    """Return the trips of a week: each day, from the résidence through the day's lycées, back."""
    legs = np.zeros((len(team.members),) * 2)
    for post in range(len(team.posts)):
        home, week = _home(team, post), _places(team, post)
        for day in range(len(DAYS)):
            stops = [lycee for lycee in week[2 * day : 2 * day + 2] if lycee is not None]
            if home is None or not stops:
                continue
            for start, end in pairwise([home, *stops, home]):
                if start != end:
                    legs[start, end] += 1
    return legs


class _Absences:
    """Service and covers of a year, over every set of a few absent colleagues."""

    def __init__(
        self, team: ZoneTeam, hypotheses: Hypotheses, tables: tuple[CoverTable, CoverTable]
    ) -> None:
        self._team = team
        self._rate, self._weeks = float(hypotheses.absence_rate), float(hypotheses.weeks)
        self.legs = np.zeros((len(team.members),) * 2)
        self.by_tis = np.zeros(len(team.members))
        self._service = ServiceHalfDays()
        # count the half-days and trips of a year without a cap
        team, weeks = self._team, self._weeks
        for absent, chance in self._sets():
            week = [team.serve(slot, absent) for slot in range(SLOTS)]
            self._service += sum((s.half_days for s in week), ServiceHalfDays()).scaled(
                chance * weeks
            )
            self._drive([s.missed for s in week], chance * weeks)
        due = sum(
            team.due(post, slot) is not None
            for post in range(len(team.posts))
            for slot in range(SLOTS)
        )
        # larger sets of absent colleagues, left out above, miss half-days in the same way
        counted, expected = self._service.missed, self._rate * weeks * due
        whole = expected / counted if counted else 1.0
        self._service = self._service.scaled(whole)
        self.legs, self.by_tis = self.legs * whole, self.by_tis * whole
        self.service = self._under_cap(*tables)

    def _sets(self) -> Iterator[tuple[int, float]]:
        """Yield sets of absent posts and their chances."""
        posts, rate = len(self._team.posts), self._rate
        for away in range(1, min(posts, _AWAY if posts <= _MANY else _AWAY_OF_MANY) + 1):
            chance = rate**away * (1 - rate) ** (posts - away)
            for ranks in combinations(range(posts), away):
                yield sum(1 << rank for rank in ranks), chance

    def _drive(self, week: list[tuple[MissedHalfDay, ...]], share: float) -> None:
        """Add the trips of the covers of a week, one for both halves of a day."""
        trips = [dict(self._trips(missed)) for missed in week]
        for slot, there in enumerate(trips):
            for way, who in there.items():
                again = trips[slot ^ 1].get(way) == who
                if who == TIS:
                    self.by_tis[way[1]] += share / 2 if again else share
                    continue
                self.legs[way] += share / 2 if again else share
                self.legs[way[::-1]] += share / 2 if again else share

    def _trips(self, missed: tuple[MissedHalfDay, ...]) -> Iterator[tuple[tuple[int, int], str]]:
        """Yield the drive of each cover, by ranks of lycées, and who drives."""
        team = self._team
        ranks = {post.id: rank for rank, post in enumerate(team.posts)}
        for entry in missed:
            to = team.rank_of(entry.lycee)
            if entry.by == TIS:
                yield (to, to), TIS
            elif entry.by != NOBODY:
                place = team.place(ranks[entry.by], entry.slot)
                if place is not None and place != entry.lycee:
                    yield (team.rank_of(place), to), entry.by

    def _under_cap(self, capped: CoverTable, uncapped: CoverTable) -> ServiceHalfDays:
        """Return the half-days under the monthly cap, and scale the trips."""
        team, free = self._team, self._service
        posts = np.array(float(len(team.posts)))
        at_work = max(sum(cell is not None for post in team.posts for cell in post.cells), 1)
        answered = free.given_free + free.displaced
        calls = answered + free.unattended + free.given_by_tis
        due = np.array(calls / max(self._rate * self._weeks * at_work, 1e-9))
        ways = [1 - float(table.share(posts, due)) for table in (capped, uncapped)]
        kept = min(ways[0] / ways[1], 1.0) if ways[1] else 1.0
        displaced = free.displaced * kept
        unattended = free.unattended + answered * (1 - kept)
        self.legs = self.legs * kept
        return ServiceHalfDays(
            missed=free.missed,
            given_free=free.given_free * kept,
            given_by_tis=free.given_by_tis,
            displaced=displaced,
            unattended=unattended,
            reduced=free.reduced - (free.displaced - displaced),
        )


#: Minutes in place of an unreachable pair, so that the closed form compares numbers.
UNREACHABLE_MIN = 1e6


@dataclass(frozen=True)
class ZoneCase:
    """Inputs of the yearly cost of a zone, besides minutes and hypotheses."""

    lycees: tuple[str, ...]  # Its lycées (ids), sorted.
    needs: tuple[int, ...]  # Half-days a week by lycée.
    posts: tuple[Post, ...] = ()  # Its posts, all in these lycées; empty if none is defined.
    #: The support centre of its sector (a lycée id); ``None`` if not published.
    centre: str | None = None
    technicians: int = 0  # Number of T.I.S. who may replace someone absent.

    @property
    def full_posts(self) -> int:
        """Full-time posts: the half-days of those defined, else of the needs, rounded up."""
        if not self.posts:
            return int(whole_posts(_column(self.needs))[0])
        return max(ceil(sum(capacity(post.share) for post in self.posts) / SLOTS), 1)

    @property
    def need_by_lycee(self) -> Mapping[str, int]:
        """Half-days a week by lycée (id)."""
        return dict(zip(self.lycees, self.needs, strict=True))


@dataclass(frozen=True, eq=False)
class Roads:
    """Drives of a zone, in minutes or km, and from the centre and back.

    Between lycées they are one way, ``float[k, k]``, or there and back, ``float[pair]``.

    ``inf`` if unreachable; ``centre`` is 0 without a known centre.
    """

    between: Floats
    centre: Floats

    @property
    def rounds(self) -> Floats:
        """There and back between the lycées of each pair, ``float[pair]``."""
        both = self.between + self.between.T
        return np.array([both[i, j] for i, j in combinations(range(len(both)), 2)])


def zone_cost(case: ZoneCase, times: TravelTimes, settings: Settings) -> YearlyCost:
    """Return the yearly cost of a zone in closed form; 0 for a zone without lycées.

    It depends on how many posts the zone has, never on their grids, so that plans compare.
    """
    if not case.lycees:
        return sum_costs((), settings)
    minutes, km = (_rounds(roads_of(case, times, t)) for t in (times.minutes, times.km))
    needs, rounds = _column(case.needs), minutes.between[:, None]
    zones = Zones(
        needs,
        np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
        np.array([float(case.full_posts)]),
        np.full(needs.shape, case.centre is not None),
        np.array([float(case.technicians)]),
        settings.teams,
    )
    counted = activity_of(zones, hypotheses_of(settings), table_of(settings.teams))
    activity = Activity(
        week=counted.week[:, 0],
        visits=counted.visits[:, 0],
        covers=counted.covers[:, 0],
        tis=np.ones(len(np.asarray(counted.tis))) if case.centre is not None else None,
        tis_covers=np.asarray(counted.tis_covers)[:, 0],
        service=asdict(half_days_of(counted.service)),
        unmet=float(np.ravel(counted.unmet)[0]),
    )
    return _cost(case, activity, (minutes, km), settings, case.full_posts)


def grid_cost(case: ZoneCase, times: TravelTimes, settings: Settings) -> YearlyCost:
    """Return the yearly cost of a zone from the grids of its posts, one or more."""
    roads = (roads_of(case, times, times.minutes), roads_of(case, times, times.km))
    teams = settings.teams
    team = ZoneTeam(
        case.lycees, case.posts, times, teams, case.centre, case.technicians,
        case.need_by_lycee,
    )  # fmt: skip
    activity = activity_of_posts(team, hypotheses_of(settings), tables_of(teams))
    return _cost(case, activity, roads, settings, len(case.posts))


def _cost(
    case: ZoneCase, activity: Activity, roads: tuple[Roads, Roads], settings: Settings, posts: int
) -> YearlyCost:
    """Return the cost of an activity, whose legs are those of the roads: minutes and km."""
    hypotheses = hypotheses_of(settings)
    items, unknown = {}, {}
    for key, item in ITEMS.items():
        part = item.part(activity, hypotheses)
        if part is None:
            unknown[key] = 1
            continue
        weight = item.weight(settings.cost)
        items[key] = _item_cost(part, *roads, weight=weight, apart=item.apart)
    return YearlyCost(
        items,
        half_days_of(activity.service),
        posts,
        sum(case.needs) / SLOTS,
        len(case.lycees),
        bool(case.posts),
        settings,
        unknown,
    )


def roads_of(case: ZoneCase, times: TravelTimes, table: Floats) -> Roads:
    """Return the drives of a zone out of a table of times, ``float[origin, destination]``."""
    rows = [times.origin_index[lycee] for lycee in case.lycees]
    between = _reachable(table[np.ix_(rows, rows)])
    np.fill_diagonal(between, 0.0)
    if case.centre is None:
        return Roads(between, np.zeros(len(rows)))
    start = times.origin_index[case.centre]
    centre = _reachable(table[start, rows] + table[rows, start])
    return Roads(between, np.where(np.array(rows) == start, 0.0, centre))


def _reachable(drives: Floats) -> Floats:
    """Return drives with ``inf`` for those that cannot be driven (NaN)."""
    return np.where(np.isnan(drives), np.inf, drives)


def _column(needs: tuple[int, ...]) -> Floats:
    return np.array(needs, float)[:, None]


def _rounds(roads: Roads) -> Roads:
    """Return the drives of a zone with one there and back for each pair."""
    return Roads(roads.rounds, roads.centre)


def _item_cost(part: Part, minutes: Roads, km: Roads, *, weight: float, apart: bool) -> ItemCost:
    return ItemCost(
        _driven(part, minutes) / 60,
        _driven(part, km),
        float(part.half_days),
        weight,
        apart,
    )


def _driven(part: Part, roads: Roads) -> float:
    total = 0.0
    for legs, lengths in ((part.legs, roads.between), (part.centre_legs, roads.centre)):
        if legs is not None:
            total += float((legs * np.where(legs > 0, lengths, 0.0)).sum())
    return total
