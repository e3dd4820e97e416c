"""Engine Valhalla in process: matrices over tiles made of OpenStreetMap.

Valhalla ties any point to a road, even kilometres away, and ignores the leg to it; if the nearest
road is disconnected it silently takes a farther road. So each point is first tied here, to the
nearest connected road within ``max_snap_m`` (to the nearest of all if none is connected), and
Valhalla gets only that point of the road. The leg is added: 1.3 times the crow distance, at
``access_kmh``.
"""

import datetime as dt
import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from geozones.common import clock
from geozones.common.pacing import Progress, no_progress
from geozones.domain import Provenance, TravelTimes
from geozones.domain.errors import EngineAnswerError, EngineUnavailableError
from geozones.domain.times import FloatArray, same_places
from geozones.travel.engine import (
    Point,
    Positions,
    crow_km,
    crow_km_table,
    on_earth,
)
from geozones.travel.sparse_matrix import WHOLE_SITES, Ranks, far_pairs, without_long_drives
from geozones.travel.valhalla_tiles import (
    REBUILD,
    TilesManifest,
    base_config,
    check_tiles,
    load_package,
    package_version,
    read_manifest,
)

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
"""Length of a leg off the roads over its crow distance, as in ``geozones.travel.network``."""
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
