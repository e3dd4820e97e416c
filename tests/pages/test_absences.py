"""What the page « Équipes » says of absences and of the T.I.S. of a sector."""

from datetime import date

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import SLOTS, Post
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, read


@pytest.fixture
def equipes(service: Scenarios, study: Study) -> AppTest:
    """The page, in the first zone, which has one post: no colleague can come."""
    zone = next(zone for zone in study.plan.zones if study.plan.members(zone.id))
    post = Post("tip-1", zone.id, cells=(study.plan.members(zone.id)[0],) * SLOTS)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    return opened("equipes", scenario=work.saved.id)


def test_half_days_without_anybody_are_never_told_in_green_and_each_absence_what_it_leaves(
    equipes: AppTest,
) -> None:
    equipes.segmented_control(key="TeamView.part").set_value("absence").run()
    for last in (date(2026, 1, 5), date(2026, 1, 9)):
        for rank, day in enumerate((date(2026, 1, 5), last)):
            equipes.date_input[rank].set_value(day).run()
        page = read(equipes)
        assert 'class="gz-notice gz-warning"><strong>T.I.P. 1' in page
        assert 'class="gz-notice gz-ok"' not in page
    left = page.partition("Ce que laisse chaque absence")[2]
    assert "10\N{NO-BREAK SPACE}demi-journées par semaine sans technicien" in left
    assert 'class="gz-notice gz-warning"' in left
    equipes.date_input[1].set_value(date(2026, 1, 2)).run()
    assert "inversez les deux dates" in read(equipes)


def test_a_tis_replaces_nobody_and_those_of_a_sector_are_a_line_of_its_week(
    equipes: AppTest,
) -> None:
    zones = next(box for box in equipes.selectbox if box.label == "Zone de continuité")
    zones.select("Toutes les zones").run()
    assert "2\N{NO-BREAK SPACE}T.I.S. depuis Chevrollier (Angers), " in read(equipes)
    equipes.segmented_control(key="TeamView.part").set_value("absence").run()
    assert "le document ne prévoit pas qu'un T.I.S. remplace un absent" in read(equipes)
    assert "par un T.I.S." not in read(equipes)
    assert "un T.I.S. du secteur" not in read(equipes)
