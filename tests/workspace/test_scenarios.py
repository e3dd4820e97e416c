"""Scenarios over a real SQLite store: saved, retained, never overwritten, never lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import PlanFileError, ScenarioStatus, StoreError, UnknownScenarioError
from geozones.domain.access import DeadLinkError
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, Actor, Role
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Work, study_of_work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.exported_plan import asked_of

WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MOVE = {"moves": {"F": "S1"}}


@pytest.fixture
def service(toy: Study, store: Store) -> Scenarios:
    return Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.ADMINISTRATOR), lambda: WHEN)


@pytest.fixture
def saved(service: Scenarios) -> Work:
    return service.record(service.new(), "move", MOVE, "  parce que  ")


def test_a_change_is_saved_at_once_with_who_when_and_why(service: Scenarios, saved: Work) -> None:
    assert not saved.is_dirty
    again = service.open(saved.scenario.id)
    assert again.plan == saved.plan
    (event,) = again.timeline.path
    assert (event.author, event.why, event.kind) == ("Ada", "parce que", "move")
    assert event.at.startswith("2026-01-05T09:30:00")
    assert again.name == "Fermat → La Côte"


def test_a_refused_change_leaves_everything_as_it_was(service: Scenarios, saved: Work) -> None:
    with pytest.raises(InputError, match=r"Changement refusé\..*centre support"):
        service.record(saved, "move", {"moves": {"A": "S1"}})
    with pytest.raises(InputError, match="centre support"):
        service.record(saved, "merge_zones", {"zone": "N1", "into": "S1"})
    locked = service.record(saved, "lock", {"kind": "lycee", "id": "E", "reason": "arbitrage"})
    with pytest.raises(InputError, match="verrouillé : arbitrage"):
        service.record(locked, "move", {"moves": {"E": "S1"}})
    assert len(service.open(saved.scenario.id).timeline.events) == 2


def test_two_planners_on_one_lycee_are_asked_then_one_puts_theirs_after(
    service: Scenarios, saved: Work
) -> None:
    mine, theirs = service.open(saved.scenario.id), service.open(saved.scenario.id)
    service.record(theirs, "move", {"moves": {"D": "N1", "E": "N1"}})
    late = service.record(mine, "move", {"moves": {"D": "S1"}})
    assert late.is_dirty
    assert late.conflict.question == (
        "Votre changement porte sur la même chose qu'un autre, fait entre-temps. Quelqu'un d'autre "
        ": Descartes (Doué) et Eiffel (Ernée) → Les Sources. Vous : Descartes (Doué) → La Côte. "
        "Que garder ?"
    )
    assert service.open(saved.scenario.id).plan.zone_of("D").id == "N1"
    after, refused = service.rebase(late)
    assert refused == ()
    assert not after.is_dirty
    zones = {key: service.open(saved.scenario.id).plan.zone_of(key).id for key in "DEF"}
    assert zones == {"D": "S1", "E": "N1", "F": "S1"}


def test_what_no_longer_holds_after_another_s_change_is_told(
    service: Scenarios, saved: Work
) -> None:
    mine, theirs = service.open(saved.scenario.id), service.open(saved.scenario.id)
    service.record(theirs, "lock", {"kind": "zone", "id": "N1", "reason": "fait"})
    late = service.record(mine, "move", {"moves": {"E": "N1"}})
    after, ((event, why),) = service.rebase(late)
    assert event.kind == "move"
    assert "verrouillée : fait" in why
    assert after.plan == saved.plan
    assert not after.is_dirty


def test_a_store_that_fails_keeps_the_work_in_memory_and_the_next_try_saves_it(
    toy: Study, store: Store
) -> None:
    down = True

    def opener() -> Store:
        if down:
            msg = "La base ne répond pas : vérifiez-la."
            raise StoreError(msg)
        return store

    service = Scenarios(toy.analysis, opener, LOCAL, clock=lambda: WHEN)
    first = service.record(service.new(), "move", MOVE)
    assert (first.problem, first.is_dirty) == ("La base ne répond pas : vérifiez-la.", True)
    second = service.record(first, "move", {"moves": {"E": "S1"}})
    assert second.plan.members("S1") == ("E", "F", "G", "H", "I")
    assert len(second.pending) == 2
    down = False
    saved = service.save(second)
    assert saved.problem is None
    assert service.open(saved.scenario.id).plan == second.plan


def test_decisions_are_dated_and_kept(service: Scenarios, saved: Work) -> None:
    decided = service.decide(saved, ScenarioStatus.KEPT, " vu au comité ")
    named = service.describe(decided, name=" Variante A ", description="pour le comité")
    again = service.open(saved.scenario.id).scenario
    assert (again.status, again.name) == (ScenarioStatus.KEPT, "Variante A")
    ((when, text, author),) = [(d.at, d.text, d.author) for d in again.decisions]
    assert (when, text, author) == ("2026-01-05", "vu au comité", "Ada")
    for changes in ({"name": " "}, {"name": "x" * 121}):
        with pytest.raises(InputError, match="Le nom d'un scénario"):
            service.describe(named, **changes)
    with pytest.raises(InputError, match="La note de décision"):
        service.decide(named, ScenarioStatus.DISCARDED, "")


def test_a_frozen_version_never_changes_and_opens_nothing_for_writing(
    service: Scenarios, saved: Work
) -> None:
    token = service.links.freeze(saved)
    service.record(saved, "move", {"moves": {"E": "S1"}})
    assert service.links.open(token).plan == saved.plan
    service.delete(saved.scenario.id)
    assert service.links.open(token).plan == saved.plan
    for wrong in (token, saved.scenario.id, "absent"):
        with pytest.raises(UnknownScenarioError):
            service.open(wrong)
    with pytest.raises(DeadLinkError):
        service.links.open(saved.scenario.id)


def test_what_a_file_says_was_decided_is_told_as_hearsay_and_stays_a_hypothesis(
    service: Scenarios, saved: Work
) -> None:
    document = service.export(service.decide(saved, ScenarioStatus.KEPT, "au comité"))
    (decision,) = document["scenario"]["decisions"]
    decision.update(text="approuvé par le président", author="Le président")
    taken = service.import_(json.dumps(document).encode()).saved
    assert taken.status is ScenarioStatus.HYPOTHESIS
    here = f"selon le fichier importé par {service.actor.name}"
    said = [(entry.text, entry.author, entry.version, entry.frozen) for entry in taken.decisions]
    assert said == [
        ("approuvé par le président", f"Le président, {here}", 0, ""),
        (
            "Le fichier importé donne le statut « retenu », qui n'est pas repris.",
            service.actor.name,
            0,
            "",
        ),
    ]
    assert service.open(taken.id).saved == taken
    assert any(f"(Le président, {here})" in line for line in asked_of(service.open(taken.id)))


def _first(document: dict[str, Any]) -> dict[str, Any]:
    event: dict[str, Any] = document["scenario"]["events"][0]
    return event


#: What may be wrong with a scenario file.
FAULTS: dict[str, Callable[[dict[str, Any]], object]] = {
    "future": lambda document: document.update(version=2),
    "plan": lambda document: document.update(format="geozones.plan"),
    "lycee": lambda document: _first(document).update(data={"moves": {"Z": "S1"}}),
    "kind": lambda document: _first(document).update(kind="explode"),
    "orphan": lambda document: _first(document).update(parent="nobody"),
    "twice": lambda document: document["scenario"]["events"].append(_first(document)),
    "base": lambda document: document["scenario"]["base"]["sectors"][0]["zones"][0][
        "lycees"
    ].append("G"),
    "field": lambda document: document["scenario"].pop("name"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_wrong_scenario_file_is_refused_and_nothing_is_kept(
    service: Scenarios, saved: Work, fault: str
) -> None:
    before = service.list()
    document = service.export(saved)
    FAULTS[fault](document)
    with pytest.raises((InputError, PlanFileError)) as caught:
        service.import_(json.dumps(document).encode())
    assert str(caught.value).endswith(".")
    assert service.list() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"[]"])
def test_a_file_that_is_no_scenario_is_refused(service: Scenarios, content: bytes) -> None:
    with pytest.raises(InputError, match="ne peut pas être importé"):
        service.import_(content)


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(service: Scenarios) -> None:
    with pytest.raises(InputError, match="trop gros"):
        service.import_(b" " * 100_000_000)


def test_events_are_told_in_words(service: Scenarios, toy: Study) -> None:
    work = service.new()
    for kind, data in (
        ("create_zone", {"zone": "N3", "name": "Le Val", "sector": "nord"}),
        ("move", {"moves": {"E": "N3", "F": "N3", "C": "N2"}}),
        ("rename_zone", {"zone": "N3", "name": "Le Marais"}),
        ("set_pivot", {"zone": "N3", "lycee": "E"}),
        ("set_colour", {"zone": "N3", "colour": "#123456"}),
        ("lock", {"kind": "sector", "id": "sud", "reason": "vu"}),
        ("unlock", {"kind": "sector", "id": "sud"}),
        ("split_zone", {"zone": "N3", "new": "N4", "name": "Le Pré", "lycees": ["F"]}),
        ("merge_zones", {"zone": "N4", "into": "N3"}),
    ):
        work = service.record(work, kind, data)
    assert [describe_event(toy.territory, work, event) for event in work.timeline.path] == [
        "Zone Le Val créée",
        "Eiffel (Ernée) et Fermat (Fresnay) → Le Marais ; Curie (Clisson) → Le Bocage",
        "Zone renommée Le Marais",
        "Lycée pivot de Le Marais : Eiffel (Ernée)",
        "Couleur de Le Marais : #123456",
        "Sud : verrouillé (vu)",
        "Sud : déverrouillé",
        "Zone Le Marais scindée : Le Pré reçoit Fermat (Fresnay)",
        "Zone Le Pré fusionnée avec Le Marais",
    ]


MOVED, OTHER = {"moves": {"F": "S1"}}, {"moves": {"E": "S1"}}


@pytest.fixture
def planner(toy: Study, store: Store) -> Scenarios:
    return Scenarios(toy.analysis, lambda: store, Actor("Ada", Role.PLANNER), lambda: WHEN)


@pytest.fixture
def kept(planner: Scenarios) -> Work:
    """A retained scenario of one move."""
    work = planner.describe(planner.record(planner.new(), "move", MOVED), name="Racan")
    return planner.decide(work, ScenarioStatus.KEPT, "vu au comité")


def stored(planner: Scenarios, work: Work) -> object:
    return planner.open(work.scenario.id).scenario


CHANGES: dict[str, Callable[[Scenarios, Work], Work]] = {
    "a move": lambda planner, work: planner.record(work, "move", OTHER),
    "a lock": lambda planner, work: planner.record(
        work, "lock", {"kind": "lycee", "id": "E", "reason": "x"}
    ),
    "undo": lambda planner, work: planner.step(work, "undo"),
    "a jump": lambda planner, work: planner.jump(work, None),
}


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_of_a_retained_scenario_is_made_in_a_copy(
    planner: Scenarios, kept: Work, change: str
) -> None:
    before = stored(planner, kept)
    copy = CHANGES[change](planner, kept)
    assert stored(planner, kept) == before
    assert copy.scenario.id != kept.scenario.id
    assert (copy.name, copy.scenario.status) == ("Racan (variante)", ScenarioStatus.HYPOTHESIS)
    assert copy.scenario.decisions == ()
    assert copy.origin == "« Racan »"
    assert copy.notice == (
        "« Racan » est retenu et ne change plus : votre changement est dans une copie, "
        "« Racan (variante) »."
    )
    assert planner.open(copy.scenario.id).plan == copy.plan
    assert len(planner.list()) == 2


def test_the_copy_is_changed_as_any_other_and_tells_it_once(planner: Scenarios, kept: Work) -> None:
    copy = planner.record(kept, "move", OTHER)
    again = planner.record(copy, "move", {"moves": {"E": "N2"}})
    assert (again.scenario.id, again.notice) == (copy.scenario.id, "")
    assert len(planner.list()) == 2


def test_a_change_that_is_refused_makes_no_copy(planner: Scenarios, kept: Work) -> None:
    with pytest.raises(InputError, match="centre support"):
        planner.record(kept, "move", {"moves": {"A": "S1"}})
    assert len(planner.list()) == 1


def test_someone_else_retains_it_meanwhile_and_my_changes_go_to_a_copy(
    planner: Scenarios, kept: Work
) -> None:
    free = planner.decide(kept, ScenarioStatus.TO_ARBITRATE, "à revoir")
    mine = planner.open(kept.scenario.id)
    decided = planner.decide(free, ScenarioStatus.KEPT, "vu")
    put = planner.record(mine, "move", OTHER)
    assert put.name == "Racan (variante)"
    assert "est retenu et ne change plus" in put.notice
    assert stored(planner, kept) == decided.scenario


def test_another_decision_unlocks_it_and_both_stay(planner: Scenarios, kept: Work) -> None:
    free = planner.decide(kept, ScenarioStatus.HYPOTHESIS, "à revoir")
    changed = planner.record(free, "move", OTHER)
    assert (changed.name, changed.notice) == ("Racan", "")
    first, second = changed.scenario.decisions
    assert (first.version, second.version) == (3, 4)
    assert planner.links.open(first.frozen).plan == kept.plan
    assert planner.links.open(second.frozen).plan == kept.plan != changed.plan


def test_what_is_proposed_in_it_is_retained_in_that_version_only(
    toy: Study, planner: Scenarios, kept: Work
) -> None:
    assert kept.is_retained
    assert study_of_work(toy.analysis, kept).retained
    copy = planner.record(kept, "move", OTHER)
    assert not study_of_work(toy.analysis, copy).retained
    version = planner.links.open(kept.scenario.decisions[0].frozen)
    assert study_of_work(toy.analysis, version).retained
