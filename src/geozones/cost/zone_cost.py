"""Yearly cost of one zone, from its posts if it has some, else from the closed form."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from geozones.cost.activity import Activity, Part, hypotheses_of
from geozones.cost.closed_form import Zones, activity_of, full_time_equivalents
from geozones.cost.cover_table import table_of
from geozones.cost.exact import StaffedZone, activity_of_posts
from geozones.cost.item_registry import ITEMS
from geozones.domain import Settings, TravelTimes
from geozones.domain.teams import Post
from geozones.domain.yearly_cost import ItemCost, YearlyCost

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
        Its posts; empty if none is defined.
    centre
        The support centre of its sector (a lycée id); ``None`` if not published.
    equivalents
        Number of posts, real, if none is defined; by default as many as the needs fill.
    """

    lycees: tuple[str, ...]
    needs: tuple[int, ...]
    posts: tuple[Post, ...] = ()
    centre: str | None = None
    equivalents: float | None = None

    @property
    def need_by_lycee(self) -> Mapping[str, int]:
        """Half-days a week by lycée (id)."""
        return dict(zip(self.lycees, self.needs, strict=True))


@dataclass(frozen=True, eq=False)
class Roads:
    """Drives of a zone, in minutes or km: one way ``float[k, k]``, and from the centre and back.

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
    """Return the yearly cost of a zone; 0 for a zone without lycées."""
    if not case.lycees:
        return YearlyCost({}, 0.0, 0, defined=True, settings=settings)
    minutes, km = (roads_of(case, times, table) for table in (times.minutes, times.km))
    activity = activity_of_case(case, minutes, settings)
    legs = (minutes, km) if case.posts else (_round(minutes), _round(km))
    hypotheses = hypotheses_of(settings)
    items, unknown = {}, {}
    for key, item in ITEMS.items():
        part = item.part(activity, hypotheses)
        items[key] = ItemCost() if part is None else _item_cost(part, *legs)
        if part is None:
            unknown[key] = 1
    needs = np.array(case.needs, float)[:, None]
    posts = len(case.posts) or float(_equivalents(case, needs)[0])
    return YearlyCost(items, posts, len(case.lycees), bool(case.posts), settings, unknown)


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


def activity_of_case(case: ZoneCase, minutes: Roads, settings: Settings) -> Activity:
    """Return the activity of the posts of a zone: legs one way if they are defined, else rounds."""
    hypotheses, table = hypotheses_of(settings), table_of(settings.teams)
    teams, centred = settings.teams, case.centre is not None
    if case.posts:
        return activity_of_posts(staffed(case, minutes, settings), hypotheses, table)
    needs = np.array(case.needs, float)[:, None]
    rounds = minutes.rounds[:, None]
    zones = Zones(
        needs,
        np.where(np.isinf(rounds), UNREACHABLE_MIN, rounds),
        _equivalents(case, needs),
        np.full(needs.shape, centred),
        teams,
    )
    return _of_one(activity_of(zones, hypotheses, table), centred=centred)


def staffed(case: ZoneCase, minutes: Roads, settings: Settings) -> StaffedZone:
    """Return a zone with its posts, as input of the exact form."""
    teams = settings.teams
    return StaffedZone(
        case.lycees,
        case.need_by_lycee,
        minutes.between,
        case.posts,
        teams.alone_minutes,
        case.centre is not None,
        teams.tis_replaces,
    )


def _of_one(activity: Activity, *, centred: bool) -> Activity:
    """Return the activity of a single zone from arrays of one zone."""
    return Activity(
        week=activity.week[:, 0],
        visits=activity.visits[:, 0],
        covers=activity.covers[:, 0],
        tis=np.ones(len(np.asarray(activity.tis))) if centred else None,
        tis_covers=np.asarray(activity.tis_covers)[:, 0],
        missed=_first(activity.missed),
        displaced=_first(activity.displaced),
        uncovered=_first(activity.uncovered),
        unmet=_first(activity.unmet),
    )


def _first(figure: Floats | float) -> float:
    return float(np.asarray(figure).ravel()[0])


def _equivalents(case: ZoneCase, needs: Floats) -> Floats:
    if case.equivalents is None:
        return full_time_equivalents(needs)
    return np.full(needs.shape[1], case.equivalents)


def _round(roads: Roads) -> Roads:
    return Roads(roads.rounds, roads.centre)


def _item_cost(part: Part, minutes: Roads, km: Roads) -> ItemCost:
    return ItemCost(
        _driven(part, minutes) / 60,
        _driven(part, km),
        float(part.unserved),
        float(part.displaced),
    )


def _driven(part: Part, roads: Roads) -> float:
    total = 0.0
    for legs, lengths in ((part.legs, roads.between), (part.centre_legs, roads.centre)):
        if legs is not None:
            total += float((legs * np.where(legs > 0, lengths, 0.0)).sum())
    return total
