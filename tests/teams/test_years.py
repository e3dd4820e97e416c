"""Simulated years, against the exact mean over every set of absent posts."""

from dataclasses import replace

import pytest

from geozones.common.errors import InputError
from geozones.domain import SearchCancelledError
from geozones.teams.simulate import expected_year, simulate
from geozones.teams.zone_cover import ZoneTeam

from .conftest import post


def test_simulation_agrees_with_exact_enumeration_within_its_confidence_interval(
    team: ZoneTeam,
) -> None:
    frail = replace(team, technicians=0, settings=replace(team.settings, absence_rate=0.2))
    missed, uncovered = expected_year(frail)
    years = simulate(frail, 4000, seed=7, cap=False)
    mean, error, _ = years.uncovered
    assert 0 < error < 0.03 * uncovered
    assert abs(mean - uncovered) <= 4 * error
    assert years.missed == pytest.approx(missed, rel=0.03)


def test_the_same_seed_gives_the_same_years_and_another_does_not(team: ZoneTeam) -> None:
    first, again, other = (simulate(team, 200, seed=seed) for seed in (1, 1, 2))
    assert first == again
    assert first != other


def test_the_monthly_cap_sends_the_tis_more_often(team: ZoneTeam) -> None:
    free, capped = (simulate(team, 500, cap=cap) for cap in (False, True))
    assert free.missed == capped.missed
    assert capped.by_tis > free.by_tis


def test_the_cap_starts_again_each_month(team: ZoneTeam) -> None:
    def by_tis(days: int) -> float:
        settings = replace(team.settings, year_days=days, monthly_cap=2, absence_rate=0.3)
        return simulate(replace(team, settings=settings), 3000).by_tis

    assert by_tis(36) == pytest.approx(2 * by_tis(18), rel=0.1)


def test_nobody_absent_means_nothing_missed(team: ZoneTeam) -> None:
    calm = replace(team, settings=replace(team.settings, absence_rate=0.0))
    years = simulate(calm, 50)
    assert years.missed == 0
    assert years.cover.median is None


@pytest.mark.parametrize(
    ("years", "changes", "said"),
    [
        (0, {}, "de 1 à 100000 années"),
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
    assert simulate(alone, 3000, seed=3).missed == pytest.approx(0.1 * 360, rel=0.05)
