"""Simulated years against the exact mean, and that mean against every year that can be."""

from dataclasses import asdict, replace

import hypothesis
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.domain.settings import TeamSettings
from geozones.domain.teams import SLOTS, ServiceHalfDays
from geozones.teams.zone_cover import ZoneTeam
from helpers.every_way import counted
from helpers.expected_year import expected_year
from helpers.simulate import simulate

from .conftest import post, times_of


@st.composite
def teams(draw: st.DrawFn) -> ZoneTeam:
    """A zone of two or three posts over three lycées, with long absences and short patience."""
    cells = st.text(alphabet="AABBC.-", min_size=SLOTS, max_size=SLOTS)
    posts = tuple(
        post(f"p{rank}", draw(cells), draw(st.sampled_from("ABC")))
        for rank in range(draw(st.integers(2, 3)))
    )
    minutes = [[0.0, 10.0, 40.0], [12.0, 0.0, 25.0], [40.0, 30.0, 0.0]]
    settings = TeamSettings(
        absence_rate=draw(st.sampled_from([0.1, 0.3])),
        absence_days=draw(st.sampled_from([1.0, 5.0])),
        gap_days=draw(st.integers(1, 3)),
        year_days=15,
    )
    return ZoneTeam(tuple("ABC"), posts, times_of(minutes, "ABC"), settings)


def every_year(team: ZoneTeam) -> ServiceHalfDays:
    """The mean of a year, each half-day counted anew from its definition, each state followed."""
    settings = team.settings
    start = settings.absence_rate / settings.absence_days / (1 - settings.absence_rate)
    states = {(0, (0,) * 3): 1.0}
    total = ServiceHalfDays()
    for day in range(settings.year_days):
        after: dict[tuple[int, tuple[int, ...]], float] = {}
        for (before, waits), known in states.items():
            for absent in range(1 << len(team.posts)):
                chance = known
                for rank in range(len(team.posts)):
                    was, now = before >> rank & 1, absent >> rank & 1
                    gone = start if not was else 1 - 1 / settings.absence_days
                    gone = settings.absence_rate if day == 0 else gone
                    chance *= gone if now else 1 - gone
                seen = list(waits)
                for half in (0, 1):
                    late = sum(1 << at for at in range(3) if seen[at] >= settings.gap_days)
                    counts, attended = counted(team, (2 * day + half) % SLOTS, absent, late)
                    total += counts.scaled(chance)
                    seen = [-1 if attended >> at & 1 else wait for at, wait in enumerate(seen)]
                key = (absent, tuple(min(wait + 1, settings.gap_days) for wait in seen))
                after[key] = after.get(key, 0.0) + chance
        states = after
    return total


@given(teams())
@hypothesis.settings(max_examples=15)
def test_the_expected_year_is_every_year_that_can_be(team: ZoneTeam) -> None:
    assert asdict(expected_year(team)) == pytest.approx(asdict(every_year(team)), abs=1e-6)


def test_simulation_agrees_with_the_expected_year_within_its_confidence_interval(
    team: ZoneTeam,
) -> None:
    frail = replace(team, technicians=0, settings=replace(team.settings, absence_rate=0.2))
    exact = expected_year(frail)
    years = simulate(frail, 4000, seed=7, cap=False)
    mean, expected = years.unattended, exact.unattended
    assert 0 < mean.standard_error < 0.03 * expected
    assert abs(mean.mean - expected) <= 4 * mean.standard_error
    assert asdict(years.service) == pytest.approx(asdict(exact), rel=0.05, abs=0.3)


@given(teams())
@hypothesis.settings(max_examples=10)
def test_what_is_missed_is_given_reduced_or_without_anyone(team: ZoneTeam) -> None:
    year = simulate(replace(team, technicians=1, centre="A"), 50).service
    given = year.given_free + year.given_by_tis
    assert year.missed == pytest.approx(given + year.reduced + year.unattended)


def test_the_same_seed_gives_the_same_years_and_another_does_not(team: ZoneTeam) -> None:
    first, again, other = (simulate(team, 200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_monthly_cap_sends_the_tis_more_often_and_starts_again_each_month(
    team: ZoneTeam,
) -> None:
    strict = replace(team, settings=replace(team.settings, monthly_cap=1))
    free, capped = (simulate(strict, 500, cap=cap).service for cap in (False, True))
    assert free.missed == capped.missed
    assert capped.given_by_tis > free.given_by_tis

    def by_tis(days: int) -> float:
        settings = replace(team.settings, year_days=days, monthly_cap=2, absence_rate=0.3)
        return simulate(replace(team, settings=settings), 3000).service.given_by_tis

    assert by_tis(36) == pytest.approx(2 * by_tis(18), rel=0.1)


def test_nobody_absent_means_nothing_missed(team: ZoneTeam) -> None:
    calm = replace(team, settings=replace(team.settings, absence_rate=0.0))
    years = simulate(calm, 50)
    assert years.service.missed == 0
    assert years.cover.median is None


@pytest.mark.parametrize(
    ("years", "changes", "said"),
    [
        (0, {}, "1 à 100000 années"),
        (10, {"absence_rate": 0.9}, "taux d'absence"),
        (10, {"absence_days": 0.0}, "de 1 à 120 jours"),
    ],
)
def test_absurd_questions_are_refused(
    team: ZoneTeam, years: int, changes: dict[str, float], said: str
) -> None:
    asked = replace(team, settings=replace(team.settings, **changes))
    with pytest.raises(InputError, match=said):
        simulate(asked, years)


def test_a_zone_without_posts_is_told_to_have_some_first(team: ZoneTeam) -> None:
    with pytest.raises(InputError, match="pas de poste"):
        simulate(replace(team, posts=()), 10)


def test_a_simulation_can_be_stopped(team: ZoneTeam) -> None:
    def stop() -> None:
        raise SearchCancelledError

    with pytest.raises(SearchCancelledError):
        simulate(team, 10, tick=stop)


def test_one_post_alone_is_missed_at_its_own_rate(team: ZoneTeam) -> None:
    settings = replace(team.settings, absence_rate=0.1)
    alone = replace(team, posts=(post("un", "AA AA AA AA AA"),), settings=settings)
    assert simulate(alone, 3000, seed=3).service.missed == pytest.approx(0.1 * 346, rel=0.05)
