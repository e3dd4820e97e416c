"""Published problems that are set partitioning too, searched by the same machinery.

Microaggregation (Domingo-Ferrer and Mateo-Sanz, *IEEE Transactions on Knowledge and Data
Engineering* 14, 2002): records in groups of k or more, of least squared error to the means of the
groups; an optimum needs groups of k to 2k - 1 only. The usual sets (Tarragona, Census, EIA) were
not to be had with a licence to ship them: those that scikit-learn carries stand for them, each
attribute to mean 0 and variance 1, as usual. Beside it, MDAV, the usual heuristic
(Domingo-Ferrer and Torra, *Data Mining and Knowledge Discovery* 11, 2005).

League realignment (Mitchell, *Naval Research Logistics* 50, 2003, for the NFL): 32 teams in 8
divisions of 4, the fewest kilometres between teams of a division. Beside it, the compact integer
program of k-way equipartition, one variable a pair, given to HiGHS.

Each search is asked to stop after a minute of processor: a step begun goes to its end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from time import process_time

import numpy as np
import rivals
from numpy.typing import NDArray
from sklearn import datasets

from geozones.domain import (
    DecisionStatus,
    Provenance,
    SearchCancelledError,
    Sector,
    TravelTimes,
    Zone,
)
from geozones.domain.plan import plan_of
from geozones.optimize import PartitionOptions, ProofStatus, Result, propose

K = 3
SECONDS = 60.0
DIVISION = 4
#: Records by attributes, as scikit-learn carries them.
SETS = {
    "iris": datasets.load_iris,
    "wine": datasets.load_wine,
    "diabetes": datasets.load_diabetes,
    "breast cancer": datasets.load_breast_cancer,
}
#: Degrees north and west of the towns of the 32 teams, by hand to a tenth.
TEAMS = {
    "Arizona": (33.5, 112.3), "Atlanta": (33.8, 84.4), "Baltimore": (39.3, 76.6),
    "Buffalo": (42.8, 78.8), "Carolina": (35.2, 80.9), "Chicago": (41.9, 87.6),
    "Cincinnati": (39.1, 84.5), "Cleveland": (41.5, 81.7), "Dallas": (32.7, 97.1),
    "Denver": (39.7, 105.0), "Detroit": (42.3, 83.0), "Green Bay": (44.5, 88.1),
    "Houston": (29.7, 95.4), "Indianapolis": (39.8, 86.2), "Jacksonville": (30.3, 81.6),
    "Kansas City": (39.0, 94.5), "Las Vegas": (36.1, 115.2), "Los Angeles C": (34.0, 118.3),
    "Los Angeles R": (34.0, 118.3), "Miami": (26.0, 80.2), "Minnesota": (45.0, 93.3),
    "New England": (42.1, 71.3), "New Orleans": (30.0, 90.1), "New York G": (40.8, 74.1),
    "New York J": (40.8, 74.1), "Philadelphia": (39.9, 75.2), "Pittsburgh": (40.4, 80.0),
    "San Francisco": (37.4, 122.0), "Seattle": (47.6, 122.3), "Tampa Bay": (28.0, 82.5),
    "Tennessee": (36.2, 86.8), "Washington": (38.9, 76.9),
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class PairCost:
    """A group costs the sum of what its pairs cost, shared by its members or not.

    Parameters
    ----------
    pairs
        ``float[n, n]``, symmetric.
    shared
        Whether the sum is divided by how many there are: of squared distances, the squared error
        to their mean.
    """

    names: tuple[str, ...]
    pairs: NDArray[np.float64]
    shared: bool

    key = "pairs"

    def on(self, lycees: tuple[str, ...]) -> "PairCost":
        """Return the costs of groups of some of the names, numbered in their order."""
        at = [self.names.index(name) for name in lycees]
        return PairCost(lycees, self.pairs[np.ix_(at, at)], self.shared)

    def restricted(self, lycees: Sequence[str]) -> "PairCost":
        """Return the costs of groups of some of the names."""
        return self.on(tuple(lycees))

    def of(self, members: NDArray[np.uint16]) -> NDArray[np.float64]:
        """Return the cost of some groups (``uint16[group, k]``), ``float[group]``."""
        size = members.shape[1]
        total = np.zeros(len(members))
        for first, second in combinations(range(size), 2):
            total += self.pairs[members[:, first], members[:, second]]
        return total / size if self.shared else total


def main() -> bool:
    """Print both tables; tell whether nothing found is better than what is proven."""
    microaggregation = [_aggregated(name) for name in SETS]
    return all(microaggregation) & _realigned()


def _aggregated(name: str) -> bool:
    raw = np.asarray(SETS[name]().data, float)
    data = (raw - raw.mean(axis=0)) / raw.std(axis=0)
    squared = ((data[:, None] - data[None, :]) ** 2).sum(axis=2)
    total = float((data**2).sum())
    start = process_time()
    result = _grouped(squared, K, 2 * K - 1, shared=True)
    seconds = process_time() - start
    peer = sum(_squared_error(data[group]) for group in rivals.mdav(data, K))
    print(
        f"microaggregation, {name} {len(data)} × {data.shape[1]}, k = {K}: squared error "
        f"{100 * result.objective_after / total:.3f} % of the total, {_proof(result)}, "
        f"{seconds:.1f} s of processor; MDAV {100 * peer / total:.3f} %",
        flush=True,
    )
    return result.bound <= peer + 1e-6


def _realigned() -> bool:
    places = np.radians(np.array(list(TEAMS.values())))
    km = _km(places)
    start = process_time()
    result = _grouped(km, DIVISION, DIVISION, shared=False)
    seconds = process_time() - start
    print(
        f"\n32 teams in 8 divisions of {DIVISION}: {result.objective_after:,.1f} km, "
        f"{_proof(result)}, {seconds:.2f} s of processor"
    )
    for zone in result.plan.zones:
        if members := result.plan.members(zone.id):
            print("   ", ", ".join(members))
    start = process_time()
    objective, bound = rivals.equipartition(km, DIVISION, SECONDS)
    gap = 100 * (objective - bound) / objective
    print(
        f"compact program, HiGHS: {objective:,.1f} km, bound {bound:,.1f}, gap {gap:.1f} %, "
        f"{process_time() - start:.1f} s of processor",
        flush=True,
    )
    return result.status is ProofStatus.OPTIMAL and objective >= result.objective_after - 1e-6


def _proof(result: Result) -> str:
    proven = result.status is ProofStatus.OPTIMAL
    return "proven optimal" if proven else f"gap to the bound {100 * result.gap:.2f} %"


def _grouped(pairs: NDArray[np.float64], low: int, high: int, *, shared: bool) -> Result:
    """Return the best groups of ``low`` to ``high``, in `SECONDS` of processor at most."""
    count = len(pairs)
    names = tuple(TEAMS) if count == len(TEAMS) else tuple(f"R{at:04}" for at in range(count))
    times = TravelTimes(names, names, pairs.copy(), pairs.copy(), Provenance("given", "2025-01-01"))
    plan = plan_of(
        [Sector("S", "All", DecisionStatus.DRAFT)],
        [Zone("S-0", "Waiting", "S")],
        dict.fromkeys(names, "S-0"),
    )
    cost = PairCost(names, pairs, shared)
    end = process_time() + SECONDS

    def listen(*_: object) -> None:
        if process_time() > end:
            raise SearchCancelledError

    options = PartitionOptions(size_min=low, size_max=high, cost=cost)
    return propose(plan, times, options, progress=listen)


def _squared_error(group: NDArray[np.float64]) -> float:
    return float(((group - group.mean(axis=0)) ** 2).sum())


def _km(places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the kilometres between places in radians (north, west), great circle."""
    north, west = places[:, 0], places[:, 1]
    half = np.sin((north[:, None] - north) / 2) ** 2
    half += np.cos(north[:, None]) * np.cos(north) * np.sin((west[:, None] - west) / 2) ** 2
    return np.asarray(2 * 6371 * np.arcsin(np.sqrt(half)))


if __name__ == "__main__":
    main()
