"""Speed of the curve across sectors and of fronts, under the rules that proposals keep by default.

Run ``python benchmarks/fronts.py``. Prints seconds elapsed and of processor, with the points found;
exits 1 when a target is missed or a search ends before its last point. A target is met by either:
of processor where other work takes the machine.
"""

import sys
from time import perf_counter
from typing import Any

from processor import processor_seconds

from geozones.workspace.proposals.fronts import front
from geozones.workspace.proposals.solve import frontier, options_of
from geozones.workspace.study import open_study

CURVE_S = 10.0
FRONT_S = 15.0
LIMIT_S = 120.0
FRONTS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("moves", "hours", {}),
    ("moves", "hours", {"change_sector": True}),
    ("workload", "hours", {}),
    ("releve", "hours", {}),
    ("road", "unserved", {"sectors": frozenset({"maine-et-loire"})}),
    ("road", "unserved", {"sectors": frozenset({"sarthe"})}),
    ("road", "unserved", {"sectors": frozenset({"vendee"})}),
)


def main() -> int:
    """Measure, print, and return the exit status."""
    study = open_study()
    began = clocks()
    curve = frontier(study, options_of(change_sector=True, max_moves=20))
    passed = told("curve, sectors open", began, (len(curve.points), curve.complete), CURVE_S)
    for x, y, asked in FRONTS:
        began = clocks()
        found = front(study, x, y, options_of(**asked, time_limit=LIMIT_S))
        where = ", ".join(asked.get("sectors", ["region"]))
        opened = ", sectors open" if asked.get("change_sector") else ""
        name = f"{x} and {y}, {where}{opened}"
        passed &= told(name, began, (len(found.points), found.complete), FRONT_S)
    return 0 if passed else 1


def clocks() -> tuple[float, float]:
    """Return the seconds elapsed and of processor, from an arbitrary origin."""
    return perf_counter(), processor_seconds()


def told(name: str, began: tuple[float, float], found: tuple[int, bool], target: float) -> bool:
    """Print a row; tell whether it is complete and within its target."""
    seconds, processor = (now - then for now, then in zip(clocks(), began, strict=True))
    points, complete = found
    passed = complete and min(seconds, processor) <= target
    print(
        f"{'PASS' if passed else 'FAIL'}  {name:<44}{seconds:>8.1f} s{processor:>8.1f} s of "
        f"processor (target {target:g} s){points:>4} points{'' if complete else ', not all'}",
        flush=True,
    )
    return passed


if __name__ == "__main__":
    sys.exit(main())
