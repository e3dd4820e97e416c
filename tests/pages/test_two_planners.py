"""Two people change a scenario between two drawings of a page: merged, or asked about."""

import pytest
from streamlit.testing.v1 import AppTest

from geozones.ui.state.carte_views import Selection
from geozones.ui.state.session_views import Current
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, plain

RACAN, HAUTECLOCQUE, MATE = "0720012X", "0720013Y", "0720029R"


@pytest.fixture
def shared(service: Scenarios) -> str:
    """The id of a scenario that moves a lycée."""
    work = service.record(service.new(), "move", {"moves": {HAUTECLOCQUE: "SAR-4"}})
    return work.saved.id


def about_to_move(service: Scenarios, scenario: str, lycee: str) -> AppTest:
    """A page where a lycée and the zone that it is to join are chosen."""
    chosen = Selection(lycee=lycee, target="SAR-1")
    work = service.open(scenario)
    return opened("carte", chosen, Current(work=work))


def test_the_same_lycee_is_asked_about(service: Scenarios, shared: str) -> None:
    app = about_to_move(service, shared, HAUTECLOCQUE)
    service.record(service.open(shared), "move", {"moves": {HAUTECLOCQUE: "SAR-2"}})
    app.button(key="atelier.deplacer").click().run()
    assert "Que garder ?" in plain(app)
    (theirs,) = (button for button in app.button if button.label == "Le sien")
    theirs.click().run()
    assert "Que garder ?" not in plain(app)
    assert service.open(shared).plan.zone_of(HAUTECLOCQUE).id == "SAR-2"
