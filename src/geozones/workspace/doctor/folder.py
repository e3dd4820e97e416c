"""Check of a data folder: each of its files, its state, how to make it again, its engines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cache
from itertools import islice
from pathlib import Path
from shlex import quote

from geozones.common.errors import MEND, DataFileError, GeozonesError
from geozones.common.french import listing, plural
from geozones.domain import EngineError, Lycee
from geozones.domain.settings import TerritoryManifest, use_territory
from geozones.domain.terms import terms
from geozones.intake.data_folder import DataFolder, read_data_folder, sites_path
from geozones.intake.directory import read_directory
from geozones.intake.json_files import read_organisation, read_school_calendar
from geozones.intake.manifest_file import NAME, delivered_folder, read_manifest
from geozones.intake.travel_tables import read_time_table
from geozones.territory.borders import read_borders
from geozones.territory.territory_files import (
    read_cells,
    read_commune_frame,
    read_communes,
    read_departements,
    read_ground,
)
from geozones.travel.engine_chain import engine_kind
from geozones.travel.matrix_file import open_matrix, positions_hash
from geozones.workspace.atlas import CELLS, Atlas, open_atlas
from geozones.workspace.doctor.storage import Check, Finding, doubtful, fine, wrong


class FileState(StrEnum):
    """State of a file of a data folder, as the command writes it."""

    PRESENT = "présent"
    ABSENT = "absent"
    ALTERED = "à corriger"
    STALE = "périmé"


@dataclass(frozen=True, slots=True)
class FolderFile:
    """File of a data folder."""

    name: str  # Its name in the folder; a folder of files ends with a slash.
    purpose: str  # Its use, in French.
    state: FileState  # Its state.
    required: bool = False  # Whether nothing can be shown without it.
    fault: str = ""  # What is wrong, in a French sentence; empty if nothing is.
    #: How to make it again for this folder: a command, or what to write; in French.
    remedy: str = ""

    @property
    def is_wrong(self) -> bool:
        """Whether the folder cannot be opened because of this file."""
        if self.state is FileState.ALTERED:
            return True
        return self.required and self.state is not FileState.PRESENT


@dataclass(frozen=True)
class _Folder:
    """Folder under check: what could be read of it so far."""

    path: Path
    manifest: TerritoryManifest
    data: DataFolder | None

    @property
    def positions(self) -> Mapping[str, tuple[float, float]]:
        """Positions of the sites, by id; empty if these cannot be read."""
        lycees = {} if self.data is None else self.data.lycees
        return {key: (lycee.lat, lycee.lon) for key, lycee in lycees.items()}

    def command(self, words: str) -> str:
        """Return a command on this folder, to copy."""
        return f"GEOZONES_DATA_DIR={quote(str(self.path))} geozones {words}"


type _Reader = Callable[[_Folder], bool]
"""Read a file; return whether it is of the folder's sites. Raises ``GeozonesError``."""

_BY_HAND = "s'écrit à la main (docs/data.md)"
_COMPUTED = "rien à faire : il est calculé à l'ouverture"
_ROADS = "routes et villes d'un extrait : geozones roads build FICHIER.osm.pbf"
_NEW = "refaites le territoire : geozones new NOM LISTE --replace"
_COMMUNES = "geozones new NOM LISTE --replace --communes FICHIER"
#: Optional files: name, use, how to read them, how to make them again.
_OPTIONAL: tuple[tuple[str, str, _Reader, str], ...] = (
    (
        CELLS,
        "territoire de chaque site sur la carte",
        lambda folder: _known(
            read_cells(folder.path / CELLS, folder.positions, positions_hash(folder.positions))
        ),
        _COMPUTED,
    ),
    (
        "fine_borders.parquet",
        "limites lissées des territoires, de près",
        lambda folder: bool(
            read_borders(folder.path / "fine_borders.parquet", positions_hash(folder.positions))
        ),
        "rien à faire : la carte s'en passe",
    ),
    (
        "departements/",
        "contours des départements",
        lambda folder: bool(read_departements(folder.path / "departements")),
        _COMPUTED,
    ),
    (
        "ground.parquet",
        "fond de carte : côtes, rivières, villes",
        lambda folder: _known(read_ground(folder.path / "ground.parquet")),
        _ROADS,
    ),
    (
        "close_ground.parquet",
        "fond de carte, de près",
        lambda folder: _known(read_ground(folder.path / "close_ground.parquet")),
        _ROADS,
    ),
    (
        "annuaire.json",
        "établissements auxquels comparer les listes",
        lambda folder: _known(read_directory(folder.path, _lycees(folder))),
        _BY_HAND,
    ),
    (
        "noms_communes.json",
        "anciens noms des communes",
        lambda folder: _known(read_directory(folder.path, _lycees(folder))),
        _BY_HAND,
    ),
    (
        "organisation.json",
        "organisation, citée dans Équipes et dans les documents",
        lambda folder: _known(read_organisation(folder.path)),
        _BY_HAND,
    ),
    (
        "calendrier_scolaire.json",
        "vacances scolaires, que les absences ne comptent pas",
        lambda folder: _known(read_school_calendar(folder.path)),
        _BY_HAND,
    ),
    (
        "temps_de_reference.csv",
        "durées de référence, pour vérifier les minutes",
        lambda folder: _known(
            read_time_table((folder.path / "temps_de_reference.csv").read_bytes())
        ),
        _BY_HAND,
    ),
    (
        "plans_de_depart/",
        "plans livrés auparavant",
        lambda folder: folder.data is not None,
        _BY_HAND,
    ),
)


def check_folder(path: Path) -> tuple[FolderFile, ...]:
    """Check every file of a data folder, the required ones first; change nothing.

    The words of the folder are used from then on, as when it is opened.
    """
    manifest, fault = TerritoryManifest(), ""
    try:
        manifest = read_manifest(path)
    except GeozonesError as error:
        fault = str(error)
    use_territory(manifest)
    data, wrong = None, ""
    try:
        data = read_data_folder(path) if not fault else None
    except GeozonesError as error:
        wrong = _bare(error)
    folder = _Folder(path, manifest, data)
    found = [
        *_plan_files(folder, wrong),
        _minutes(folder),
        _examined(
            folder,
            manifest.files.communes,
            "contours et noms des communes",
            _read_communes,
            _COMMUNES,
        ),
        *(_examined(folder, *row) for row in _OPTIONAL),
    ]
    about = "nom, organisation, mots, règles et crédits du territoire"
    state = FileState.ALTERED if fault else _there(path / NAME)
    remedy = "" if state is FileState.PRESENT else _BY_HAND
    return (FolderFile(NAME, about, state, fault=fault, remedy=remedy), *_of_tool(found, path))


def _of_tool(found: list[FolderFile], path: Path) -> list[FolderFile]:
    """Return the files; in the tool's own territory, the remedy of each is the tool's scripts."""
    delivered = delivered_folder()
    if delivered is None or delivered.resolve() != path.resolve():
        return found
    again = "reprenez l'original, ou make data (docs/data.md)"
    return [replace(each, remedy=again) if each.remedy else each for each in found]


def _plan_files(folder: _Folder, wrong: str) -> tuple[FolderFile, FolderFile]:
    """Return the sites and sectors files; ``wrong`` is the fault of the file it names."""
    sites = sites_path(folder.path, folder.manifest).name
    sectors = folder.manifest.files.sectors
    return (
        _required(folder, sites, "sites : position, nom, zone", wrong if sites in wrong else ""),
        _required(
            folder,
            sectors,
            "secteurs et zones, calendrier",
            wrong if wrong and sites not in wrong else "",
        ),
    )


def _required(folder: _Folder, name: str, purpose: str, fault: str) -> FolderFile:
    state = _there(folder.path / name)
    if state is FileState.PRESENT and fault:
        state = FileState.ALTERED
    said = "" if state is FileState.ABSENT else fault
    remedy = "" if state is FileState.PRESENT else _NEW
    return FolderFile(name, purpose, state, required=True, fault=said, remedy=remedy)


def _minutes(folder: _Folder) -> FolderFile:
    """Return the matrix of minutes, which is stale where a site has moved."""
    name = folder.manifest.files.minutes
    path = folder.path / name
    state, fault = _there(path), ""
    if state is FileState.PRESENT and folder.data is not None:
        try:
            open_matrix(path, folder.positions).square(tuple(folder.positions))
        except GeozonesError as error:
            fault = _bare(error)
            moved = "a changé de place" in fault
            state = FileState.STALE if moved else FileState.ALTERED
    again = folder.command(f"times build --out {quote(str(path))}")
    if state in {FileState.ALTERED, FileState.STALE}:
        again = f"retirez-le, puis {again}"
    purpose = "minutes et kilomètres entre les sites"
    remedy = "" if state is FileState.PRESENT else again
    return FolderFile(name, purpose, state, required=True, fault=fault, remedy=remedy)


def _examined(folder: _Folder, name: str, purpose: str, reads: _Reader, remedy: str) -> FolderFile:
    """Return an optional file, read as the tool reads it."""
    state, fault = _there(folder.path / name), ""
    if state is FileState.PRESENT and folder.data is not None:
        try:
            fits = reads(folder)
        except (GeozonesError, OSError) as error:
            state, fault = FileState.ALTERED, _bare(error)
        else:
            state = FileState.PRESENT if fits else FileState.STALE
    said = "" if state is FileState.PRESENT else remedy
    if state is FileState.ALTERED:
        said = "corrigez-le (docs/data.md) ou retirez-le"
    return FolderFile(name, purpose, state, fault=fault, remedy=said)


def _bare(error: Exception) -> str:
    """Return what is wrong, without the advice to check the folder."""
    return str(error).replace(f" : {MEND}", "").replace(f" : reprenez l'original ou {MEND}", "")


def _there(path: Path) -> FileState:
    return FileState.PRESENT if path.exists() else FileState.ABSENT


def _known(read: object) -> bool:
    return read is not None


def _lycees(folder: _Folder) -> Mapping[str, Lycee]:
    return {} if folder.data is None else folder.data.lycees


def _read_communes(folder: _Folder) -> bool:
    path = folder.path / folder.manifest.files.communes
    return len(read_commune_frame(path)) == len(read_communes(path))


@cache
def _atlas() -> Atlas:
    return open_atlas()


def _data() -> Finding:
    atlas = _atlas()
    faults = [
        f"{each.name} : {each.fault}" for each in check_folder(atlas.data.path) if each.is_wrong
    ]
    if faults:
        return wrong(" ".join(faults))
    held = (
        f"{terms().site.counted(len(atlas.lycees))}, {plural(len(atlas.plan.sectors), 'secteur')} "
        f"({atlas.data.path})."
    )
    if atlas.drives.notice:
        return doubtful(f"{held} {atlas.drives.notice}")
    return fine(held)


def _engines() -> Finding:
    """Ask each configured engine for one drive; an online engine is only constructed."""
    drives = _atlas().drives
    context = drives.context()
    two = dict(islice(drives.lycees.items(), 2))
    faults = []
    for name in drives.settings.engines:
        kind = engine_kind(name)
        try:
            engine = kind.make(drives.settings, context)
            if not kind.online:
                engine.matrix(two, two)
        except (EngineError, DataFileError) as error:
            faults.append(f"{name} : {error}")
    if faults:
        return wrong(" ".join(faults))
    return fine(f"{listing(drives.settings.engines)}, dans cet ordre.")


CHECKS = (
    Check("data", "Données", _data),
    Check("engines", "Moteurs de trajets", _engines),
)
