"""Python package ``valhalla``: its build tool, its requests, and parsers of its answers.

Formats of requests and answers: https://valhalla.github.io/valhalla/api/ (locate, matrix, route and
isochrone).
"""

import contextlib
import copy
import errno
import json
import os
import shutil
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from geozones.common.errors import GeozonesError
from geozones.common.pacing import Progress
from geozones.domain.errors import EngineAnswerError, EngineError, EngineMissingError
from geozones.domain.times import FloatArray
from geozones.travel.engine import Point
from geozones.travel.pbf import fault


def load_package() -> ModuleType:
    """Import ``valhalla``, which only the extra ``geozones[valhalla]`` installs."""
    try:
        return import_module("valhalla")
    except ModuleNotFoundError:
        message = (
            "Le moteur Valhalla n'est pas installé : installez-le avec "
            "« pip install 'geozones[valhalla]' »."
        )
    except ImportError as error:
        message = (
            f"Le moteur Valhalla ne se charge pas sur cette machine ({error}) : réinstallez-le "
            "avec « pip install --force-reinstall 'geozones[valhalla]' »."
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


def tool_environment(valhalla: ModuleType) -> dict[str, str]:
    """Return the environment of the tool; on Windows it finds its libraries by the path alone."""
    libraries = str(_folder(valhalla).parent / "pyvalhalla.libs")
    return {**os.environ, "PATH": os.pathsep.join([libraries, os.environ.get("PATH", "")])}


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
        status = _watch(
            [str(tool_path(valhalla)), "-c", str(work / "config.json"), str(pbf.resolve())],
            tool_environment(valhalla),
            sink.fileno(),
            lambda stage: progress(stage, len(STAGES)),
            log,
        )
    if status:
        raise _tool_fault(pbf, work.parent, status, _text(log))


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
            "« geozones[valhalla] »."
        ) from error
    with process, log.open(encoding="utf-8", errors="replace") as lines:
        try:
            while process.poll() is None:
                stage = _stage(stage, lines.read())
                report(stage)
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(_POLL_S)
        except BaseException:
            process.kill()
            raise
        return process.returncode


def _stage(stage: int, text: str) -> int:
    """Return the current stage after the tool's last output."""
    begun = [i for i, (words, _) in enumerate(STAGES) if words in text]
    return max([stage, *begun])


def _text(log: Path) -> str:
    return log.read_text(encoding="utf-8", errors="replace")


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


type Request = Mapping[str, object]
type Ring = tuple[Point, ...]

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


def locate_request(points: Sequence[Point], limit_m: float) -> Request:
    """Build the request for the roads near points, within a limit in metres."""
    locations = [
        {"lat": lat, "lon": lon, "search_cutoff": limit_m, "search_filter": _OPEN_ROADS}
        for lat, lon in points
    ]
    return {"locations": locations, "costing": "auto", "verbose": True}


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


def route_request(start: RoadPoint, end: RoadPoint) -> Request:
    """Build the request for the fastest drive and its line.

    It disables the pruning of small roads far from both ends, which the matrix does not use: on a
    graph of this region 5 % of the pruned routes were longer than in the matrix.
    """
    return {
        "locations": [_location(start), _location(end)],
        "costing": "auto",
        "costing_options": {"auto": {"disable_hierarchy_pruning": True}},
        "format": "osrm",
        "shape_format": "geojson",
        "directions_type": "none",
    }


def parse_route(answer: Any) -> tuple[Ring, float, float]:  # noqa: ANN401
    """Return the line as (latitude, longitude), the seconds and the metres."""
    try:
        route = answer["routes"][0]
        line = _points(route["geometry"]["coordinates"])
        return line, float(route["duration"]), float(route["distance"])
    except (IndexError, KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error


def isochrone_request(centre: RoadPoint, minutes: Sequence[float]) -> Request:
    """Build the request for the areas reached within durations, as polygons."""
    return {
        "locations": [_location(centre)],
        "costing": "auto",
        "contours": [{"time": each} for each in minutes],
        "polygons": True,
    }


def parse_isochrones(answer: Any, minutes: Sequence[float]) -> dict[float, tuple[Ring, ...]]:  # noqa: ANN401
    """Return the rings of each duration, as (latitude, longitude)."""
    rings: dict[float, tuple[Ring, ...]] = {}
    try:
        for feature in answer["features"]:
            time = float(feature["properties"]["contour"])
            asked = min(minutes, key=lambda each: abs(each - time))
            geometry = feature["geometry"]
            polygons = geometry["coordinates"]
            if geometry["type"] == "Polygon":
                polygons = [polygons]
            new = tuple(_points(ring) for polygon in polygons for ring in polygon)
            rings[asked] = rings.get(asked, ()) + new
    except (KeyError, TypeError, ValueError) as error:
        raise _unreadable() from error
    if set(rings) != set(minutes):
        raise _unreadable()
    return rings


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


def _points(coordinates: Sequence[Sequence[float]]) -> Ring:
    return tuple((float(lat), float(lon)) for lon, lat in coordinates)
