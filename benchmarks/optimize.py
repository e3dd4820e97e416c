"""Speed and memory of proposals: the region, each sector, three moves, the curve; and of others.

First as pages and commands ask, with every rule; then of large territories; then for the hours that
a plan costs in a year and for drives between colleagues, without rules; last, published problems of
the same form (``yardsticks``).

Run ``python benchmarks/optimize.py`` (``--runs N`` for other than 3, ``--seeds N`` of spopt for
other than 60). Prints the slowest run of each question with what it found, in seconds and in
seconds of processor; exits 1 when a target is missed by both (others may be using the machine), an
answer is not proven, or another tool finds better.
"""

import argparse
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import rivals
import yardsticks
from processor import processor_seconds

from geozones.optimize import (
    PartitionOptions,
    ProofStatus,
    Result,
    frontier,
    propose,
)
from geozones.optimize.resources import DrivesModel
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.proposals import solve

RULES_S = 2.0
RULES_PEAK_GB = 1.0
HOURS_S = 5.0
REGION_S = 10.0
SECTOR_S = 0.5
THREE_MOVES_S = 1.0
PEAK_GB = 1.5
SITES_60_S = 60.0
SITES_210_S = 30.0


@dataclass(frozen=True)
class Row:
    """A question: how long it took, what it found, and its target (seconds) if it has one.

    Parameters
    ----------
    seconds, processor
        Elapsed, and of processor, processes that it has ended included.
    """

    name: str
    seconds: float
    processor: float
    result: Result
    target: float | None

    @property
    def passed(self) -> bool:
        """Whether it is proven, and in time."""
        in_time = self.target is None or min(self.seconds, self.processor) <= self.target
        return in_time and self.result.status is ProofStatus.OPTIMAL


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seeds", type=int, default=60)
    arguments = parser.parse_args()
    runs = arguments.runs
    study = open_study()
    print("as pages and commands ask, with every rule")
    with_rules = rules_rows(study, runs)
    report(with_rules)
    passed = light(RULES_PEAK_GB)
    print("\nlarge territories, made from seeded lists")
    large = large_rows()
    report(large)
    passed &= light(PEAK_GB)
    print("\nhours a year, without rules")
    by_hours = hours_rows(study, runs)
    report(by_hours)
    print("\ndrives between colleagues")
    drives = DrivesModel(study.times, study.settings.weights)
    plan, times = study.plan, study.times
    rows: list[Row] = []

    def ask(name: str, options: PartitionOptions, target: float | None) -> None:
        asked = replace(options, cost=drives)
        rows.append(slowest(name, runs, lambda: propose(plan, times, asked), target))

    for cap in (45.0, 90.0, None):
        name = "region, no cap" if cap is None else f"region, {cap:g} min"
        least = 1 if cap == 45.0 else 3  # under 45 min, some lycées can only be alone or two
        ask(
            name,
            PartitionOptions(change_sector=True, max_minutes=cap, size_min=least),
            REGION_S,
        )
    ask("region, within sectors", PartitionOptions(), REGION_S)
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
        start, used = perf_counter(), processor_seconds()
        curve = frontier(plan, times, replace(options, cost=drives))
        seconds, processor = perf_counter() - start, processor_seconds() - used
        named = f"curve, {name}, {len(curve.points)} points"
        rows.append(Row(named, seconds, processor, curve.best, None))
        complete &= curve.complete

    report(rows)
    passed &= light(PEAK_GB) & complete
    passed &= beats(rows[1], study, arguments.seeds)
    passed &= yardsticks.main()
    return 0 if passed and all(row.passed for row in (*with_rules, *large, *by_hours, *rows)) else 1


def rules_rows(study: Study, runs: int) -> list[Row]:
    """Ask what pages and commands ask by default: the region, sectors open or not, each sector."""
    questions = [
        ("region", {}, RULES_S),
        ("region, sectors open", {"change_sector": True}, RULES_S),
    ]
    questions += [(x.id, {"sectors": frozenset({x.id})}, SECTOR_S) for x in study.plan.sectors]
    return [
        slowest(name, runs, partial(solve.propose, study, solve.options_of(**asked)), target)
        for name, asked, target in questions
    ]


def large_rows() -> list[Row]:
    """Ask what has millions of possible zones, once each."""
    anywhere: dict[str, Any] = {"change_sector": True, "without": ["all"]}
    five: dict[str, Any] = {"max_moves": 5, "without": ["zone_in_one_piece"]}
    with TemporaryDirectory(prefix="geozones-large-") as scratch:
        small = made(Path(scratch), 60, (0.55, 0.4), 3)
        large = made(Path(scratch), 210, (1.6, 1.1), 1)
        return [
            slowest(name, 1, partial(solve.propose, study, solve.options_of(**asked)), target)
            for name, study, asked, target in (
                ("60 sites, sectors open, no rule", small, anywhere, SITES_60_S),
                ("210 sites, a sector, 5 moves", large, five, SITES_210_S),
            )
        ]


def made(scratch: Path, sites: int, extent: tuple[float, float], sectors: int) -> Study:
    """Make a territory of sites drawn from a seed over some degrees, in so many sectors."""
    draw = np.random.default_rng(sites).random((sites, 2)) * extent + (0.3, 47.2)
    rows = [f"Site {at};{latitude};{longitude}" for at, (longitude, latitude) in enumerate(draw)]
    listed, folder = scratch / f"{sites}.csv", scratch / str(sites)
    listed.write_text("\n".join(["nom;latitude;longitude", *rows]) + "\n", "utf-8")
    words = f"new T {listed} --sizes 3-5 --sectors {sectors} --folder {folder} --json"
    environment = {**os.environ, "GEOZONES_HOME": str(scratch)}
    command = [sys.executable, "-m", "geozones.cli", *words.split()]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return open_study(folder)


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
    return [
        slowest(
            name,
            runs,
            partial(propose, study.plan, study.times, replace(options, cost=study.ranking.model)),
            target,
        )
        for name, options, target in questions
    ]


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
    proven = row.result.status is ProofStatus.OPTIMAL
    this = f"this, {'proven optimal' if proven else 'not proven'}"
    print(f"\n{'side by side':<38}{'seconds':>9}{'objective':>11}{'above this':>19}")
    print(f"{this:<38}{row.seconds:>9.2f}{best:>11.1f}{0:>17.1f} %")
    for name, seconds, plan in rivals_plans:
        objective = territory.objective(plan)
        above = 100 * (objective / best - 1)
        print(f"{name:<38}{seconds:>9.2f}{objective:>11.1f}{above:>17.1f} %")
    return all(territory.objective(plan) >= best - 1e-6 for _, _, plan in rivals_plans)


def light(target: float) -> bool:
    """Print the peak of resident memory so far; tell whether it is within a target (GB)."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e9
    within = peak <= target
    print(f"{'PASS' if within else 'FAIL'}  peak memory: {peak:.2f} GB (target {target:g} GB)")
    return within


def slowest(
    name: str, runs: int, question: Callable[[], Result], target: float | None = None
) -> Row:
    """Ask a question some times over; return the answer with the longest times that it took."""
    worst = worst_processor = 0.0
    for _ in range(runs):
        start, used = perf_counter(), processor_seconds()
        result = question()
        worst = max(worst, perf_counter() - start)
        worst_processor = max(worst_processor, processor_seconds() - used)
    return Row(name, worst, worst_processor, result, target)


def report(rows: list[Row]) -> None:
    """Print the table."""
    print(
        f"{'':<34}{'seconds':>9}{'processor':>11}{'target':>8}{'candidates':>12}{'before':>10}"
        f"{'after':>10}  moves"
    )
    for row in rows:
        target = "" if row.target is None else f"{row.target:g}"
        result = row.result
        print(
            f"{'PASS' if row.passed else 'FAIL'}  {row.name:<28}{row.seconds:>9.2f}"
            f"{row.processor:>11.2f}{target:>8}"
            f"{result.candidates:>12,}{result.objective_before:>10.1f}"
            f"{result.objective_after:>10.1f}{len(result.moves):>7}"
        )


if __name__ == "__main__":
    sys.exit(main())
