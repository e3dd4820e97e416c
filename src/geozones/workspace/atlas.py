"""The opened data folder: lycées, shipped plan, calendar, shapes, drives."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from geopandas import GeoDataFrame
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.domain import Lycee, Plan
from geozones.domain.baseline import Baseline
from geozones.domain.decisions import Decisions
from geozones.domain.organisation import Organisation
from geozones.domain.peak import PeakProfile
from geozones.domain.places import LocationOverrides
from geozones.domain.starting_plan import StartingPlan
from geozones.intake import (
    DataFolder,
    PlanFile,
    find_data_folder,
    plan_to_json,
    read_data_folder,
    read_plan,
)
from geozones.intake.data_folder import CalendarStep
from geozones.intake.organisation_file import read_organisation
from geozones.intake.peak_hours import read_peak_profile
from geozones.render import CloseGround, MapGround, Palette
from geozones.territory.borders import Border, read_borders
from geozones.territory.ground_file import banks_of, read_ground
from geozones.territory.shapes import adjacency
from geozones.territory.territory_files import (
    Commune,
    read_cells,
    read_commune_frame,
    read_commune_points,
    read_communes,
    read_departements,
)
from geozones.travel.positions import positions_hash
from geozones.travel.travel_settings import TravelSettings, read_travel_settings
from geozones.workspace.drives import Drives, open_drives
from geozones.workspace.ground import GROUND, open_close_ground, open_ground
from geozones.workspace.ground_tiles import tiles_stamp

_COMMUNES = "communes.parquet"


@dataclass(frozen=True, eq=False)
class Atlas:
    """The opened data folder; immutable and independent of any scenario.

    Parameters
    ----------
    data
        Lycées, shipped plan, calendar and source document.
    drives
        Minutes between its lycées and communes.
    cells
        The land of each lycée (id), WGS84 polygons.
    neighbours
        For each lycée, the lycées whose cell touches its cell.
    ground
        The map background.
    peak
        Slowdown of drives at peak hours, by place.
    organisation
        The organisation in the source document; ``None`` if the folder has no such file.
    stamp
        Fingerprint of the opened files and their modification times: atlases with the same stamp
        have the same content. Empty if no folder was opened.
    """

    data: DataFolder
    drives: Drives
    cells: Mapping[str, BaseGeometry]
    neighbours: Mapping[str, frozenset[str]]
    ground: MapGround
    peak: PeakProfile = field(default_factory=PeakProfile)
    organisation: Organisation | None = None
    stamp: str = ""

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
    def drafts(self) -> Mapping[str, str]:
        """Author and date (``auteur``, ``date``) of the sectors that the tool drew."""
        return self.data.drafts

    @cached_property
    def baseline(self) -> Baseline:
        """The starting plan as the baseline."""
        return self.starting_plan.baseline()

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
        return read_communes(self.data.path / _COMMUNES)

    @cached_property
    def commune_frame(self) -> GeoDataFrame:
        """The unsimplified communes that cells are built from; raises ``DataFileError``."""
        return read_commune_frame(self.data.path / _COMMUNES)

    @cached_property
    def borders(self) -> tuple[Border, ...]:
        """The detailed borders between cells, for large zooms; raises ``DataFileError``."""
        positions = {lycee.id: (lycee.lat, lycee.lon) for lycee in self.lycees.values()}
        return read_borders(self.data.path / "fine_borders.parquet", positions_hash(positions))

    @cached_property
    def close_ground(self) -> CloseGround:
        """The map background for large zooms; raises ``DataFileError``."""
        ground = open_close_ground(self.data.path, _named(self.data))
        return replace(ground, tiles=tiles_stamp(self.drives.settings))

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

    def read_plan(self, content: bytes | str) -> PlanFile:
        """Read a plan file over the lycées of the folder; raises ``PlanFileError``."""
        return read_plan(content, self.plan)

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
    """Return the communes (INSEE code) that the texts of lycées name."""
    return {lycee.insee: lycee.commune for lycee in data.lycees.values() if lycee.insee}


def open_atlas(folder: Path | None = None) -> Atlas:
    """Open a data folder, by default the configured one (see `find_data_folder`).

    Raises
    ------
    DataFileError
        If one of its files is missing, altered, or does not fit the others.
    """
    data = read_data_folder(folder or find_data_folder())
    lycees = {lycee.id: (lycee.lat, lycee.lon) for lycee in data.lycees.values()}
    cells = read_cells(data.path / "cells.parquet", lycees, positions_hash(lycees))
    departements = read_departements(data.path / "departements")
    communes = read_commune_points(data.path / _COMMUNES)
    matrix = data.path / "travel_times.parquet"
    settings = read_travel_settings()
    return Atlas(
        data=data,
        drives=open_drives(settings, matrix, lycees, communes),
        cells=cells,
        neighbours=adjacency(cells),
        ground=open_ground(data.path, data.path / _COMMUNES, departements, settings, _named(data)),
        peak=read_peak_profile(data.path, {place.removeprefix("commune:") for place in communes}),
        organisation=read_organisation(data.path),
        stamp=_stamp(data.path, settings),
    )


def _stamp(folder: Path, settings: TravelSettings) -> str:
    files = (*sorted(folder.iterdir()), *sorted(folder.glob("*/*.json")), settings.matrix)
    written = [f"{path.name}:{path.stat().st_mtime_ns}" for path in files if path.is_file()]
    return hashlib.sha256(f"{folder} {settings!r} {written}".encode()).hexdigest()
