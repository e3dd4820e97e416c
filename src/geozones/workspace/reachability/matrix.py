"""Minutes of a territory: from a table, from points, by engines, from the roads of an extract."""

import datetime as dt
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import geopandas as gpd
import numpy as np
from numpy.typing import NDArray

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.common.files import ordinary, why
from geozones.common.french import capital, listing, minutes, number, plural, shortlist
from geozones.common.pacing import Progress, no_progress
from geozones.domain import EngineError, Provenance, TravelTimes
from geozones.domain.terms import terms
from geozones.domain.times import ANCHORS, GIVEN, interval_source
from geozones.intake.travel_tables import MAX_MATRIX_BYTES, TimeTable, read_matrix_table
from geozones.travel.engine import DETOUR, EstimatedDrives, Positions, crow_km_table
from geozones.travel.engine_chain import (
    Chain,
    ChainAnswer,
    EngineFailure,
    TravelSettings,
    read_travel_settings,
)
from geozones.travel.matrix_file import Shipped, limit_of, open_matrix, write_matrix
from geozones.travel.pbf import Bounds, load_package, merge_extracts, read_bounds, read_extracts
from geozones.travel.valhalla import (
    STAGES,
    TilesManifest,
    Valhalla,
    build_tiles,
    read_manifest,
    work_folder,
)
from geozones.workspace.folder.drives import Engines
from geozones.workspace.roles import Actor, Role, needs

#: Margin around an extract in degrees, more than the 1.5 km within which a place is tied to a road.
_NEAR = 0.03
#: Name in messages of the file merged from several extracts.
_MERGED = "extraits réunis.osm.pbf"


@dataclass(frozen=True, slots=True)
class RoadsBuilt:
    """Result of processing an extract."""

    tiles: int  # Number of road tiles, and their size (10⁶ bytes).
    megabytes: float
    seconds: float  # Duration.
    unreachable: tuple[str, ...]  # Ids of the lycées without a road of the extract nearby.


def build_roads(
    places: Engines,
    extracts: Sequence[Path],
    out: Path | None = None,
    progress: Progress = no_progress,
) -> RoadsBuilt:
    """Build the road tiles of extracts, and use them once they are complete.

    ``places`` has the data folder's lycées, and settings with the tiles' folder; ``out`` is another
    one. ``extracts`` are .osm.pbf files, which may overlap.
    """
    lycees = places.of_folder.lycees
    identity = read_extracts(extracts)
    # minutes before the tiles would show it
    _check_bounds(extracts, [read_bounds(extract) for extract in extracts], lycees)
    load_package()  # fail before the tiles are built, not after
    folder = out or places.settings.tiles_folder
    unreachable: list[str] = []

    def check(tiles: Path, _: TilesManifest) -> None:
        reached = Valhalla(tiles).near_roads(lycees)
        if not reached:
            raise _elsewhere(identity.name, lycees)
        unreachable.extend(lycee_id for lycee_id in lycees if lycee_id not in reached)

    with _one_file(extracts, folder, lycees, progress) as pbf:
        built = build_tiles(pbf, folder, progress, identity=identity, before_use=check)
    return RoadsBuilt(
        tiles=built.tiles,
        megabytes=built.megabytes,
        seconds=built.seconds,
        unreachable=tuple(unreachable),
    )


@contextmanager
def _one_file(
    extracts: Sequence[Path], folder: Path, lycees: Positions, progress: Progress
) -> Iterator[Path]:
    """Give the extract, or a temporary file merged from several, in the folder of the tiles."""
    if len(extracts) == 1:
        yield extracts[0]
        return
    with work_folder(folder) as work:
        merged = work / _MERGED
        bounds = merge_extracts(extracts, merged, lambda: progress(0, len(STAGES)))
        _check_bounds(extracts, bounds, lycees)
        yield merged


def _check_bounds(
    extracts: Sequence[Path], bounds: Sequence[Bounds | None], lycees: Positions
) -> None:
    """Refuse an extract that is far from the lycées; not every header tells its bounds."""
    for extract, box in zip(extracts, bounds, strict=True):
        if box is not None and _is_elsewhere(lycees, box, alone=len(extracts) == 1):
            raise _elsewhere(extract.name, lycees)


def _is_elsewhere(lycees: Positions, bounds: Bounds, *, alone: bool) -> bool:
    """Return whether an extract is far from all lycées; among several, from the box around them."""
    west, south, east, north = bounds
    if not alone:
        lats, lons = ([point[side] for point in lycees.values()] for side in (0, 1))
        beside = west - _NEAR > max(lons) or east + _NEAR < min(lons)
        return beside or south - _NEAR > max(lats) or north + _NEAR < min(lats)
    return not any(
        south - _NEAR <= lat <= north + _NEAR and west - _NEAR <= lon <= east + _NEAR
        for lat, lon in lycees.values()
    )


def _elsewhere(extract: str, lycees: Positions) -> InputError:
    site = terms().site
    return InputError(
        f"Le fichier « {extract} » n'a de route près d'aucun des {len(lycees)} "
        f"{site.plural} ({shortlist(list(lycees))}) : prenez l'extrait de leur territoire. "
        "Rien n'a changé."
    )


@dataclass(frozen=True)
class BuiltMatrix:
    """Matrix that engines filled, and who made it."""

    #: Drives between lycées, then from lycées to communes and back if these were asked for.
    tables: tuple[TravelTimes, ...]
    seconds: float  # Duration of the build.
    faults: tuple[EngineFailure, ...] = ()  # Engines that failed, and why.
    #: Its file, and the number of drives in it; ``None`` before it is written.
    path: Path | None = None
    rows: int | None = None

    @property
    def within(self) -> float | None:
        """Minutes up to which its file keeps drives; ``None`` if it keeps them all."""
        return limit_of(self.lycees)

    @property
    def times(self) -> TravelTimes:
        """Drives between lycées."""
        return self.tables[0]

    @property
    def engines(self) -> tuple[str, ...]:
        """Names of the engines that gave drives."""
        return tuple(dict.fromkeys(maker.engine for maker, _ in self.shares))

    @property
    def shares(self) -> tuple[tuple[Provenance, int], ...]:
        """Number of one-way drives by engine."""
        counts: dict[str, tuple[Provenance, int]] = {}
        for table in self.tables:
            for maker, count in table.pairs_by_maker:
                counts[maker.engine] = (maker, counts.get(maker.engine, (maker, 0))[1] + count)
        return tuple(share for share in counts.values() if share[1])

    @property
    def lycees(self) -> int:
        """Number of lycées."""
        return len(self.times.origins)

    @property
    def pairs(self) -> int:
        """Number of one-way drives."""
        return sum(count for _, count in self.shares)

    @property
    def estimated(self) -> int:
        """Number of one-way drives that are estimated."""
        return sum(table.estimated_pairs for table in self.tables)

    @property
    def unreachable(self) -> tuple[tuple[str, str], ...]:
        """Pairs of lycées (from, to) without a drive, isolated lycées included."""
        missing = np.argwhere(self._missing).tolist()
        return tuple((self.times.origins[i], self.times.destinations[j]) for i, j in missing)

    @property
    def isolated(self) -> tuple[str, ...]:
        """Lycées without a drive to or from any other; none where there is one lycée only."""
        if self.lycees < 2:
            return ()
        known = ~self._missing & ~self.times.same
        alone = ~(known.any(axis=1) | known.any(axis=0))
        return tuple(key for key, cut in zip(self.times.origins, alone, strict=True) if cut)

    @property
    def off_roads(self) -> tuple[str, ...]:
        """Lycées all of whose drives are estimates, where others have drives by an engine."""
        times = self.times
        guessed = np.array([maker.is_estimate for maker in times.makers])[times.maker_ranks]
        driven, held = times.held & ~guessed, times.held
        off = held.any(axis=1) & ~(driven.any(axis=1) | driven.any(axis=0))
        if not driven.any():
            return ()
        return tuple(key for key, alone in zip(times.origins, off, strict=True) if alone)

    @property
    def _missing(self) -> NDArray[np.bool_]:
        return np.isnan(self.times.minutes)

    def written(self, path: Path, positions: Positions) -> "BuiltMatrix":
        """Write it for lycées at these positions; return it with its file."""
        rows = write_matrix(path, self.tables, positions, self.within)
        return replace(self, path=path, rows=rows)


@needs(Role.PLANNER)
def build_matrix(
    places: Engines,
    actor: Actor,  # noqa: ARG001 - the gate reads it
    engines: Sequence[str] | None = None,
    *,
    given: TravelTimes | None = None,
    path: Path | None = None,
    communes: bool = True,
    progress: Progress = no_progress,
) -> BuiltMatrix:
    """Ask engines for every drive between lycées, and to and from communes; write a matrix.

    ``engines`` are names in the order to try them, by default those of the settings; for the drives
    ``given`` none is asked. ``path`` is by default the matrix in use (see
    ``TravelSettings.matrix``). ``progress`` is called with (pairs done, total pairs), and may raise
    ``EngineCancelledError``.
    """
    places = places.of_folder
    chain = places.chain(engines)
    if given is not None:
        chain = chain.given(given)
    built = ask_engines(places, chain, communes=communes, progress=progress)
    target = places.settings.matrix if path is None else path
    if path is None:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise InputError(
                f"Le dossier {target.parent} ne peut pas être créé ({why(error)}) : "
                "rien n'a changé."
            ) from error
    return built.written(target, places.lycees)


def ask_engines(
    places: Engines, chain: Chain, *, communes: bool, progress: Progress
) -> BuiltMatrix:
    """Ask engines for the drives between lycées, and to and from communes; write nothing."""
    start = time.monotonic()
    lycees = places.lycees
    blocks: list[tuple[Positions, Positions]] = [(lycees, lycees)]
    if communes and places.communes:
        blocks += [(lycees, places.communes), (places.communes, lycees)]
    total = sum(len(origins) * len(destinations) for origins, destinations in blocks)
    answers: list[ChainAnswer] = []
    done = 0
    for origins, destinations in blocks:
        answers.append(chain.matrix(origins, destinations, _after(done, total, progress)))
        if len(answers) == 1 and chain.learns:
            chain = chain.anchored(answers[0].times)
        done += len(origins) * len(destinations)
        progress(done, total)
    return BuiltMatrix(
        tables=tuple(answer.times for answer in answers),
        seconds=time.monotonic() - start,
        faults=tuple(dict.fromkeys(fault for answer in answers for fault in answer.faults)),
    )


def _after(done: int, total: int, progress: Progress) -> Progress:
    """Return a progress callback that adds the pairs done before a rectangle."""
    return lambda part, whole: progress(done + min(part, whole), max(total, done + whole))


#: Most groups of pairs that are written, and most names in one.
_GROUPS, _NAMES = 10, 30

type _Pair = tuple[str, str]


def account_of(built: BuiltMatrix, names: Mapping[str, str]) -> tuple[str, ...]:
    """Return the report on a matrix, in sentences; ``names`` are those of lycées, by id."""
    return (*_shares(built), *_faults(built), *_missing(built, names), *_kept(built))


def _shares(built: BuiltMatrix) -> Iterator[str]:
    """Tell how many drives there are, and the share of each engine if there are several."""
    labels = [maker.label for maker, _ in built.shares]
    yield (
        f"{plural(built.pairs, 'trajet')}{' par ' if labels else ''}{listing(labels)}, dont "
        f"{plural(built.estimated, 'estimé')}, en {number(built.seconds, 1)} s."
    )
    for maker, count in built.shares if len(built.shares) > 1 else ():
        percent = 100 * count / built.pairs
        share = "moins de 1" if percent < 1 else number(percent)
        yield f"{maker.label} : {plural(count, 'trajet')} ({share} %)."
    for maker, _ in built.shares:
        if maker.parameters.get(ANCHORS) == 0:
            yield f"{capital(maker.label)} : {interval_source(maker, given=False)}."


def _faults(built: BuiltMatrix) -> Iterator[str]:
    for fault in built.faults:
        yield f"{fault.engine} : {fault.message}"


def _missing(built: BuiltMatrix, names: Mapping[str, str]) -> Iterator[str]:
    """Count the pairs without minutes and name them: isolated lycées, then those of each lycée."""
    site, isolated, missing = terms().site, set(built.isolated), built.unreachable
    if built.off_roads:
        yield f"Sans route, toutes leurs durées estimées : {_listed(built.off_roads, names)}."
    if not missing:
        return
    yield f"{plural(len(missing), 'trajet')} sans durée."
    if isolated:
        yield f"Sans trajet vers {site.no} ni depuis {site.no} : {_listed(built.isolated, names)}."
    places = [key for key in built.times.origins if key not in isolated]
    pairs = [pair for pair in missing if not isolated & set(pair)]
    for rank, (key, others, leaves, left) in enumerate(_groups(pairs)):
        if rank == _GROUPS:
            rest = plural(left, "autre trajet", "autres trajets")
            yield f"Et {rest} ; l'option --json les nomme tous."
            return
        way = "vers" if leaves else "depuis"
        kept = [place for place in places if place not in others and place != key]
        if len(kept) < len(others):
            but = f", sauf {_listed(kept, names)}" if kept else ""
            yield f"{names.get(key, key)} : sans trajet {way} {site.no}{but}."
        else:
            yield f"{names.get(key, key)} : sans trajet {way} {_listed(list(others), names)}."


def _kept(built: BuiltMatrix) -> Iterator[str]:
    """Tell which drives the file keeps, if not all."""
    if built.within is not None and built.rows is not None:
        yield (
            f"Le fichier ne garde que les {number(built.rows)} trajets de {minutes(built.within)} "
            "au plus, ou vers les plus proches."
        )


def _listed(places: Sequence[str], names: Mapping[str, str]) -> str:
    return shortlist([names.get(place, place) for place in places], _NAMES)


def _groups(pairs: Sequence[_Pair]) -> Iterator[tuple[str, Mapping[str, None], bool, int]]:
    """Yield a lycée, all it has no drive to (``True``) or from, and the number of pairs left.

    The lycée with the most pairs left comes first.
    """
    left = list(pairs)
    while left:
        ends = Counter((pair[side], side) for pair in left for side in (0, 1))
        (key, side), _ = ends.most_common(1)[0]
        others = {pair[1 - side]: None for pair in pairs if pair[side] == key}
        yield key, others, side == 0, len(left)
        left = [pair for pair in left if pair[side] != key]


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
    path: Path,
    sites: Positions,
    today: Callable[[], dt.date] = clock.today,
    columns: Mapping[str, str] | None = None,
) -> GivenMinutes:
    """Read the drives of a table (CSV, XLSX, ODS) or of a matrix file between some sites.

    Its places are ids of ``sites``: (latitude, longitude) by id, WGS84 degrees. A pair given in one
    direction is taken for both; without « km », these are 1.3 times the crow distance. ``today``
    gives the date of the drives, ``columns`` those of the table that the user chose.
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
    return _from_table(read_matrix_table(content, columns), path.name, sites, maker)


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
        one_way = plural(back, "trajet donné", "trajets donnés")
        remarks.append(f"{one_way} dans un seul sens, pris pour les deux.")
    return remarks


@dataclass(frozen=True)
class MinutesSources:
    """Sources of the minutes, asked in this order; an estimate completes them."""

    #: A table of drives, CSV or spreadsheet (``de``, ``a``, ``minutes`` and maybe ``km``), or a
    #: matrix file of the tool.
    given: Path | None = None
    columns: Mapping[str, str] | None = None  # The columns of the table that the user chose.
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
    outlines: gpd.GeoDataFrame | None = None,
    settings: TravelSettings | None = None,
    roads_progress: Progress = no_progress,
    progress: Progress = no_progress,
) -> FirstMinutes:
    """Compute the first matrix between sites, and to and from communes if any are given.

    ``sites`` and ``communes`` (``commune:CODE``, whose drives cells by road need) are (latitude,
    longitude) by id, WGS84 degrees. The minutes come from ``sources``, by default the engines of
    the settings. ``outlines`` are the communes around the sites, with code, lat, lon and geometry:
    estimates go round their water. ``settings`` are by default those of the user;
    ``replace(settings, tiles=folder)`` keeps the roads of a territory apart.

    ``roads_progress`` is called with (stages done, stages) while roads are built, then ``progress``
    with (pairs done, pairs); both may raise ``EngineCancelledError``.
    """
    sources, settings = sources or MinutesSources(), settings or read_travel_settings()
    places = Engines(settings, settings.matrix, sites, communes or {}, outlines=outlines)
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

    ``path`` is another file. Communes are included if the folder has any, unless ``communes`` is
    false. ``sources`` and ``progress`` are as for `first_minutes`.
    """
    given = _given(places, sources)
    chain = _chain(places, sources, given)
    matrix = ask_engines(places, chain, communes=communes, progress=progress)
    return FirstMinutes(matrix.written(path or places.shipped, places.lycees), given)


def _given(places: Engines, sources: MinutesSources) -> GivenMinutes | None:
    if sources.given is None:
        return None
    return read_given_minutes(sources.given, places.lycees, columns=sources.columns)


def _chain(places: Engines, sources: MinutesSources, given: GivenMinutes | None) -> Chain:
    # the engines to ask; by default no shipped matrix, and the estimate last
    settings = places.settings
    if sources.engines is not None:
        order = tuple(sources.engines)
    else:
        names = list(settings.engines)
        if sources.extracts or _has_roads(settings):
            names.insert(0, Valhalla.name)
        left_out = {Shipped.name, EstimatedDrives.name}
        order = (*dict.fromkeys(n for n in names if n not in left_out), EstimatedDrives.name)
    chain = places.chain(order)
    return chain.given(given.times) if given else chain


def _has_roads(settings: TravelSettings) -> bool:
    try:
        read_manifest(settings.tiles_folder)
    except EngineError:
        return False
    return True
