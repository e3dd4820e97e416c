"""What proposals are measured against: spopt's max-p heuristic, GerryChain's short bursts.

Both need a graph of what may be joined, where this tool takes every pair. They are given the one
that served spopt best among those tried on a few seeds: each lycée and its two nearest (rather than
3, 4, 5, 8 or 12, or shared borders of the lycées' cells), in regions of 3 lycées at least (rather
than 4 or 5).
Both are scored by the same objective, on the same matrix.
"""

import warnings
from collections.abc import Mapping

import geopandas
import networkx as nx
import numpy as np
from gerrychain import Graph, Partition
from gerrychain.constraints import contiguous
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import propose_random_flip
from libpysal.weights import W
from numpy.typing import NDArray
from shapely.geometry import Point
from spopt.region import MaxPHeuristic

from geozones.domain import ObjectiveWeights
from geozones.domain.objective import zone_cost

_NEAREST, _LEAST = 2, 3
_BURST, _BURSTS = 10, 1000


class Territory:
    """Lycées, the minutes between them (mean of both ways) and which may be joined."""

    def __init__(self, minutes: NDArray[np.float64]) -> None:
        self.minutes = minutes
        self.graph = nx.Graph()
        # In their order: GerryChain numbers the nodes by it.
        self.graph.add_nodes_from(range(len(minutes)))
        nearest = np.argsort(minutes, axis=1, kind="stable")[:, 1 : _NEAREST + 1].tolist()
        self.graph.add_edges_from((a, b) for a, others in enumerate(nearest) for b in others)
        self._join()

    def _join(self) -> None:
        """Tie what is cut off to the nearest lycée elsewhere: both tools need one graph."""
        parts = [sorted(part) for part in nx.connected_components(self.graph)]
        while len(parts) > 1:
            first, rest = parts[0], [node for part in parts[1:] for node in part]
            near = self.minutes[np.ix_(first, rest)]
            a, b = np.unravel_index(int(near.argmin()), near.shape)
            self.graph.add_edge(first[a], rest[b])
            parts = [sorted(part) for part in nx.connected_components(self.graph)]

    def objective(self, zones: list[list[int]]) -> float:
        """Return the objective of zones, lycées by number."""
        weights = ObjectiveWeights()
        return sum(
            zone_cost(float(self.minutes[np.ix_(z, z)].sum()) / 2, len(z), weights) for z in zones
        )

    def places(self) -> NDArray[np.float64]:
        """Place the lycées on a plane so that distances are near the minutes (classical scaling).

        spopt compares attributes, not pairs: this is the matrix as attributes.
        """
        count = len(self.minutes)
        middle = np.eye(count) - 1 / count
        values, vectors = np.linalg.eigh(-0.5 * middle @ self.minutes**2 @ middle)
        return vectors[:, -2:] * np.sqrt(np.maximum(values[-2:], 0))


def zones_of(labels: Mapping[int, object]) -> list[list[int]]:
    """Group lycées by label."""
    found: dict[object, list[int]] = {}
    for lycee in sorted(labels):
        found.setdefault(labels[lycee], []).append(lycee)
    return list(found.values())


def best_of_spopt(territory: Territory, seeds: int) -> list[list[int]]:
    """Return the best plan of spopt's MaxPHeuristic over some seeds."""
    places = territory.places()
    frame = geopandas.GeoDataFrame(
        {"x": places[:, 0], "y": places[:, 1], "one": 1}, geometry=[Point(*at) for at in places]
    )
    weights = W({node: sorted(territory.graph[node]) for node in territory.graph})
    plans = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # its own use of pandas
        for seed in range(seeds):
            np.random.seed(seed)  # noqa: NPY002 - what spopt draws from
            model = MaxPHeuristic(frame, weights, ["x", "y"], "one", _LEAST)
            model.solve()
            plans.append(zones_of(dict(enumerate(model.labels_))))
    return min(plans, key=territory.objective)


def short_bursts(territory: Territory, start: list[list[int]], seed: int) -> list[list[int]]:
    """Return the best plan of GerryChain's short bursts of flips from a plan."""
    labels = {lycee: number for number, zone in enumerate(start) for lycee in zone}

    def score(partition: Partition) -> float:
        return territory.objective([sorted(part) for part in partition.parts.values()])

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # it has no geometry, which flips do not need
        chain = SingleMetricOptimizer(
            propose_random_flip,
            contiguous,
            Partition(Graph.from_networkx(territory.graph), labels),
            score,
            maximize=False,
            rng=seed,
        )
        for _ in chain.short_bursts(_BURST, _BURSTS):
            pass
    return [sorted(part) for part in chain.best_part.parts.values()]
