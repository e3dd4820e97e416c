"""Coverage of the intervals of a journal: how often they hold the rates that it was drawn from.

``python benchmarks/journal_intervals.py [SEEDS] [MONTHS]``: zones of four lycées on a grid.
"""

import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from geozones.domain.field_journal import Journal
from geozones.features.experiment.observed import Estimate, Observer, facts_of

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from helpers.sample_journal import (
    SampleArea,
    SampleRates,
    sample_journal,
    school_days,
)

RATES = SampleRates(tickets=0.0)
ZONES, LYCEES, NEED = 4, 4, 9


def areas() -> list[SampleArea]:
    """Return zones of lycées that need as much, each with the centre in its first one."""
    names = [[f"Z{zone}L{lycee}" for lycee in range(LYCEES)] for zone in range(ZONES)]
    return [
        SampleArea(f"Z{zone}", dict.fromkeys(lycees, NEED), f"{lycees[0]}")
        for zone, lycees in enumerate(names)
    ]


def minutes(origin: str, destination: str) -> float:
    """Return the minutes between two lycées: ten, and five more for each rank between them."""
    return 10.0 + 5 * abs(int(origin[-1]) - int(destination[-1]))


def estimates_of(seed: int, months: int) -> dict[str, Estimate | None]:
    """Return the figures of the journal of a seed."""
    zones = areas()
    made: Journal = sample_journal(
        zones, school_days(date(2025, 11, 3), months), minutes, seed, RATES
    )
    zone_of = {lycee: area.zone for area in zones for lycee in area.needs}
    observer = Observer(facts_of(made, zone_of))
    return dict(observer.observe(zone_of).estimates)


def truth() -> dict[str, float]:
    """Return the figures that the rates are."""
    return {
        "visits_per_month": RATES.visits_per_month,
        "absence_rate": RATES.absence_rate,
        "absence_days": RATES.absence_days,
        "cover_share": RATES.cover_share,
    }


def held(seeds: range, months: int) -> Counter[str]:
    """Return in how many seeds the interval of each figure holds its true rate."""
    counts: Counter[str] = Counter()
    for seed in seeds:
        found = estimates_of(seed, months)
        for key, value in truth().items():
            estimate = found[key]
            counts[key] += estimate is not None and estimate.holds(value)
    return counts


if __name__ == "__main__":
    asked = [int(word) for word in sys.argv[1:]]
    many = asked[0] if asked else 1000
    over = asked[1] if len(asked) > 1 else 7
    begun = time.perf_counter()
    for name, count in held(range(many), over).items():
        print(f"{name:20} {100 * count / many:5.1f} %")
    print(f"{many} journaux de {over} mois, {time.perf_counter() - begun:.0f} s")
