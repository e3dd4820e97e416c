"""Counts of a bilan: what is a request, what each area has of its own, how rates are written."""

from datetime import date, timedelta

import pytest

from benchmarks.journal_intervals import areas, held, truth
from geozones.common.french import NBSP
from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    journal_of,
)
from geozones.features.experiment.observed import BY_KEY, Estimate, Observer, facts_of

ZONE_OF = {lycee: area.zone for area in areas() for lycee in area.needs}
MONDAY = date(2026, 3, 2)


def observer(journal: Journal) -> Observer:
    return Observer(facts_of(journal, ZONE_OF))


def test_a_presence_is_no_request_whatever_its_reason() -> None:
    rows = [
        Intervention(MONDAY, 500, "Z0L0", "a", 1, 30.0, Nature.UNKNOWN, "7"),
        Intervention(MONDAY, 540, "Z0L0", "a", 2, 50.0, Nature.VISIT, "8"),
        Intervention(MONDAY, 600, "Z0L0", "a", 1, 40.0),  # a sheet without tickets or reasons
        Intervention(MONDAY, 480, "Z0L0", "a", 0, 210.0, Nature.FIXED),
        Intervention(MONDAY, 480, "Z0L0", "b", 0, 180.0, Nature.COVER),
        Intervention(MONDAY, 480, "Z0L0", "c", 1, 60.0, Nature.VISIT),
    ]
    seen = observer(journal_of(rows)).observe(["Z0L0"])
    requests, second = (
        seen.estimates[key] for key in ("interventions_per_lycee", "level_2_per_lycee")
    )
    assert seen.requests == 3
    assert (requests.count, requests.value) == (3, pytest.approx(3 * 18 / seen.days))
    assert (second.count, second.value) == (1, pytest.approx(18 / seen.days))


def test_requests_are_by_lycee_and_those_without_any_level_tell_nothing_of_levels() -> None:
    rows = [
        Intervention(MONDAY + timedelta(day), 500, "Z0L0", "a", 0, 30.0, Nature.UNKNOWN, f"{day}")
        for day in range(5)
    ]
    watched = observer(journal_of(rows))
    alone, both = (
        watched.observe(area).estimates["interventions_per_lycee"]
        for area in (["Z0L0"], ["Z0L0", "Z0L1"])
    )
    assert alone.value == pytest.approx(2 * both.value)
    assert watched.observe(["Z0L0"]).estimates["level_2_per_lycee"] is None
    assert watched.observe(["Z0L1"]).estimates["interventions_per_lycee"] is None


def test_both_halves_of_a_covered_day_are_one_drive() -> None:
    days = [MONDAY + timedelta(7 * week) for week in range(8)]
    away = days[4]
    rows = [
        Intervention(day, minute, lycee, person, 0, 210.0, Nature.FIXED)
        for day in days
        for minute in (480, 820)
        for person, lycee in (("a", "Z0L0"), ("b", "Z0L1"))
        if (person, day) != ("a", away)
    ]
    rows += [Intervention(away, at, "Z0L0", "c", 0, 180.0, Nature.COVER) for at in (480, 820)]
    trip = JournalTrip(away, 450, "c", "Z0L2", "Z0L0", 21.0)
    seen = observer(journal_of(rows, [Absence("a", away, away)], [trip])).observe(ZONE_OF)
    share, arrived = seen.estimates["cover_share"], seen.estimates["cover_minutes"]
    assert (share.value, share.count) == (1.0, 2)
    assert (arrived.value, arrived.count) == (21.0, 1)


def test_a_figure_is_written_with_its_unit_and_its_observations() -> None:
    figure = BY_KEY["interventions_per_lycee"]
    assert figure.value_text(1843.2) == f"1\u202f843,2{NBSP}par mois"
    share, near = BY_KEY["absence_rate"], Estimate(0.051, 0.04, 0.06, 88)
    assert share.value_text(0.051) == f"5,1{NBSP}%"
    assert (share.interval(near), share.count_text(near)) == ("4,0 à 6,0", f"88{NBSP}absences")


def test_requests_without_a_known_lycee_are_counted_apart() -> None:
    rows = [
        Intervention(MONDAY, 500, "Z0L0", "a", 1, 30.0, Nature.UNKNOWN, "7"),
        Intervention(MONDAY, 500, "", "a", 1, 30.0, Nature.UNKNOWN, "8"),
        Intervention(MONDAY, 500, "gone", "a", 1, 30.0, Nature.UNKNOWN, "9"),
    ]
    watched = observer(journal_of(rows))
    assert watched.recorded == {"Z0L0", "gone"}
    assert {key: levels.total() for key, levels in watched.requests.items()} == {
        "Z0L0": 1,
        "": 1,
        "gone": 1,
    }
    assert watched.observe(ZONE_OF).requests == 1


SEEDS = 200


@pytest.mark.slow
def test_intervals_hold_the_rates_that_the_journals_were_drawn_from() -> None:
    counts = held(range(SEEDS), 5)
    together = sum(counts.values()) / len(truth()) / SEEDS
    assert 0.93 <= together <= 0.97
    assert {key for key in truth() if counts[key] / SEEDS < 0.88} == set()
