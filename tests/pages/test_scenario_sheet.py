"""The page of scenarios: a new one, the name changed in place, what waits, publications."""

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain import Publication, ScenarioStatus
from geozones.features.comments.use_cases import Comments
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.state.session_views import Current
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from helpers.page_texts import everything, opened, plain

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2


@pytest.fixture
def work(service: Scenarios) -> Work:
    """A scenario that moves a lycée, with a reason."""
    made = service.record(
        service.new(), "move", {"moves": {RACAN: "SAR-4"}}, "plus près de deux collègues"
    )
    return service.describe(made, name="Racan en Sarthe")


def test_the_list_says_how_many_lycees_a_scenario_moves_and_nothing_of_none(
    service: Scenarios, work: Work
) -> None:
    assert re.search(r"<small>1\S+ d\S+plac\S+ ", everything(opened("scenarios")))
    service.record(work, "move", {"moves": {RACAN: "MAY-2"}})
    assert re.search(r"<small>hypoth", everything(opened("scenarios")))


def name_field(app: AppTest) -> str:
    (field,) = (each for each in app.text_input if each.label == "Nom du scénario")
    return str(field.value)


def rename(app: AppTest, name: str) -> AppTest:
    (field,) = (each for each in app.text_input if each.label == "Nom du scénario")
    return field.set_value(name).run()


def test_a_new_scenario_begins_on_the_map_and_the_one_open_stays_as_it_is(
    service: Scenarios, work: Work
) -> None:
    app = opened("scenarios", Current(work=work))
    app.button(key="scenarios.nouveau").click().run()
    assert "Nouveau scénario à partir du plan de départ : votre premier changement" in plain(app)
    assert "Pour déplacer un lycée" in plain(app)  # the map
    assert app.session_state["geozones.Current"].work.scenario is None
    assert service.open(work.saved.id).plan == work.plan


def test_the_name_is_changed_in_place_and_an_empty_one_refused(
    service: Scenarios, work: Work
) -> None:
    app = opened("scenarios", scenario=work.saved.id)
    assert name_field(app) == "Racan en Sarthe"
    rename(app, "Racan au plus près")
    assert service.open(work.saved.id).name == "Racan au plus près"
    rename(app, "  ")
    assert service.open(work.saved.id).name == "Racan au plus près"
    assert name_field(app) == "Racan au plus près"
    assert "Le nom d'un scénario" in plain(app)


def test_the_sheet_gives_the_reason_of_a_move_and_the_list_what_waits(
    study: Study, store: Store, service: Scenarios, work: Work
) -> None:
    token = service.links.freeze(work, comments=True)
    shown = study_of_work(study.analysis, work)
    place = f"lycee:{RACAN}"
    Comments(lambda: store, VISITOR).leave(token, shown, place, ("Proviseure", "Trop loin."), "")
    app = opened("scenarios", ScenariosView(managed=work.saved.id, feedback=True))
    data = [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.json]
    listed, changes = (each["markup"] for each in data if "markup" in each)
    assert "1 à traiter" in listed
    assert "« plus près de deux collègues », poste local, " in changes
    assert "Trop loin." in plain(app)
    assert "Aucun avis demandé · 1 commentaire, à traiter." in plain(app)


def test_a_publication_names_its_scenario_also_once_it_is_deleted(
    study: Study, store: Store, service: Scenarios, work: Work
) -> None:
    kept = service.decide(work, ScenarioStatus.KEPT, "vu au comité")
    terms = Terms("2026-01-01", "Grace Hopper", "n° 12")
    made: Publication = Publications(study.analysis, lambda: store, LOCAL).publish(
        kept, terms, insist=True
    )
    assert made.scenario == work.saved.id
    cell = '<td data-head="Scénario">Racan en Sarthe</td>'
    assert cell in plain(opened("scenarios"))
    service.delete(work.saved.id)
    assert cell in plain(opened("scenarios"))
