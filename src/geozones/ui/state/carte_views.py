"""View state of the page « Carte »: mode, selection, options, moves, drives, proposals."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from geozones.domain import Plan
from geozones.domain.plan import Milestone
from geozones.domain.proposal_conditions import ProposalConditions
from geozones.workspace.moves.destinations import NEW_ZONE
from geozones.workspace.moves.preview import MoveEffect
from geozones.workspace.proposals.centres import CentresJob
from geozones.workspace.proposals.search import PlanJob
from geozones.workspace.scenarios.openings import Site


@dataclass(frozen=True, slots=True)
class Selection:
    """Selected sector, zone and lycée. ``look`` counts the requests to move the map there.

    ``target`` is the zone that the selected lycée, or the picked ones, would join: `NEW_ZONE` for a
    zone to create.

    ``bounds`` is the area requested (west, south, east, north in degrees); ``None``: the sector,
    else the region.
    """

    sector: str | None = None
    zone: str | None = None
    lycee: str | None = None
    target: str | None = None
    look: int = 0
    bounds: tuple[float, float, float, float] | None = None

    @property
    def places(self) -> tuple[str | None, ...]:
        """Return the selected sector, zone and lycée."""
        return self.sector, self.zone, self.lycee

    def around(self, plan: Plan) -> tuple[str | None, str | None]:
        """Return the sector and the zone of what is selected, in a plan that has it."""
        zone_id = self.zone if self.lycee is None else plan.zone_of(self.lycee).id
        return (self.sector if zone_id is None else plan.zone(zone_id).sector), zone_id

    def within(self, plan: Plan) -> Self:
        """Return the selection without what is not in a plan."""
        zones = {zone.id: zone.sector for zone in plan.zones}
        return replace(
            self,
            sector=self.sector if plan.has_sector(self.sector) else None,
            zone=self.zone if self.zone in zones else None,
            lycee=self.lycee if self.lycee in plan.zone_by_lycee else None,
            target=self.target if self.target in {*zones, NEW_ZONE} else None,
        )


class Mode(StrEnum):
    """Content of the panel of the map: what is chosen, or proposals. The value is its key."""

    MAP = "carte"
    PROPOSE = "proposer"


@dataclass(frozen=True, slots=True)
class MapView:
    """Display options of the map and of the panels over it.

    ``lycees`` to ``tiles`` are its layers, ``step`` a date to come (``None``: today),
    ``colouring`` the figure that colours the zones (empty: their sector). ``baseline`` shows
    the plan in force instead of the current scenario, or the ``publication``
    (id) chosen instead of the plan in force; ``reference`` is the code of the plan compared with.
    ``drawer`` tells whether the tables at the right are open, ``tools`` whether those of what is
    chosen are, ``full`` whether the map is in full screen. ``mode`` is ``None`` until the first
    drawing, which reads it from the address.
    """

    mode: Mode | None = None
    baseline: bool = False
    publication: str | None = None
    reference: str | None = None
    drawer: bool = False
    tools: bool = False
    full: bool = False
    lycees: bool = True
    labels: bool = True
    departements: bool = True
    tiles: bool = False
    step: str | None = None
    colouring: str = ""

    @property
    def layers(self) -> dict[str, bool]:
        """Visibility of each layer, by name."""
        return {name: getattr(self, name) for name in ("lycees", "labels", "departements", "tiles")}


@dataclass(frozen=True, slots=True)
class VigilanceView:
    """List of points to watch: whether it is open, and of which sector (``None``: the region)."""

    opened: bool = False
    sector: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a sector that is not in a plan."""
        return replace(self, sector=self.sector if plan.has_sector(self.sector) else None)


@dataclass(frozen=True, slots=True)
class MadeMove:
    """Last change made: its answer, the event (id) of the scenario that made it, and its effect.

    There is no effect for packages of a proposal, which their list describes.
    """

    answer: str
    event: str | None
    effect: MoveEffect | None = None


@dataclass(frozen=True, slots=True)
class MoveView:
    """Move in preparation: its reason, and the lycées picked to move together.

    ``zone_name`` is the name typed for the zone that they form. ``row`` is the lycée whose row of
    the table is open, ``filter`` a text in the names or towns of the rows shown. ``done`` is the
    move just made, which an answer on screen tells of, in full with ``detail``; other targets of
    its lycée are then ranked on request.
    """

    why: str = ""
    picked: tuple[str, ...] = ()
    zone_name: str = ""
    row: str | None = None
    filter: str = ""
    done: MadeMove | None = None
    detail: bool = False

    def within(self, plan: Plan) -> Self:
        """Return the view without lycées that are not in a plan."""
        picked = tuple(key for key in self.picked if key in plan.zone_by_lycee)
        return replace(
            self, picked=picked, row=self.row if self.row in plan.zone_by_lycee else None
        )


@dataclass(frozen=True, slots=True)
class TravelView:
    """Drives shown on the map: between a pair of lycées, or from a place that was searched.

    ``followed`` is the selection on the map that gave the place (`follow_map`).
    """

    pair: tuple[str, str] | None = None
    followed: tuple[str | None, ...] = ()
    place: str | None = None
    address: str = ""
    understood: str = ""
    centre: str | None = None

    def within(self, plan: Plan) -> Self:
        """Return the view without a pair or a sector of a centre that is not in a plan."""
        pair = self.pair if self.pair and set(self.pair) <= set(plan.zone_by_lycee) else None
        centre = self.centre if plan.has_sector(self.centre) else None
        return replace(self, pair=pair, centre=centre)


@dataclass(frozen=True, slots=True)
class LocationView:
    """Correction of a location; ``clicking``: a click on the map gives it."""

    text: str = ""
    insist: bool = False
    clicking: bool = False


@dataclass(frozen=True, slots=True)
class OpeningView:
    """Opening of a lycée, new or on an existing site.

    ``clicking``: a click on the map gives the place; ``where`` is the address typed and ``site``
    the place that either gives. ``zone`` is the zone chosen, ``None`` for the zone drawn there.
    ``touched`` are the last event (id) that opened or closed a lycée and its sector (id), for which
    the best plan may be requested.
    """

    name: str = ""
    kind: str | None = None
    code: str = ""
    pupils: int | None = None
    where: str = ""
    site: Site | None = None
    zone: str | None = None
    clicking: bool = False
    touched: tuple[str | None, str] | None = None


@dataclass(frozen=True, slots=True)
class ZonesView:
    """Forms of the tools of a zone; mappings are by zone."""

    act: str = "renommer"
    into: str | None = None
    sector: str | None = None
    new_name: str = ""
    part_name: str = ""
    names: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    colours: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SectorsView:
    """Form of the sectors: fields as typed, and the action prepared for the selected sector.

    ``typed`` holds the fields of `EditSector` by ``sector.field``, ``calendars`` whole calendars by
    sector, until they are recorded. ``into`` is the sector to merge with or to give a zone to;
    ``parts`` are, by sector, the zones that form the new sector.
    """

    typed: Mapping[str, object] = field(default_factory=dict)
    calendars: Mapping[str, tuple[Milestone, ...]] = field(default_factory=dict)
    act: str = "fusionner"
    into: str | None = None
    new_name: str = ""
    part_name: str = ""
    parts: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class LocksView:
    """Form of a lock; ``items`` are by kind."""

    kind: str = "lycee"
    items: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demand(ProposalConditions):
    """Form of a proposal, as typed in the mode « proposer »: a search of one minute at most.

    Sectors and lycées are in the order in which they were chosen.
    """

    time_limit: float | None = 60.0

    def within(self, plan: Plan) -> Self:
        """Return the form without sectors and lycées that are not in a plan."""
        return replace(
            self,
            sectors=tuple(key for key in self.sectors if plan.has_sector(key)),
            locked_lycees=tuple(key for key in self.locked_lycees if key in plan.zone_by_lycee),
        )


@dataclass(frozen=True, slots=True)
class ProposalView:
    """Search of the session, the selected point of its curve, and which plan is shown.

    ``moves`` is ``None`` for the first proposal. ``after`` shows the plan after the moves.
    ``aside`` are the moves of each package set aside, until the next search. ``looked`` are the
    lycées of the proposal that the map last moved to.
    """

    job: PlanJob | None = None
    moves: int | None = None
    after: bool = True
    aside: frozenset[object] = frozenset()
    looked: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CentresView:
    """Last search of the best support centres."""

    job: CentresJob | None = None
