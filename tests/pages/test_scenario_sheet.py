"""The page of scenarios: new, named, undone, changed by others, two of one name."""

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.domain import Publication, ScenarioStatus
from geozones.features.comments.use_cases import Comments
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui.server.session_limit import Watches
from geozones.ui.server.shared_files import PICTURES
from geozones.ui.state.carte_views import MapView, Selection
from geozones.ui.state.page_views import ScenariosView
from geozones.ui.state.session_views import Current
from geozones.ui.widgets.option_fields import distinct
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, VISITOR, Actor, Role
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


def test_the_list_and_the_sheet_count_what_moves_and_closes_and_say_nothing_of_none(
    service: Scenarios, work: Work
) -> None:
    closed = service.record(work, "close_lycee", {"lycee": "0720055U"})
    app = opened("scenarios", ScenariosView(managed=work.saved.id))
    both = "1 lycée change de zone et 1 lycée ferme"
    assert both in plain(app)  # the sheet
    data = [json.loads(part.proto.json) for part in app.get("bidi_component") if part.proto.json]
    assert any(both in each.get("markup", "").replace("\u00a0", " ") for each in data)
    undone = service.step(closed, "undo")
    service.record(undone, "move", {"moves": {RACAN: "MAY-2"}})
    assert re.search(r"<small>hypoth", everything(opened("scenarios")))


def test_the_map_says_what_a_scenario_is_compared_with(service: Scenarios, work: Work) -> None:
    other = service.record(service.new(), "move", {"moves": {RACAN: "SAR-1"}})
    kicker = '<p class="gz-kicker">Ce qui change par rapport au plan '
    seen = [
        plain(opened("carte", MapView(reference=key), scenario=work.saved.id))
        for key in (None, other.saved.id)
    ]
    assert f"{kicker}de départ</p>" in seen[0]
    assert f"{kicker}choisi sous « Comparer »</p>" in seen[1]


def name_field(app: AppTest) -> str:
    (field,) = (each for each in app.text_input if each.label == "Nom du scénario (obligatoire)")
    return str(field.value)


def rename(app: AppTest, name: str) -> AppTest:
    (field,) = (each for each in app.text_input if each.label == "Nom du scénario (obligatoire)")
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


@pytest.mark.parametrize("rank", [0, 1])
def test_of_two_scenarios_of_the_same_name_the_one_chosen_is_deleted(
    service: Scenarios, rank: int
) -> None:
    for zone in ("SAR-4", "SAR-1"):
        work = service.record(service.new(), "move", {"moves": {"0720012X": zone}})
        service.describe(work, name="Essai")
    ids = [entry.id for entry in service.list()]
    pictures = [_kept_picture(service.links.freeze(service.open(key))) for key in ids]
    app = opened("scenarios", ScenariosView(managed=ids[rank]))
    app.checkbox(key=f"ScenariosView.sure.{ids[rank]}").check().run()
    app.button(key="scenario.supprimer").click().run()
    assert not app.exception
    assert [entry.id for entry in service.list()] == [ids[1 - rank]]
    assert [picture.exists() for picture in pictures] == [rank != 0, rank != 1]


def _kept_picture(token: str) -> Path:
    """Keep a picture of a version, as if a link to it had been sent."""
    picture = PICTURES.file(token)
    picture.parent.mkdir(parents=True, exist_ok=True)
    picture.write_bytes(b"map")
    return picture


def test_names_that_are_the_same_are_numbered_and_no_other() -> None:
    names = {"a": "Essai", "b": "Essai", "c": "Essai (1)", "d": "Autre"}
    labels = distinct(names)
    assert labels["d"] == "Autre"
    assert len(set(labels.values())) == 4
    assert labels["c"] == "Essai (1)"
    assert all(labels[key].startswith("Essai (") for key in "ab")


def test_a_page_is_due_once_for_each_change_that_is_not_its_own() -> None:
    watches = Watches()
    watches.put("ada", "s", 1, "page")
    watches.put("eve", "other", 7)
    assert watches.scenarios() == {"s", "other"}
    assert watches.due({"s": 1, "other": 7}) == {}
    # the first look at a change may come between the page's own save and its drawing
    assert watches.due({"s": 2, "other": 7}) == {}
    assert watches.due({"s": 2, "other": 7}) == {"ada": "page"}
    assert watches.due({"s": 2, "other": 7}) == {}
    # drawn again, but not caught up: it is in conflict, and not called at every look
    watches.put("ada", "s", 1, "page")
    assert [watches.due({"s": 2, "other": 7}) for _ in range(3)] == [{}, {}, {}]
    watches.put("ada", "s", 2, "page")
    watches.due({"s": 3, "other": 7})
    assert watches.due({"s": 3, "other": 7}) == {"ada": "page"}


def test_what_a_page_saves_itself_does_not_call_it() -> None:
    watches = Watches()
    watches.put("ada", "s", 1)
    assert watches.due({"s": 2}) == {}
    watches.put("ada", "s", 2)
    assert watches.due({"s": 2}) == {}
    assert watches.due({"s": 2}) == {}


def test_a_scenario_that_was_deleted_calls_its_pages() -> None:
    watches = Watches()
    watches.put("ada", "s", 1)
    watches.due({})
    assert watches.due({}) == {"ada": ""}
    watches.drop("ada")
    assert watches.scenarios() == frozenset()


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


MOVED, HAUTECLOCQUE, MATE = "0720012X", "0720013Y", "0720029R"


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
