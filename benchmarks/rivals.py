"""What proposals are measured against: spopt's max-p heuristic, GerryChain's short bursts.

And, for the problems of ``yardsticks``: MDAV, a compact integer program given to HiGHS.

The first two need a graph of what may be joined, where this tool takes every pair. They are given
the one that served spopt best among those tried on a few seeds: each lycée and its two nearest
(rather than 3, 4, 5, 8 or 12, or shared borders of the lycées' cells), in regions of 3 lycées at
least (rather than 4 or 5).
Both are scored by the same objective, on the same matrix.
"""

import warnings
from collections.abc import Mapping
from itertools import combinations
from time import process_time

import geopandas
import highspy
import networkx as nx
import numpy as np
from gerrychain import Graph, Partition
from gerrychain.constraints import contiguous
from gerrychain.optimization import SingleMetricOptimizer
from gerrychain.proposals import propose_random_flip
from libpysal.weights import W
from numpy.typing import NDArray
from scipy.sparse import csr_array
from shapely.geometry import Point
from spopt.region import MaxPHeuristic

from geozones.common import highs
from geozones.domain import ObjectiveWeights
from geozones.domain.yearly_cost import zone_cost

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


def mdav(data: NDArray[np.float64], k: int) -> list[list[int]]:
    """Return the groups of MDAV (its generic algorithm): those around the two most distant ends."""
    left = list(range(len(data)))
    groups = []

    def take_around(centre: int) -> None:
        far = ((data[left] - data[centre]) ** 2).sum(axis=1)
        groups.append([left[at] for at in np.argsort(far, kind="stable")[:k]])
        left[:] = [record for record in left if record not in groups[-1]]

    def farthest(point: NDArray[np.float64]) -> int:
        return left[int(((data[left] - point) ** 2).sum(axis=1).argmax())]

    while len(left) >= 3 * k:
        first = farthest(data[left].mean(axis=0))
        take_around(first)
        take_around(farthest(data[first]))
    if len(left) >= 2 * k:
        take_around(farthest(data[left].mean(axis=0)))
    return [*groups, left]


def equipartition(pairs: NDArray[np.float64], size: int, seconds: float) -> tuple[float, float]:
    """Return the objective and the bound that HiGHS finds in seconds of processor, pair by pair.

    A variable a pair that shares a group; each has ``size`` - 1 others; of three, two pairs in one
    group make the third (Grötschel and Wakabayashi, *Mathematical Programming* 45, 1989).
    """
    count = len(pairs)
    number = {pair: at for at, pair in enumerate(combinations(range(count), 2))}
    rows = [
        [(number[min(a, b), max(a, b)], 1.0) for b in range(count) if b != a] for a in range(count)
    ]
    lower, upper = [size - 1.0] * count, [size - 1.0] * count
    for a, b, c in combinations(range(count), 3):
        sides = (number[a, b], number[b, c], number[a, c])
        for odd in range(3):
            rows.append([(side, -1.0 if at == odd else 1.0) for at, side in enumerate(sides)])
            lower.append(-np.inf)
            upper.append(1.0)
    matrix = csr_array(
        (
            np.array([value for row in rows for _, value in row]),
            np.array([at for row in rows for at, _ in row], np.int32),
            np.cumsum([0] + [len(row) for row in rows], dtype=np.int32),
        ),
        shape=(len(rows), len(number)),
    )
    solver = highs.solver()
    end = process_time() + seconds
    solver.cbMipInterrupt.subscribe(lambda event: process_time() < end or event.interrupt())
    cost = np.array([pairs[pair] for pair in number])
    none = np.empty(0, np.int32)
    solver.addCols(
        len(cost), cost, np.zeros(len(cost)), np.ones(len(cost)), 0, none, none, np.empty(0)
    )
    solver.addRows(
        len(rows), np.array(lower), np.array(upper), matrix.nnz,
        matrix.indptr[:-1], matrix.indices, matrix.data,
    )  # fmt: skip
    every = np.arange(len(cost), dtype=np.int32)
    solver.changeColsIntegrality(
        len(cost), every, np.full(len(cost), highspy.HighsVarType.kInteger)
    )
    solver.run()
    info = solver.getInfo()
    return float(info.objective_function_value), float(info.mip_dual_bound)
