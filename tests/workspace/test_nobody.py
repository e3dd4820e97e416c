"""The absence sheet counts the service of each half-day as its definition does."""

from datetime import date, timedelta

import pytest

from geozones.domain.teams import ServiceHalfDays, Teams
from geozones.teams.zone_cover import ZoneTeam
from geozones.workspace.figures.study import Study
from geozones.workspace.teams.staff import Staff
from helpers.every_way import counted

MONDAY = date(2026, 1, 5)
#: A week with free half-days, one without, posts that outnumber lycées, and one that spares.
ZONES = ("SLC-3", "NAN-2", "NOL-1", "VEN-1")


@pytest.mark.parametrize("zone", ZONES)
def test_the_sheet_of_each_post_away_for_two_weeks_counts_as_defined(
    study: Study, zone: str
) -> None:
    staff = Staff(study.with_teams(Teams()))
    proposed = staff.propose([zone], staff.options())
    posts = [post for proposal in proposed for post in proposal.posts]
    staff = Staff(study.with_teams(Teams().with_posts([zone], posts)))
    team = staff.team(zone)
    for rank, post in enumerate(team.posts):
        sheet = staff.absence(post.id, MONDAY, MONDAY + timedelta(days=11))
        assert sheet.service == as_defined(team, rank, days=10)
        assert len(sheet.reliefs) == sheet.service.missed
        without = sum(
            relief.missed.by == "" and not relief.missed.minutes for relief in sheet.reliefs
        )
        assert sheet.service.missed - len(sheet.uncovered) >= without


def as_defined(team: ZoneTeam, away: int, days: int) -> ServiceHalfDays:
    """Two weeks of a post away, from the definition of a half-day, under the monthly cap."""
    seen = dict.fromkeys(range(len(team.members)), -1)
    calls = dict.fromkeys(range(len(team.posts)), 0)
    total = ServiceHalfDays()
    for day in range(days):
        for half in (0, 1):
            slot = (2 * day + half) % 10
            busy = sum(1 << rank for rank, made in calls.items() if made >= 4)
            late = sum(1 << at for at, last in seen.items() if day - last > 2)
            counts, attended = counted(team, slot, 1 << away, late, busy)
            total += counts
            seen |= {at: day for at in seen if attended >> at & 1}
            # of two who can come, the definition leaves open which: it is the one that comes
            for missed in team.serve(slot, 1 << away, busy, late).missed:
                for rank, post in enumerate(team.posts):
                    if missed.by == post.id and missed.minutes > 0:
                        calls[rank] += 1
    return total
