"""Speed and memory of the core: one move, all destinations of a lycée, a session of 50 moves.

Run ``python benchmarks/core.py`` (``--runs N`` for other than 200). Prints medians and the ratio
against computing everything from nothing in the same run; exits 1 when a target is missed.

* One move: the plan after it, its verdict, the metrics of the zones touched, of their sectors and
  of the region, and the check of the zones touched. *Cold*: the two zones it makes were never seen.
* Destinations: every other zone ranked for a lycée. *Cold*: nothing is remembered of the zones that
  the moves would make; *warm*: asked a second time. Then every zone for every lycée, cold.
* One move judged: the plan after it against the plan before, at the rate in force, where the two
  zones it makes were never seen.
* From nothing: the same move, or each move of a lycée, with a plan built afresh, every metric of
  every zone and every rule.
"""

import argparse
import gc
import random
import sys
import tracemalloc
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from statistics import median, quantiles
from time import perf_counter

from geozones.domain import Event, Plan
from geozones.domain.events import State
from geozones.domain.plan import plan_of
from geozones.domain.timeline import Timeline
from geozones.metrics import Evaluator
from geozones.rules import may_move
from geozones.workspace.figures.plan_comparison import judge_studies
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.moves.destinations import destinations

MOVE_MS = 2.0
DESTINATIONS_MS = 5.0
JUDGED_MOVE_MS = 2.0
EVERYWHERE_MS = 600.0
SESSION_MB = 30.0


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=200)
    runs = parser.parse_args().runs
    study = open_study()
    rng = random.Random(20250611)  # noqa: S311 - moves to time, not secrets

    scratch, scratch_all = measure_scratch(study, rng, runs)
    move = measure_moves(study, rng, runs)
    cold, warm = measure_destinations(study, rng, runs)
    judged_move = measure_judged(study, rng, runs)
    everywhere = measure_everywhere(study, rng, runs // 10)
    session = measure_session(study, rng)

    print(f"{len(study.territory.lycees)} lycées, {len(study.plan.zones)} zones, {runs} runs")
    print(f"{'':<34}{'median':>10}{'p95':>10}{'ratio':>9}")
    for name, times, naive in (
        ("one move, from nothing", scratch, scratch),
        ("one move, cold", move, scratch),
        ("destinations, from nothing", scratch_all, scratch_all),
        ("destinations of a lycée, cold", cold, scratch_all),
        ("destinations of a lycée, warm", warm, scratch_all),
    ):
        ratio = median(naive) / median(times)
        print(f"{name:<34}{median(times):>7.2f} ms{p95(times):>7.2f} ms{ratio:>8.1f}x")
    print(f"{'one move judged':<34}{median(judged_move):>7.2f} ms{p95(judged_move):>7.2f} ms")
    print(f"{'destinations of every lycée, cold':<34}{median(everywhere):>7.2f} ms")
    print(f"{'a session of 50 moves':<34}{session:>7.2f} MB")

    passed = True
    for name, value, limit, unit in (
        ("one move with all metrics and rules", median(move), MOVE_MS, "ms"),
        ("all destinations of a lycée", median(cold), DESTINATIONS_MS, "ms"),
        ("one move judged", median(judged_move), JUDGED_MOVE_MS, "ms"),
        ("all destinations of every lycée", median(everywhere), EVERYWHERE_MS, "ms"),
        ("memory of a session", session, SESSION_MB, "MB"),
    ):
        ok = value <= limit
        passed = passed and ok
        print(f"{'PASS' if ok else 'FAIL'}  {name}: {value:.2f} {unit} (target {limit:g} {unit})")
    return 0 if passed else 1


def p95(times: list[float]) -> float:
    """Return the 95th percentile."""
    return quantiles(times, n=20)[-1]


def timed(action: Callable[[], object]) -> float:
    """Return the milliseconds an action takes."""
    start = perf_counter()
    action()
    return (perf_counter() - start) * 1000


def random_move(plan: Plan, rng: random.Random) -> tuple[str, str]:
    """Return a lycée and a zone that is not its own."""
    lycee = rng.choice(plan.lycees)
    others = [zone.id for zone in plan.zones if zone.id != plan.zone_of(lycee).id]
    return lycee, rng.choice(others)


def shuffled(study: Study, rng: random.Random) -> Plan:
    """Return a plan a few moves away, so that each run makes zones that were never seen."""
    plan = study.plan
    for _ in range(8):
        plan = plan.move(*random_move(plan, rng))
    return plan


def one_move(study: Study, plan: Plan, lycee: str, zone: str) -> None:
    """Make a move and compute everything that the screen shows of it."""
    origin = plan.zone_of(lycee).id
    may_move(plan, lycee, zone, study.analysis.context)
    after = plan.move(lycee, zone)
    evaluator = study.evaluator
    for touched in (origin, zone):
        evaluator.zone(after, touched)
    for sector in {after.zone(origin).sector, after.zone(zone).sector}:
        evaluator.sector(after, sector)
    evaluator.region(after)
    study.analysis.check(after, (origin, zone))


def measure_moves(study: Study, rng: random.Random, runs: int) -> list[float]:
    """Time moves that make two new zones, from a plan whose zones are cached."""
    times = []
    for _ in range(runs):
        fresh = forgetful(study)  # its own Evaluator, with nothing remembered
        plan = shuffled(study, rng)
        fresh.evaluator.region(plan)
        lycee, zone = random_move(plan, rng)
        times.append(timed(partial(one_move, fresh, plan, lycee, zone)))
    return times


def measure_destinations(
    study: Study, rng: random.Random, runs: int
) -> tuple[list[float], list[float]]:
    """Time the ranking of every other zone, cold then warm."""
    cold: list[float] = []
    warm: list[float] = []
    for _ in range(runs):
        fresh = forgetful(study)
        plan = shuffled(study, rng)
        fresh.evaluator.region(plan)
        lycee = rng.choice(plan.lycees)
        for times in (cold, warm):
            times.append(timed(partial(destinations, fresh.with_plan(plan), lycee)))
    return cold, warm


def measure_judged(study: Study, rng: random.Random, runs: int) -> list[float]:
    """Time the verdict on a move; the zones of the plan are known."""
    times = []
    for _ in range(runs):
        fresh = forgetful(study).with_plan(shuffled(study, rng))
        judge_studies(fresh, fresh)
        lycee, zone = random_move(fresh.plan, rng)
        after = fresh.with_plan(fresh.plan.move(lycee, zone))
        times.append(timed(partial(judge_studies, fresh, after)))
    return times


def forgetful(study: Study) -> Study:
    """Return the same study without cached figures."""
    return replace(study, analysis=replace(study.analysis))


def measure_everywhere(study: Study, rng: random.Random, runs: int) -> list[float]:
    """Time the ranking of every other zone for every lycée, cold."""

    def rank(fresh: Study, plan: Plan) -> None:
        for lycee in plan.lycees:
            destinations(fresh.with_plan(plan), lycee)

    return [timed(partial(rank, forgetful(study), shuffled(study, rng))) for _ in range(runs)]


def measure_scratch(study: Study, rng: random.Random, runs: int) -> tuple[list[float], list[float]]:
    """Time a move, and every move of a lycée (a tenth of the runs), when nothing is remembered."""

    def everything(plan: Plan, lycee: str, zones: list[str]) -> None:
        for zone in zones:
            after = plan_of(plan.sectors, plan.zones, {**plan.zone_by_lycee, lycee: zone})
            evaluator = Evaluator(study.times, study.settings)
            evaluator.zones(after)
            for sector in after.sectors:
                evaluator.sector(after, sector.id)
            evaluator.region(after)
            study.analysis.check(after)

    one, every = [], []
    for run in range(runs):
        plan = shuffled(study, rng)
        lycee, zone = random_move(plan, rng)
        one.append(timed(partial(everything, plan, lycee, [zone])))
        if run % 10 == 0:
            others = [z.id for z in plan.zones if z.id != plan.zone_of(lycee).id]
            every.append(timed(partial(everything, plan, lycee, others)))
    return one, every


def measure_session(study: Study, rng: random.Random) -> float:
    """Return the MB that a session of 50 moves holds, cached figures included."""
    fresh = forgetful(study)
    fresh.area()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    timeline = Timeline(State(fresh.plan))
    for rank in range(50):
        lycee, zone = random_move(timeline.plan, rng)
        one_move(fresh, timeline.plan, lycee, zone)
        destinations(fresh.with_plan(timeline.plan), lycee)
        data = {"moves": {lycee: zone}}
        timeline = timeline.added(
            Event(str(rank), timeline.head, "move", data, "bench", "2026-01-05T10:00:00Z")
        )
    gc.collect()
    after = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    assert len(timeline.path) == 50
    return (after - before) / 1e6


if __name__ == "__main__":
    sys.exit(main())
