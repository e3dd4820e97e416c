"""Speed of the use cases that write and read scenarios, on a SQLite file of its own.

Permission, check and SQL are measured; the rules of a territory are not (``core.py`` has them).

Run ``python benchmarks/store.py``. Prints one table and exits 1 when a target is missed. See
README.md.
"""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from geozones.common.files import new_code
from geozones.domain import Event, Scenario
from geozones.domain.plan import Plan
from geozones.intake.plan_file import plan_to_json
from geozones.store import Store, open_store
from geozones.workspace.figures.study import open_study

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from helpers.stored import StoredLinks, StoredScenarios

APPEND_MS = 5.0
OPEN_MS = 100.0
LIST_MS = 100.0
EVENTS = 5000
SCENARIOS = 1000
DAY = "2025-06-11T09:00:00.000+00:00"


def main() -> int:
    """Measure, print, and return the exit status."""
    plan = open_study().plan
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "scenarios.db"
        store = open_store(f"sqlite:///{file}")
        missed = measure(store, plan)
        store.close()
        size = sum(path.stat().st_size for path in Path(folder).iterdir())
    print(f"\nthe file: {size / 1e6:.1f} MB ({SCENARIOS + 1:,} scenarios, {EVENTS:,} events)")
    return int(missed)


def measure(store: Store, plan: Plan) -> bool:
    """Print what each gesture took; tell whether a target was missed."""
    scenarios, links = StoredScenarios(store), StoredLinks(store)
    key, appends = append_all(scenarios, plan)
    for _ in range(SCENARIOS):
        scenarios.create(scenario(plan))
    opens = timed(lambda: scenarios.get(key), 15)
    lists = timed(scenarios.list, 15)
    print(f"{'':<34}{'median ms':>11}{'worst ms':>11}{'target ms':>11}")
    missed = report("append an event", appends, APPEND_MS)
    missed |= report(f"open a scenario of {EVENTS:,} events", opens, OPEN_MS)
    missed |= report(f"list {SCENARIOS + 1:,} scenarios", lists, LIST_MS)
    report("create a scenario", timed(lambda: scenarios.create(scenario(plan)), 50), None)
    version = scenarios.get(key).version
    report("freeze that scenario", timed(lambda: links.freeze(key, version=version), 15), None)
    return missed


def append_all(scenarios: StoredScenarios, plan: Plan) -> tuple[str, list[float]]:
    """Append events one by one, each on disk before the next; return what each took."""
    key, version = scenarios.create(scenario(plan)).id, 1
    taken: list[float] = []
    parent: str | None = None
    for number in range(EVENTS):
        event = move(f"e{number}", parent)
        start = perf_counter()
        version = scenarios.append(key, [event], event.id, version=version)
        taken.append((perf_counter() - start) * 1000)
        parent = event.id
    return key, taken


def scenario(plan: Plan) -> Scenario:
    """Return a scenario on the shipped plan."""
    base = plan_to_json(plan)
    return Scenario(new_code(), "Variante", base, "le plan publié", "Ada", DAY, DAY)


def move(key: str, parent: str | None) -> Event:
    """Return an event of the usual size."""
    data = {"lycee": "0440001M", "origin": "44-1", "target": "44-2"}
    return Event(key, parent, "move", data, "Ada", DAY, "rapprocher du centre support")


def timed(gesture: Callable[[], object], times: int) -> list[float]:
    """Return the milliseconds that each of some times took, after one to warm up."""
    gesture()
    taken = []
    for _ in range(times):
        start = perf_counter()
        gesture()
        taken.append((perf_counter() - start) * 1000)
    return taken


def report(name: str, taken: list[float], target: float | None) -> bool:
    """Print figures with their target; tell whether the median misses it."""
    middle = median(taken)
    good = target is None or middle <= target
    told = "" if target is None else f"{target:>11g}  {'PASS' if good else 'FAIL'}"
    print(f"{name:<34}{middle:>11.2f}{max(taken):>11.2f}{told}")
    return not good


if __name__ == "__main__":
    sys.exit(main())
