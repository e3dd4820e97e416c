"""Speed and memory of proposals: the region, each sector, three moves, the curve; and of others.

First for the hours that a plan costs in a year, then for drives between colleagues.

Run ``python benchmarks/optimize.py`` (``--runs N`` for other than 3, ``--seeds N`` of spopt for
other than 60). Prints the slowest run of each question with what it found; exits 1 when a target is
missed, an answer is not proven, or another tool finds better.
"""

import argparse
import resource
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import rivals

from geozones.optimize import (
    PartitionOptions,
    ProofStatus,
    Result,
    candidate_pool,
    frontier,
    propose,
)
from geozones.optimize.drives_model import DrivesModel
from geozones.workspace.study import Study, open_study

HOURS_S = 5.0
REGION_S = 10.0
SECTOR_S = 0.5
THREE_MOVES_S = 1.0
PEAK_GB = 1.5


@dataclass(frozen=True)
class Row:
    """A question: how long it took, what it found, and its target (seconds) if it has one."""

    name: str
    seconds: float
    result: Result
    target: float | None

    @property
    def passed(self) -> bool:
        """Whether it is proven, and in time."""
        in_time = self.target is None or self.seconds <= self.target
        return in_time and self.result.status is ProofStatus.OPTIMAL


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=60)
    arguments = parser.parse_args()
    runs = arguments.runs
    study = open_study()
    by_hours = hours_rows(study, runs)
    report(by_hours)
    print("\ndrives between colleagues")
    drives = DrivesModel(study.times, study.settings.weights)
    plan, times = study.plan, study.times
    rows: list[Row] = []

    def ask(name: str, options: PartitionOptions, target: float | None) -> Result:
        asked = replace(options, cost=drives)
        seconds, result = slowest(runs, lambda: propose(plan, times, asked))
        rows.append(Row(name, seconds, result, target))
        return result

    for cap in (45.0, 90.0, None):
        name = "region, no cap" if cap is None else f"region, {cap:g} min"
        least = 1 if cap == 45.0 else 3  # under 45 min, some lycées can only be alone or two
        ask(
            name,
            PartitionOptions(change_sector=True, max_minutes=cap, size_min=least),
            REGION_S,
        )
    ask("region, within sectors", PartitionOptions(), REGION_S)
    few, candidate_pool.FULL_ENUMERATION_LIMIT = (
        candidate_pool.FULL_ENUMERATION_LIMIT,
        candidate_pool.MAX_CANDIDATES,
    )
    whole = ask(
        "region, every candidate listed",
        PartitionOptions(change_sector=True, max_minutes=45.0, size_min=1),
        REGION_S,
    )
    candidate_pool.FULL_ENUMERATION_LIMIT = few
    for sector in plan.sectors:
        ask(sector.id, PartitionOptions(sectors=frozenset({sector.id})), SECTOR_S)
        three = PartitionOptions(sectors=frozenset({sector.id}), max_moves=3)
        ask(f"{sector.id}, 3 moves", three, THREE_MOVES_S)
    complete = True
    for name, options in (
        ("within sectors", PartitionOptions()),
        ("45 min", PartitionOptions(change_sector=True, max_minutes=45.0, size_min=1)),
        ("no cap", PartitionOptions(change_sector=True)),
    ):
        start = perf_counter()
        curve = frontier(plan, times, replace(options, cost=drives))
        seconds = perf_counter() - start
        rows.append(Row(f"curve, {name}, {len(curve.points)} points", seconds, curve.best, None))
        complete &= curve.complete

    report(rows)
    same = abs(whole.objective_after - rows[0].result.objective_after) < 1e-6
    print(f"{'PASS' if same else 'FAIL'}  listed or not, the same optimum")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    light = peak <= PEAK_GB
    print(f"{'PASS' if light else 'FAIL'}  peak memory: {peak:.2f} GB (target {PEAK_GB:g} GB)")
    first = beats(rows[1], study, arguments.seeds)
    passed = same and light and complete and first
    return 0 if passed and all(row.passed for row in (*by_hours, *rows)) else 1


def hours_rows(study: Study, runs: int) -> list[Row]:
    """Ask for the fewest hours a year: the region, within sectors or not, and each sector."""
    questions = [("region, within sectors", PartitionOptions(), HOURS_S)]
    questions += [
        (
            f"region, {cap:g} min, zones of {least} to {most}",
            PartitionOptions(change_sector=True, max_minutes=cap, size_min=least, size_max=most),
            HOURS_S,
        )
        for cap, least, most in ((45.0, 1, 6), (50.0, 3, 6), (60.0, 3, 5))
    ]
    questions += [
        (sector.id, PartitionOptions(sectors=frozenset({sector.id})), SECTOR_S)
        for sector in study.plan.sectors
    ]
    rows = []
    for name, options, target in questions:
        asked = replace(options, cost=study.ranking.model)
        seconds, result = slowest(runs, lambda asked=asked: propose(study.plan, study.times, asked))
        rows.append(Row(name, seconds, result, target))
    return rows


def beats(row: Row, study: Study, seeds: int) -> bool:
    """Ask the same of spopt and GerryChain, print all side by side; tell who found the best."""
    lycees = sorted(study.plan.lycees)
    minutes = study.times.restricted(lycees, lycees).minutes
    territory = rivals.Territory((minutes + minutes.T) / 2)
    start = perf_counter()
    plan = rivals.best_of_spopt(territory, seeds)
    rivals_plans = [(f"spopt MaxPHeuristic, best of {seeds}", perf_counter() - start, plan)]
    start = perf_counter()
    plan = rivals.short_bursts(territory, plan, seed=0)
    rivals_plans.append(("GerryChain short bursts from it", perf_counter() - start, plan))
    best = row.result.objective_after
    print(f"\n{'side by side':<38}{'seconds':>9}{'objective':>11}{'above the optimum':>19}")
    print(f"{'this, proven optimal':<38}{row.seconds:>9.2f}{best:>11.1f}{0:>17.1f} %")
    for name, seconds, plan in rivals_plans:
        objective = territory.objective(plan)
        above = 100 * (objective / best - 1)
        print(f"{name:<38}{seconds:>9.2f}{objective:>11.1f}{above:>17.1f} %")
    return all(territory.objective(plan) >= best - 1e-6 for _, _, plan in rivals_plans)


def slowest(runs: int, question: Callable[[], Result]) -> tuple[float, Result]:
    """Return the longest time that a question took, in seconds, and its answer."""
    worst = 0.0
    for _ in range(runs):
        start = perf_counter()
        result = question()
        worst = max(worst, perf_counter() - start)
    return worst, result


def report(rows: list[Row]) -> None:
    """Print the table."""
    print(
        f"{'':<34}{'seconds':>9}{'target':>8}{'candidates':>12}{'before':>10}{'after':>10}  moves"
    )
    for row in rows:
        target = "" if row.target is None else f"{row.target:g}"
        result = row.result
        print(
            f"{'PASS' if row.passed else 'FAIL'}  {row.name:<28}{row.seconds:>9.2f}{target:>8}"
            f"{result.candidates:>12,}{result.objective_before:>10.1f}"
            f"{result.objective_after:>10.1f}{len(result.moves):>7}"
        )


if __name__ == "__main__":
    sys.exit(main())
