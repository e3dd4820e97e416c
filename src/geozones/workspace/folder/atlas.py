"""The opened data folder: lycées, shipped plan, calendar, drives, land, map background."""

import hashlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

import geopandas as gpd
import numpy as np
import shapely
from geopandas import GeoDataFrame
from shapely import STRtree
from shapely.geometry import Point
from shapely.geometry.base import BaseGeometry

from geozones.common.errors import DataFileError, InputError
from geozones.common.files import home_folder, write_atomically
from geozones.common.french import folded
from geozones.domain import Lycee, Plan
from geozones.domain.decisions import Decisions
from geozones.domain.identifiers import commune_place
from geozones.domain.organisation import Organisation
from geozones.domain.places import LocationOverrides
from geozones.domain.scenario import Baseline, StartingPlan
from geozones.domain.school_calendar import NO_CALENDAR, SchoolCalendar
from geozones.domain.settings import FolderCredits
from geozones.domain.terms import terms
from geozones.domain.times import FloatArray
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
from geozones.render import CloseGround, Label, MapGround, Outline, Palette, River, Road
from geozones.render.scene import (
    CITY_RANK,
    CLOSE_ZOOM,
    FAR,
    FIRST_RANK,
    RIVER_ZOOM,
    SCHEMATIC_ZOOMS,
    zooms_of_town,
)
from geozones.territory.borders import Border, read_borders
from geozones.territory.land import Land, communes_near, land_of
from geozones.territory.shapes import adjacency
from geozones.territory.territory_files import (
    Commune,
    Town,
    banks_of,
    land_bytes,
    names_of,
    read_cells,
    read_commune_frame,
    read_commune_points,
    read_communes,
    read_departements,
    read_ground,
    read_land,
    read_towns,
    towns_of,
)
from geozones.travel.engine import Positions
from geozones.travel.engine_chain import read_travel_settings
from geozones.travel.matrix_file import open_matrix, positions_hash
from geozones.workspace.folder.drives import Drives, Engines, open_drives

_log = logging.getLogger(__name__)
GROUND = "ground.parquet"
CLOSE_GROUND = "close_ground.parquet"
_NONE_NAMED: Mapping[str, str] = MappingProxyType({})
#: Colours of the ground's names, quieter than the names of sectors, zones and lycées.
_TOWN = "#2f3a43"
_INKS = {"river": "#28658a", "departement": "#565d60", "motorway": "#5f6b73"}
#: Names of communes rank after all others.
_LAST_RANK = 1000
#: Names of motorways rank after the names of all rivers.
_AFTER = {"motorway": 9}
_ZOOMS = {"river": (RIVER_ZOOM, FAR), "departement": (0.0, FAR), "motorway": SCHEMATIC_ZOOMS}


def open_ground(
    folder: Path,
    communes: Path,
    departements: Mapping[str, tuple[str, BaseGeometry]],
    named: Mapping[str, str] = _NONE_NAMED,
) -> MapGround:
    """Return the map background of a data folder; raise ``DataFileError``.

    Without ``ground.parquet``, the background has the region's départements and the names of its
    most populated communes.
    ``named`` are the communes (INSEE code) that texts name: a town there has the same name on maps.
    """
    file = read_ground(folder / GROUND)
    outlines = tuple(Outline(code, *entry) for code, entry in departements.items())
    towns = towns_of(file) or read_towns(communes)
    places = [(_name_of(town, named), town.lat, town.lon) for town in towns]
    names = [
        Label("town", *place, FIRST_RANK + order, _TOWN, zooms=zooms_of_town(order))
        if town.rank
        else Label("city", *place, CITY_RANK, _TOWN)
        for order, (town, place) in enumerate(zip(towns, places, strict=True))
    ]
    names = [
        label if label.text == town.name else replace(label, known_as=town.name)
        for label, town in zip(names, towns, strict=True)
    ]
    last = FIRST_RANK + len(towns)
    for each in names_of(file):
        ink, zooms = _INKS[each.kind], _ZOOMS[each.kind]
        rank = last + each.rank + _AFTER.get(each.kind, 0)
        names.append(Label(each.kind, each.name, each.lat, each.lon, rank, ink, zooms=zooms))
    ground = MapGround(
        departements=outlines,
        land=next((feature.geometry for feature in file.of("land")), None),
        borders=next((feature.geometry for feature in file.of("border")), None),
        lakes=tuple(feature.geometry for feature in file.of("lake")),
        rivers=tuple(
            River(feature.name, feature.rank, feature.geometry) for feature in file.of("river")
        ),
        names=tuple(names),
        credit=file.credit,
    )
    lines = np.array([feature.geometry for feature in file.of("motorway")], object)
    if not len(lines):
        return ground
    axes = Road("motorway", shapely.MultiLineString(lines.tolist()), SCHEMATIC_ZOOMS)
    return replace(ground, roads=(axes,), schematic=True)


def open_close_ground(folder: Path, named: Mapping[str, str] = _NONE_NAMED) -> CloseGround:
    """Return the background for close zooms, as `open_ground`; raise ``DataFileError``."""
    file = read_ground(folder / CLOSE_GROUND)
    return CloseGround(
        communes=tuple(line.geometry for line in file.of("commune")),
        waters=tuple(
            area
            for water in (*file.of("lake"), *file.of("river"))
            for area in shapely.get_parts(water.geometry)
        ),
        names=tuple(
            Label(
                "town",
                _name_of(town, named),
                town.lat,
                town.lon,
                _LAST_RANK,
                _TOWN,
                zooms=(CLOSE_ZOOM, FAR),
            )
            for town in towns_of(file)
        ),
        credit=file.credit,
    )


def _name_of(town: Town, named: Mapping[str, str]) -> str:
    """Return the name of a town on maps: the name of texts, or a short form of it."""
    commune = named.get(town.code, town.name)
    return town.name if folded(commune).startswith(folded(town.name)) else commune


#: Version of the computation: another one computes the land anew.
_VERSION = 1
#: Most lands kept in the home folder; the oldest go first.
_MAX_KEPT = 12


def computed_land(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
    home: Path | None = None,
) -> Land:
    """Return the land of sites, computed at the first call and then read from the home folder.

    ``communes``, ``minutes`` and ``rivers`` are as for `geozones.territory.land.land_of`, ``None``
    where the folder has none. ``home`` is the home folder of a territory that is not the one in
    use.
    """
    content = hashlib.sha256(f"{_VERSION} {positions_hash(lycees)}".encode())
    if communes is not None:
        content.update(" ".join(communes["code"].astype(str)).encode())
        for shape in shapely.to_wkb(communes.geometry.to_numpy()):
            content.update(shape)
    if minutes is not None:
        content.update(np.ascontiguousarray(minutes).tobytes())
    if rivers is not None:
        content.update(shapely.to_wkb(rivers))
    key = content.hexdigest()
    path = (home or home_folder()) / "terres" / f"{key}.parquet"
    land = read_land(path, lycees)
    if land is None:
        land = _made(lycees, communes, minutes, rivers)
        # keep a land in the home folder; one that cannot be kept is computed at each opening
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, land_bytes(land))
            kept = sorted(path.parent.glob("*.parquet"), key=lambda each: each.stat().st_mtime)
            for old in kept[:-_MAX_KEPT]:
                old.unlink(missing_ok=True)
        except (OSError, InputError) as error:
            _log.warning("land not kept: %s", error)
    return land


def _made(
    lycees: Positions,
    communes: gpd.GeoDataFrame | None,
    minutes: FloatArray | None,
    rivers: BaseGeometry | None,
) -> Land:
    try:
        return land_of(lycees, communes, minutes, rivers)
    except ValueError as error:
        raise DataFileError(
            f"Le territoire ne peut pas être partagé entre les {terms().site.plural} : vérifiez "
            "leurs positions."
        ) from error


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
