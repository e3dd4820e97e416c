"""Where files lead: to a frozen version of what they show, never to the working tool."""

import pytest

from geozones.domain import ScenarioStatus
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.store import Store
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.figures.study import Study
from geozones.workspace.ledger import read_ledger, with_publications
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.dossier import dossier
from geozones.workspace.sharing.exported_plan import (
    BASELINE,
    ExportedPlan,
    ExportView,
    open_exported_plan,
)

SITE = "https://geozones.region.example"


@pytest.fixture
def scenarios(toy: Study, store: Store) -> Scenarios:
    return Scenarios(toy.analysis, lambda: store, LOCAL)


@pytest.fixture
def work(scenarios: Scenarios) -> Work:
    return scenarios.record(scenarios.new(), "move", {"moves": {"D": "N1"}})


def opened(analysis: Analysis, scenarios: Scenarios, code: str, site: str = SITE) -> ExportedPlan:
    return open_exported_plan(analysis, scenarios, code).at(site)


def link(token: str) -> str:
    return f"{SITE}/?version={token}"


def test_a_scenario_leads_to_its_frozen_version_as_long_as_it_has_one(
    toy: Study, scenarios: Scenarios, work: Work
) -> None:
    key = work.saved.id
    before = opened(toy.analysis, scenarios, key)
    assert before.address == ""
    assert before.no_address == "Pas de code QR : cette version du scénario n'est pas figée."
    token = scenarios.links.freeze(work)
    exported = opened(toy.analysis, scenarios, key)
    assert exported.address == link(token)
    assert exported.no_address == ""
    for view in (ExportView(), ExportView("sector", "nord"), ExportView("before-after")):
        assert dossier(exported, view).address == link(token)
    assert key not in exported.address
    scenarios.links.withdraw(token)
    assert opened(toy.analysis, scenarios, key).address == ""


def test_an_earlier_version_is_not_where_a_changed_scenario_leads(
    toy: Study, scenarios: Scenarios, work: Work
) -> None:
    scenarios.links.freeze(work)
    changed = scenarios.record(work, "move", {"moves": {"D": "N2"}})
    assert opened(toy.analysis, scenarios, changed.saved.id).address == ""


def test_the_plan_in_force_leads_to_the_version_published_and_the_starting_plan_nowhere(
    toy: Study, store: Store, scenarios: Scenarios, work: Work
) -> None:
    start = opened(toy.analysis, scenarios, BASELINE)
    assert start.address == ""
    assert start.no_address.endswith("ce plan n'a pas de version figée, à laquelle mener.")
    publications = Publications(toy.analysis, lambda: store, LOCAL)
    decided = scenarios.decide(work, ScenarioStatus.KEPT, "vu")
    made = publications.publish(decided, Terms("2020-01-01", "Grace Hopper"), insist=True)
    ledger = read_ledger(toy.atlas, lambda: store, scenarios.today)
    now = with_publications(ledger, toy.analysis)
    assert made.frozen
    for code in (BASELINE, made.id):
        assert opened(now, scenarios, code).address == link(made.frozen)


@pytest.mark.parametrize("site", ["", "http://127.0.0.1:8501"])
def test_without_a_public_address_there_is_no_code_and_that_is_said(
    site: str, toy: Study, scenarios: Scenarios, work: Work
) -> None:
    scenarios.links.freeze(work)
    exported = opened(toy.analysis, scenarios, work.saved.id, site)
    assert exported.address == dossier(exported, ExportView()).address == ""
    assert "l'adresse publique n'est pas réglée" in exported.no_address
