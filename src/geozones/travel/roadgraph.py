"""Engine ``roadgraph``: drives over a graph of classified roads, without any network service.

The graph is two tables: nodes (id, lat, lon) and undirected edges (u, v, km, ref, class, kmh), with
the tables of `geozones.travel.ground` beside them if they exist. Places are tied in by
`geozones.travel.access`. The fastest paths are Dijkstra's, so a time never depends on the order of
the places.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from geozones.common.files import why
from geozones.common.progress import Progress, no_progress
from geozones.domain import EngineUnavailableError, Provenance, TravelTimes
from geozones.travel.access import AccessRules, Surroundings
from geozones.travel.engine import Positions
from geozones.travel.ground import load_ground
from geozones.travel.road_drives import drives_over, surroundings_of
from geozones.travel.road_tables import load_graph

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

#: a place farther than this from any road of the graph, in km, has no times
MAX_SNAP_KM = 10.0


class RoadGraphEngine:
    """Times over the graph of a folder, read at the first request.

    Parameters
    ----------
    folder
        Folder of ``nodes.csv`` and ``edges.csv``.
    today
        The date of the computed matrix.
    """

    name = "roadgraph"

    def __init__(self, folder: Path, today: Callable[[], dt.date] = dt.date.today) -> None:
        self._folder, self._today = folder, today
        self._around: Surroundings | None = None

    def matrix(
        self, origins: Positions, destinations: Positions, progress: Progress = no_progress
    ) -> TravelTimes:
        """Return minutes and km, ``float[origin, destination]``.

        NaN if unreachable, or if a point is over 10 km from any road of the graph.

        Raises
        ------
        EngineUnavailableError
            If the graph cannot be read or contradicts itself.
        """
        total = len(origins) * len(destinations)
        progress(0, total)
        around = self._opened()
        times = drives_over(around, origins, destinations)
        progress(total, total)
        maker = Provenance(
            self.name,
            self._today().isoformat(),
            source=f"graphe de routes {self._folder.name}, vitesses libres, sans trafic",
            licence="celle du graphe",
            parameters=around.rules.described(),
        )
        return times.made_by(maker)

    def _opened(self) -> Surroundings:
        if self._around is None:
            try:
                rules = AccessRules(max_snap_km=MAX_SNAP_KM)
                graph, ground = load_graph(self._folder), load_ground(self._folder)
                self._around = surroundings_of(graph, ground, rules)
            except OSError as error:
                msg = (
                    f"Le graphe de routes {self._folder} ne peut pas être lu ({why(error)}) : il "
                    "y faut nodes.csv et edges.csv."
                )
                raise EngineUnavailableError(msg) from error
            except (KeyError, ValueError) as error:
                msg = f"Le graphe de routes {self._folder} est altéré ({error}) : reprenez-le."
                raise EngineUnavailableError(msg) from error
        return self._around
