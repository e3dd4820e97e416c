"""« Sans personne » means one thing: resilience and the absence sheet count the same half-days."""

from dataclasses import replace
from datetime import date, timedelta

from geozones.domain.teams import Teams
from geozones.workspace.study import Study
from geozones.workspace.teams.staff import Staff

MONDAY = date(2026, 1, 5)
#: A week with free half-days, one without, six posts and three.
ZONES = ("MEL-1", "SLC-3", "SAR-2", "VEN-1")


def test_the_two_screens_agree_on_the_posts_proposed_for_the_plan(study: Study) -> None:
    staff = Staff(study.with_teams(Teams()))
    proposed = staff.propose(ZONES, staff.options())
    posts = [post for proposal in proposed for post in proposal.posts]
    # a sheet holds the monthly cap, which a week of resilience knows nothing of
    settings = replace(study.settings.teams, monthly_cap=40)
    people = study.with_team_settings(settings).with_teams(Teams().with_posts(ZONES, posts))
    staff = Staff(people)
    counted = {}
    for post in posts:
        week = staff.absence(post.id, MONDAY, MONDAY + timedelta(days=4))
        counted[post.id] = sum((relief.missed.by == "") + relief.alone for relief in week.reliefs)
        assert week.empty == counted[post.id]
    covers = staff.standing(ZONES).covers
    assert {
        key: count for cover in covers.values() for key, count in cover.empty.items()
    } == counted
    single = staff.standing(ZONES).single
    assert single is not None
    assert single.uncovered == 0 < single.empty == sum(counted.values())
