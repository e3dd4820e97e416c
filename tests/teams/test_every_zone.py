"""Exact and simulated years of every shipped zone, with weeks that fill its whole posts."""

from collections.abc import Iterator
from dataclasses import asdict

import pytest

from geozones.domain.teams import FREE, SLOTS, Post
from geozones.teams.zone_cover import ZoneTeam
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import Staff
from helpers.expected_year import expected_year
from helpers.simulate import simulate
from helpers.simulated_years import over_whole_weeks

YEARS = 300


def filled(study: Study, zone: str) -> list[Post]:
    """As many posts as the cost counts, with even loads; each goes from one lycée to the next."""
    count = study.cost(zone_id=zone).posts
    due = [lycee for lycee, need in Staff(study).needs(zone).items() for _ in range(need)]
    ends = [rank * len(due) // count for rank in range(count + 1)]
    posts = []
    for rank in range(count):
        cells = due[ends[rank] : ends[rank + 1]]
        week = (*cells, *[FREE] * (SLOTS - len(cells)))
        posts.append(Post(f"{zone}-{rank}", zone, cells=week, residence=cells[0]))
    return posts


def staffed(study: Study, sizes: set[int]) -> Iterator[ZoneTeam]:
    """Yield the teams of the zones of some sizes."""
    zones = [zone.id for zone in study.plan.zones if len(study.plan.members(zone.id)) in sizes]
    posts = [post for zone in zones for post in filled(study, zone)]
    people = Staff(study.with_teams(study.teams.with_posts(zones, posts)))
    yield from map(people.team, zones)


@pytest.mark.slow
@pytest.mark.parametrize("sizes", [{3}, {4, 5, 6}])
def test_the_year_of_each_zone_adds_up_and_its_simulation_agrees(
    shipped_study: Study, sizes: set[int]
) -> None:
    checked = 0
    for team in staffed(over_whole_weeks(shipped_study), sizes):
        exact, years = expected_year(team), simulate(team, YEARS, cap=False)
        for year in (exact, years.service):
            given = year.given_free + year.given_by_tis
            assert year.missed == pytest.approx(given + year.reduced + year.unattended), (
                team.members
            )
            assert min(asdict(year).values()) >= 0
        settings = team.settings
        due = sum(
            team.due(rank, slot) is not None
            for rank in range(len(team.posts))
            for slot in range(SLOTS)
        )
        assert exact.missed == pytest.approx(settings.absence_rate * settings.year_days / 5 * due)
        error = 4.5 * years.unattended.standard_error + 0.05
        assert years.unattended.mean == pytest.approx(exact.unattended, abs=error), team.members
        checked += 1
    assert checked == sum(
        len(shipped_study.plan.members(zone.id)) in sizes for zone in shipped_study.plan.zones
    )
    assert checked >= 13
