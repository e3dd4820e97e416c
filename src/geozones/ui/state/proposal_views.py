"""View state of the mode « proposer » of the page « Carte »: form and searches."""

from dataclasses import dataclass, replace
from typing import Self

from geozones.domain import Plan
from geozones.domain.settings import PROPOSED_SIZES
from geozones.workspace.proposals.balance import LEAST_POSTS
from geozones.workspace.proposals.centres import CentresJob
from geozones.workspace.proposals.fronts import FrontJob
from geozones.workspace.proposals.search import OpenedPlan, PlanJob
from geozones.workspace.proposals.why_not import WhyNotJob
from geozones.workspace.rankings import HOURS

#: T.I.P. per zone and pupils per sector from which on there is no upper bound.
MOST_POSTS, MOST_PUPILS = 9, 20_000


@dataclass(frozen=True, slots=True)
class Demand:
    """Form of a proposal, as typed in the mode « proposer ».

    ``objective`` is what plans are optimised for (`rankings.OBJECTIVES`); sizes and counts are
    lycées and zones, ``cap`` minutes, ``seconds`` the search time; ``None`` means no constraint.
    ``pair`` holds the lycées about to be kept together or apart; ``without`` the lifted rules, by
    their keys (`domain.proposal_rules`). ``posts`` are T.I.P. per zone, ``pupils`` pupils per
    sector, fewest and most; the greatest value on offer means no upper bound
    (`ui.carte.proposals.balance_fields`). ``robust`` is one of `domain.drawn_costs.ROBUST`.
    """

    objective: str = HOURS
    sectors: tuple[str, ...] = ()
    stay: bool = True
    size: tuple[int, int] = PROPOSED_SIZES
    cap: int | None = None
    moves: int | None = None
    zones: int | None = None
    held_lycees: tuple[str, ...] = ()
    held_zones: tuple[str, ...] = ()
    pair: tuple[str, ...] = ()
    together: tuple[tuple[str, str], ...] = ()
    apart: tuple[tuple[str, str], ...] = ()
    seconds: int = 60
    without: tuple[str, ...] = ()
    posts: tuple[int, int] = (LEAST_POSTS, MOST_POSTS)
    pupils: tuple[int, int] = (0, MOST_PUPILS)
    robust: str = ""

    def within(self, plan: Plan) -> Self:
        """Return the form without sectors, zones and lycées that are not in a plan."""
        lycees = plan.zone_by_lycee
        return replace(
            self,
            sectors=tuple(key for key in self.sectors if plan.has_sector(key)),
            held_zones=tuple(key for key in self.held_zones if plan.has_zone(key)),
            held_lycees=tuple(key for key in self.held_lycees if key in lycees),
            pair=tuple(key for key in self.pair if key in lycees),
            together=tuple(pair for pair in self.together if set(pair) <= set(lycees)),
            apart=tuple(pair for pair in self.apart if set(pair) <= set(lycees)),
        )


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Search of the session, the selected point of its curve, and which plan is shown.

    ``moves`` is ``None`` for the last point. ``after`` shows the plan after the moves. ``opened``
    is a plan shown instead.
    """

    job: PlanJob | None = None
    moves: int | None = None
    after: bool = True
    opened: OpenedPlan | None = None


@dataclass(frozen=True, slots=True)
class CentresView:
    """Last search of the best support centres."""

    job: CentresJob | None = None


@dataclass(frozen=True, slots=True)
class FrontView:
    """Last search of a Pareto front, and its two measures (`workspace.proposals.fronts`)."""

    job: FrontJob | None = None
    x: str = "moves"
    y: str = "hours"


@dataclass(frozen=True, slots=True)
class WhyNotView:
    """Last search of « Pourquoi pas ailleurs ? »."""

    job: WhyNotJob | None = None
