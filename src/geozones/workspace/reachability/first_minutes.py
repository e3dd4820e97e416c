"""First minutes of a territory: from a table that a user gives, else from its points."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.common.files import ordinary, why
from geozones.common.french import number, plural, shortlist
from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineError, Provenance, TravelTimes
from geozones.domain.terms import terms
from geozones.domain.uncertainty import GIVEN
from geozones.intake.travel_tables import MAX_MATRIX_BYTES, TimeTable, read_matrix_table
from geozones.travel.engine import DETOUR, EstimatedDrives, Positions, crow_km_table
from geozones.travel.engine_chain import Chain
from geozones.travel.matrix_file import Shipped, open_matrix
from geozones.travel.travel_settings import TravelSettings, read_travel_settings
from geozones.travel.valhalla import Valhalla
from geozones.travel.valhalla_tiles import read_manifest
from geozones.workspace.drives import Engines
from geozones.workspace.reachability.matrix import BuiltMatrix, ask_engines
from geozones.workspace.reachability.roads import RoadsBuilt, build_roads
from geozones.workspace.roles import Actor, Role, needs

_PARQUET = b"PAR1"
#: Most faults and places that are named.
_FEW = 3


@dataclass(frozen=True)
class GivenMinutes:
    """Drives between sites that a user gave, NaN for pairs that are not given.

    ``remarks`` says in sentences what was not read, or completed.
    """

    times: TravelTimes
    remarks: tuple[str, ...] = ()


def read_given_minutes(
    path: Path, sites: Positions, today: Callable[[], dt.date] = clock.today
) -> GivenMinutes:
    """Read the drives of a table (CSV, XLSX, ODS) or of a matrix file between some sites.

    A pair given in one direction is taken for both; without « km », these are 1.3 times the crow
    distance.

    Parameters
    ----------
    path
        The file; its places are ids of sites.
    sites
        Site id -> (latitude, longitude), WGS84 degrees.
    today
        The date of the drives.
    """
    try:
        with ordinary(path).open("rb") as file:
            content = file.read(MAX_MATRIX_BYTES + 1)
    except OSError as error:
        raise InputError(
            f"Le fichier « {path.name} » ne peut pas être lu : {why(error)}."
        ) from error
    if content.startswith(_PARQUET):
        places = tuple(sites)
        return GivenMinutes(open_matrix(path, sites).rectangle(places, places))
    maker = Provenance(GIVEN, today().isoformat(), source=path.name)
    return _from_table(read_matrix_table(content), path.name, sites, maker)


def _from_table(table: TimeTable, name: str, sites: Positions, maker: Provenance) -> GivenMinutes:
    ranks = {site: rank for rank, site in enumerate(sites)}
    minutes, km = (np.full((len(sites), len(sites)), np.nan) for _ in range(2))
    unknown: dict[str, None] = {}
    twice = 0
    for row in table.rows:
        origin, destination = ranks.get(row.origin), ranks.get(row.destination)
        if origin is None or destination is None:
            lost = ((row.origin, origin), (row.destination, destination))
            unknown |= {place: None for place, rank in lost if rank is None}
            continue
        twice += not np.isnan(minutes[origin, destination])
        minutes[origin, destination] = row.minutes
        km[origin, destination] = np.nan if row.km is None else row.km
    np.fill_diagonal(minutes, np.nan)
    if np.isnan(minutes).all():
        site = terms().site
        raise InputError(
            f"Le fichier « {name} » n'a aucun trajet entre deux des {len(sites)} {site.plural} : "
            "les colonnes « de » et « a » ont leurs identifiants."
        )
    back = np.isnan(minutes) & ~np.isnan(minutes.T)
    minutes[back], km[back] = minutes.T[back], km.T[back]
    crow = np.isnan(km) & ~np.isnan(minutes)
    points = list(sites.values())
    km[crow] = DETOUR * crow_km_table(points, points)[crow]
    np.fill_diagonal(minutes, 0.0)
    np.fill_diagonal(km, 0.0)
    places = tuple(sites)
    times = TravelTimes(places, places, minutes, km, maker)
    return GivenMinutes(times, tuple(_remarks(table, list(unknown), twice, int(back.sum()))))


def _remarks(table: TimeTable, unknown: Sequence[str], twice: int, back: int) -> list[str]:
    """Return the sentences on lines that were not read, and on directions that were completed."""
    remarks = list(table.remarks)
    if table.faults:
        first = " ".join(str(fault) for fault in table.faults[:_FEW])
        remarks.append(f"{plural(len(table.faults), 'ligne non lue', 'lignes non lues')}. {first}")
    if unknown:
        site = terms().site
        remarks.append(
            f"{plural(len(unknown), 'lieu inconnu', 'lieux inconnus')} (ce ne sont pas des "
            f"identifiants {site.of_plural}) : {shortlist(unknown, _FEW)}."
        )
    if twice:
        again = plural(twice, "trajet donné", "trajets donnés")
        remarks.append(f"{again} plusieurs fois : la dernière durée compte.")
    if back:
        remarks.append(f"{number(back)} trajets donnés dans un seul sens, pris pour les deux.")
    return remarks


@dataclass(frozen=True)
class MinutesSources:
    """Sources of the minutes, asked in this order; an estimate completes them."""

    #: A table of drives, CSV or spreadsheet (``de``, ``a``, ``minutes`` and maybe ``km``), or a
    #: matrix file of the tool.
    given: Path | None = None
    #: OpenStreetMap extracts, from which the roads of the settings' tiles folder are built.
    extracts: Sequence[Path] = ()
    #: Names of engines, and no other is asked; by default Valhalla where it has roads, those of the
    #: settings, the estimate.
    engines: Sequence[str] | None = None


@dataclass(frozen=True)
class FirstMinutes:
    """First matrix, and its account."""

    #: The drives, and who made what share; ``matrix.written(path, sites)`` writes the file.
    matrix: BuiltMatrix
    #: Account of the given table: lines read, places unknown; ``None`` without a table.
    given: GivenMinutes | None = None
    roads: RoadsBuilt | None = None  # Account of the roads built; ``None`` without extracts.


def first_minutes(
    sites: Positions,
    sources: MinutesSources | None = None,
    *,
    communes: Positions | None = None,
    settings: TravelSettings | None = None,
    roads_progress: Progress = no_progress,
    progress: Progress = no_progress,
) -> FirstMinutes:
    """Compute the first matrix between sites, and to and from communes if any are given.

    Parameters
    ----------
    sites
        Site id -> (latitude, longitude), WGS84 degrees.
    sources
        What the minutes come from; by default the engines of the settings.
    communes
        ``commune:CODE`` -> (latitude, longitude): cells by road need their drives.
    settings
        By default those of the user; ``replace(settings, tiles=folder)`` keeps the roads of a
        territory apart.
    roads_progress, progress
        Called with (stages done, stages) while roads are built, then with (pairs done, pairs); may
        raise ``EngineCancelledError``.
    """
    sources, settings = sources or MinutesSources(), settings or read_travel_settings()
    places = Engines(settings, settings.matrix, sites, communes or {})
    given = _given(places, sources)
    roads = None
    if sources.extracts:
        roads = build_roads(places, sources.extracts, progress=roads_progress)
    chain = _chain(places, sources, given)
    matrix = ask_engines(places, chain, communes=True, progress=progress)
    return FirstMinutes(matrix, given, roads)


@needs(Role.PLANNER)
def build_first_matrix(
    places: Engines,
    actor: Actor,  # noqa: ARG001 - the gate reads it
    sources: MinutesSources,
    *,
    path: Path | None = None,
    communes: bool = True,
    progress: Progress = no_progress,
) -> FirstMinutes:
    """Compute the first matrix of a data folder, and write it there; roads are not built.

    Parameters
    ----------
    places
        The sites and communes of the folder, and where its matrix is to be.
    actor
        The caller: a planner.
    path
        Another file.
    communes
        Whether to include the communes, if the folder has any.
    sources, progress
        As `first_minutes`.
    """
    given = _given(places, sources)
    chain = _chain(places, sources, given)
    matrix = ask_engines(places, chain, communes=communes, progress=progress)
    return FirstMinutes(matrix.written(path or places.shipped, places.lycees), given)


def _given(places: Engines, sources: MinutesSources) -> GivenMinutes | None:
    return read_given_minutes(sources.given, places.lycees) if sources.given else None


def _chain(places: Engines, sources: MinutesSources, given: GivenMinutes | None) -> Chain:
    chain = places.chain(_order(sources, places.settings))
    return chain.given(given.times) if given else chain


def _order(sources: MinutesSources, settings: TravelSettings) -> tuple[str, ...]:
    """Return the engines to ask; by default no shipped matrix, and the estimate last."""
    if sources.engines is not None:
        return tuple(sources.engines)
    names = list(settings.engines)
    if sources.extracts or _has_roads(settings):
        names.insert(0, Valhalla.name)
    left_out = {Shipped.name, EstimatedDrives.name}
    return (*dict.fromkeys(n for n in names if n not in left_out), EstimatedDrives.name)


def _has_roads(settings: TravelSettings) -> bool:
    try:
        read_manifest(settings.tiles_folder)
    except EngineError:
        return False
    return True
