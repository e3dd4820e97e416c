"""Ranked destinations of lycées, equivalent ones together, and a new zone as a target."""

import math
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from math import isfinite
from secrets import token_hex
from typing import Protocol

import numpy as np

from geozones.common.french import plural
from geozones.domain import Plan, TravelTimes, Zone
from geozones.domain.events.zone_events import RedrawZones
from geozones.domain.yearly_cost import YearlyCost, absorbed_share
from geozones.domain.zone_names import zone_name
from geozones.metrics import Change, Judgement, MoveDelta, metric
from geozones.metrics.judgement import MoveDraws
from geozones.metrics.metric_changes import UNTOLD
from geozones.rules import Verdict, are_allowed, is_allowed, touched_zones
from geozones.workspace.moves.new_points import PointsChange, points_brought, points_brought_by
from geozones.workspace.study import Study

_TOTAL = metric("total_hours")


def hours_change(before: float, more: float) -> Change:
    """Return the change from the plan's yearly hours by some more hours.

    The change is written as the difference of both totals in whole hours, as they are shown. A plan
    with an impossible drive has infinite hours: the change is then the added hours alone.
    """
    start = before if isfinite(before) else 0.0
    return Change(_TOTAL, start, start + more)


def hours_text(change: Change) -> str:
    """Write a change of hours: ``+59 h``, ``—`` if it is unknown."""
    gap = change.gap(0)
    return gap if gap == UNTOLD else f"{gap} {_TOTAL.unit}"


def figure_changes(cost: YearlyCost, delta: MoveDelta) -> tuple[Change, ...]:
    """Return what moves change of a plan of this cost: the figures that are no minutes nor points.

    They equal those of `plan_change` with the plan after the moves.
    """
    missed = cost.hours(cost.service.missed)
    unattended = cost.unattended_hours + delta.unattended
    values = {
        "road_hours": (
            cost.road_hours,
            cost.road_hours + delta.road if isfinite(cost.road_hours) else math.nan,
        ),
        "unattended_hours": (cost.unattended_hours, unattended),
        "absorbed_share": (
            cost.absorbed_share,
            absorbed_share(missed + delta.missed, unattended),
        ),
        "posts": (cost.posts, cost.posts + delta.more_posts),
    }
    return tuple(Change(metric(key), *sides) for key, sides in values.items())


#: Lycées of a zone that a move out of it leaves with one.
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Destination:
    """A zone that a lycée, or several at once, could join.

    Differences compare the zones touched, taken together, after and before: mean minutes over
    their pairs of colleagues, and the worst of their longest drives, in minutes (``None`` if
    there is no pair before or after); ``delta_objective`` is the change of the plan's yearly hours.
    ``alone`` tells that one of them would have a single lycée, to which no colleague comes;
    ``points`` is the change of the plan's points to watch, ``hours`` that of its yearly hours, by
    which they are ranked, ``shown`` those of `figure_changes`.
    """

    zone: str
    allowed: bool
    alone: bool
    points: PointsChange
    figures: MoveDelta
    hours: Change
    shown: tuple[Change, ...]
    move: Callable[[], Plan]
    judge: Callable[[], Verdict]

    @property
    def delta_mean_minutes(self) -> float | None:
        """Change of the mean drive between colleagues, in minutes."""
        return self.figures.delta_mean_minutes

    @property
    def delta_max_minutes(self) -> float | None:
        """Change of the longest drive, in minutes."""
        return self.figures.delta_max_minutes

    @property
    def delta_objective(self) -> float:
        """Change of the plan's yearly hours."""
        return self.figures.delta_objective

    @property
    def more_posts(self) -> int:
        """How many posts more the plan would have."""
        return self.figures.more_posts

    @property
    def more_points(self) -> int:
        """How many points to watch more the plan would have."""
        return self.points.more

    @property
    def kind(self) -> "Kind":
        """Rank before the hours."""
        return kind_of(self)

    @property
    def after(self) -> Plan:
        """The plan after the move; computed on demand."""
        return self.move()

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict of the rules on the move, with its reasons; computed on demand."""
        return self.judge()


class Move(Protocol):
    """Figures of a move that count before its hours."""

    @property
    def alone(self) -> bool:
        """Whether it leaves a lycée alone in its zone."""

    @property
    def more_posts(self) -> int:
        """How many posts more the plan would have."""

    @property
    def more_points(self) -> int:
        """How many points to watch more the plan would have."""

    @property
    def delta_objective(self) -> float:
        """Change of the plan's yearly hours."""


#: Rank of a move before its hours.
type Kind = tuple[bool, bool, bool, int]


def kind_of(move: Move) -> Kind:
    """Return the rank of a move, compared before its hours; smaller is better.

    The number of new points to watch ranks moves; moves that make a drive impossible come after all
    others, then moves that add a post, and moves that leave a lycée alone in its zone come last.
    Moves that end points rank with those that bring none.
    """
    has_way = move.delta_objective < math.inf
    return move.alone, move.more_posts > 0, not has_way, max(move.more_points, 0)


@dataclass(frozen=True, slots=True)
class Compensation:
    """A lycée to take back into a zone that a move would leave too small.

    ``after`` is the plan after both moves; ``delta_objective`` covers both together.
    """

    lycee: str
    origin: str
    target: str
    delta_objective: float
    after: Plan


def destinations(
    study: Study, *lycees: str, aimed_at: str | None = None
) -> tuple[Destination, ...]:
    """Rank the zones that a lycée, or several at once, could join: those within reach.

    Allowed moves come first, then the fewest points to watch, then hours. Moves that leave a lycée
    alone in its zone come last, moves that add a post before them. The zone where all the lycées
    are is left out; the zone (id) that they are ``aimed_at`` is included, however far it is.
    """
    near = {zone.id for zone in zones_in_reach(study.plan, study.times, lycees)} | {aimed_at}
    every = group_moves(study.plan, lycees)
    moves = {zone: there for zone, there in every.items() if zone in near}
    figures, points, alone = _figures(study, lycees, moves)
    cost = study.cost()

    def judged(zone: str) -> Callable[[], Verdict]:
        return lambda: study.may_move_all(moves[zone])

    ranked = [
        Destination(
            zone,
            are_allowed(study.plan, moves[zone], study.analysis.context, study.locks),
            alone[zone],
            points[zone],
            figures[zone],
            hours_change(cost.total_hours, figures[zone].delta_objective),
            figure_changes(cost, figures[zone]),
            partial(study.plan.move_all, moves[zone]),
            judged(zone),
        )
        for zone in moves
    ]
    return tuple(
        sorted(ranked, key=lambda d: (not d.allowed, d.kind, _rank(d.delta_objective), d.zone))
    )


def zones_in_reach(plan: Plan, times: TravelTimes, lycees: Iterable[str]) -> tuple[Zone, ...]:
    """Return the zones within the limit of the matrix from some lycées (ids), and empty zones.

    These are all zones if the matrix holds every drive. In a country, some tens of the hundreds of
    zones are within reach of a lycée: ranking all took 3 s.
    """
    if times.beyond is None:
        return plan.zones
    rows = [times.origin_index[lycee] for lycee in lycees]
    columns = np.flatnonzero((~times.beyond[rows]).any(axis=0))
    near = frozenset(times.destinations[column] for column in columns)
    members = ((zone, plan.members(zone.id)) for zone in plan.zones)
    return tuple(zone for zone, there in members if not there or not near.isdisjoint(there))


def group_moves(plan: Plan, lycees: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the moves of some lycées (ids) to each zone (id) where they are not all already."""
    here = {lycee: plan.zone_of(lycee).id for lycee in lycees}
    going = {
        zone.id: {lycee: zone.id for lycee in here if here[lycee] != zone.id} for zone in plan.zones
    }
    return {zone: moves for zone, moves in going.items() if moves}


def draws_of(study: Study, lycees: Sequence[str], zones: Iterable[str]) -> MoveDraws:
    """Return the changes in each draw by moving some lycées at once to each of some zones."""
    draws, plan = study.ranking.draws, study.plan
    if len(lycees) == 1:
        return draws.moves(plan, lycees[0], zones)
    moves = group_moves(plan, lycees)
    kept = {zone: moves[zone] for zone in zones}
    return draws.group_moves(plan, *_after(plan, kept))


type _Found = tuple[Mapping[str, MoveDelta], Mapping[str, PointsChange], Mapping[str, bool]]


def _figures(
    study: Study, lycees: tuple[str, ...], moves: Mapping[str, Mapping[str, str]]
) -> _Found:
    """Return what moves to each zone change, the points that they bring, whom they leave alone."""
    plan, deltas = study.plan, study.ranking.move_deltas
    if len(lycees) == 1:
        (lycee,) = lycees
        alone = {zone: is_alone(plan, lycee, zone) for zone in moves}
        return deltas.of(plan, lycee, moves), points_brought(study, lycee, moves), alone
    moved, touched = _after(plan, moves)
    points = {zone: points_brought_by(study, moved[zone], touched[zone]) for zone in moves}
    alone = {
        zone: any(len(moved[zone].members(each)) == 1 for each in touched[zone]) for zone in moves
    }
    return deltas.of_group(plan, moved, touched), points, alone


def _after(
    plan: Plan, moves: Mapping[str, Mapping[str, str]]
) -> tuple[dict[str, Plan], dict[str, tuple[str, ...]]]:
    """Return the plan after the moves to each zone, and the zones (ids) that they touch."""
    moved = {zone: plan.move_all(each) for zone, each in moves.items()}
    return moved, {zone: touched_zones(plan, each) for zone, each in moves.items()}


def is_alone(plan: Plan, lycee: str, zone: str) -> bool:
    """Return whether a move leaves a lycée alone in the zone left, or in the zone (id) joined."""
    return len(plan.members(plan.zone_of(lycee).id)) == _PAIR or not plan.members(zone)


def compensation(study: Study, lycee: str, zone: str) -> Compensation | None:
    """Return the best lycée to take back if a move leaves its zone with too few lycées.

    Taking it back leaves no other zone too small and breaks no rule that forbids; among such
    lycées, the best has the fewest hours a year. ``None`` if the move leaves enough lycées, or no
    lycée fits.
    """
    plan, move_deltas, context = study.plan, study.ranking.move_deltas, study.analysis.context
    origin, least = plan.zone_of(lycee).id, study.settings.zone_min
    if origin == zone or len(plan.members(origin)) - 1 >= least:
        return None
    moved = plan.move(lycee, zone)
    first = move_deltas.of(plan, lycee, [zone])[zone].delta_objective
    donors = [moved.members(donor.id) for donor in moved.zones if donor.id != origin]
    others = [other for donor in donors if len(donor) > least for other in donor if other != lycee]
    move_deltas.prepare(moved, [(other, origin) for other in others])
    best: tuple[float, str] | None = None
    for other in others:
        then = move_deltas.of(moved, other, [origin])[origin].delta_objective
        rank = (first + then, other)
        better = not math.isnan(rank[0]) and (best is None or rank < best)
        if better and is_allowed(moved, other, origin, context, study.locks):
            best = rank
    if best is None:
        return None
    total, other = best
    return Compensation(other, moved.zone_of(other).id, origin, total, moved.move(other, origin))


def _rank(delta: float) -> float:
    """Return the sort key of a change; NaN (infinite minus infinite) ranks last."""
    return math.inf if math.isnan(delta) else delta


#: Word for a move that leaves a lycée alone in its zone, where nobody could replace anybody.
NO_RELEVE = "aucune relève"


@dataclass(frozen=True, slots=True)
class RankStatus:
    """Rank of a destination, given the error of minutes."""

    #: From 1: destinations of a group are equivalent to its best one; ``None`` if the move is
    #: forbidden.
    group: int | None
    #: The plan's yearly hours with the move, against the plan without it; ``None`` if their numbers
    #: of posts differ.
    judgement: Judgement | None
    alone: bool  # As of `Destination`.
    more_posts: int

    @property
    def text(self) -> str:
        """The value of the move in French: ``plutôt favorable (9 chances sur 10)``."""
        return self._worded("" if self.judgement is None else self.judgement.text)

    @property
    def short(self) -> str:
        """The same in short: ``plutôt favorable``, ``1 poste de plus``, ``aucune relève``."""
        return self._worded("" if self.judgement is None else self.judgement.short)

    def _worded(self, judged: str) -> str:
        return NO_RELEVE if self.alone else judged or posts_text(self.more_posts)


def posts_text(more: int) -> str:
    """Return a change of posts in French: ``1 poste de plus``; empty if there is none."""
    way = "de plus" if more > 0 else "de moins"
    return f"{plural(abs(more), 'poste')} {way}" if more else ""


def standings(
    study: Study, lycees: str | Sequence[str], ranked: Sequence[Destination]
) -> dict[str, RankStatus]:
    """Return the rank of each destination of one lycée or several, by zone, in group order.

    The best remaining destination forms a group with the destinations equivalent to it, until none
    remains. A move that adds a post is not equivalent to one that does not, nor one that brings
    more points to watch than another, nor one that leaves a lycée alone in its zone to any. Inside
    a group destinations keep their order; forbidden ones come last.
    """
    zones = [entry.zone for entry in ranked]
    draws = draws_of(study, (lycees,) if isinstance(lycees, str) else lycees, zones)
    judgements = draws.judge()
    kinds = {entry.zone: entry.kind for entry in ranked}
    left = [entry.zone for entry in ranked if entry.allowed]
    groups: dict[str, int | None] = {}
    group = 0
    while left:
        group += 1
        best, *others = left
        against = draws.judge_against(best, others)
        ties = (zone for zone in others if against[zone].is_tie and kinds[zone] == kinds[best])
        tied = [best, *(() if kinds[best][0] else ties)]
        groups |= dict.fromkeys(tied, group)
        left = [zone for zone in left if zone not in groups]
    groups |= {zone: None for zone in zones if zone not in groups}
    known = {entry.zone: entry for entry in ranked}
    return {
        zone: RankStatus(
            rank,
            None if known[zone].more_posts else judgements[zone],
            known[zone].alone,
            known[zone].more_posts,
        )
        for zone, rank in groups.items()
    }


#: Id of the zone to create, until it is.
NEW_ZONE = "nouvelle-zone"


def with_new_zone(study: Study, lycees: Sequence[str], name: str = "") -> Study:
    """Return a study with one more zone, empty, in the sector of most of some lycées (ids).

    It is named after them, unless a name is given.
    """
    plan = study.plan
    sectors = Counter(plan.sector_of(lycee).id for lycee in lycees)
    taken = {name for zone in plan.zones for name in (zone.name, zone.own_name)}
    made = zone_name([study.territory.lycees[lycee] for lycee in lycees], taken)
    zone = Zone(NEW_ZONE, name.strip() or made, sectors.most_common(1)[0][0])
    return study.with_plan(plan.with_zone(zone))


def creating(study: Study, moves: Mapping[str, str]) -> dict[str, object]:
    """Return the data of the event (``redraw``) that creates the new zone and moves lycées there.

    ``study`` is of `with_new_zone`.
    """
    plan, code = study.plan, f"Z-{token_hex(3)}"
    zone = plan.zone(NEW_ZONE)
    return RedrawZones.data_of(
        (Zone(code, zone.name, zone.sector),), dict.fromkeys(moves, code), ()
    )
