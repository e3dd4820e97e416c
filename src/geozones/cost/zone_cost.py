"""Yearly cost of one zone, in closed form or from the grids of its posts."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from itertools import combinations
from math import ceil

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import Activity, Part, half_days_of, hypotheses_of
from geozones.cost.closed_form import Zones, activity_of, whole_posts
from geozones.cost.cover_table import table_of, tables_of
from geozones.cost.exact import activity_of_posts
from geozones.cost.item_registry import ITEMS
from geozones.domain import Settings, TravelTimes
from geozones.domain.teams import SLOTS, Post, capacity
from geozones.domain.yearly_cost import ItemCost, YearlyCost, sum_costs
from geozones.teams.zone_cover import ZoneTeam

type Floats = NDArray[np.float64]

#: Minutes in place of an unreachable pair, so that the closed form compares numbers.
UNREACHABLE_MIN = 1e6


@dataclass(frozen=True)
class ZoneCase:
    """Inputs of the yearly cost of a zone, besides minutes and hypotheses.

    Parameters
    ----------
    lycees
        Its lycées (ids), sorted.
    needs
        Half-days a week by lycée.
    posts
        Its posts, all in these lycées; empty if none is defined.
    centre
        The support centre of its sector (a lycée id); ``None`` if not published.
    technicians
        Number of T.I.S. who may replace someone absent.
    """

    lycees: tuple[str, ...]
    needs: tuple[int, ...]
    posts: tuple[Post, ...] = ()
    centre: str | None = None
    technicians: int = 0

    @property
    def headcount(self) -> int:
        """Posts that are defined, else as many as the needs fill."""
        return len(self.posts) or self.full_posts

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
    return _cost(case, _closed_activity(case, minutes, settings), (minutes, km), settings)


def grid_cost(case: ZoneCase, times: TravelTimes, settings: Settings) -> YearlyCost:
    """Return the yearly cost of a zone from the grids of its posts, one or more."""
    roads = (roads_of(case, times, times.minutes), roads_of(case, times, times.km))
    teams = settings.teams
    team = ZoneTeam(
        "", "", case.lycees, case.posts, times, teams, case.centre, case.technicians,
        case.need_by_lycee,
    )  # fmt: skip
    activity = activity_of_posts(team, hypotheses_of(settings), tables_of(teams))
    return _cost(case, activity, roads, settings)


def _cost(
    case: ZoneCase, activity: Activity, roads: tuple[Roads, Roads], settings: Settings
) -> YearlyCost:
    """Return the cost of an activity, whose legs are those of the roads: minutes and km."""
    hypotheses = hypotheses_of(settings)
    items, unknown = {}, {}
    for key, item in ITEMS.items():
        part = item.part(activity, hypotheses)
        weight = item.weight(settings.cost)
        items[key] = _item_cost(part or Part(), *roads, weight=weight, apart=item.apart)
        if part is None:
            unknown[key] = 1
    return YearlyCost(
        items,
        half_days_of(activity.service),
        case.headcount,
        sum(case.needs) / SLOTS,
        len(case.lycees),
        bool(case.posts),
        settings,
        unknown,
    )


def roads_of(case: ZoneCase, times: TravelTimes, table: Floats) -> Roads:
    """Return the drives of a zone out of a table of times, ``float[origin, destination]``."""
    rows = [times.origin_index[lycee] for lycee in case.lycees]
    known = np.where(np.isnan(table), np.inf, table)
    between = known[np.ix_(rows, rows)]
    np.fill_diagonal(between, 0.0)
    if case.centre is None:
        return Roads(between, np.zeros(len(rows)))
    start = times.origin_index[case.centre]
    centre = known[start, rows] + known[rows, start]
    return Roads(between, np.where(np.array(rows) == start, 0.0, centre))


def _closed_activity(case: ZoneCase, minutes: Roads, settings: Settings) -> Activity:
    needs, rounds = _column(case.needs), minutes.between[:, None]
    zones = Zones(
        needs,
        np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
        np.array([float(case.full_posts)]),
        np.full(needs.shape, case.centre is not None),
        settings.teams,
    )
    activity = activity_of(zones, hypotheses_of(settings), table_of(settings.teams))
    return _of_one(activity, centred=case.centre is not None)


def _column(needs: tuple[int, ...]) -> Floats:
    return np.array(needs, float)[:, None]


def _of_one(activity: Activity, *, centred: bool) -> Activity:
    """Return the activity of a single zone from arrays of one zone."""
    return Activity(
        week=activity.week[:, 0],
        visits=activity.visits[:, 0],
        covers=activity.covers[:, 0],
        tis=np.ones(len(np.asarray(activity.tis))) if centred else None,
        tis_covers=np.asarray(activity.tis_covers)[:, 0],
        service=asdict(half_days_of(activity.service)),
        unmet=float(np.ravel(activity.unmet)[0]),
    )


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
