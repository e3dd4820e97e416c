"""Answers of lycées on the pages, with those before; a comment on the whole plan beside the map."""

import pytest

from geozones.domain.comments import Stance
from geozones.features.comments.parts.views import CommentsView
from geozones.features.comments.use_cases import Comments, Opinions
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, plain


@pytest.fixture
def asked(study: Study, service: Scenarios, store: Store, moved: Work) -> tuple[str, str]:
    """A scenario, and a personal link by which two people answered."""
    links = Opinions(lambda: store, LOCAL).ask(
        service.links.freeze(moved), study, "Favorable ?", ["0720012X"], "2099-01-01"
    )
    lycee = Opinions(lambda: store, VISITOR)
    lycee.give(links[0].token, Stance.FAVOURABLE, "", "Inconnue")
    lycee.give(links[0].token, Stance.OPPOSED, "55 minutes", "Proviseur")
    return moved.saved.id, links[0].token


def test_a_former_address_leads_to_what_was_answered_in_the_sheet(asked: tuple[str, str]) -> None:
    said = plain(opened("partager", scenario=asked[0], partie="voix"))
    assert "1 lycée interrogé, défavorable" in said
    assert "2e réponse ; avant : favorable (Inconnue, " in said


def test_the_personal_link_shows_what_was_answered_before(asked: tuple[str, str]) -> None:
    said = plain(opened(avis=asked[1]))
    assert "Avis défavorable, donné par Proviseur" in said
    assert "avant : favorable (Inconnue, " in said


def test_a_comment_on_the_whole_plan_is_never_said_to_be_of_a_place_that_is_gone(
    study: Study, service: Scenarios, store: Store, moved: Work
) -> None:
    token = service.links.freeze(moved, comments=True)
    Comments(lambda: store, VISITOR).leave(token, study, "plan:plan", ("Ada", "Trop cher."), "")
    said = plain(opened("carte", CommentsView(opened=True), scenario=moved.saved.id))
    assert "Trop cher." in said
    assert "<strong>Tout le plan</strong>" in said
    assert "Ce lieu n'est plus dans ce plan" not in said
