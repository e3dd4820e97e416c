"""Share of draws whose simulated hours are inside the intervals of a zone's yearly cost.

Run ``python benchmarks/cost_intervals.py`` (five minutes): a line for each zone, then the mean of
all. An interval is to hold 75 to 85 % of the draws. These are others than those that the interval
is made of, of minutes, absence rate and visits; each is a mean of simulated years of the weeks
proposed. Needs stay as they are.
"""

import sys
import zlib
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from geozones.cost.hours_model import ABSENCE_SPREAD, VISITS_SPREAD
from geozones.cost.zone_cost import ZoneCase
from geozones.metrics.drive_draws import DRAWS, DrawnMinutes
from geozones.workspace.figures.study import Study, open_study

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))

from helpers.simulated_years import (
    habits_of,
    over_whole_weeks,
    proposed,
    shipped_zones,
    weeks_of,
)
from helpers.years_by_definition import simulate_years

COUNT, YEARS, SEED = 50, 40, 2026
FIGURES = ("road_hours", "unattended_hours", "total_hours")


def main() -> None:
    """Measure and print."""
    study = over_whole_weeks(open_study())
    shares = []
    print(f"{'zone':8}", *(f"{name:>17}" for name in FIGURES))
    for _, zone, case in shipped_zones(study):
        interval = study.analysis.costs.interval(study.plan, study.teams, [zone])
        drawn = np.array(list(_hours(study, zone, case)))
        ends = np.array([getattr(interval, name) for name in FIGURES])
        shares.append(((drawn >= ends[:, 0]) & (drawn <= ends[:, 1])).mean(axis=0))
        print(f"{zone:8}", *(f"{share:17.0%}" for share in shares[-1]), flush=True)
    print(f"{'mean':8}", *(f"{share:17.1%}" for share in np.mean(shares, axis=0)))


def _hours(study: Study, zone: str, case: ZoneCase) -> Iterator[tuple[float, float, float]]:
    """Yield the hours of a zone in each draw: road, without technician, both at a rate of one."""
    random = np.random.default_rng(SEED)
    absence = np.exp(ABSENCE_SPREAD * random.standard_normal(COUNT))
    visits = np.exp(VISITS_SPREAD * random.standard_normal(COUNT))
    weeks, habits = weeks_of(proposed(study, case)), habits_of(study.settings)
    pairs = list(combinations(case.lycees, 2))
    factors = _factors(study, pairs)
    for draw in range(COUNT):
        minutes = {lycee: dict(study.times.one_way[lycee]) for lycee in case.lycees}
        for (one, other), factor in zip(pairs, factors[:, draw], strict=True):
            minutes[one][other] *= factor
            minutes[other][one] *= factor
        varied = replace(
            habits,
            rate=min(habits.rate * float(absence[draw]), 0.9),
            visits=habits.visits * float(visits[draw]),
        )
        years = simulate_years(weeks, minutes, varied, YEARS, zlib.crc32(f"{zone} {draw}".encode()))
        road, without = float(years.road.mean()), float(years.without.mean())
        yield road, without, road + without


def _factors(study: Study, pairs: list[tuple[str, str]]) -> NDArray[np.float64]:
    """Return the factors of the minutes of some pairs, in draws that no interval is made of."""
    towns = {key: lycee.insee or key for key, lycee in study.territory.lycees.items()}
    return DrawnMinutes(study.times, towns, DRAWS + COUNT).factors(pairs)[:, DRAWS:]


if __name__ == "__main__":
    main()
