"""Engine Valhalla in process: matrices over tiles, built once from an extract of OpenStreetMap.

Valhalla ties any point to a road, even kilometres away, and ignores the leg to it; if the nearest
road is disconnected it silently takes a farther road. So each point is first tied here, to the
nearest connected road within ``max_snap_m`` (to the nearest of all if none is connected), and
Valhalla gets only that point of the road. The leg is added: 1.3 times the crow distance, at
``access_kmh``.

A tiles folder holds ``manifest.json`` and the one subfolder that it names: the tiles, and other
files made from the same extract. A build creates a whole tiles folder inside, and ends by replacing
the manifest atomically: whenever it is killed, the folder holds either the old tiles or the new
tiles, whole.
"""

import contextlib
import copy
import datetime as dt
import errno
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geozones.common import clock
from geozones.common.errors import GeozonesError
from geozones.common.files import ordinary, why
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Provenance, TravelTimes
from geozones.domain.errors import (
    INSTALL_ROADS,
    EngineAnswerError,
    EngineError,
    EngineMissingError,
    EngineUnavailableError,
)
from geozones.domain.times import FloatArray, same_places
from geozones.travel.engine import (
    Point,
    Positions,
    crow_km,
    crow_km_table,
    on_earth,
)
from geozones.travel.matrix_file import WHOLE_SITES, Ranks, far_pairs, without_long_drives
from geozones.travel.pbf import Extract, fault, read_extract


def load_package() -> ModuleType:
    """Import ``valhalla``, which ``make roads`` installs."""
    try:
        return import_module("valhalla")
    except ModuleNotFoundError:
        message = f"Le moteur de trajets Valhalla n'est pas installé : {INSTALL_ROADS}."
    except ImportError as error:
        message = (
            f"Le moteur Valhalla ne se charge pas sur cette machine ({error}) : réinstallez-le "
            "avec « pip install --force-reinstall pyvalhalla »."
        )
    raise EngineMissingError(message)


def package_version(valhalla: ModuleType) -> str:
    """Return the version of the package, without the mark of its commit."""
    return str(valhalla.__version__).partition("-")[0]


def base_config(valhalla: ModuleType, tile_dir: Path) -> dict[str, Any]:
    """Return Valhalla's default settings for a folder of tiles, without any file outside it."""
    # the package hands out its own module-level dictionaries: never write in them
    config: dict[str, Any] = copy.deepcopy(valhalla.get_config(tile_extract="", tile_dir=""))
    mjolnir = config["mjolnir"]
    mjolnir["tile_dir"] = str(tile_dir.resolve())
    for elsewhere in ("admin", "landmarks", "timezone", "traffic_extract"):
        mjolnir[elsewhere] = ""
    mjolnir["transit_dir"] = mjolnir["transit_feeds_dir"] = ""
    config["additional_data"]["elevation"] = ""
    config["logging"] = {"type": "", "color": False}
    return config


def tool_path(valhalla: ModuleType) -> Path:
    """Return the path of ``valhalla_build_tiles``, which the package does not put on the PATH."""
    name = "valhalla_build_tiles.exe" if os.name == "nt" else "valhalla_build_tiles"
    return _folder(valhalla) / "bin" / name


def _folder(valhalla: ModuleType) -> Path:
    return Path(str(valhalla.__file__)).parent


#: Message of the tool at the start of a stage, and the stage in French. A progress of (done, total)
#: counts them: the current stage is ``STAGES[done]``.
STAGES = (
    ("Running valhalla_build_tiles", "préparation"),
    ("Parsing files for ways", "lecture des routes"),
    ("Parsing files for relations", "lecture des interdictions de tourner"),
    ("Parsing files for nodes", "lecture des carrefours"),
    ("Creating graph edges", "construction du graphe"),
    ("Enhancing local graph", "vitesses"),
    ("HierarchyBuilder", "hiérarchie des routes"),
    ("Creating shortcuts", "raccourcis"),
    ("Adding complex turn restrictions", "interdictions de tourner"),
    ("Validating, finishing", "vérification"),
)
_POLL_S = 0.1
_BUS_ERROR, _KILLED = -7, -9  # signals, as exit statuses


def run_tool(valhalla: ModuleType, pbf: Path, work: Path, tiles: Path, progress: Progress) -> None:
    """Run ``valhalla_build_tiles`` into the folder ``tiles``, its settings and log in ``work``."""
    config = base_config(valhalla, tiles)
    config["logging"]["type"] = "std_err"
    (work / "config.json").write_text(json.dumps(config), encoding="utf-8")
    log = work / "build.log"
    with log.open("wb") as sink:
        # the environment of the tool; on Windows it finds its libraries by the path alone
        libraries = str(_folder(valhalla).parent / "pyvalhalla.libs")
        status = _watch(
            [str(tool_path(valhalla)), "-c", str(work / "config.json"), str(pbf.resolve())],
            {**os.environ, "PATH": os.pathsep.join([libraries, os.environ.get("PATH", "")])},
            sink.fileno(),
            lambda stage: progress(stage, len(STAGES)),
            log,
        )
    if status:
        raise _tool_fault(
            pbf, work.parent, status, log.read_text(encoding="utf-8", errors="replace")
        )


def _watch(
    command: list[str],
    environment: dict[str, str],
    sink: int,
    report: Callable[[int], None],
    log: Path,
) -> int:
    """Run a command to its end and return its status, reporting its stage; stop it on an error."""
    stage = 0
    try:
        process = subprocess.Popen(  # noqa: S603 - the package's own executable
            command, stdin=subprocess.DEVNULL, stdout=sink, stderr=sink, env=environment
        )
    except OSError as error:
        raise EngineError(
            f"L'outil de Valhalla ne se lance pas ({error.strerror or error}) : réinstallez "
            "« pyvalhalla »."
        ) from error
    with process, log.open(encoding="utf-8", errors="replace") as lines:
        try:
            while process.poll() is None:
                # the current stage after the tool's last output
                text = lines.read()
                begun = [i for i, (words, _) in enumerate(STAGES) if words in text]
                stage = max([stage, *begun])
                report(stage)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _tool_fault(pbf: Path, out: Path, status: int, log: str) -> GeozonesError:
    """Return the error for a failed tool, from its exit status (negative: a signal) and output."""
    if "osmium::" in log:
        return fault(pbf, "est abîmé : téléchargez-le à nouveau")
    if "Finished with 0 routable ways" in log:
        return fault(pbf, "ne contient aucune route")
    # written through memory maps, a full disk is a bus error, or tiles that do not fit together;
    # tiles are about as large as their extract
    full = shutil.disk_usage(out).free < pbf.stat().st_size
    if full or status == _BUS_ERROR or "No space left" in log:
        return disk_fault(out, OSError(errno.ENOSPC, ""))
    if status == _KILLED:
        return EngineError(
            "La construction des tuiles a été arrêtée par le système, sans doute faute de "
            "mémoire. Fermez d'autres programmes ou prenez un extrait plus petit."
        )
    last = (log.strip().splitlines() or [""])[-1].strip()
    return EngineError(f"La construction des tuiles a échoué (état {status} : {last}).")


def disk_fault(out: Path, error: OSError) -> GeozonesError:
    """Return the error for a folder that could not be written."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return EngineError(f"Il n'y a plus de place sur le disque de « {out} » : libérez-en.")
    why = error.strerror or str(error)
    return EngineError(
        f"Les tuiles ne peuvent pas être écrites dans « {out} » ({why}) : "
        "choisissez un autre dossier ou vérifiez ses droits."
    )


FORMAT = 1
MANIFEST = "manifest.json"
REBUILD = "construisez-les avec « geozones roads build FICHIER.osm.pbf »"
_WORK_PREFIX, _TILES_PREFIX = ".valhalla-build-", "valhalla-tiles-"
_STALE_S = 86_400


@dataclass(frozen=True, slots=True)
class TilesBuilt:
    """Result of a build: number of tiles, their size in MB (10⁶ bytes), seconds it took."""

    tiles: int
    megabytes: float
    seconds: float


@dataclass(frozen=True, slots=True)
class TilesManifest:
    """Origin of tiles: the extract, Valhalla's version, dates as YYYY-MM-DD.

    ``folder`` is the name of the subfolder of tiles, ``extract_date`` is ``None`` if the extract
    does not give it.
    """

    folder: str
    tiles: int
    size_bytes: int
    pbf: str
    pbf_bytes: int
    pbf_sha256: str
    extract_date: str | None
    valhalla: str
    built: str


def build_tiles(
    pbf: Path,
    out: Path,
    progress: Progress = no_progress,
    *,
    identity: Extract | None = None,
    before_use: Callable[[Path, TilesManifest], None] | None = None,
    today: Callable[[], dt.date] = clock.today,
) -> TilesBuilt:
    """Build the road tiles of an OpenStreetMap extract, replacing the tiles of ``out`` if any.

    ``pbf`` is an .osm.pbf file. The folder ``out`` is created if missing, unchanged if the build
    fails. ``progress`` is called about ten times a second with (stages done, stages), and may raise
    to stop the build. ``identity`` is written in the manifest, if the file was made of several
    extracts.

    ``before_use`` is called with the new tiles (folder and manifest) before they replace the old
    ones: files that it adds to the folder stay with them, an exception leaves the old ones in use.
    ``today`` gives the date of the build.
    """
    start = time.monotonic()
    extract = identity or read_extract(pbf)
    valhalla = load_package()
    with work_folder(out) as work:
        tiles = work / work.name.replace(_WORK_PREFIX, _TILES_PREFIX)
        tiles.mkdir()
        run_tool(valhalla, pbf, work, tiles, progress)
        count, size = _measure(tiles)
        if not count:
            raise fault(pbf, "ne contient aucune route")
        manifest = TilesManifest(
            folder=tiles.name,
            tiles=count,
            size_bytes=size,
            pbf=extract.name,
            pbf_bytes=extract.size_bytes,
            pbf_sha256=extract.sha256,
            extract_date=extract.date.isoformat() if extract.date else None,
            valhalla=package_version(valhalla),
            built=today().isoformat(),
        )
        text = json.dumps({"format": FORMAT, **asdict(manifest)}, ensure_ascii=False, indent=2)
        (work / MANIFEST).write_text(text + "\n", encoding="utf-8")
        if before_use is not None:
            before_use(work, manifest)
        progress(len(STAGES), len(STAGES))
        _install(work, out, manifest)
    return TilesBuilt(count, round(size / 1e6, 1), round(time.monotonic() - start, 1))


def read_manifest(tiles: Path) -> TilesManifest:
    """Read the manifest of a tiles folder."""
    try:
        return _parse_manifest(json.loads(ordinary(tiles / MANIFEST).read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise EngineMissingError(
            f"Il n'y a pas de tuiles Valhalla dans « {tiles} » : {REBUILD}."
        ) from error
    except OSError as error:
        message = f"Les tuiles Valhalla de « {tiles} » ne peuvent pas être lues : {why(error)}."
    except (ValueError, KeyError, TypeError, AttributeError):
        message = f"Les tuiles Valhalla de « {tiles} » sont d'une autre version : {REBUILD}."
    raise EngineUnavailableError(message)


def check_tiles(tiles: Path, manifest: TilesManifest, version: str) -> None:
    """Check that tiles are whole and fit the installed Valhalla.

    Versions fit when their first two numbers are the same.
    """
    if _measure(tiles / manifest.folder) != (manifest.tiles, manifest.size_bytes):
        raise EngineUnavailableError(
            f"Les tuiles Valhalla de « {tiles} » sont incomplètes : {REBUILD}."
        )
    if manifest.valhalla.split(".")[:2] != version.split(".")[:2]:
        raise EngineUnavailableError(
            f"Les tuiles de « {tiles} » ont été faites par Valhalla {manifest.valhalla} et la "
            f"version {version} est installée : {REBUILD}."
        )


@contextlib.contextmanager
def work_folder(out: Path) -> Iterator[Path]:
    """Create a temporary folder inside ``out``; afterwards remove it, and ``out`` if empty."""
    try:
        out.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=_WORK_PREFIX, dir=out))
        try:
            yield work
        finally:
            shutil.rmtree(work, ignore_errors=True)
            with contextlib.suppress(OSError):
                out.rmdir()  # refused unless empty
    except OSError as error:
        raise disk_fault(out, error) from error


def _measure(folder: Path) -> tuple[int, int]:
    """Return the number of tiles of a folder, and their size in bytes."""
    sizes = [tile.stat().st_size for tile in folder.rglob("*.gph")]
    return len(sizes), sum(sizes)


def _parse_manifest(content: Any) -> TilesManifest:  # noqa: ANN401
    if content.pop("format") != FORMAT:
        raise ValueError
    manifest = TilesManifest(**content)
    texts = (manifest.folder, manifest.pbf, manifest.valhalla, manifest.built)
    if not all(isinstance(text, str) for text in texts) or Path(texts[0]).name != texts[0]:
        raise ValueError
    return manifest


def _install(work: Path, out: Path, manifest: TilesManifest) -> None:
    """Replace the old tiles with new tiles; the last step before tidying is atomic."""
    try:
        old = read_manifest(out).folder
    except EngineUnavailableError:
        old = None
    (work / manifest.folder).rename(out / manifest.folder)
    try:
        (work / MANIFEST).replace(out / MANIFEST)
    except OSError:
        shutil.rmtree(out / manifest.folder, ignore_errors=True)
        raise
    if old is not None and old.startswith(_TILES_PREFIX):
        shutil.rmtree(out / old, ignore_errors=True)
    # remove what killed builds left more than a day ago
    for left in [*out.glob(_WORK_PREFIX + "*"), *out.glob(_TILES_PREFIX + "*")]:
        if left.name != manifest.folder and time.time() - left.stat().st_mtime > _STALE_S:
            shutil.rmtree(left, ignore_errors=True)


type Request = Mapping[str, object]

# no one joins a motorway between two junctions, nor leaves a tunnel by its roof
_OPEN_ROADS = {"max_road_class": "trunk", "exclude_ramp": True, "exclude_tunnel": True}
_LEADS_SOMEWHERE = 50
"""Nodes that a car must reach from a connected road, and come from: Valhalla's own default."""
_TIED_M = 10
"""Metres around a point that is on a road already, for Valhalla's search."""


@dataclass(frozen=True, slots=True)
class RoadPoint:
    """Point of a road, and whether the road leads to more than a few others, and back."""

    lat: float
    lon: float
    leads_somewhere: bool


def parse_locate(answer: object, count: int) -> list[list[RoadPoint]]:
    """Return the roads around each point.

    Valhalla gives the nearest road and, if that road is disconnected, the nearest connected road.
    """
    try:
        roads = [_road_points(place) for place in _list(answer)]
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if len(roads) != count:
        raise _unreadable()
    return roads


def matrix_request(
    sources: Sequence[RoadPoint], targets: Sequence[RoadPoint], reach_km: float | None = None
) -> Request:
    """Build the request for the times between points of roads, at most ``reach_km`` of road."""
    limit = {} if reach_km is None else {"expansion_max_distance": round(reach_km * 1000)}
    return {
        **limit,
        "sources": [_location(road) for road in sources],
        "targets": [_location(road) for road in targets],
        "costing": "auto",
        "units": "kilometers",
        "verbose": False,
    }


def parse_matrix(answer: Any, shape: tuple[int, int]) -> tuple[FloatArray, FloatArray]:  # noqa: ANN401
    """Return seconds and km, ``float[source, target]``, NaN if unreachable."""
    try:
        table = answer["sources_to_targets"]
        # a null is read as NaN
        seconds = np.array(table["durations"], dtype=float).reshape(shape)
        km = np.array(table["distances"], dtype=float).reshape(shape)
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if (seconds < 0).any() or (km < 0).any():
        raise _unreadable()
    km[np.isnan(seconds)] = np.nan
    return seconds, km


def _unreadable() -> EngineAnswerError:
    return EngineAnswerError("La réponse de Valhalla n'a pas la forme attendue.")


def _list(answer: object) -> list[Any]:
    if not isinstance(answer, list):
        raise TypeError
    return answer


def _road_points(place: Mapping[str, Any]) -> list[RoadPoint]:
    """Merge the edges that meet at a point: each direction of a street is an edge."""
    reach: dict[Point, tuple[float, float]] = {}
    for edge in place["edges"] or ():
        at = (float(edge["correlated_lat"]), float(edge["correlated_lon"]))
        there, back = reach.get(at, (0, 0))
        reach[at] = (max(there, edge["outbound_reach"]), max(back, edge["inbound_reach"]))
    return [RoadPoint(*at, min(both) >= _LEADS_SOMEWHERE) for at, both in reach.items()]


def _location(road: RoadPoint) -> Mapping[str, object]:
    return {
        "lat": road.lat,
        "lon": road.lon,
        "search_cutoff": _TIED_M,
        "search_filter": _OPEN_ROADS,
    }


ALGORITHM = "timedistancematrix"
"""3 to 5 times as fast as Valhalla's own choice for 124 × 124 (measured)."""
_WITHOUT_LIMIT = 1_000_000_000
_MAX_CROW_M = 2_000_000
"""Crow distance allowed in a matrix.

Not more: Valhalla sets up its search in proportion of it for each place, and at 10⁹ m a 124 × 124
matrix takes 8 times as long (measured).
"""


def open_actor(valhalla: ModuleType, tiles: Path) -> Any:  # noqa: ANN401 - an untyped package's
    """Open a folder of tiles as Valhalla's actor, which reads its settings from a file only."""
    config = _config(base_config(valhalla, tiles))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "valhalla.json"
        path.write_text(json.dumps(config), encoding="utf-8")
        try:
            return valhalla.Actor(str(path))
        except (RuntimeError, OSError) as error:
            raise EngineUnavailableError(
                f"Les tuiles Valhalla ne s'ouvrent pas ({error}) : {REBUILD}."
            ) from error


def _config(config: dict[str, Any]) -> dict[str, Any]:
    """Override Valhalla's defaults: allow a whole region, and places without a route."""
    config["thor"]["source_to_target_algorithm"] = ALGORITHM
    # else a place on an island makes Valhalla refuse the whole matrix
    config["loki"]["use_connectivity"] = False
    auto = config["service_limits"]["auto"]
    for limit in ("max_distance", "max_matrix_location_pairs", "max_locations"):
        auto[limit] = _WITHOUT_LIMIT
    auto["max_matrix_distance"] = _MAX_CROW_M
    return config


ACCESS_DETOUR = 1.3
"""Length of a leg off the roads over its crow distance, as in ``geozones.travel.roadgraph``."""
_LOCATE_AT_ONCE = 500
_TIES_KEPT = 100_000
#: Valhalla's cars go at this speed at most: an hour is not farther. A search stops at the last
#: crossing before its limit, so that places between two crossings need this much more.
_TOP_KMH, _BETWEEN_CROSSINGS_KM = 140, 50


@dataclass(frozen=True, slots=True)
class _Graph:
    """Open tiles: Valhalla's actor, and the manifest of the tiles."""

    actor: Any
    manifest: TilesManifest
    version: str
    #: the road of each tied point, or None: asking again takes longer than a whole row
    ties: dict[Point, "_Tied | None"] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class _Tied:
    """Place tied to a road: the road's point, and the leg to it."""

    road: RoadPoint
    leg_km: float


class Valhalla:
    """Engine over a tiles folder; threads may share it.

    The folder is one that ``build_tiles`` made, opened at the first request, and again after a
    rebuild. A point farther than ``max_snap_m`` metres from any road (as the crow flies) has no
    times. Legs off the roads are driven at ``access_kmh``: the road model of the shipped matrix
    drives them at 26 in a town and 36 elsewhere; OpenStreetMap does not say which is which, 30 is
    between them.

    ``block`` places are asked for in one call, between two calls of ``progress``. Of a large
    matrix, only drives up to ``within`` minutes are sought, and the nearest of each place; the
    others are marked as longer. ``None`` seeks them all. ``today`` gives the date of the computed
    matrix.
    """

    name = "valhalla"

    def __init__(
        self,
        tiles: Path,
        *,
        max_snap_m: float = 1500.0,
        access_kmh: float = 30.0,
        block: int = 16,
        within: float | None = None,
        today: Callable[[], dt.date] = clock.today,
    ) -> None:
        self.tiles = tiles
        self.max_snap_m = max_snap_m
        self.access_kmh = access_kmh
        self._min_per_km = 60 / access_kmh
        self._block = block
        self._within = within
        self._today = today
        self._graph: _Graph | None = None
        self._lock = threading.Lock()

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable, or if a point is farther than ``max_snap_m`` from any road. With
        ``within``, the long drives of a large matrix are estimates, and ``beyond`` tells which.
        """
        graph = self._open()
        tied = self._tie(graph, {**origins, **destinations})
        minutes, km, far = self._over_roads(graph, origins, destinations, tied, progress)
        legs = self._add_legs(minutes, km, origins, destinations, tied)
        same = same_places(origins, destinations)
        minutes[same] = km[same] = legs[same] = 0.0
        if read_manifest(self.tiles) != graph.manifest:
            raise EngineUnavailableError(
                "Les tuiles Valhalla ont été reconstruites pendant le calcul : relancez-le."
            )
        made = self._source(graph)
        places = tuple(origins), tuple(destinations)
        times = TravelTimes(*places, minutes, km, made, leg_share=legs)
        if self._within is None or not far.any():
            return times
        return without_long_drives(times, far, self._within, {**origins, **destinations})

    def near_roads(self, places: Positions) -> frozenset[str]:
        """Return the places within ``max_snap_m`` of a road: the others have no times."""
        return frozenset(self._tie(self._open(), places))

    def _open(self) -> _Graph:
        """Return the open tiles, reopened if they were rebuilt."""
        valhalla = load_package()
        manifest = read_manifest(self.tiles)
        with self._lock:
            if self._graph is None or self._graph.manifest != manifest:
                version = package_version(valhalla)
                check_tiles(self.tiles, manifest, version)
                tiles = self.tiles / manifest.folder
                self._graph = _Graph(open_actor(valhalla, tiles), manifest, version)
            return self._graph

    def _ask(self, graph: _Graph, action: str, request: Mapping[str, object]) -> Any:  # noqa: ANN401
        """Send one request; Valhalla's actor serves one thread at a time."""
        try:
            with self._lock:
                return json.loads(getattr(graph.actor, action)(json.dumps(request)))
        except ValueError as error:
            raise EngineAnswerError("La réponse de Valhalla est illisible.") from error
        except RuntimeError as error:  # the base of valhalla.ValhallaError
            raise EngineAnswerError(
                f"Valhalla refuse la question « {action} » ({error})."
            ) from error

    def _tie(self, graph: _Graph, places: Positions) -> dict[str, _Tied]:
        """Tie places to roads, leaving out places too far from any."""
        sound = {key: point for key, point in places.items() if on_earth(point)}
        if len(graph.ties) > _TIES_KEPT:
            graph.ties.clear()
        new = list(dict.fromkeys(point for point in sound.values() if point not in graph.ties))
        located: dict[Point, _Tied | None] = {}
        for start in range(0, len(new), _LOCATE_AT_ONCE):
            points = new[start : start + _LOCATE_AT_ONCE]
            limit_m = self.max_snap_m
            locations = [
                {"lat": lat, "lon": lon, "search_cutoff": limit_m, "search_filter": _OPEN_ROADS}
                for lat, lon in points
            ]
            answer = self._ask(
                graph, "locate", {"locations": locations, "costing": "auto", "verbose": True}
            )
            for point, roads in zip(points, parse_locate(answer, len(points)), strict=True):
                located[point] = self._choose(point, roads)
        known = graph.ties | located
        graph.ties.update(located)
        ties = {key: known[point] for key, point in sound.items()}
        return {key: tie for key, tie in ties.items() if tie is not None}

    def _choose(self, point: Point, roads: Sequence[RoadPoint]) -> _Tied | None:
        """Return the nearest connected road, else the nearest; ``None`` if too far."""
        near = [(crow_km(point, (road.lat, road.lon)), road) for road in roads]
        near = [(km, road) for km, road in near if km * 1000 <= self.max_snap_m]
        if not near:
            return None
        km, road = min(near, key=lambda each: (not each[1].leads_somewhere, each[0]))
        return _Tied(road, km * ACCESS_DETOUR)

    def _over_roads(
        self,
        graph: _Graph,
        origins: Positions,
        destinations: Positions,
        tied: Mapping[str, _Tied],
        progress: Progress,
    ) -> tuple[FloatArray, FloatArray, NDArray[np.bool_]]:
        """Minutes and km between the points of the roads, NaN elsewhere; the pairs not sought."""
        shape = (len(origins), len(destinations))
        minutes, km, far = np.full(shape, np.nan), np.full(shape, np.nan), np.zeros(shape, bool)
        ids = [key for key in origins if key in tied], [key for key in destinations if key in tied]
        at = np.ix_(
            *(
                [rank for rank, key in enumerate(side) if key in tied]
                for side in (origins, destinations)
            )
        )
        sources, targets = ([tied[key].road for key in side] for side in ids)
        found = np.full((2, len(sources), len(targets)), np.nan)

        def seek(
            rows: Ranks, columns: Ranks, reach: float | None = None, told: Progress = no_progress
        ) -> None:
            ends = [sources[row] for row in rows], [targets[column] for column in columns]
            for r, c, done in _blocks(*ends, self._block, reach):
                asked = [ends[0][row] for row in r], [ends[1][column] for column in c]
                request = matrix_request(*asked, reach)
                answer = self._ask(graph, "matrix", request)
                found[:, *np.ix_(rows[r], columns[c])] = parse_matrix(answer, (len(r), len(c)))
                told(done, len(rows) * len(columns))

        progress(0, len(sources) * len(targets))
        within = self._within if shape[0] * shape[1] > WHOLE_SITES**2 else None
        reach = None if within is None else within * _TOP_KMH / 60 + _BETWEEN_CROSSINGS_KM
        seek(np.arange(len(sources)), np.arange(len(targets)), reach, progress)
        if within is not None:
            far[at] = far_pairs(found[0], ids, within * 60, seek)
        minutes[at], km[at] = found[0] / 60, found[1]
        return minutes, km, far

    def _add_legs(
        self,
        minutes: FloatArray,
        km: FloatArray,
        origins: Positions,
        destinations: Positions,
        tied: Mapping[str, _Tied],
    ) -> FloatArray:
        """Add the legs off the roads, in place; return their share of the minutes, 0 to 1.

        Two places nearer to each other than to their roads drive straight, if that is faster.
        """
        out = np.array([tied[key].leg_km if key in tied else np.nan for key in origins])
        back = np.array([tied[key].leg_km if key in tied else np.nan for key in destinations])
        legs = out[:, None] + back[None, :]
        minutes += legs * self._min_per_km
        km += legs
        direct = crow_km_table(list(origins.values()), list(destinations.values()))
        direct *= ACCESS_DETOUR
        straight = (direct <= legs) & (direct * self._min_per_km <= minutes)
        minutes[straight] = direct[straight] * self._min_per_km
        km[straight] = direct[straight]
        drive = minutes > 0
        share = np.where(drive, legs * self._min_per_km, 0.0) / np.where(drive, minutes, 1.0)
        share[straight] = 1.0
        return np.where(np.isnan(minutes), np.nan, np.minimum(share, 1.0))

    def _source(self, graph: _Graph) -> Provenance:
        made = graph.manifest
        return Provenance(
            engine=self.name,
            date=self._today().isoformat(),
            source=f"© les contributeurs d’OpenStreetMap ({made.pbf}, "
            f"{made.extract_date or 'date inconnue'})",
            licence="ODbL 1.0",
            parameters={
                "valhalla": graph.version,
                "algorithm": ALGORITHM,
                "max_snap_m": self.max_snap_m,
                "access_kmh": self.access_kmh,
                "access_detour": ACCESS_DETOUR,
                "extract_sha256": made.pbf_sha256,
                "tiles_built": made.built,
            },
        )


def _blocks(
    sources: Sequence[RoadPoint], targets: Sequence[RoadPoint], size: int, reach: float | None
) -> Iterator[tuple[Ranks, Ranks, int]]:
    """Yield (rows, columns, pairs done with them); only pairs at most ``reach`` km apart, if given.

    Valhalla explores the roads once per place of the shorter side, so blocks are cut along that
    side; neighbours go together, and have the same places within reach.
    """
    across = len(sources) > len(targets)
    short, long = (targets, sources) if across else (sources, targets)
    order = sorted(range(len(short)), key=lambda rank: (round(short[rank].lat), short[rank].lon))
    points = [(road.lat, road.lon) for road in long]
    for start in range(0, len(short) if long else 0, size):
        block = np.array(order[start : start + size])
        near = np.arange(len(long))
        if reach is not None:
            around = [(short[rank].lat, short[rank].lon) for rank in block]
            near = np.flatnonzero((crow_km_table(around, points) <= reach).any(axis=0))
        done = (start + len(block)) * len(long)
        yield (near, block, done) if across else (block, near, done)
