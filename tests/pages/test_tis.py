"""What the page « Équipes » says of the T.I.S.: the document's words, and a hypothesis apart."""

from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.plan_documents import post_to_json
from geozones.domain.teams import SLOTS, Post
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.study import Study

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def equipes(service: Scenarios, study: Study) -> AppTest:
    """The page, in the first zone, which has one post: no colleague can come."""
    zone = next(zone for zone in study.plan.zones if study.plan.members(zone.id))
    post = Post("tip-1", zone.id, cells=(study.plan.members(zone.id)[0],) * SLOTS)
    made = {"zones": [zone.id], "posts": [post_to_json(post)]}
    work = service.editor.record(service.new(), "set_posts", made)
    app = AppTest.from_file(str(APP), default_timeout=60)
    assert work.scenario is not None
    app.query_params["scenario"] = work.scenario.id
    return app.run().switch_page("pages/equipes.py").run()


def said(app: AppTest) -> str:
    assert not app.exception
    return unescape(" ".join(element.proto.body for element in app.get("html")))


def test_a_tis_replaces_nobody_until_the_hypothesis_is_set(equipes: AppTest) -> None:
    equipes.segmented_control(key="TeamView.part").set_value("absence").run()
    assert "le document ne prévoit pas qu'un T.I.S. remplace un absent" in said(equipes)
    assert "par un T.I.S." not in said(equipes)
    assert "un T.I.S. du secteur" not in said(equipes)
    equipes.toggle(key="equipes.hypothese.tis_replaces").set_value(True).run()
    assert "par hypothèse, un T.I.S. depuis le centre support" in said(equipes)
    assert "un T.I.S. du secteur (hypothèse)" in said(equipes)
