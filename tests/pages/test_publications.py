"""Pages say what is in force, and by whom; that a retained scenario is changed in a copy."""

import json
from datetime import date, timedelta

import pytest

from geozones.common.clock import today
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
from helpers.chosen import aim, choose, open_box
from helpers.page_texts import opened, plain
from helpers.stored import published_in

RACAN = "0720012X"  # Montval-sur-Loir, zone MAY-2
STARTING = (
    "Plan de départ : secteurs présentés au webinaire du 11 juin 2025 ; quatre secteurs sont des "
    "brouillons de l'outil."
)
pytestmark = pytest.mark.usefixtures("one_day")
YESTERDAY = (today() - timedelta(days=1)).isoformat()


@pytest.fixture
def retained(service: Scenarios, moved: Work) -> Work:
    work = service.describe(moved, name="Racan en Sarthe")
    return service.decide(work, ScenarioStatus.KEPT, "vu au comité")


@pytest.fixture
def published(study: Study, store: Store, retained: Work) -> Publication:
    """It is in force since yesterday."""
    publications = Publications(study.analysis, lambda: store, LOCAL)
    terms = Terms(YESTERDAY, "Grace Hopper", "n° 12")
    return publications.publish(retained, terms, insist=True)


def test_carte_says_which_plan_is_in_force_and_who_approved_it(published: Publication) -> None:
    assert published.effective == YESTERDAY
    app = opened("carte")
    assert "Grace Hopper, référence n° 12" in plain(app)
    open_box(app, "menu.comparer")
    # its own sheet and its webinar know that it is published: « retenu » alone is not so any more
    sheet = plain(opened("scenarios", scenario=published.scenario))
    assert "Scénario publié, en vigueur · par rapport au" in sheet
    drawn = opened("webinaire", scenario=published.scenario).get("bidi_component")
    shown = " ".join(json.loads(part.proto.json or "{}").get("page", "") for part in drawn)
    assert "aucune décision n’est plus demandée" in shown
    assert "Décision demandée" not in shown
    # the plan before stays, to be looked at and compared with
    assert any(name == "Plan de départ" for name in app.selectbox(key="MapView.plan").options)


def test_a_damaged_publication_is_said_where_the_plan_in_force_is(
    store: Store, published: Publication
) -> None:
    with store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET plan = '{'")
    for page in ("carte", "scenarios"):
        text = plain(opened(page))
        assert "est abîmé dans la base" in text
        assert "publication n° 1" in text
    assert published.position == 1


@pytest.mark.parametrize(("role", "offered"), [(Role.PLANNER, False), (Role.ADMINISTRATOR, True)])
def test_only_an_administrator_is_offered_to_publish(
    role: Role, retained: Work, monkeypatch: pytest.MonkeyPatch, *, offered: bool
) -> None:
    for module in (current_scenario, parts):
        monkeypatch.setattr(module, "actor", lambda: Actor("Lou", role))
    app = opened("scenarios", scenario=retained.saved.id)
    keys = {button.key for button in app.button}
    assert ("publication.preparer" in keys) is offered
    told = "Un administrateur peut le mettre en vigueur" in plain(app)
    assert told is not offered


def test_two_administrators_at_once_and_the_second_is_told_on_the_page(
    study: Study, store: Store, retained: Work
) -> None:
    typed = PublishView(retained.saved.id, date(2027, 9, 1), "Grace Hopper")
    app = opened("scenarios", typed)
    other = Publications(study.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR))
    other.publish(retained, Terms("2028-09-01", "Ada"))
    app.button(key="publication.publier").click().run()
    assert "Quelqu'un d'autre a publié ou retiré un plan entre-temps" in plain(app)
    assert [entry.author for entry in published_in(store)] == ["Ada"]
    # what was typed is still there, and the list is the new one
    assert app.text_input(key="PublishView.approved_by").value == "Grace Hopper"
    assert "1 publication" in plain(app)


@pytest.mark.usefixtures("published")
def test_what_waited_for_a_second_approval_is_named_and_not_in_force(store: Store) -> None:
    with store.context.database.writing() as connection:
        connection.exec_driver_sql("UPDATE geozones_publications SET needs_approval = 1")
    assert STARTING in plain(opened("carte"))
    app = opened("scenarios")
    assert "1 publication attendait une seconde approbation" in plain(app)


def test_a_decision_is_shown_with_its_version_and_a_change_goes_to_a_copy(
    service: Scenarios, retained: Work
) -> None:
    kept = retained
    app = opened("scenarios", scenario=kept.saved.id)
    assert "Décision sur la version 3, du" in plain(app)
    app = opened("carte", Current(work=kept))
    assert "toute modification crée une copie" in plain(app)
    choose(app, lycee=RACAN)
    aim(app, "MAY-2")
    app.button(key="atelier.deplacer").click().run()
    assert "« Racan en Sarthe » est retenu et ne change plus" in plain(app)
    assert "rejoint" in plain(app)
    assert service.open(kept.saved.id).plan == retained.plan
    assert {line.name for line in service.list()} == {
        "Racan en Sarthe",
        "Racan en Sarthe (variante)",
    }


def test_an_error_of_the_form_is_at_its_field_and_takes_the_focus(retained: Work) -> None:
    app = opened("scenarios", PublishView(retained.saved.id, date(2027, 9, 1)))
    assert "Indiquez qui a approuvé" not in plain(app)
    app.button(key="publication.publier").click().run()
    assert "Indiquez qui a approuvé cette décision." in plain(app)
    assert 'data-focus="publication-approved_by"' in plain(app)
    app.text_input(key="PublishView.approved_by").set_value("Grace Hopper").run()
    assert "Indiquez qui a approuvé" not in plain(app)
    app.button(key="publication.publier").click().run()
    assert "« Racan en Sarthe » est publié." in plain(app)
