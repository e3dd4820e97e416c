"""Speed of the yearly cost, and how the closed form agrees with simulated years.

Run ``python benchmarks/cost.py`` (``--runs N`` for other than 3). Prints the slowest run of each in
seconds of processor; exits 1 when a target is missed. The simulated years are those of
``tests/fixtures/cost/simulated.csv``, which ``make.py`` beside it writes anew.
"""

import argparse
import sys
from collections.abc import Callable
from pathlib import Path
from time import process_time

import numpy as np
from scipy.stats import spearmanr

from geozones.metrics import weigh_plans
from geozones.workspace.figures.analysis import Rankings
from geozones.workspace.figures.costs import Costs
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.proposals.solve import options_of, propose

MILLION_S, MOVE_MS, INTERVAL_S, JUDGED_S = 2.0, 5.0, 1.0, 0.3
SPEARMAN, TOLERANCE = 0.95, 0.10
#: Zones that are within the tolerance at least.
WITHIN = {"published": 10, "draft": 15}
TESTS = Path(__file__).parents[1] / "tests"


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    study = open_study()
    study.cost_interval()  # tables of covers and draws are made once in the life of a process
    passed = [
        report("1 million zones of 3 to 6 lycées", million(study, runs), MILLION_S, "s"),
        report("a move, costs of the region anew", 1e3 * move(study), MOVE_MS, "ms"),
        report("region with intervals, 500 draws", interval(study, runs), INTERVAL_S, "s"),
        report(
            "one plan judged, 200 draws, no zone remembered", judged(study, runs), JUDGED_S, "s"
        ),
        *agreement(study),
    ]
    return 0 if all(passed) else 1


def million(study: Study, runs: int) -> float:
    """Return the seconds of a million zones, a quarter of each size."""
    lycees = tuple(sorted(study.territory.lycees))
    zones = study.analysis.costs.model(study.plan, study.teams).on(lycees)
    random = np.random.default_rng(2025)
    drawn = [
        np.sort(random.random((250_000, len(lycees))).argpartition(size, axis=1)[:, :size], axis=1)
        for size in (3, 4, 5, 6)
    ]
    ranks = [members.astype(np.uint16) for members in drawn]
    return slowest(runs, lambda: [zones.of(members) for members in ranks])


def move(study: Study) -> float:
    """Return the median seconds of the cost of the region after a move, over 60 moves."""
    plan, seconds = study.plan, []
    for lycee in plan.lycees[::2]:
        zone = plan.zone(plan.zone_of(lycee).id)
        other = next(entry for entry in plan.zones_of(zone.sector) if entry.id != zone.id)
        moved = study.with_plan(plan.move(lycee, other.id))
        seconds.append(slowest(1, moved.cost))
    return float(np.median(seconds))


def interval(study: Study, runs: int) -> float:
    """Return the seconds of the interval of the region, no zone remembered."""

    def fresh() -> object:
        analysis = study.analysis
        costs = Costs(analysis.territory, analysis.times, analysis.settings)
        return costs.interval(study.plan, study.teams, [zone.id for zone in study.plan.zones])

    return slowest(runs, fresh)


def judged(study: Study, runs: int) -> float:
    """Return the seconds to tell whether a plan holds, the best one of the region."""
    plan = propose(study, options_of()).plan

    def fresh() -> object:
        analysis = study.analysis
        costs = Costs(analysis.territory, analysis.times, analysis.settings)
        rankings = Rankings(analysis.territory, analysis.times, analysis.settings, costs)
        draws = rankings.of(study.plan, study.teams).draws
        return weigh_plans((study.plan, draws), (plan, draws))

    return slowest(runs, fresh)


def agreement(study: Study) -> list[bool]:
    """Compare the closed form with the simulated years of the table; see the tests."""
    sys.path.insert(0, str(TESTS))
    from helpers.simulated_years import closed_hours, read_table  # noqa: PLC0415

    passed = []
    for name, rows in read_table().items():
        simulated = np.array([row.total for row in rows])
        closed = np.array([sum(closed_hours(study, row)) for row in rows])
        ratio = closed / simulated
        within = float((abs(ratio - 1) <= TOLERANCE).mean())
        rank = float(spearmanr(simulated, closed).statistic)
        ok = rank >= SPEARMAN if name == "part" else within * len(rows) >= WITHIN[name] - 1e-9
        print(
            f"{'PASS' if ok else 'FAIL'}  {len(rows)} {name} zones: ratio {ratio.mean():.3f}, "
            f"within 10 % {within:.0%}, worst {abs(ratio - 1).max():.0%}, Spearman {rank:.3f}"
        )
        passed.append(ok)
    return passed


def slowest(runs: int, question: Callable[[], object]) -> float:
    """Return the most processor time that a question took, in seconds."""
    worst = 0.0
    for _ in range(runs):
        start = process_time()
        question()
        worst = max(worst, process_time() - start)
    return worst


def report(name: str, value: float, target: float, unit: str) -> bool:
    """Print a line of the table; return whether it passes."""
    passed = value <= target
    print(f"{'PASS' if passed else 'FAIL'}  {name:<60}{value:>8.2f} {unit} (target {target:g})")
    return passed


if __name__ == "__main__":
    sys.exit(main())
