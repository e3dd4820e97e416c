"""Every page is drawn for a scenario that adds a lycée, leaves one out and corrects a third."""

import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain.places import LocationOverrides, Spot
from geozones.domain.plan import plan_of
from geozones.ui import opened_data
from geozones.ui.state.carte_views import Mode
from geozones.ui.widgets.scenario_bar import BASELINE
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import choose, open_box, turn
from helpers.page_texts import opened, said

RACAN, SAVARIERES, NEW = "0720012X", "0440537V", "0490999V"
DROPPED = "ce que vous aviez choisi (le lycée)"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    opened_data.store.clear()
    yield
    opened_data.store.clear()


@pytest.fixture
def scenario(study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    new = replace(
        study.territory.lycees[RACAN],
        id=NEW, name="Lycée neuf", commune="Baugé-en-Anjou", insee="49018", departement="49",
        lat=47.541, lon=-0.105, precision="rue",
    )  # fmt: skip
    plan = study.plan
    zones = {key: zone for key, zone in plan.zone_by_lycee.items() if key != SAVARIERES}
    listed = plan_of(plan.sectors, plan.zones, zones | {NEW: zones["0490003M"]})
    store = open_store(os.environ["GEOZONES_DATABASE_URL"])
    try:
        service = Scenarios(study.analysis, lambda: store, LOCAL)
        places = LocationOverrides((new,), excluded=frozenset({SAVARIERES}))
        begun = service.new(listed, "une liste", places)
        work = service.place(begun, RACAN, Spot(47.702, 0.431))
        return work.scenario.id
    finally:
        store.close()


@pytest.fixture
def app(scenario: str) -> AppTest:
    """The app, opened by the address of the scenario on the mode « modifier » of the map."""
    return opened(scenario=scenario, mode="modifier")


def is_whole(app: AppTest) -> bool:
    return not app.exception and not app.error and "votre travail est gardé" not in said(app)


@pytest.mark.slow
def test_every_mode_of_the_map_is_drawn_with_the_places_of_the_scenario(app: AppTest) -> None:
    for mode in Mode:
        turn(app, mode)
        assert f'data-mode="{mode}"' in said(app)
        assert is_whole(app), mode
        places = " ".join(re.findall('class="gz-places".*?>', said(app)))
        assert NEW in places
        assert SAVARIERES not in places
    turn(app, Mode.MAP)
    choose(app, lycee=NEW)
    assert "<h3>Lycée neuf</h3>" in said(app)


@pytest.mark.parametrize(
    ("page", "view", "parts"),
    [
        ("equipes", "TeamView", ()),
        pytest.param("partager", "ShareView", ("webinaire", "fichiers"), marks=pytest.mark.slow),
        ("donnees", "DataView", ("minutes", "territoires", "liste")),
    ],
)
def test_every_page_is_drawn_with_the_places_of_the_scenario(
    app: AppTest, page: str, view: str, parts: tuple[str, ...]
) -> None:
    app.switch_page(f"pages/{page}.py").run()
    assert is_whole(app)
    for part in parts:
        app.segmented_control(key=f"{view}.part").set_value(part).run()
        assert is_whole(app), part


def test_scenarios_are_compared_with_the_places_of_each(app: AppTest) -> None:
    app.switch_page("pages/scenarios.py").run()
    choice = app.multiselect(key="ScenariosView.compared")
    choice.select(choice.options[0]).run()
    assert not app.exception
    assert "2\u00a0lycées changent de zone" in said(app)
    assert "Lycée neuf (Baugé-en-Anjou)" in said(app)


def test_a_selection_that_the_plan_on_screen_has_not_is_dropped_and_said(app: AppTest) -> None:
    choose(app, lycee=NEW)
    open_box(app, "menu.comparer").selectbox(key="MapView.plan").select(BASELINE).run()
    assert is_whole(app)
    assert DROPPED in said(app)
    assert "<h3>Lycée neuf</h3>" not in said(app)
