"""Who sees the picture of the plan in force before the app has started."""

from datetime import timedelta

import pytest

from geozones.common.clock import today
from geozones.domain import ScenarioStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui.server import page_head
from geozones.ui.server.page_head import FirstPictures
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios

YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.fixture
def pictures(store: Store) -> FirstPictures:  # noqa: ARG001 - nothing is published in it
    made = FirstPictures()
    made.start().join()
    return made


def test_the_bare_address_begins_with_a_picture_and_no_other_does(pictures: FirstPictures) -> None:
    shown = pictures.markup("/", "")
    assert "/app/static/vendor/first-" in shown
    assert pictures.markup("/carte", "") == shown
    for path, query in (("/equipes", ""), ("/", "scenario=1"), ("/", "version=x"), ("/any", "")):
        assert pictures.markup(path, query) is None


def test_nobody_sees_the_plan_before_the_login(
    pictures: FirstPictures, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_head, "secrets", lambda: {"auth": {"client_id": "geozones"}})
    assert pictures.markup("/", "") is None


def test_a_plan_that_is_no_longer_in_force_is_not_shown(
    pictures: FirstPictures, study: Study, store: Store, service: Scenarios
) -> None:
    before = pictures.markup("/", "")
    moved = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    kept = service.decide(moved, ScenarioStatus.KEPT, "vu au comité")
    publications = Publications(study.analysis, lambda: store, LOCAL)
    publications.publish(kept, Terms(YESTERDAY, "Ada"), insist=True)
    assert pictures.markup("/", "") is None
    pictures.start().join()
    after = pictures.markup("/", "")
    assert after is not None
    assert after != before
