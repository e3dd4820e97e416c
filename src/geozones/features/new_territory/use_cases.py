"""Making of a new territory: its steps in order, then its folder, whole or not at all."""

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

import geopandas as gpd

from geozones.common.clock import today
from geozones.common.errors import InputError
from geozones.common.files import DATA_FOLDER, home_folder
from geozones.common.french import listing, number, plural, shortlist
from geozones.common.pacing import Progress
from geozones.domain import EngineCancelledError, Plan, SearchCancelledError
from geozones.domain.identifiers import commune_place, departement_name
from geozones.domain.settings import TerritoryManifest, territory_in_use, use_territory
from geozones.domain.terms import terms
from geozones.features.new_territory.column_plan import column_plan, with_listed_sectors
from geozones.features.new_territory.placing import PlacedSites, place_sites
from geozones.features.new_territory.request import (
    FolderContent,
    NewTerritory,
    StepDone,
    TerritoryRequest,
    is_territory,
    read_sites,
    write_left_out,
    write_territory,
)
from geozones.intake.manifest_file import manifest_toml
from geozones.intake.site_fields import FRANCE, Bounds
from geozones.intake.site_list import scheme_of
from geozones.jobs import FILES, Job, Listener, Steps
from geozones.store import database
from geozones.territory.commune_file import COMMUNE_COLUMNS, read_commune_file
from geozones.territory.france import open_france
from geozones.territory.land import Land, communes_near
from geozones.territory.shapes import adjacency
from geozones.travel.engine_chain import read_travel_settings
from geozones.travel.matrix_file import open_matrix
from geozones.travel.pbf import read_bounds
from geozones.workspace.drafting import BY_EPCI, DraftOptions, DraftSites, draft
from geozones.workspace.folder.atlas import computed_land
from geozones.workspace.reachability.matrix import (
    FirstMinutes,
    MinutesSources,
    first_minutes,
)

#: Names of the steps, in order.
STEPS = ("liste", "positions", "terres", "minutes", "cellules", "secteurs et zones", "dossier")
_STOPPED = "La création est arrêtée : aucun dossier n'a été fait."

type TerritoryJob = Job[TerritoryRequest, Steps, NewTerritory]


def territory_job(asked: TerritoryRequest) -> TerritoryJob:
    """Return the job that makes a territory, in a process of its own."""
    return Job(FILES, run_territory_job, asked, Steps(0, len(STEPS), STEPS[0]))


def run_territory_job(listen: Listener, asked: TerritoryRequest) -> NewTerritory:
    """Make a territory; raise as `make_territory`."""
    return make_territory(asked, listen)


def make_territory(asked: TerritoryRequest, listen: Listener) -> NewTerritory:
    """Make a territory; nothing is written before its last step.

    Meanwhile the process uses the words and the form of ids of the new territory. ``listen`` is
    called with (steps done, steps, name of the step under way); it raises ``SearchCancelledError``
    to stop.
    """
    manifest = asked.manifest(today().isoformat())
    with territory_in_use(manifest), TemporaryDirectory(prefix="geozones-") as work:
        return _Making(asked, listen, manifest, Path(work)).made()


@dataclass
class _Making:
    """Territory under construction: the request, a work folder, and the steps done so far."""

    asked: TerritoryRequest
    listen: Listener
    manifest: TerritoryManifest
    work: Path
    steps: list[StepDone] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def made(self) -> NewTerritory:
        asked = self.asked
        self._refuse_folder()
        with self._step() as say:
            communes = None
            if asked.area is not None:
                communes = open_france().communes(asked.area)
            elif asked.communes is not None:
                communes = read_commune_file(asked.communes)
            listed = read_sites(asked.content, asked.corrections, self._lands(communes))
            self.remarks += listed.remarks
            say(plural(len(listed.sites), "ligne lue", "lignes lues"))
        with self._step() as say:
            placed = place_sites(
                listed, asked.list_name, communes, self._progress(), asked.positions
            )
            self.remarks += placed.remarks
            self.manifest = replace(self.manifest, scheme=scheme_of(placed.listed.sites))
            use_territory(self.manifest, has_document=False, organised=False)
            say(_placed_text(placed))
        with self._step() as say:
            near = None if communes is None else communes_near(placed.positions, communes)
            say(_land_text(near))
        with self._step() as say:
            minutes = self._minutes(placed, near, communes)
            say(f"{number(minutes.matrix.pairs)} trajets : {_makers(minutes)}")
        with self._step() as say:
            land = self._land(placed, near)
            say(plural(len(land.cells), "cellule"))
        with self._step() as say:
            plan, drafts = self._plan(placed, minutes, land, near)
            say(f"{plural(len(plan.sectors), 'secteur')}, {plural(len(plan.zones), 'zone')}")
        with self._step() as say:
            content = FolderContent(
                manifest=self.manifest,
                sites=placed.sites,
                plan=plan,
                drafts={**drafts, "date": self.manifest.created_on},
                matrix=self._matrix,
                communes=None if near is None else near[COMMUNE_COLUMNS],
                departements=land.departements,
            )
            write_territory(asked.path, content, replace=asked.replace)
            say(str(asked.path))
        if (home_folder(self._environment) / database.FILE).exists():
            self.remarks.append(
                "Des scénarios du territoire remplacé sont gardés : vérifiez-les avant de vous en "
                "servir."
            )
        return self._answer(placed, plan, minutes)

    @property
    def _matrix(self) -> Path:
        """The file of the minutes, before it is in its folder."""
        return self.work / self.manifest.files.minutes

    @contextmanager
    def _step(self) -> Iterator["_Say"]:
        """Time the next step and record its result."""
        done = len(self.steps)
        self.listen(done, len(STEPS), STEPS[done])
        start, said = perf_counter(), _Say()
        yield said
        seconds = round(perf_counter() - start, 2)
        self.steps.append(StepDone(STEPS[done], said.text, seconds))
        self.listen(done + 1, len(STEPS), f"{STEPS[done]} : {said.text}")

    def _progress(self) -> Progress:
        """Return a progress callback that raises ``EngineCancelledError`` on a stop."""

        def progress(_done: int, _total: int) -> None:
            try:
                self.listen()
            except SearchCancelledError as error:
                raise EngineCancelledError(_STOPPED) from error

        return progress

    @property
    def _environment(self) -> dict[str, str]:
        """The environment in which the territory is open: its settings and what is kept for it."""
        return {**os.environ, DATA_FOLDER: str(self.asked.path)}

    def _refuse_folder(self) -> None:
        """Raise ``InputError`` before long work if the name is bad or the folder is there."""
        path = self.asked.path
        if not self.asked.name.strip():
            raise InputError("Donnez un nom au territoire, par exemple Bretagne.")
        manifest_toml(self.manifest)  # a name that cannot be written is refused here
        if not path.exists() or (self.asked.replace and is_territory(path)):
            return
        if is_territory(path):
            raise InputError(
                f"Le territoire {path} existe déjà : donnez un autre nom, ou --replace pour le "
                "remplacer."
            )
        if not path.is_dir() or any(path.iterdir()):
            raise InputError(
                f"{path} existe déjà et n'est pas un territoire : donnez un autre dossier."
            )

    def _lands(self, communes: gpd.GeoDataFrame | None) -> tuple[Bounds, ...]:
        """Return where the sites are expected: in the files given, else in France."""
        found = [read_bounds(extract) for extract in self.asked.extracts]
        lands = [bounds for bounds in found if bounds is not None]
        if communes is not None:
            west, south, east, north = map(float, communes.total_bounds)
            lands.append((west, south, east, north))
        return tuple(lands) or FRANCE

    def _minutes(
        self,
        placed: PlacedSites,
        near: gpd.GeoDataFrame | None,
        listed: gpd.GeoDataFrame | None,
    ) -> FirstMinutes:
        asked, positions = self.asked, placed.positions
        communes = None if near is None else _points(near)
        minutes = first_minutes(
            positions,
            MinutesSources(asked.minutes, asked.minutes_columns, asked.extracts),
            communes=communes,
            outlines=_outlines(positions, listed),
            settings=read_travel_settings(self._environment),
            roads_progress=self._progress(),
            progress=self._progress(),
        )
        if minutes.given is not None:
            self.remarks += minutes.given.remarks
        self.remarks += [f"{fault.engine} : {fault.message}" for fault in minutes.matrix.faults]
        isolated = [placed.sites[key].name for key in minutes.matrix.isolated]
        if isolated:
            self.remarks.append(f"Sans accès routier : {shortlist(isolated)}.")
        minutes.matrix.written(self._matrix, positions)
        return minutes

    def _land(self, placed: PlacedSites, near: gpd.GeoDataFrame | None) -> Land:
        """Return the cells of the sites, kept where the territory will look for them."""
        positions = placed.positions
        home = home_folder(self._environment)
        if near is None:
            return computed_land(positions, None, None, None, home)
        rows = tuple(_points(near))
        # as the file of minutes gives them, rounded: the territory computes no cells when it opens
        drives = open_matrix(self._matrix, positions).rectangle(rows, tuple(positions))
        return computed_land(positions, near, drives.minutes, None, home)

    def _plan(
        self,
        placed: PlacedSites,
        minutes: FirstMinutes,
        land: Land,
        near: gpd.GeoDataFrame | None,
    ) -> tuple[Plan, dict[str, str]]:
        """Return the plan of the list's columns, else a draft, and who drew it."""
        asked, times = self.asked, minutes.matrix.times
        named = column_plan(placed.rows, times, asked.name)
        self.remarks += named.remarks
        if named.plan is not None and (asked.zones or asked.sectors):
            self.remarks.append("La liste a ses zones : --zones et --sectors ne servent pas.")
        if named.plan is not None:
            return named.plan, {"auteur": f"la liste « {asked.list_name} »"}
        cells = dict(zip(land.cells["id"], land.cells.geometry, strict=True))
        sites = DraftSites(
            lycees=placed.sites,
            times=times,
            neighbours=adjacency(cells),
            name=asked.name,
            departements={
                code: departement_name(code)
                for code in {site.departement for site in placed.sites.values()}
            },
            epcis=named.sector_by_site or _epcis(placed, near),
        )
        sectors = BY_EPCI if named.sector_by_site else asked.sectors
        drafted = draft(sites, DraftOptions(sizes=asked.sizes, zones=asked.zones, sectors=sectors))
        self.remarks += drafted.notes
        plan = with_listed_sectors(drafted.plan) if named.sector_by_site else drafted.plan
        return plan, {"auteur": "l'outil"}

    def _answer(self, placed: PlacedSites, plan: Plan, minutes: FirstMinutes) -> NewTerritory:
        asked, listed = self.asked, placed.listed
        beside = asked.left_out_path if listed.left_out else None
        if beside is not None:
            write_left_out(beside, listed.left_out, listed.columns.titles)
        return NewTerritory(
            folder=asked.path,
            listed=listed,
            left_out_file=beside,
            sites=len(placed.sites),
            zones=len(plan.zones),
            sectors=len(plan.sectors),
            minutes_by=_makers(minutes),
            steps=tuple(self.steps),
            remarks=tuple(dict.fromkeys(self.remarks)),
            doubts=placed.doubts,
        )


def _outlines(
    positions: Mapping[str, tuple[float, float]], communes: gpd.GeoDataFrame | None
) -> gpd.GeoDataFrame | None:
    """Return the communes around sites: of France where it is installed, else those given."""
    try:
        around = open_france().outlines_around(positions.values())
    except InputError:
        return communes
    return communes if around.empty else around


class _Say:
    """Result of a step, in French, set before its end."""

    text = ""

    def __call__(self, text: str) -> None:
        self.text = text


def _points(communes: gpd.GeoDataFrame) -> dict[str, tuple[float, float]]:
    """Return a point of each commune as a place of a matrix."""
    columns = (communes[name] for name in ("code", "lat", "lon"))
    return {commune_place(code): (lat, lon) for code, lat, lon in zip(*columns, strict=True)}


def _epcis(placed: PlacedSites, near: gpd.GeoDataFrame | None) -> dict[str, str]:
    """Return the EPCI of the commune of each site that has one."""
    if near is None:
        return {}
    by_code = dict(zip(near["code"], near["epci"], strict=True))
    return {key: by_code.get(site.insee, "") for key, site in placed.sites.items()}


def _placed_text(placed: PlacedSites) -> str:
    site, count = terms().site, len(placed.sites)
    left = len(placed.listed.left_out)
    done = f"{site.counted(count)} placé{'s' if count > 1 else ''}"
    return f"{done}, {plural(left, 'ligne écartée', 'lignes écartées')}" if left else done


def _land_text(near: gpd.GeoDataFrame | None) -> str:
    if near is None:
        return "sans communes : cellules autour des points"
    count = near["departement"].nunique()
    where = f" de {plural(count, 'département')}" if near["departement"].any() else ""
    return f"{plural(len(near), 'commune')}{where}"


def _makers(minutes: FirstMinutes) -> str:
    """Return who gave the minutes, with the drives of each where they are several."""
    shares = minutes.matrix.shares
    names = [
        f"{maker.label} ({plural(count, 'trajet')})" if len(shares) > 1 else maker.label
        for maker, count in shares
    ]
    return listing(names)
