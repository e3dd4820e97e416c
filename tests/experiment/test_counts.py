"""Counts of a bilan: what is a request, what each area has of its own, how rates are written."""

from datetime import date, timedelta

import pytest

from benchmarks.journal_intervals import areas, minutes
from geozones.common.french import NBSP
from geozones.domain.field_journal import (
    Absence,
    Intervention,
    Journal,
    JournalTrip,
    Nature,
    journal_of,
)
from geozones.experiment.facts import facts_of
from geozones.experiment.observed import Observer
from geozones.experiment.observed_figures import BY_KEY

ZONE_OF = {lycee: area.zone for area in areas() for lycee in area.needs}
MONDAY = date(2026, 3, 2)


def observer(journal: Journal) -> Observer:
    return Observer(facts_of(journal, ZONE_OF), minutes)


def test_a_presence_is_no_request_whatever_its_reason() -> None:
    rows = [
        Intervention(MONDAY, 500, "Z0L0", "a", 1, 30.0, Nature.UNKNOWN, "7"),
        Intervention(MONDAY, 540, "Z0L0", "a", 2, 50.0, Nature.VISIT, "8"),
        Intervention(MONDAY, 600, "Z0L0", "a", 1, 40.0),  # a sheet without tickets or reasons
        Intervention(MONDAY, 480, "Z0L0", "a", 0, 210.0, Nature.FIXED),
        Intervention(MONDAY, 480, "Z0L0", "b", 0, 180.0, Nature.COVER),
        Intervention(MONDAY, 480, "Z0L0", "c", 1, 60.0, Nature.VISIT),
    ]
    watched = observer(journal_of(rows))
    seen = watched.observe(["Z0L0"])
    requests, worked = seen.estimates["interventions"], seen.estimates["work_minutes"]
    assert requests is not None
    assert worked is not None
    assert requests.count == 3
    assert (worked.count, worked.value) == (3, pytest.approx(40.0))
    done = watched.work(frozenset({"Z0L0"}))
    assert (done.asked, done.tickets, done.presences) == (3, 2, 3)


def drives(zone: str, factor: float) -> list[JournalTrip]:
    pairs = [(f"{zone}L0", f"{zone}L1"), (f"{zone}L1", f"{zone}L2"), (f"{zone}L0", f"{zone}L3")]
    return [
        JournalTrip(MONDAY, rank, "a", *pair, minutes(*pair) * factor * (1 + rank / 1000))
        for pair in pairs
        for rank in range(9)
    ]


def test_each_area_has_the_drives_of_its_own_lycees() -> None:
    slow, fast = [*drives("Z0", 1.5), *drives("Z1", 1.4)], [*drives("Z2", 1.0), *drives("Z3", 0.9)]
    watched = observer(journal_of([], (), [*slow, *fast]))
    ours = [lycee for lycee, zone in ZONE_OF.items() if zone in {"Z0", "Z1"}]
    sector = watched.observe(ours).estimates["drive_ratio"]
    whole = watched.observe(ZONE_OF).estimates["drive_ratio"]
    assert sector is not None
    assert whole is not None
    assert (sector.count, sector.value) == (len(slow), pytest.approx(1.45, abs=0.02))
    assert (whole.count, whole.value) == (len(slow + fast), pytest.approx(1.18, abs=0.03))
    assert watched.observe(["Z0L0"]).estimates["drive_ratio"] is None


def test_covers_given_are_by_month_of_eighteen_days_as_other_rates() -> None:
    rows = [
        Intervention(MONDAY + timedelta(day), 480, f"Z0L{rank}", who, 0, 210.0, Nature.FIXED)
        for day in range(9)
        for rank, who in enumerate("ab")
        if (MONDAY + timedelta(day)).weekday() < 5
    ]
    assert len(observer(journal_of(rows)).facts.days) == 7
    # a is away on the last Tuesday morning; b comes
    away = MONDAY + timedelta(8)
    journal = journal_of(
        [
            *(row for row in rows if (row.person, row.day) != ("a", away)),
            Intervention(away, 510, "Z0L0", "b", 0, 180.0, Nature.COVER),
        ],
        [Absence("a", away, away)],
    )
    given = observer(journal).observe(["Z0L0", "Z0L1"]).estimates["elsewhere"]
    assert given is not None
    assert (given.count, given.value) == (2, pytest.approx(0.5 * 18 / 7))


def test_a_rate_is_written_as_one_with_the_days_that_it_comes_from() -> None:
    figure = BY_KEY["interventions"]
    assert figure.observed_text(1843.2) == f"au rythme de 1\u202f843{NBSP}par mois"
    assert figure.count_text(819, 8) == f"819{NBSP}demandes sur 8{NBSP}jours ouvrés"
    share = BY_KEY["absence_rate"]
    assert share.observed_text(0.051) == share.value_text(0.051)
    assert share.count_text(88, 8) == f"88{NBSP}absences"
    assert BY_KEY["driven"].observed_text(7538) == f"au rythme de 126{NBSP}h par mois"


def test_requests_without_a_known_lycee_are_counted_apart() -> None:
    rows = [
        Intervention(MONDAY, 500, "Z0L0", "a", 1, 30.0, Nature.UNKNOWN, "7"),
        Intervention(MONDAY, 500, "", "a", 1, 30.0, Nature.UNKNOWN, "8"),
        Intervention(MONDAY, 500, "gone", "a", 1, 30.0, Nature.UNKNOWN, "9"),
    ]
    watched = observer(journal_of(rows))
    assert watched.recorded == {"Z0L0", "gone"}
    assert watched.work(None).asked == 3
    assert watched.observe(ZONE_OF).estimates["interventions"].count == 1  # type: ignore[union-attr]
    assert {stay.lycee for stay in watched.facts.stays} == {"Z0L0", "gone"}
