"""One territory, opened: its lycées, plan, times, shapes, and what can be asked of them."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any

from shapely import STRtree, total_bounds
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.domain import InputError, Lycee, Plan, Settings, TravelTimes
from geozones.domain.french import multiplied, number
from geozones.domain.locks import Locks
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import Teams
from geozones.intake import DataFolder, find_data_folder, plan_to_json, read_data_folder, read_plan
from geozones.metrics import Evaluator, Joinings, Values
from geozones.render import Outline, Palette
from geozones.rules import RuleContext, Severity, Verdict, Violation, check, check_zones, may_move
from geozones.territory.files import (
    Commune,
    Town,
    read_cells,
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
from geozones.workspace.teams import Covers
from geozones.workspace.travel import Travel, Trip, open_travel
from geozones.workspace.travel import trip as trip_between

MAX_MINUTES_RANGE = (10.0, 180.0)
PEAK_FACTOR_RANGE = (1.0, 1.6)
#: What does not depend on the settings, nor on the peak factor: shared, not computed anew.
_SHARED = ("palette", "_palette_of", "positions", "_shape", "_tree", "bounds", "communes")
#: What does not depend on who is in post either.
_SHARED_BY_TEAMS = (*_SHARED, "context", "covers", "joinings")


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
        """The metrics over this territory."""
        return Evaluator(self.times, self.settings)

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
        return self._with(settings=replace(self.settings, max_minutes=minutes))

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
        return self._with(times=self.times.scaled(factor))

    def with_team_settings(self, settings: TeamSettings) -> "Workspace":
        """Return the same territory under other hypotheses about teams."""
        if settings == self.settings.teams:
            return self
        return self._with(settings=replace(self.settings, teams=settings))

    def with_teams(self, people: Teams) -> "Workspace":
        """Return the same territory whose metrics tell what these posts stand.

        Without any post it is the workspace itself, as fast as ever.
        """
        if people == self.teams:
            return self
        base = self.evaluator
        covers = self.covers.of(self, people) if people.posts else None
        other = self._with(shared=_SHARED_BY_TEAMS, teams=people)
        vars(other)["evaluator"] = base.with_covers(covers)
        return other

    @property
    def peak_note(self) -> str:
        """What to write beside every duration: nothing at free-flow speed."""
        factor = self.times.factor
        return "" if factor == 1 else f" (heure de pointe {multiplied(factor)})"

    def _with(
        self,
        shared: tuple[str, ...] = _SHARED,
        **changes: Any,  # noqa: ANN401 - the fields of Workspace
    ) -> "Workspace":
        other = replace(self, **changes)
        done = vars(self)
        vars(other).update({name: done[name] for name in shared if name in done})
        return other

    # -- plans ---------------------------------------------------------------------------------

    def read_plan(self, content: bytes | str) -> Plan:
        """Read a plan file over these lycées; raises ``PlanFileError``."""
        return read_plan(content, self.plan)

    def plan_json(self, plan: Plan) -> dict[str, Any]:
        """Return a plan as the JSON object that files and ``geozones plan`` hold."""
        return plan_to_json(plan)

    def plan_of_json(self, document: Mapping[str, Any]) -> Plan:
        """Read a plan as `plan_json` gives it; raises ``PlanFileError``."""
        return read_plan(json.dumps(document), self.plan)

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
