"""Ranked destinations of a lycée, and the lycée to take back if its zone becomes too small."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from geozones.domain import Plan
from geozones.metrics import Change, MoveDelta
from geozones.rules import Verdict, is_allowed
from geozones.workspace.moves.hours_change import hours_change
from geozones.workspace.moves.new_points import points_brought
from geozones.workspace.study import Study

#: Lycées of a zone that a move out of it leaves with one.
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Destination:
    """A zone that a lycée could join.

    Differences compare both zones touched, taken together, after and before: mean minutes over
    their pairs of colleagues, and the worse of their two longest drives, in minutes (``None`` if
    one of the two has no pair); ``delta_objective`` is the change of the plan's yearly hours.
    ``alone`` tells that one of them would have a single lycée, to which no colleague comes;
    ``more_points`` is the change of the plan's points to watch, ``hours`` that of its yearly hours,
    as shown.
    """

    zone: str
    allowed: bool
    alone: bool
    more_points: int
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


def destinations(study: Study, lycee: str) -> tuple[Destination, ...]:
    """Rank every other zone: allowed moves first, then the fewest points to watch, then hours.

    Those that leave a lycée alone in its zone come last, those that add a post before them.
    """
    plan, analysis = study.plan, study.analysis
    origin = plan.zone_of(lycee).id
    zones = [zone.id for zone in plan.zones if zone.id != origin]
    figures = study.ranking.move_deltas.of(plan, lycee, zones)
    points = points_brought(study, lycee, zones)
    total = study.cost().total_hours

    def judged(zone: str) -> Callable[[], Verdict]:
        return lambda: study.may_move(lycee, zone)

    ranked = [
        Destination(
            zone,
            is_allowed(plan, lycee, zone, analysis.context, study.locks),
            is_alone(plan, lycee, zone),
            points[zone],
            figures[zone],
            hours_change(total, figures[zone].delta_objective),
            judged(zone),
        )
        for zone in zones
    ]
    return tuple(
        sorted(ranked, key=lambda d: (not d.allowed, d.kind, _rank(d.delta_objective), d.zone))
    )


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
