"""The closed form against years simulated with the posts proposed."""

import numpy as np
import pytest
from scipy.stats import spearmanr

from geozones.workspace.study import Study
from geozones.workspace.teams.cost_summary import CLOSED_FORM_ACCURACY
from helpers.simulated_years import (
    closed_hours,
    over_whole_weeks,
    random_zones,
    read_table,
    simulated,
)

#: Zones of the shipped plan that the closed form misses by more than a fifth: it knows nothing of
#: what makes a week longer there. In MAY-4 nobody may be free on a day that a lycée lacks someone,
#: and with one lycée more than posts they split four days over long drives.
MISSED = {"MAY-4": 0.60}


@pytest.mark.parametrize(("kind", "least"), [("published", 10), ("draft", 15)])
def test_the_closed_form_is_within_a_tenth_where_the_page_says(
    shipped_study: Study, kind: str, least: int
) -> None:
    near = [
        abs(closed_hours(shipped_study, row) / row.total - 1) <= 0.10 for row in read_table()[kind]
    ]
    assert sum(near) >= least
    assert f"{sum(near)} des {len(near)}" in CLOSED_FORM_ACCURACY


def test_zones_that_are_missed_are_told_with_how_much(shipped_study: Study) -> None:
    rows = [row for kind in ("published", "draft") for row in read_table()[kind]]
    ratio = {row.zone: closed_hours(shipped_study, row) / row.total for row in rows}
    missed = {zone: value for zone, value in ratio.items() if abs(value - 1) > 0.20}
    assert missed == pytest.approx(MISSED, abs=0.01)
    for zone, value in missed.items():
        told = f"{shipped_study.plan.zone(zone).name}, {100 * (1 - value):.0f} % trop bas, car "
        assert told in CLOSED_FORM_ACCURACY


def test_hours_without_anyone_are_near_those_simulated(shipped_study: Study) -> None:
    """Figures beside the cost, of all zones together."""
    rows = [row for kind in ("published", "draft") for row in read_table()[kind]]
    cost = over_whole_weeks(shipped_study).cost()
    assert cost.unattended_hours == pytest.approx(sum(row.unattended for row in rows), rel=0.05)
    assert cost.reduced_hours == pytest.approx(sum(row.reduced for row in rows), rel=0.15)
    assert cost.rupture_hours == pytest.approx(sum(row.ruptures for row in rows), rel=0.15)


def test_the_closed_form_ranks_random_zones_as_simulated_years_do(study: Study) -> None:
    rows = read_table()["random"]
    closed = [closed_hours(study, row) for row in rows]
    assert len(rows) >= 240
    assert spearmanr(closed, [row.total for row in rows]).statistic >= 0.95
    ratio = np.array(closed) / [row.total for row in rows]
    assert ratio.mean() == pytest.approx(1, abs=0.03)


def test_the_table_is_what_posts_and_years_give_today(study: Study) -> None:
    known = {row.lycees: row for row in read_table()["random"]}
    # zones of three are proposed at once, whatever the machine
    asked = [case for case in random_zones(study, 2025, 60) if case.lycees in known]
    for case in [case for case in asked if len(case.lycees) == 3][:3]:
        today, row = simulated(study, case), known[case.lycees]
        assert today is not None
        assert (today.needs, today.posts) == (row.needs, row.posts)
        assert today.tournees == pytest.approx(row.tournees, abs=0.01)
        assert today.total == pytest.approx(row.total, rel=0.2)
