"""Speed of teams: a zone's posts, the region's, what each absence leaves.

Run ``python benchmarks/teams.py`` (``--runs N`` for other than 3). Prints the slowest run of each
with what it found; exits 1 when a target is missed or a zone's posts are not proven.
"""

import argparse
import sys
from collections.abc import Callable
from dataclasses import replace
from time import perf_counter

from geozones.domain import Zone
from geozones.domain.plan import plan_of
from geozones.domain.teams import Teams
from geozones.workspace.figures.study import Study, open_study
from geozones.workspace.teams import Staff

ZONE_S, REGION_S, ABSENCES_S = 1.0, 30.0, 1.0
ZONES = 36


def main() -> int:
    """Measure, print, and return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=3)
    runs = parser.parse_args().runs
    study = open_study()
    staff = Staff(study.with_teams(Teams()))
    zones = [zone.id for zone in study.plan.zones]
    staff.propose(zones[:1], staff.options())  # the solver is loaded

    worst, proven = 0.0, True
    slowest_zone = ""
    for zone in zones:
        seconds, (proposal,) = slowest(
            runs, lambda zone=zone: staff.propose([zone], staff.options())
        )
        proven = proven and proposal.gap == 0
        if seconds > worst:
            worst, slowest_zone = seconds, zone
    passed = [report(f"slowest zone ({slowest_zone}), all proven", worst, ZONE_S, proven)]

    wide = as_many_as(study, ZONES)
    everyone = [zone.id for zone in wide.plan.zones]
    seconds, proposals = slowest(runs, lambda: wide.propose(everyone, wide.options()))
    gaps = [proposal.gap for proposal in proposals]
    name = f"region, {len(proposals)} zones, {sum(gap == 0 for gap in gaps)} proven"
    passed.append(
        report(f"{name}, widest gap {max(gaps):.1%}", seconds, REGION_S, len(proposals) == ZONES)
    )

    posts = [post for proposal in proposals for post in proposal.posts]
    people = Teams().with_posts(everyone, posts)

    staffed = replace(wide, study=wide.study.with_teams(people))
    seconds, left = slowest(runs, lambda: staffed.left(everyone))
    name = f"absences of {len(left)} posts, {sum(post.missed for post in left):,} half-days missed"
    passed.append(report(name, seconds, ABSENCES_S, ok=True))
    return 0 if all(passed) else 1


def as_many_as(study: Study, zones: int) -> Staff:
    """Return the shipped plan with its largest zones split in two, up to so many zones."""
    plan = study.plan
    while len(plan.zones) < zones:
        largest = max(plan.zones, key=lambda zone: len(plan.members(zone.id)))
        new = Zone(f"{largest.id}b", f"{largest.name} bis", largest.sector)
        half = plan.members(largest.id)[::2]
        moved = {**plan.zone_by_lycee, **dict.fromkeys(half, new.id)}
        plan = plan_of(plan.sectors, (*plan.zones, new), moved)
    return Staff(study.with_plan(plan).with_teams(Teams()))


def slowest[T](runs: int, question: Callable[[], T]) -> tuple[float, T]:
    """Return the longest time that a question took, in seconds, and its answer."""
    worst = 0.0
    for _ in range(runs):
        start = perf_counter()
        answer = question()
        worst = max(worst, perf_counter() - start)
    return worst, answer


def report(name: str, seconds: float, target: float, ok: bool) -> bool:  # noqa: FBT001
    """Print a line of the table; return whether it passes."""
    passed = ok and seconds <= target
    print(f"{'PASS' if passed else 'FAIL'}  {name:<72}{seconds:>8.2f} s (target {target:g} s)")
    return passed


if __name__ == "__main__":
    sys.exit(main())
