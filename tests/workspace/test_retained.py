"""A retained scenario changes no more: a copy takes what one tries, and the decision stays."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from geozones.common.errors import InputError
from geozones.domain import ScenarioStatus
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import Actor, Role
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios

WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MOVE, OTHER = {"moves": {"F": "S1"}}, {"moves": {"E": "S1"}}


@pytest.fixture
def service(toy: Study, store: Store) -> Scenarios:
    return Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER), lambda: WHEN)


@pytest.fixture
def kept(service: Scenarios) -> Work:
    """A retained scenario of one move."""
    work = service.describe(service.record(service.new(), "move", MOVE), name="Racan")
    return service.decide(work, ScenarioStatus.KEPT, "vu au comité")


def stored(service: Scenarios, work: Work) -> object:
    assert work.scenario is not None
    return service.open(work.scenario.id).scenario


CHANGES: dict[str, Callable[[Scenarios, Work], Work]] = {
    "a move": lambda service, work: service.record(work, "move", OTHER),
    "a lock": lambda service, work: service.record(
        work, "lock", {"kind": "lycee", "id": "E", "reason": "x"}
    ),
    "undo": lambda service, work: service.step(work, "undo"),
    "a jump": lambda service, work: service.jump(work, None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_retained_scenario_is_made_in_a_copy(
    service: Scenarios, kept: Work, change: str
) -> None:
    before = stored(service, kept)
    copy = CHANGES[change](service, kept)
    assert stored(service, kept) == before
    assert copy.scenario is not None
    assert kept.scenario is not None
    assert copy.scenario.id != kept.scenario.id
    assert (copy.name, copy.scenario.status) == ("Racan (variante)", ScenarioStatus.HYPOTHESIS)
    assert copy.scenario.decisions == ()
    assert copy.origin == "« Racan »"
    assert copy.notice == (
        "« Racan » est retenu et ne change plus : votre changement est dans une copie, "
        "« Racan (variante) »."
    )
    assert service.open(copy.scenario.id).plan == copy.plan
    assert len(service.list()) == 2


def test_the_copy_is_changed_as_any_other_and_tells_it_once(service: Scenarios, kept: Work) -> None:
    copy = service.record(kept, "move", OTHER)
    again = service.record(copy, "move", {"moves": {"E": "N2"}})
    assert again.scenario is not None
    assert copy.scenario is not None
    assert (again.scenario.id, again.notice) == (copy.scenario.id, "")
    assert len(service.list()) == 2


def test_a_change_that_is_refused_makes_no_copy(service: Scenarios, kept: Work) -> None:
    with pytest.raises(InputError, match="centre support"):
        service.record(kept, "move", {"moves": {"A": "S1"}})
    assert len(service.list()) == 1


def test_someone_else_retains_it_meanwhile_and_my_changes_go_to_a_copy(
    service: Scenarios, kept: Work
) -> None:
    assert kept.scenario is not None
    free = service.decide(kept, ScenarioStatus.TO_ARBITRATE, "à revoir")
    mine = service.open(kept.scenario.id)
    decided = service.decide(free, ScenarioStatus.KEPT, "vu")
    put = service.record(mine, "move", OTHER)
    assert put.name == "Racan (variante)"
    assert "est retenu et ne change plus" in put.notice
    assert stored(service, kept) == decided.scenario


def test_another_decision_unlocks_it_and_both_stay(service: Scenarios, kept: Work) -> None:
    free = service.decide(kept, ScenarioStatus.HYPOTHESIS, "à revoir")
    changed = service.record(free, "move", OTHER)
    assert (changed.name, changed.notice) == ("Racan", "")
    assert changed.scenario is not None
    first, second = changed.scenario.decisions
    assert (first.version, second.version) == (3, 4)
    assert service.links.open(first.frozen).plan == kept.plan
    assert service.links.open(second.frozen).plan == kept.plan != changed.plan


def test_what_is_proposed_in_it_is_retained_in_that_version_only(
    toy: Study, service: Scenarios, kept: Work
) -> None:
    assert kept.is_retained
    assert study_of_work(toy.analysis, kept).retained
    copy = service.record(kept, "move", OTHER)
    assert not study_of_work(toy.analysis, copy).retained
    assert kept.scenario is not None
    version = service.links.open(kept.scenario.decisions[0].frozen)
    assert study_of_work(toy.analysis, version).retained
