"""Where files lead, and what they are made of: frozen versions, values only, rows."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

import pytest

from geozones.domain import ScenarioStatus
from geozones.domain.plan import plan_of
from geozones.export import Dossier
from geozones.features.publications.model import Terms
from geozones.features.publications.use_cases import Publications
from geozones.metrics import Metric
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
    of_plan,
    open_exported_plan,
)
from geozones.workspace.sharing.rows import moves

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


def test_a_lycee_that_comes_or_goes_changes_of_no_sector(toy: Study) -> None:
    plan = toy.plan
    gone, moved = plan.lycees[0], plan.lycees[-1]
    far = next(zone for zone in plan.zones if zone.sector != plan.sector_of(moved).id)
    zones = dict(plan.zone_by_lycee) | {moved: far.id}
    del zones[gone]
    other = plan_of(plan.sectors, plan.zones, zones)
    there = {row.lycee: row for row in moves(toy, toy.with_plan(other))}
    back = {row.lycee: row for row in moves(toy.with_plan(other), toy)}
    one, two = toy.name(gone), toy.name(moved)
    assert not there[one].changes_sector
    assert not back[one].changes_sector
    assert there[two].changes_sector
    assert (there[one].after, back[one].before) == ("", "")


def parts_of(value: object) -> Iterator[object]:
    """Yield a value and all that it holds; a metric is a constant, named rather than held."""
    yield value
    if isinstance(value, Metric):
        return
    held: list[object] = []
    if is_dataclass(value) and not isinstance(value, type):
        held = [getattr(value, each.name) for each in fields(value)]
    elif isinstance(value, Mapping):
        held = [*value.keys(), *value.values()]
    elif isinstance(value, tuple | list | frozenset | set):
        held = [*value]
    for part in held:
        yield from parts_of(part)


def test_a_dossier_holds_neither_a_function_nor_a_study(toy: Study) -> None:
    moved = of_plan(toy.with_plan(toy.plan.move("D", "S1")), "essai.json")
    made = dossier(moved, ExportView("before-after"))
    assert isinstance(made, Dossier)
    assert made.comparison is not None
    parts = list(parts_of(made))
    assert len(parts) > 500
    assert not [part for part in parts if callable(part)]
    assert not [part for part in parts if type(part).__module__.startswith("geozones.workspace")]
