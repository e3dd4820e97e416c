"""A synthetic France: 2,600 lycées in 18 regions, in towns of very unequal sizes; fixed seed.

Each region is one sector that nobody has drawn: all its lycées wait in one zone. Regions have as
many lycées as their share of the population; towns are placed at random and take lycées one by one,
the larger the town the sooner (so that few towns have many and many have one); a lycée lies around
the centre of its town. Drives grow with the crow's distance: slow in town, faster over long ways.

Then as many lycées in one country without any wall: a square of the area of metropolitan France,
zones in one piece (lycées touch as the cells nearest to each do), drives of `CAP_MINUTES` at most.

Run ``python benchmarks/france.py [--only regions|country]``: zones are drafted for all of it in
this process, in processes of this machine (the regions; the country is one search), and on a Dask
cluster of 2 workers on 127.0.0.1. Prints what each took and found; exits 1 when they differ, a
region has no plan, or the country is not proven to `COUNTRY_GAP` in `COUNTRY_S`.
"""

import argparse
import resource
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from itertools import combinations
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from processor import processor_seconds
from scipy.spatial import Delaunay

from geozones.domain import DecisionStatus, Plan, Provenance, Sector, TravelTimes, Zone
from geozones.domain.plan import plan_of
from geozones.optimize import (
    PartitionOptions,
    ProofStatus,
    Result,
    cluster,
    processes,
    propose,
)

SEED = 2025
LYCEES = 2600
#: Millions of inhabitants (INSEE, 2021, rounded) and thousands of km².
REGIONS = {
    "Île-de-France": (12.3, 12.0),
    "Auvergne-Rhône-Alpes": (8.1, 69.7),
    "Hauts-de-France": (6.0, 31.8),
    "Nouvelle-Aquitaine": (6.0, 84.0),
    "Occitanie": (6.0, 72.7),
    "Grand Est": (5.6, 57.4),
    "Provence-Alpes-Côte d'Azur": (5.1, 31.4),
    "Pays de la Loire": (3.8, 32.1),
    "Bretagne": (3.4, 27.2),
    "Normandie": (3.3, 29.9),
    "Bourgogne-Franche-Comté": (2.8, 47.8),
    "Centre-Val de Loire": (2.6, 39.2),
    "La Réunion": (0.87, 2.5),
    "Guadeloupe": (0.38, 1.6),
    "Martinique": (0.36, 1.1),
    "Corse": (0.35, 8.7),
    "Guyane": (0.29, 83.8),
    "Mayotte": (0.28, 0.4),
}
#: Lycées by town on average; how far from its centre (km, times the root of how many it has).
_BY_TOWN = 2.2
_AROUND_KM = 1.6


WORKERS = 2
#: Thousands of km² of metropolitan France; longest drive inside a zone of the country.
COUNTRY_AREA = 544.0
CAP_MINUTES = 70.0
#: Targets: share of the objective that may be left to prove, seconds of processor.
COUNTRY_GAP = 0.01
COUNTRY_S = 600.0


def main() -> int:
    """Draft, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", choices=("regions", "country"))
    only = parser.parse_args().only
    passed = True
    if only != "country":
        plan, times = france()
        passed &= same_everywhere(plan, times, PartitionOptions(), apart=True)
    if only != "regions":
        passed &= same_everywhere(*country(), apart=False, target=COUNTRY_GAP)
    return 0 if passed else 1


def same_everywhere(
    plan: Plan,
    times: TravelTimes,
    options: PartitionOptions,
    *,
    apart: bool,
    target: float | None = None,
) -> bool:
    """Draft zones here and elsewhere, print how it went; tell whether all is as it should be."""
    print(f"{len(plan.lycees):,} lycées, {len(plan.sectors)} sectors")
    search = partial(propose, plan, times, options)
    with here() as executor:
        answers = [drafted("in this process", partial(search, executor=executor))]
    if apart:
        with processes(WORKERS) as executor:
            answers.append(drafted(f"{WORKERS} processes", partial(search, executor=executor)))
    answers.append(drafted(f"Dask, {WORKERS} workers", lambda: on_cluster(plan, times, options)))
    first, spent = answers[0]
    same = all(replace(answer, seconds=0.0) == replace(first, seconds=0.0) for answer, _ in answers)
    found = first.status in {ProofStatus.OPTIMAL, ProofStatus.FEASIBLE}
    print(f"{'PASS' if same else 'FAIL'}  the answers are the same")
    print(f"{'PASS' if found else 'FAIL'}  every lycée has its zone")
    if target is None:
        return same and found
    close = found and first.gap <= target and spent <= COUNTRY_S
    said = f"proven to {100 * target:g} % in {COUNTRY_S:g} s of processor"
    print(f"{'PASS' if close else 'FAIL'}  {said}: {100 * first.gap:.3f} % in {spent:.0f} s")
    return same and close


def drafted(name: str, search: Callable[[], Result]) -> tuple[Result, float]:
    """Draft zones somewhere, print how it went; return the plan and the seconds of processor."""
    start, used = perf_counter(), processor_seconds()
    result = search()
    seconds, spent = perf_counter() - start, processor_seconds() - used
    zones = sum(1 for zone in result.plan.zones if result.plan.members(zone.id))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(
        f"{name:<18}{seconds:>8.1f} s ({spent:.1f} s of processor)  {result.status.value}, "
        f"objective {result.objective_after:,.1f}, gap {100 * result.gap:.3f} %, {zones} zones, "
        f"{result.candidates:,} candidates; this process {peak:.1f} GB at its peak so far",
        flush=True,
    )
    return result, spent


@contextmanager
def here() -> Iterator[Executor]:
    """Open an executor of one thread of this process."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def on_cluster(plan: Plan, times: TravelTimes, options: PartitionOptions) -> Result:
    """Draft zones on a Dask cluster, started for it and ended after."""
    from distributed import LocalCluster  # noqa: PLC0415 - its workers import this module again

    with (
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
        ) as started,
        cluster(started.scheduler_address) as executor,
    ):
        return propose(plan, times, options, executor=executor)


def country() -> tuple[Plan, TravelTimes, PartitionOptions]:
    """Return a country that nobody has drawn, in one sector, its drives and what is asked."""
    random = np.random.default_rng(SEED)
    places = _places(random, LYCEES, COUNTRY_AREA)
    minutes = _minutes(random, places)
    lycees = tuple(f"L{rank:04}" for rank in range(LYCEES))
    times = TravelTimes(
        lycees, lycees, minutes, minutes * 0.9, Provenance("synthetic", "2025-01-01")
    )
    plan = plan_of(
        [Sector("F", "France", DecisionStatus.DRAFT)],
        [Zone("F-0", "France, à découper", "F")],
        dict.fromkeys(lycees, "F-0"),
    )
    touching = {
        (lycees[a], lycees[b])
        for triangle in Delaunay(places).simplices.tolist()
        for a, b in combinations(sorted(triangle), 2)
    }
    return plan, times, PartitionOptions(adjacent=touching, threshold=CAP_MINUTES)


def france() -> tuple[Plan, TravelTimes]:
    """Return the plan that nobody has drawn, and the drives between its lycées.

    From one region to another there is no way: they are drafted apart.
    """
    random = np.random.default_rng(SEED)
    sectors, zones, assignment, blocks = [], [], {}, []
    for number, (name, (_, area)) in enumerate(REGIONS.items()):
        key = f"R{number + 1:02}"
        sectors.append(Sector(key, name, DecisionStatus.DRAFT))
        zones.append(Zone(f"{key}-0", f"{name}, à découper", key))
        places = _places(random, _counts()[number], area)
        assignment |= {f"{key}-{rank:03}": f"{key}-0" for rank in range(len(places))}
        blocks.append(_minutes(random, places))
    minutes = np.full((LYCEES, LYCEES), np.nan)
    start = 0
    for block in blocks:
        end = start + len(block)
        minutes[start:end, start:end] = block
        start = end
    lycees = tuple(sorted(assignment))
    times = TravelTimes(
        lycees, lycees, minutes, minutes * 0.9, Provenance("synthetic", "2025-01-01")
    )
    return plan_of(sectors, zones, assignment), times


def _counts() -> list[int]:
    """Return how many lycées each region has: its share, to the largest remainder."""
    people = np.array([inhabitants for inhabitants, _ in REGIONS.values()])
    exact = people / people.sum() * LYCEES
    counts = exact.astype(int)
    counts[np.argsort(counts - exact, kind="stable")[: LYCEES - counts.sum()]] += 1
    return [int(count) for count in counts]


def _places(random: np.random.Generator, count: int, area: float) -> NDArray[np.float64]:
    """Place the lycées of a region, ``float[lycée, 2]`` in km."""
    side = (area * 1000) ** 0.5
    towns = max(round(count / _BY_TOWN), 1)
    centres = random.uniform(0, side, (towns, 2))
    weight = 1 / np.arange(1, towns + 1)
    town = np.sort(random.choice(towns, count, p=weight / weight.sum()))
    size = np.bincount(town, minlength=towns)
    around = _AROUND_KM * np.sqrt(size[town])[:, None]
    return centres[town] + random.normal(0, 1, (count, 2)) * around


def _minutes(random: np.random.Generator, places: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the drives between places, a little longer one way than the other."""
    crow = np.hypot(*(places[:, None] - places[None, :]).transpose(2, 0, 1))
    minutes = 1.5 + 1.3 * crow / (30 + 45 * (1 - np.exp(-crow / 25))) * 60
    minutes *= random.uniform(0.95, 1.1, minutes.shape)
    np.fill_diagonal(minutes, 0.0)
    return np.round(minutes, 1)


if __name__ == "__main__":
    sys.exit(main())
