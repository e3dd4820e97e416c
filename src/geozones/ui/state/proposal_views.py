"""View state of the mode « proposer » of the page « Carte »: form and searches."""

from dataclasses import dataclass, replace
from typing import Self

from geozones.domain import Plan
from geozones.domain.proposal_conditions import TimeLimit
from geozones.ui.state.carte_views import Mode
from geozones.workspace.proposals.centres import CentresJob
from geozones.workspace.proposals.fronts import FrontJob
from geozones.workspace.proposals.planner_options import PlannerOptions
from geozones.workspace.proposals.search import OpenedPlan, PlanJob
from geozones.workspace.proposals.why_not import WhyNotJob


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(PlannerOptions):
    """Form of a proposal, as typed in the mode « proposer »: a search of one minute at first.

    Sectors, zones, lycées and pairs are in the order in which they were chosen; ``pair`` holds the
    lycées about to be kept together or apart.
    """

    time_limit: TimeLimit = 60.0
    pair: tuple[str, ...] = ()

    def within(self, plan: Plan) -> Self:
        """Return the form without sectors, zones and lycées that are not in a plan."""
        lycees = plan.zone_by_lycee
        return replace(
            self,
            sectors=tuple(key for key in self.sectors if plan.has_sector(key)),
            locked_zones=tuple(key for key in self.locked_zones if plan.has_zone(key)),
            locked_lycees=tuple(key for key in self.locked_lycees if key in lycees),
            pair=tuple(key for key in self.pair if key in lycees),
            together=tuple(pair for pair in self.together if set(pair) <= set(lycees)),
            apart=tuple(pair for pair in self.apart if set(pair) <= set(lycees)),
        )


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Search of the session, the selected point of its curve, and which plan is shown.

    ``moves`` is ``None`` for the last point. ``after`` shows the plan after the moves. ``opened``
    is a plan shown instead. ``aside`` are the moves of each package set aside, until the next
    search. ``looked`` are the lycées of the proposal that the map last moved to.
    """

    job: PlanJob | None = None
    moves: int | None = None
    after: bool = True
    opened: OpenedPlan | None = None
    aside: frozenset[object] = frozenset()
    looked: tuple[str, ...] = ()


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
    """Last search of « Pourquoi pas ailleurs ? », and the mode where it was asked."""

    job: WhyNotJob | None = None
    came_from: Mode | None = None
