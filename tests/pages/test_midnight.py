"""A page left open past midnight: untouched dates are the new day's, chosen ones stay."""

from datetime import date, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from geozones.common.french import long_date
from geozones.domain import ScenarioStatus
from geozones.domain.access import DeadLinkError
from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import SLOTS, Post
from geozones.features.publications.parts import PublishView
from geozones.store import Store
from geozones.ui.shared_pages import require_open
from geozones.workspace.figures.study import Study
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened
from helpers.still_clock import put_at, put_forward
from helpers.stored import published_in

DAY, NEXT = date(2027, 1, 11), date(2027, 1, 12)
FIVE_DAYS = timedelta(days=5)


@pytest.fixture(autouse=True)
def _before_midnight(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is 23:30 in the territory, and will be the same day in UTC an hour later."""
    put_at(monkeypatch, f"{DAY}T22:30:00+00:00")


def an_hour_later(monkeypatch: pytest.MonkeyPatch) -> None:
    put_forward(monkeypatch, timedelta(hours=1))


@pytest.fixture
def retained(service: Scenarios, moved: Work) -> Work:
    return service.decide(moved, ScenarioStatus.KEPT, "vu au comité")


def dates(app: AppTest) -> list[date]:
    """Return the dates of the fields, in the order of the page."""
    assert not app.exception
    return [each.value for each in app.date_input]


def test_an_absence_begins_on_the_day_it_is_looked_at_until_another_is_chosen(
    study: Study, service: Scenarios, monkeypatch: pytest.MonkeyPatch
) -> None:
    zone = next(zone.id for zone in study.plan.zones if study.plan.members(zone.id))
    post = Post("tip-1", zone, cells=(study.plan.members(zone)[0],) * SLOTS)
    made = {"zones": [zone], "posts": [post_to_json(post)]}
    work = service.record(service.new(), "set_posts", made)
    app = opened("equipes", scenario=work.saved.id)
    app.segmented_control(key="TeamView.part").set_value("absence").run()
    assert dates(app) == [DAY, DAY + timedelta(days=6)]
    an_hour_later(monkeypatch)
    assert dates(app.run()) == [NEXT, NEXT + timedelta(days=6)]
    app.date_input[0].set_value(NEXT + FIVE_DAYS).run()
    put_forward(monkeypatch, timedelta(days=1))
    assert dates(app.run())[0] == NEXT + FIVE_DAYS


def test_a_plan_is_published_from_the_day_that_its_button_says(
    store: Store, retained: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    typed = PublishView(retained.saved.id, approved_by="Grace Hopper", insist=True)
    app = opened("scenarios", typed)
    button = app.button(key="publication.publier")
    assert long_date(DAY.isoformat()) in button.label
    an_hour_later(monkeypatch)
    assert dates(app.run()) == [NEXT]
    button = app.button(key="publication.publier")
    assert long_date(NEXT.isoformat()) in button.label
    put_forward(monkeypatch, timedelta(days=1))  # while it is read
    button.click().run()
    assert not app.exception
    (made,) = published_in(store)
    assert made.effective == NEXT.isoformat()


def test_a_link_ends_with_its_last_day_in_the_territory(
    service: Scenarios, retained: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    token = service.links.freeze(retained, DAY.isoformat())
    require_open(token)
    an_hour_later(monkeypatch)
    with pytest.raises(DeadLinkError):
        require_open(token)
