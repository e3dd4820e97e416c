"""Ranked destinations of a lycée, and the lycée to take back if its zone becomes too small."""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from geozones.domain import Plan
from geozones.metrics import MoveDelta
from geozones.rules import Verdict, is_allowed
from geozones.workspace.study import Study

#: Lycées of a zone that a move out of it leaves with one.
_PAIR = 2


@dataclass(frozen=True, eq=False)
class Destination:
    """A zone that a lycée could join.

    Differences compare both zones touched, taken together, after and before: mean minutes over
    their pairs of colleagues, and the worse of their two longest drives, in minutes (``None`` if
    one of the two has no pair); ``delta_objective`` is the change of the plan's yearly hours.
    ``alone`` tells that one of them would have a single lycée, to which no colleague comes.
    """

    zone: str
    allowed: bool
    alone: bool
    figures: MoveDelta
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
    def kind(self) -> tuple[bool, bool]:
        """Whether it leaves a lycée alone, and adds a post: such destinations rank after others."""
        return self.alone, self.more_posts > 0

    @cached_property
    def verdict(self) -> Verdict:
        """The verdict of the rules on the move, with its reasons; computed on demand."""
        return self.judge()


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
    """Rank every other zone: allowed moves first, then the fewest hours a year.

    Those that leave a lycée alone in its zone, then those that add a post, rank after the others.
    """
    plan, analysis = study.plan, study.analysis
    origin = plan.zone_of(lycee).id
    left_alone = len(plan.members(origin)) == _PAIR
    zones = [zone.id for zone in plan.zones if zone.id != origin]
    figures = study.ranking.move_deltas.of(plan, lycee, zones)

    def judged(zone: str) -> Callable[[], Verdict]:
        return lambda: study.may_move(lycee, zone)

    ranked = [
        Destination(
            zone,
            is_allowed(plan, lycee, zone, analysis.context, study.locks),
            left_alone or not plan.members(zone),
            figures[zone],
            judged(zone),
        )
        for zone in zones
    ]
    return tuple(
        sorted(ranked, key=lambda d: (not d.allowed, d.kind, _rank(d.delta_objective), d.zone))
    )


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
