"""Ranked destinations of lycées, and the lycée to take back if a zone becomes too small."""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from geozones.domain import Plan
from geozones.metrics import Change, MoveDelta
from geozones.metrics.plan_draws import MoveDraws
from geozones.rules import Verdict, are_allowed, is_allowed, touched_zones
from geozones.workspace.moves.hours_change import hours_change
from geozones.workspace.moves.new_points import PointsChange, points_brought, points_brought_by
from geozones.workspace.study import Study

#: Lycées of a zone that a move out of it leaves with one.
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Destination:
    """A zone that a lycée, or several at once, could join.

    Differences compare the zones touched, taken together, after and before: mean minutes over
    their pairs of colleagues, and the worst of their longest drives, in minutes (``None`` if
    there is no pair before or after); ``delta_objective`` is the change of the plan's yearly hours.
    ``alone`` tells that one of them would have a single lycée, to which no colleague comes;
    ``points`` is the change of the plan's points to watch, ``hours`` that of its yearly hours, as
    shown.
    """

    zone: str
    allowed: bool
    alone: bool
    points: PointsChange
    figures: MoveDelta
    hours: Change
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
    """Return the rank of a move before its hours: new points to watch, if nothing else.

    Moves that lose a way come after those that do not, then those that add a post, and those that
    leave a lycée alone last. A move that ends points is ranked by its hours, among those that bring
    none.
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


def destinations(study: Study, *lycees: str) -> tuple[Destination, ...]:
    """Rank the zones that a lycée, or several at once, could join.

    Allowed moves come first, then the fewest points to watch, then hours. Those that leave a lycée
    alone in its zone come last, those that add a post before them. Left out is the zone where they
    all are.
    """
    moves = group_moves(study.plan, lycees)
    figures, points, alone = _figures(study, lycees, moves)
    total = study.cost().total_hours

    def judged(zone: str) -> Callable[[], Verdict]:
        return lambda: study.may_move_all(moves[zone])

    ranked = [
        Destination(
            zone,
            are_allowed(study.plan, moves[zone], study.analysis.context, study.locks),
            alone[zone],
            points[zone],
            figures[zone],
            hours_change(total, figures[zone].delta_objective),
            judged(zone),
        )
        for zone in moves
    ]
    return tuple(
        sorted(ranked, key=lambda d: (not d.allowed, d.kind, _rank(d.delta_objective), d.zone))
    )


def group_moves(plan: Plan, lycees: Iterable[str]) -> dict[str, dict[str, str]]:
    """Return the moves of some lycées (ids) to each zone (id) where they are not all already.

    Raises
    ------
    UnknownLyceeError
        If the plan has no such lycée.
    """
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
