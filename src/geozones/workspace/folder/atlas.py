"""The opened data folder: lycées, shipped plan, calendar, shapes, drives."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
from geopandas import GeoDataFrame
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError
from geozones.domain import Lycee, Plan
from geozones.domain.decisions import Decisions
from geozones.domain.identifiers import commune_place
from geozones.domain.organisation import Organisation
from geozones.domain.places import LocationOverrides
from geozones.domain.scenario import Baseline, StartingPlan
from geozones.domain.school_calendar import NO_CALENDAR, SchoolCalendar
from geozones.domain.settings import FolderCredits
from geozones.intake.data_folder import CalendarStep, DataFolder, read_data_folder
from geozones.intake.directory import directory_title
from geozones.intake.json_files import read_organisation, read_school_calendar
from geozones.intake.manifest_file import (
    find_data_folder,
    is_delivered_territory,
    use_configured_territory,
    use_folder,
)
from geozones.intake.plan_file import PlanFile, plan_to_json, read_plan
from geozones.intake.site_tables import read_assignment
from geozones.jobs.pickling import OpenedData
from geozones.render import CloseGround, MapGround, Palette
from geozones.territory.borders import Border, read_borders
from geozones.territory.land import Land, communes_near
from geozones.territory.shapes import adjacency
from geozones.territory.territory_files import (
    Commune,
    banks_of,
    read_cells,
    read_commune_frame,
    read_commune_points,
    read_communes,
    read_departements,
    read_ground,
)
from geozones.travel.matrix_file import open_matrix, positions_hash
from geozones.travel.travel_settings import read_travel_settings
from geozones.workspace.folder.drives import Drives, Engines, open_drives
from geozones.workspace.folder.ground import (
    GROUND,
    computed_land,
    open_close_ground,
    open_ground,
)

__all__ = ["Atlas", "is_delivered_territory", "open_atlas", "use_configured_territory"]

CELLS = "cells.parquet"


@dataclass(frozen=True, eq=False)
class Atlas(OpenedData):
    """The opened data folder; immutable and independent of any scenario."""

    data: DataFolder  # Lycées, shipped plan, calendar and source document.
    drives: Drives  # Minutes between its lycées and communes.
    cells: Mapping[str, BaseGeometry]  # The land of each lycée (id), WGS84 polygons.
    #: For each lycée, the lycées whose cell touches its cell.
    neighbours: Mapping[str, frozenset[str]]
    ground: MapGround  # The map background.
    #: The organisation in the source document; ``None`` if the folder has no such file.
    organisation: Organisation | None = None
    school: SchoolCalendar = NO_CALENDAR  # The school holidays, which nobody works.
    #: Fingerprint of the opened files and their modification times: atlases with the same stamp
    #: have the same content. Empty if no folder was opened.
    stamp: str = ""
    #: Whether the cells were computed at the opening, for want of a file that fits.
    has_computed_cells: bool = False

    @property
    def lycees(self) -> Mapping[str, Lycee]:
        """The lycées by id."""
        return self.data.lycees

    @property
    def plan(self) -> Plan:
        """The plan of the folder: see `starting_plan`."""
        return self.data.plan

    @property
    def calendar(self) -> tuple[CalendarStep, ...]:
        """The dates of the deployment, in order."""
        return self.data.calendar

    @property
    def source(self) -> Mapping[str, str]:
        """The document that presents the sectors: ``auteur``, ``date``… each may be missing."""
        return self.data.source

    @property
    def directory_title(self) -> str:
        """Name of the directory that lists are matched against, in a sentence: « l'annuaire »."""
        return directory_title(published=self.data.has_directory)

    @property
    def credits(self) -> FolderCredits:
        """The credits that the folder gives, each may be empty."""
        return self.data.manifest.credits

    @property
    def drafts(self) -> Mapping[str, str]:
        """Author and date (``auteur``, ``date``) of the sectors that the tool drew."""
        return self.data.drafts

    @cached_property
    def baseline(self) -> Baseline:
        """The starting plan as the baseline."""
        earlier = tuple(each.baseline() for each in self.data.earlier_starting_plans)
        return replace(self.starting_plan.baseline(), earlier=earlier)

    @cached_property
    def starting_plan(self) -> StartingPlan:
        """The plan of the folder, with its origin and any decision that put it in force."""
        return self.data.starting_plan

    @cached_property
    def palette(self) -> Palette:
        """Colours of the shipped plan."""
        return Palette.of(self.plan, self.neighbours)

    @cached_property
    def communes(self) -> tuple[Commune, ...]:
        """The communes by code, simplified for the screen; raises ``DataFileError``."""
        return read_communes(_communes(self.data))

    @cached_property
    def commune_frame(self) -> GeoDataFrame:
        """The unsimplified communes that cells are built from; raises ``DataFileError``.

        Empty for a folder without communes.
        """
        return read_commune_frame(_communes(self.data))

    @cached_property
    def borders(self) -> tuple[Border, ...]:
        """The detailed borders between cells, for large zooms; raises ``DataFileError``.

        There are none where cells were computed: the file is of other cells.
        """
        if self.has_computed_cells:
            return ()
        positions = {lycee.id: (lycee.lat, lycee.lon) for lycee in self.lycees.values()}
        return read_borders(self.data.path / "fine_borders.parquet", positions_hash(positions))

    @cached_property
    def close_ground(self) -> CloseGround:
        """The map background for large zooms; raises ``DataFileError``."""
        return open_close_ground(self.data.path, _named(self.data))

    @cached_property
    def rivers(self) -> BaseGeometry | None:
        """The river lines that separate the lycées of a town (WGS84); raises ``DataFileError``."""
        return banks_of(read_ground(self.data.path / GROUND))

    @cached_property
    def limits(self) -> Mapping[str, BaseGeometry]:
        """The unsimplified polygon of each commune by code; raises ``DataFileError``."""
        frame = self.commune_frame
        return dict(zip(frame["code"].astype(str), frame.geometry, strict=True))

    @cached_property
    def _limit_tree(self) -> tuple[STRtree, tuple[str, ...]]:
        return STRtree(list(self.limits.values())), tuple(self.limits)

    def commune_at(self, lat: float, lon: float) -> str | None:
        """Return the commune (INSEE code) at a point; ``None`` outside; raises `DataFileError`."""
        tree, codes = self._limit_tree
        touched = tree.query(Point(lon, lat), predicate="intersects")
        return codes[int(touched[0])] if len(touched) else None

    def read_plan(
        self, content: bytes | str, corrections: Mapping[str, str] | None = None
    ) -> PlanFile:
        """Read a plan file, or an assignment of two columns, which the user may have chosen."""
        assignment = read_assignment(content, self.plan, corrections)
        return assignment or read_plan(content, self.plan)

    def plan_json(
        self, plan: Plan, overrides: LocationOverrides, decisions: Decisions | None = None
    ) -> dict[str, Any]:
        """Return a plan and the locations that it needs, in the format of plan files.

        ``decisions`` gives sectors and zones their status.
        """
        return plan_to_json(plan, overrides, self.lycees, decisions)

    def plan_of_json(self, document: Mapping[str, Any]) -> PlanFile:
        """Read a plan written by `plan_json`; raises ``PlanFileError``."""
        return self.read_plan(json.dumps(document))


def _named(data: DataFolder) -> dict[str, str]:
    """Return the commune names of the lycées, by INSEE code."""
    return {lycee.insee: lycee.commune for lycee in data.lycees.values() if lycee.insee}


def _computed_land(data: DataFolder, drives: Drives) -> Land:
    """Return the land of a folder without a file of cells that fits."""
    frame = read_commune_frame(_communes(data))
    rivers = banks_of(read_ground(data.path / GROUND))
    if frame.empty:
        return computed_land(drives.lycees, None, None, rivers)
    near = communes_near(drives.lycees, frame)
    rows = tuple(map(commune_place, near["code"]))
    known = drives.matrix is not None and open_matrix(drives.shipped, drives.lycees).places
    minutes = None
    if known and set(rows) <= known:
        minutes = np.asarray(drives.from_communes.restricted(rows, tuple(drives.lycees)).minutes)
    return computed_land(drives.lycees, near, minutes, rivers)


def _communes(data: DataFolder) -> Path:
    return data.path / data.manifest.files.communes


def _matrix(data: DataFolder) -> Path:
    return data.path / data.manifest.files.minutes


def _positions(data: DataFolder) -> dict[str, tuple[float, float]]:
    return {lycee.id: (lycee.lat, lycee.lon) for lycee in data.lycees.values()}


def open_data_folder(folder: Path | None = None) -> DataFolder:
    """Open a data folder's sites and plan, and switch to its words; raise as `open_atlas`."""
    path = folder or find_data_folder()
    use_folder(path)
    data = read_data_folder(path)
    use_folder(path, has_document=bool(data.source))
    return data


def engines_before_minutes() -> tuple[DataFolder, Engines] | None:
    """Return the data folder and its engines if it has no matrix of its sites; else ``None``.

    The folder may have neither cells nor communes yet. If it has a matrix, use the atlas.
    """
    data = open_data_folder()
    matrix, lycees = _matrix(data), _positions(data)
    try:
        open_matrix(matrix, lycees)
    except DataFileError:
        pass  # missing, altered, or of other positions: a new one takes its place
    else:
        return None
    communes = read_commune_points(_communes(data))
    settings = read_travel_settings()
    return data, Engines(settings, matrix, lycees, communes, outlines=_communes(data))


def open_atlas(folder: Path | None = None) -> Atlas:
    """Open a data folder, by default the configured one (see `find_data_folder`)."""
    data = open_data_folder(folder)
    lycees = _positions(data)
    cells = read_cells(data.path / CELLS, lycees, positions_hash(lycees))
    departements = read_departements(data.path / "departements")
    communes = read_commune_points(_communes(data))
    matrix = _matrix(data)
    settings = read_travel_settings()
    drives = open_drives(settings, matrix, lycees, communes, _communes(data))
    computed = cells is None
    if cells is None:
        land = _computed_land(data, drives)
        cells = dict(zip(land.cells["id"], land.cells.geometry, strict=True))
        departements = departements or {
            str(code): (str(code), shape)
            for code, shape in zip(land.departements["id"], land.departements.geometry, strict=True)
        }
    # a map background with the credit of the manifest, if its own files give none
    ground = open_ground(data.path, _communes(data), departements, _named(data))
    folder = data.path
    files = (*sorted(folder.iterdir()), *sorted(folder.glob("*/*.json")), settings.matrix)
    written = [f"{path.name}:{path.stat().st_mtime_ns}" for path in files if path.is_file()]
    return Atlas(
        data=data,
        drives=drives,
        cells=cells,
        neighbours=adjacency(cells),
        ground=replace(ground, credit=ground.credit or data.manifest.credits.ground),
        organisation=read_organisation(data.path),
        school=read_school_calendar(data.path),
        stamp=hashlib.sha256(f"{folder} {settings!r} {written}".encode()).hexdigest(),
        has_computed_cells=computed,
    )
