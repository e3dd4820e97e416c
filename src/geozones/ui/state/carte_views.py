"""View state of the page « Carte »: mode, selection, display options, moves, drives."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Self

from geozones.domain import Plan
from geozones.workspace.moves.new_zone import NEW_ZONE
from geozones.workspace.moves.preview import MoveEffect


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
        zone = self.zone if self.lycee is None else plan.zone_of(self.lycee).id
        return (self.sector if zone is None else plan.zone(zone).sector), zone

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
    """Mode of the map; the value is its key, ``label`` its name on screen."""

    LOOK = "regarder"
    EDIT = "modifier"
    PROPOSE = "proposer"

    @property
    def label(self) -> str:
        """Return the name of the mode on screen."""
        return self.value.capitalize()


@dataclass(frozen=True, slots=True)
class MapView:
    """Display options of the map and of the panels over it.

    ``lycees`` to ``tiles`` are its layers, ``step`` the date of the calendar (``None``: today),
    ``colouring`` the figure that colours the zones (empty: their sector). ``baseline`` shows, in
    the mode « regarder », the plan in force instead of the current scenario, or the ``publication``
    (id) chosen instead of the plan in force; ``reference`` is the code of the plan compared with.
    ``drawer`` tells whether the tables at the right are open, ``full`` whether the map is in full
    screen. ``mode`` is ``None`` until the first drawing, which reads it from the address.
    """

    mode: Mode | None = None
    baseline: bool = False
    publication: str | None = None
    reference: str | None = None
    drawer: bool = False
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
    """List of points to watch: whether it is open, and its filters.

    ``sector`` is ``None`` for the region, ``decided`` for both states, ``origin`` (a word) for all.
    """

    opened: bool = False
    sector: str | None = None
    decided: bool | None = None
    origin: str | None = None

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

    ``engines`` (``None``: the engines of the settings) and ``communes`` define the next build.
    ``followed`` is the selection on the map that gave the place (`follow_map`).
    """

    pair: tuple[str, str] | None = None
    followed: tuple[str | None, ...] = ()
    place: str | None = None
    address: str = ""
    understood: str = ""
    isochrones: bool = False
    centre: str | None = None
    engines: tuple[str, ...] | None = None
    communes: bool = True

    def within(self, plan: Plan) -> Self:
        """Return the view without a pair or a sector of a centre that is not in a plan."""
        pair = self.pair if self.pair and set(self.pair) <= set(plan.zone_by_lycee) else None
        centre = self.centre if plan.has_sector(self.centre) else None
        return replace(self, pair=pair, centre=centre)
