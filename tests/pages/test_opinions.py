"""Answers of lycées on the pages, with those before; a comment on the whole plan beside the map."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.comments import Stance
from geozones.features.comments.parts.views import CommentsView
from geozones.features.comments.use_cases import Comments, Opinions
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.service import Scenarios

APP = Path(__file__).parents[2] / "app.py"


@pytest.fixture
def asked(study: Study, service: Scenarios, store: Store) -> tuple[str, str]:
    """A scenario, and a personal link by which two people answered."""
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    links = Opinions(lambda: store, LOCAL).ask(
        service.links.freeze(work), study, "Favorable ?", ["0720012X"], "2099-01-01"
    )
    lycee = Opinions(lambda: store, VISITOR)
    lycee.give(links[0].token, Stance.FAVOURABLE, "", "Inconnue")
    lycee.give(links[0].token, Stance.OPPOSED, "55 minutes", "Proviseur")
    return work.saved.id, links[0].token


def texts(app: AppTest) -> str:
    assert not app.exception
    said = " ".join(element.proto.body for element in app.get("html"))
    return said.replace("\u202f", " ").replace("\xa0", " ")


def test_a_former_address_leads_to_what_was_answered_in_the_sheet(asked: tuple[str, str]) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = asked[0]
    app.run().switch_page("pages/partager.py")
    app.query_params.update({"scenario": asked[0], "partie": "voix"})
    said = texts(app.run())
    assert "1 lycée interrogé, défavorable · aucun commentaire." in said
    assert "2e réponse ; avant : favorable (Inconnue, " in said


def test_the_personal_link_shows_what_was_answered_before(asked: tuple[str, str]) -> None:
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["avis"] = asked[1]
    said = texts(app.run())
    assert "Avis défavorable, donné par Proviseur" in said
    assert "2e réponse ; avant : favorable (Inconnue, " in said
    assert "La dernière compte." in said


def test_a_comment_on_the_whole_plan_is_never_said_to_be_of_a_place_that_is_gone(
    study: Study, service: Scenarios, store: Store
) -> None:
    work = service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})
    token = service.links.freeze(work, comments=True)
    Comments(lambda: store, VISITOR).leave(token, study, "plan:plan", ("Ada", "Trop cher."), "")
    app = AppTest.from_file(str(APP), default_timeout=60)
    app.query_params["scenario"] = work.saved.id
    app.session_state["geozones.CommentsView"] = CommentsView(opened=True)
    said = texts(app.run())
    assert "Trop cher." in said
    assert "<strong>Tout le plan</strong>" in said
    assert "Ce lieu n'est plus dans ce plan" not in said
