"""Every page is drawn for a scenario that adds a lycée, leaves one out and corrects a third."""

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from geozones.domain.places import PlaceChanges, Spot
from geozones.domain.plan import plan_of
from geozones.workspace import Scenarios, Workspace, open_store

APP = Path(__file__).parents[2] / "app.py"
RACAN, SAVARIERES, NEW = "0720012X", "0440537V", "0490999V"


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    st.cache_resource.clear()
    yield
    st.cache_resource.clear()


@pytest.fixture
def scenario(workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    new = replace(
        workspace.lycees[RACAN],
        id=NEW, name="Lycée neuf", commune="Baugé-en-Anjou", insee="49018", departement="49",
        lat=47.541, lon=-0.105, precision="rue",
    )  # fmt: skip
    plan = workspace.plan
    zones = {key: zone for key, zone in plan.zone_by_lycee.items() if key != SAVARIERES}
    listed = plan_of(plan.sectors, plan.zones, zones | {NEW: zones["0490003M"]})
    store = open_store(os.environ["GEOZONES_DATABASE_URL"])
    try:
        desk = Scenarios(workspace, lambda: store)
        places = PlaceChanges((new,), without=frozenset({SAVARIERES}))
        begun = desk.new(listed, "une liste", places)
        work = desk.place(begun, RACAN, Spot(47.702, 0.431))
        assert work.scenario is not None
        return work.scenario.id
    finally:
        store.close()


def said(app: AppTest) -> str:
    return " ".join(element.proto.body for element in app.get("html"))


def test_every_page_is_drawn_with_the_places_of_the_scenario(scenario: str) -> None:
    app = AppTest.from_file(str(APP), default_timeout=120)
    app.query_params["scenario"] = scenario
    app.run()
    for page in ("atelier", "propositions", "temps", "partager", "webinaire", "donnees"):
        app.switch_page(f"pages/{page}.py").run()
        assert not app.exception, page
        assert not app.error, page
    app.switch_page("pages/atelier.py").run()
    assert any(NEW in option for option in app.selectbox(key="atelier.lycee").options)
    app.selectbox(key="atelier.lycee").select(NEW).run()
    assert "Lycée neuf" in said(app)
    app.switch_page("pages/scenarios.py").run()
    choice = app.multiselect(key="comparaison.choix")
    choice.select(choice.options[0]).run()
    assert not app.exception
    assert "2\u00a0lycées changent de zone" in said(app)
    assert "Lycée neuf (Baugé-en-Anjou)" in said(app)
