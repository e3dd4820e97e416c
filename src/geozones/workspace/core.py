"""One territory, opened: its lycées, plan, times, shapes, and what can be asked of them."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from shapely import STRtree, total_bounds
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.domain import InputError, Lycee, Plan, Settings, TravelTimes
from geozones.domain.cover import Cover
from geozones.domain.french import multiplied, number
from geozones.domain.locks import Locks
from geozones.domain.places import PlaceChanges
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import Teams
from geozones.intake import (
    DataFolder,
    PlanFile,
    find_data_folder,
    plan_to_json,
    read_data_folder,
    read_plan,
)
from geozones.metrics import Evaluator, Joinings, Values
from geozones.render import Outline, Palette
from geozones.rules import RuleContext, Severity, Verdict, Violation, check, check_zones, may_move
from geozones.territory.files import (
    Commune,
    Town,
    read_cells,
    read_commune_frame,
    read_communes,
    read_departements,
    read_towns,
)
from geozones.territory.shapes import adjacency, dissolve
from geozones.travel.positions import positions_hash
from geozones.travel.settings import read_travel_settings
from geozones.workspace import effects
from geozones.workspace.destinations import (
    Compensation,
    Destination,
    compensation,
    destinations,
)
from geozones.workspace.placed import Ground, placed
from geozones.workspace.teams import Covers
from geozones.workspace.travel import Travel, Trip, open_travel
from geozones.workspace.travel import trip as trip_between

MAX_MINUTES_RANGE = (10.0, 180.0)
PEAK_FACTOR_RANGE = (1.0, 1.6)
#: What does not depend on the settings, nor on the peak factor: shared, not computed anew.
_SHARED = (
    "palette", "_palette_of", "positions", "_shape", "_tree", "bounds", "communes", "limits",
    "grounds",
)  # fmt: skip
#: What does not depend on a scenario's places either.
_OF_HOME = ("palette", "communes", "limits")
#: What does not depend on who is in post either.
_SHARED_BY_TEAMS = (*_SHARED, "placings", "context", "covers", "joinings")


@dataclass(frozen=True)
class Workspace:
    """What every page and command asks; nothing in it changes once opened.

    ``times`` are between lycées, under the peak factor chosen; ``travel`` says where they come
    from and asks the engines for others.
    """

    data: DataFolder
    times: TravelTimes
    cells: Mapping[str, BaseGeometry]
    outlines: tuple[Outline, ...]
    towns: tuple[Town, ...]
    neighbours: Mapping[str, frozenset[str]]
    settings: Settings
    travel: Travel = field(default_factory=Travel)
    #: what a scenario says of places, and the territory without it
    places: PlaceChanges = field(default_factory=PlaceChanges)
    source: "Workspace | None" = field(default=None, repr=False)
    #: the posts that the metrics of teams are of; none of them without posts
    teams: Teams = field(default_factory=Teams)

    @property
    def lycees(self) -> Mapping[str, Lycee]:
        """The lycées by id."""
        return self.data.lycees

    @property
    def plan(self) -> Plan:
        """The shipped plan: three published sectors and four drafts."""
        return self.data.plan

    @cached_property
    def evaluator(self) -> Evaluator:
        """The metrics over this territory, those of teams too where there are posts."""
        return Evaluator(self.times, self.settings).with_covers(self._covers_of(self.teams))

    def _covers_of(self, people: Teams) -> Callable[[Plan, str], Cover | None] | None:
        return self.covers.of(self, people) if people.posts else None

    @cached_property
    def covers(self) -> Covers:
        """What posts stand, remembered zone by zone."""
        return Covers()

    @cached_property
    def joinings(self) -> Joinings:
        """The figures of moves over this territory."""
        return Joinings(self.times, self.settings.weights)

    @cached_property
    def context(self) -> RuleContext:
        """What the rules look at."""
        return RuleContext(self.lycees, self.times, self.neighbours, self.plan, self.settings)

    @cached_property
    def palette(self) -> Palette:
        """Colours of the shipped plan."""
        return Palette.of(self.plan, self.neighbours)

    def palette_of(self, plan: Plan) -> Palette:
        """Return the colours of a plan: those of the shipped plan where its zones are the same."""
        palette: Palette = self._palette_of(plan)
        return palette

    @cached_property
    def _palette_of(self) -> Any:  # noqa: ANN401 - lru_cache wrapper
        base, before, near = self.palette, self.plan, self.neighbours
        return lru_cache(maxsize=64)(lambda plan: base.after(before, plan, near))

    def colour(self, plan: Plan, zone: str) -> str:
        """Return the colour of a zone, ``#rrggbb``, told from those of its neighbours.

        The shipped zones keep theirs whatever is added or moved elsewhere.
        """
        return self.palette_of(plan).zone[zone]

    def with_max_minutes(self, minutes: float) -> "Workspace":
        """Return the same territory under another threshold for the drives inside a zone.

        Raises
        ------
        InputError
            If it is not between 10 and 180 minutes.
        """
        low, high = MAX_MINUTES_RANGE
        if not low <= minutes <= high:
            msg = f"Le seuil doit être entre {low:.0f} et {high:.0f} minutes."
            raise InputError(msg)
        home = self.home
        changed = home.varied(settings=replace(home.settings, max_minutes=minutes))
        return changed.with_places(self.places)

    def with_peak_factor(self, factor: float) -> "Workspace":
        """Return the same territory with every drive ``factor`` times as long, as at peak hours.

        Raises
        ------
        InputError
            If it is not between 1 and 1.6.
        """
        low, high = PEAK_FACTOR_RANGE
        if not low <= factor <= high:
            msg = f"Le facteur d'heure de pointe doit être entre {low:g} et {number(high, 1)}."
            raise InputError(msg)
        home = self.home
        return home.varied(times=home.times.scaled(factor)).with_places(self.places)

    @property
    def home(self) -> "Workspace":
        """The territory of the data folder, without any scenario's places."""
        return self.source or self

    def with_places(self, places: PlaceChanges) -> "Workspace":
        """Return the territory with a scenario's places, or the data folder's where it has none.

        Times of moved or added lycées come from the engines of the settings; cells are made anew.

        Raises
        ------
        InputError
            If the land cannot be shared out between these places.
        """
        return self.home.placings(places) if places else self.home

    @cached_property
    def placings(self) -> Any:  # noqa: ANN401 - lru_cache wrapper
        """Make, and remember, this territory with the places of a scenario."""

        @lru_cache(maxsize=16)
        def make(places: PlaceChanges) -> Workspace:
            other = placed(self, places)
            vars(other).update({name: getattr(self, name) for name in _OF_HOME})
            return other

        return make

    @cached_property
    def grounds(self) -> Any:  # noqa: ANN401 - lru_cache wrapper
        """Make, and remember, what follows from where the lycées are, whatever the settings."""
        return lru_cache(maxsize=16)(lambda positions: Ground(self, dict(positions)))

    def with_team_settings(self, settings: TeamSettings) -> "Workspace":
        """Return the same territory under other hypotheses about teams."""
        if settings == self.settings.teams:
            return self
        home = self.home
        changed = home.varied(settings=replace(home.settings, teams=settings))
        return changed.with_places(self.places)

    def with_teams(self, people: Teams) -> "Workspace":
        """Return the same territory whose metrics tell what these posts stand.

        Without any post it is the workspace itself, as fast as ever.
        """
        if people == self.teams:
            return self
        evaluator = self.evaluator.with_covers(self._covers_of(people))
        _ = self.placings  # shared from now on
        other = self._with(_SHARED_BY_TEAMS, teams=people)
        vars(other)["evaluator"] = evaluator
        return other

    @property
    def peak_note(self) -> str:
        """What to write beside every duration: nothing at free-flow speed."""
        factor = self.times.factor
        return "" if factor == 1 else f" (heure de pointe {multiplied(factor)})"

    def varied(self, **changes: Any) -> "Workspace":  # noqa: ANN401 - the fields of Workspace
        """Return the same under other settings or times; what they do not change is shared."""
        return self._with(_SHARED, **changes)

    def _with(self, shared: tuple[str, ...], **changes: Any) -> "Workspace":  # noqa: ANN401
        other = replace(self, **changes)
        _ = self.grounds  # shared from now on
        done = vars(self)
        vars(other).update({name: done[name] for name in shared if name in done})
        return other

    # -- plans ---------------------------------------------------------------------------------

    def read_plan(self, content: bytes | str) -> PlanFile:
        """Read a plan file over the data folder's lycées; raises ``PlanFileError``."""
        return read_plan(content, self.home.plan)

    def plan_json(self, plan: Plan, places: PlaceChanges | None = None) -> dict[str, Any]:
        """Return a plan as the JSON object that files and ``geozones plan`` hold.

        With the ``places`` that it needs beside the data folder's: by default, those in use here.
        """
        own = self.places if places is None else places
        return plan_to_json(plan, own, self.home.lycees)

    def plan_of_json(self, document: Mapping[str, Any]) -> PlanFile:
        """Read a plan as `plan_json` gives it; raises ``PlanFileError``."""
        return self.read_plan(json.dumps(document))

    def check(self, plan: Plan, zones: Iterable[str] | None = None) -> tuple[Violation, ...]:
        """Return the breaches of a plan, or of some of its zones."""
        if zones is None:
            return check(plan, self.context)
        return check_zones(plan, zones, self.context)

    def forbidden(self, plan: Plan) -> tuple[str, ...]:
        """Return what makes a plan not valid, in sentences: its breaches that no move may make."""
        return tuple(
            breach.message for breach in self.check(plan) if breach.severity is Severity.FORBIDDEN
        )

    def may_move(self, plan: Plan, lycee: str, zone: str, locks: Locks | None = None) -> Verdict:
        """Judge a move."""
        return may_move(plan, lycee, zone, self.context, locks)

    def preview(
        self, plan: Plan, lycee: str, zone: str, locks: Locks | None = None
    ) -> "effects.MoveEffect":
        """Say what a move would change, without making it."""
        return effects.preview(self, plan, lycee, zone, locks)

    def destinations(
        self, plan: Plan, lycee: str, locks: Locks | None = None
    ) -> tuple[Destination, ...]:
        """Rank the zones that a lycée could join, best first."""
        return destinations(self, plan, lycee, locks)

    def compensation(
        self, plan: Plan, lycee: str, zone: str, locks: Locks | None = None
    ) -> Compensation | None:
        """Return the best lycée to take back where a move leaves its zone too small."""
        return compensation(self, plan, lycee, zone, locks)

    def metrics_json(self, plan: Plan) -> dict[str, Any]:
        """Return the metrics of the region, the sectors and the zones, with counts of breaches."""
        breaches = self.check(plan)
        by_zone = Counter(breach.zone for breach in breaches)
        evaluator = self.evaluator

        def sector_breaches(sector: str) -> int:
            return sum(by_zone[zone.id] for zone in plan.zones_of(sector))

        return {
            "region": {**evaluator.region(plan), "breaches": len(breaches)},
            "sectors": {
                sector.id: {
                    **evaluator.sector(plan, sector.id),
                    "breaches": sector_breaches(sector.id),
                }
                for sector in plan.sectors
            },
            "zones": {
                zone: {**values, "breaches": by_zone[zone]}
                for zone, values in evaluator.zones(plan).items()
            },
        }

    def is_changed(self, plan: Plan, zone: str, reference: Plan | None = None) -> bool:
        """Tell whether a zone is not as in a plan (the shipped one): its lycées, or not there."""
        before = reference or self.plan
        known = any(entry.id == zone for entry in before.zones)
        return not known or before.members(zone) != plan.members(zone)

    def releve(self, plan: Plan, lycee: str) -> tuple[str, float] | None:
        """Return who would come to a lycée, and in how many minutes; ``None`` for nobody."""
        releves = self.evaluator.zone(plan, plan.zone_of(lycee).id)["releves"]
        return releves.get(lycee) if isinstance(releves, dict) else None

    def guess(self, origin: str, destination: str) -> str:
        """Return what to write beside the minutes of a drive: that they are estimated, if so."""
        return " (estimé)" if self.times.is_estimated(origin, destination) else ""

    def area(self, plan: Plan, sector: str | None, zone: str | None = None) -> Values:
        """Return the metrics of the narrowest of zone, sector, region that is given."""
        if zone is not None:
            return self.evaluator.zone(plan, zone)
        if sector is not None:
            return self.evaluator.sector(plan, sector)
        return self.evaluator.region(plan)

    # -- places --------------------------------------------------------------------------------

    @cached_property
    def positions(self) -> dict[str, tuple[float, float]]:
        """Latitude and longitude of each lycée, in degrees."""
        return {lycee.id: (lycee.lat, lycee.lon) for lycee in self.lycees.values()}

    @cached_property
    def communes(self) -> tuple[Commune, ...]:
        """The communes of the territory, by code; raises ``DataFileError``."""
        return read_communes(self.data.path / "communes.parquet")

    @cached_property
    def limits(self) -> Mapping[str, BaseGeometry]:
        """The polygon of each commune, not simplified, by code; raises ``DataFileError``."""
        frame = read_commune_frame(self.data.path / "communes.parquet")
        return dict(zip(frame["code"].astype(str), frame.geometry, strict=True))

    def trip(self, origin: str, destination: str) -> Trip:
        """Return the drive between two places (lycée ids or ``lat,lon``), and who says so."""
        return trip_between(self, origin, destination)

    def name(self, lycee: str) -> str:
        """Return how a lycée is called in a sentence."""
        return self.context.name(lycee)

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of the whole territory, in degrees."""
        west, south, east, north = total_bounds(list(self.cells.values())).tolist()
        return west, south, east, north

    def shape(self, members: Iterable[str]) -> BaseGeometry:
        """Return the union of the cells of some lycées (WGS84); remembered."""
        shape: BaseGeometry = self._shape(tuple(sorted(members)))
        return shape

    @cached_property
    def _shape(self) -> Any:  # noqa: ANN401 - lru_cache wrapper
        return lru_cache(maxsize=512)(lambda members: dissolve(self.cells, members))

    @cached_property
    def _tree(self) -> tuple[STRtree, tuple[str, ...]]:
        return STRtree(list(self.cells.values())), tuple(self.cells)

    def zone_at(self, plan: Plan, lat: float, lon: float) -> str:
        """Return the zone drawn at a point.

        Raises
        ------
        InputError
            If the point is in no zone: in the sea, or outside the region.
        """
        tree, ids = self._tree
        found = tree.query(Point(lon, lat), predicate="intersects")
        if len(found) == 0:
            msg = "Ce point n'est dans aucune zone : déposez le lycée à l'intérieur du territoire."
            raise InputError(msg)
        return plan.zone_by_lycee[ids[int(found[0])]]


def open_workspace(folder: Path | None = None, settings: Settings | None = None) -> Workspace:
    """Open the data folder.

    Raises
    ------
    DataFileError
        If one of its files is missing, altered, or does not fit the others.
    """
    data = read_data_folder(folder or find_data_folder())
    positions = {lycee.id: (lycee.lat, lycee.lon) for lycee in data.lycees.values()}
    cells = read_cells(data.path / "cells.parquet", positions, positions_hash(positions))
    departements = read_departements(data.path / "departements")
    source = open_travel(read_travel_settings(), data.path / "travel_times.parquet", positions)
    return Workspace(
        data=data,
        times=source.between_lycees(positions),
        cells=cells,
        outlines=tuple(Outline(code, *entry) for code, entry in departements.items()),
        towns=read_towns(data.path / "communes.parquet"),
        neighbours=adjacency(cells),
        settings=settings or Settings(),
        travel=source,
    )
