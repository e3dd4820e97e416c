"""Pages say what is in force, and by whom; that a retained scenario is changed in a copy."""

import sqlite3
from contextlib import closing
from datetime import date, timedelta
from html import unescape
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.common.clock import today
from geozones.common.french import long_date
from geozones.domain import Publication, ScenarioStatus
from geozones.features.publications import parts
from geozones.features.publications.model import Terms
from geozones.features.publications.parts import PublishView
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.ui import current_scenario
from geozones.ui.state.session_views import Current
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, Actor, Role
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.chosen import aim, choose, open_box, open_drawer
from helpers.stored import published_in
from tests.pages.test_roles import texts, visited

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
STARTING = (
    "Plan de départ : secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des "
    "brouillons de l'outil."
)
pytestmark = pytest.mark.usefixtures("one_day")
YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.fixture
def moved(service: Scenarios) -> Work:
    """A retained scenario that puts Racan in a zone of Le Mans."""
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    work = service.describe(work, name="Racan en Sarthe")
    return service.decide(work, ScenarioStatus.KEPT, "vu au comité")


@pytest.fixture
def published(study: Study, store: Store, moved: Work) -> Publication:
    """It is in force since yesterday."""
    publications = Publications(study.analysis, lambda: store, LOCAL)
    terms = Terms(YESTERDAY, "Grace Hopper", "n° 12")
    return publications.publish(moved, terms, insist=True)


def said(app: AppTest) -> str:
    assert not app.exception
    spaces = {0xA0: " ", 0x202F: " ", 0x2019: "'"}
    return unescape(texts(app)).translate(spaces)


def opened(page: str, *records: object, **query: str) -> AppTest:
    return visited(page, *records, login=False, **query)


def test_carte_says_which_plan_is_in_force_and_who_approved_it(published: Publication) -> None:
    assert published.effective == YESTERDAY
    app = opened("carte")
    assert "approuvé par Grace Hopper, référence n° 12." in said(app)
    assert "Plan en vigueur depuis le" in said(app)
    open_box(app, "menu.comparer")
    # the plan before stays, to be looked at and compared with
    assert any(name == "Plan de départ" for name in app.selectbox(key="MapView.plan").options)


def test_a_publication_and_a_shared_version_show_the_figures_of_their_making(
    service: Scenarios, moved: Work, published: Publication, tmp_path: Path
) -> None:
    day = long_date(today().isoformat())
    kept = f"Chiffres conservés : calculés le {day} avec la méthode 3."
    token = service.links.freeze(service.open(moved.saved.id))
    assert published.figures["method"] == 3
    with closing(sqlite3.connect(tmp_path / "scenarios.db")) as base, base:
        for table in ("geozones_publications", "geozones_frozen"):
            path = "$.areas.region.metrics.road_hours"
            base.execute(f"UPDATE {table} SET figures = json_set(figures, '{path}', 7654.0)")  # noqa: S608 - fixed names
    for app in (open_drawer(opened("carte")), opened("scenarios", version=token)):
        assert kept in said(app)
        assert "7 654 h" in said(app)
    with closing(sqlite3.connect(tmp_path / "scenarios.db")) as base, base:
        base.execute("UPDATE geozones_frozen SET figures = '{}'")
    old = said(opened("scenarios", version=token))
    assert f"Chiffres recalculés le {day} avec la méthode 3." in old
    assert "7 654 h" not in old


def test_without_publications_pages_show_the_starting_plan(service: Scenarios) -> None:
    assert service.list() == ()
    for page in ("carte", "scenarios"):
        assert STARTING in said(opened(page))
    assert "Rien n'a été publié avec cet outil" in said(opened("scenarios"))


def test_a_damaged_publication_is_said_where_the_plan_in_force_is(
    store: Store, published: Publication
) -> None:
    with store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET plan = '{'")
    for page in ("carte", "scenarios"):
        text = said(opened(page))
        assert "est abîmé dans la base" in text
        assert "publication n° 1" in text
    assert published.position == 1


@pytest.mark.parametrize(("role", "offered"), [(Role.PLANNER, False), (Role.ADMINISTRATOR, True)])
def test_only_an_administrator_is_offered_to_publish(
    role: Role, moved: Work, monkeypatch: pytest.MonkeyPatch, *, offered: bool
) -> None:
    for module in (current_scenario, parts):
        monkeypatch.setattr(module, "actor", lambda: Actor("Lou", role))
    app = opened("scenarios", scenario=moved.saved.id)
    keys = {button.key for button in app.button}
    assert ("publication.preparer" in keys) is offered
    told = "Un administrateur peut le mettre en vigueur" in said(app)
    assert told is not offered


def test_two_administrators_at_once_and_the_second_is_told_on_the_page(
    study: Study, store: Store, moved: Work
) -> None:
    typed = PublishView(moved.saved.id, date(2027, 9, 1), "Grace Hopper")
    app = opened("scenarios", typed)
    other = Publications(study.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR))
    other.publish(moved, Terms("2028-09-01", "Ada"))
    app.button(key="publication.publier").click().run()
    assert "Quelqu'un d'autre a publié ou retiré un plan entre-temps" in said(app)
    assert [entry.author for entry in published_in(store)] == ["Ada"]
    # what was typed is still there, and the list is the new one
    assert app.text_input(key="PublishView.approved_by").value == "Grace Hopper"
    assert "1 publication" in said(app)


@pytest.mark.usefixtures("published")
def test_what_waited_for_a_second_approval_is_named_and_not_in_force(store: Store) -> None:
    with store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET needs_approval = 1")
    assert STARTING in said(opened("carte"))
    app = opened("scenarios")
    assert "1 publication attendait une seconde approbation" in said(app)


def test_a_decision_is_shown_with_its_version_and_a_change_goes_to_a_copy(
    service: Scenarios, moved: Work
) -> None:
    kept = moved
    app = opened("scenarios", scenario=kept.saved.id)
    assert "Décision sur la version 3, du" in said(app)
    app = opened("carte", Current(work=kept))
    assert "toute modification crée une copie" in said(app)
    choose(app, lycee=RACAN)
    aim(app, "MAY-2")
    app.button(key="atelier.deplacer").click().run()
    assert "« Racan en Sarthe » est retenu et ne change plus" in said(app)
    assert "rejoint" in said(app)
    assert service.open(kept.saved.id).plan == moved.plan
    assert {line.name for line in service.list()} == {
        "Racan en Sarthe",
        "Racan en Sarthe (variante)",
    }


def test_an_error_of_the_form_is_at_its_field_and_takes_the_focus(moved: Work) -> None:
    app = opened("scenarios", PublishView(moved.saved.id, date(2027, 9, 1)))
    assert "Indiquez qui a approuvé" not in said(app)
    app.button(key="publication.publier").click().run()
    assert "Indiquez qui a approuvé cette décision." in said(app)
    assert 'data-focus="publication-approved_by"' in said(app)
    app.text_input(key="PublishView.approved_by").set_value("Grace Hopper").run()
    assert "Indiquez qui a approuvé" not in said(app)
    app.button(key="publication.publier").click().run()
    assert "« Racan en Sarthe » est publié." in said(app)


def test_a_hypothesis_is_not_published_by_inattention(service: Scenarios) -> None:
    work = service.record(service.new(), "move", {"moves": {RACAN: "SAR-4"}})
    before = opened("scenarios", scenario=work.saved.id)
    form = opened("scenarios", PublishView(work.saved.id, date(2027, 9, 1), "Grace Hopper"))
    assert "seul un scénario « retenu » se publie. Donnez-lui d'abord ce statut." in said(form)
    for app in (before, form):
        assert "publication.publier" not in {button.key for button in app.button}
    assert not before.button(key="publication.preparer").disabled


@pytest.mark.slow
def test_a_link_frozen_while_retained_says_what_became_of_it(
    study: Study, store: Store, service: Scenarios, moved: Work
) -> None:
    token = service.links.freeze(moved)
    assert "Scénario retenu, pas encore publié" in said(opened("scenarios", version=token))
    publications = Publications(study.analysis, lambda: store, LOCAL)
    publications.publish(moved, Terms(YESTERDAY, "Grace Hopper"), insist=True)
    text = said(opened("scenarios", version=token))
    assert "Scénario publié, en vigueur" in text
    assert "approuvé par Grace Hopper" in text
    assert "pas encore publié" not in text
