"""The button that undoes names the change, and asks before it undoes somebody else's."""

import pytest
from streamlit.testing.v1 import AppTest

from geozones.store import Store
from geozones.ui.state.session_views import Current
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import opened, plain

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


def label(app: AppTest, key: str) -> str:
    return app.button(key=key).label.replace("\xa0", " ")


def page(name: str, service: Scenarios, scenario: str) -> AppTest:
    return opened(name, Current(work=service.open(scenario)))


@pytest.fixture
def own(moved: Work) -> str:
    """The id of a scenario that moves a lycée."""
    return moved.saved.id


@pytest.mark.parametrize(("name", "keys"), [("carte", "atelier"), ("equipes", "equipes")])
def test_undo_and_redo_name_the_change(service: Scenarios, own: str, name: str, keys: str) -> None:
    app = page(name, service, own)
    assert label(app, f"{keys}.undo").startswith("Annuler : Racan vers Mamers")
    assert label(app, f"{keys}.redo") == "Rétablir"
    app.button(key=f"{keys}.undo").click().run()
    assert (label(app, f"{keys}.undo"), app.button(key=f"{keys}.undo").disabled) == (
        "Annuler",
        True,
    )
    assert label(app, f"{keys}.redo").startswith("Rétablir : Racan vers Mamers")
    assert service.open(own).plan.zone_of(RACAN).id == "MAY-2"


def test_a_change_of_somebody_else_is_undone_only_once_confirmed(
    study: Study, store: Store, service: Scenarios
) -> None:
    ada = Scenarios(study.analysis, lambda: store, Actor("Ada", Role.PLANNER))
    theirs = ada.record(ada.new(), "move", {"moves": {RACAN: "SAR-4"}}).saved.id
    app = page("carte", service, theirs)
    assert label(app, "atelier.undo").startswith("Annuler le changement d'Ada : Racan")
    app.button(key="atelier.undo").click().run()
    assert "Ada a fait ce changement le" in plain(app)
    assert service.open(theirs).plan.zone_of(RACAN).id == "SAR-4"
    app.button(key="annuler.non").click().run()
    assert "Ada a fait ce changement" not in plain(app)
    app.button(key="atelier.undo").click().run()
    app.button(key="annuler.oui").click().run()
    assert service.open(theirs).plan.zone_of(RACAN).id == "MAY-2"
    assert label(app, "atelier.redo").startswith("Rétablir : Racan")
