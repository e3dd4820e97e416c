"""Scenarios over a real SQLite store: saved at each change, never overwritten, never lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from geozones.domain import (
    InputError,
    PlanFileError,
    ScenarioStatus,
    StoreError,
    UnknownScenarioError,
)
from geozones.store import Store
from geozones.workspace import (
    Actor,
    NotAllowedError,
    Role,
    Scenarios,
    Work,
    Workspace,
    effect_of_moves,
    open_store,
    told,
)

WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
MOVE = {"moves": {"F": "S1"}}


@pytest.fixture
def store(tmp_path: Path) -> Any:
    opened = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield opened
    opened.close()


@pytest.fixture
def desk(toy: Workspace, store: Store) -> Scenarios:
    return Scenarios(toy, lambda: store, Actor("Ada", Role.ADMINISTRATOR), lambda: WHEN)


@pytest.fixture
def saved(desk: Scenarios) -> Work:
    return desk.record(desk.new(), "move", MOVE, "  parce que  ")


def test_nothing_is_written_before_the_first_change(desk: Scenarios) -> None:
    assert desk.new().scenario is None
    assert desk.list() == ()


def test_a_change_is_saved_at_once_with_who_when_and_why(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    assert not saved.is_dirty
    again = desk.open(saved.scenario.id)
    assert again.plan == saved.plan
    (event,) = again.timeline.path
    assert (event.author, event.why, event.kind) == ("Ada", "parce que", "move")
    assert event.at.startswith("2026-01-05T09:30:00")
    assert "5 janvier 2026" in again.name


def test_undo_redo_and_branches_are_found_again(desk: Scenarios, saved: Work) -> None:
    undone = desk.step(saved, "undo")
    branched = desk.record(undone, "move", {"moves": {"E": "S1"}})
    assert branched.scenario is not None
    again = desk.open(branched.scenario.id)
    assert len(again.timeline.events) == 2
    assert again.plan == branched.plan
    first = again.timeline.events[0].id
    back = desk.jump(again, first)
    assert desk.open(branched.scenario.id).plan == back.plan == saved.plan


def test_a_refused_change_leaves_everything_as_it_was(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    with pytest.raises(InputError, match=r"Changement refusé\..*centre support"):
        desk.record(saved, "move", {"moves": {"A": "S1"}})
    with pytest.raises(InputError, match="centre support"):
        desk.record(saved, "merge_zones", {"zone": "N1", "into": "S1"})
    locked = desk.record(saved, "lock", {"kind": "lycee", "id": "E", "reason": "arbitrage"})
    with pytest.raises(InputError, match="verrouillé : arbitrage"):
        desk.record(locked, "move", {"moves": {"E": "S1"}})
    assert len(desk.open(saved.scenario.id).timeline.events) == 2


def test_a_reader_changes_nothing_and_a_planner_deletes_nothing(
    toy: Workspace, store: Store, saved: Work
) -> None:
    assert saved.scenario is not None
    reader = Scenarios(toy, lambda: store, Actor("Lou", Role.READER), lambda: WHEN)
    planner = Scenarios(toy, lambda: store, Actor("Max", Role.PLANNER), lambda: WHEN)
    writes: list[Callable[[], object]] = [
        lambda: reader.record(saved, "move", {"moves": {"E": "S1"}}),
        lambda: reader.step(saved, "undo"),
        lambda: reader.jump(saved, None),
        lambda: reader.describe(saved, name="x"),
        lambda: reader.decide(saved, ScenarioStatus.KEPT, "x"),
        lambda: reader.duplicate(saved),
        lambda: reader.freeze(saved),
        lambda: reader.take(b"{}"),
        lambda: reader.save(saved),
        lambda: reader.delete(saved.scenario.id),  # type: ignore[union-attr]
    ]
    for write in writes:
        with pytest.raises(NotAllowedError, match=r"il faut être (planificateur|administrateur)"):
            write()
    with pytest.raises(NotAllowedError, match="il faut être administrateur"):
        planner.delete(saved.scenario.id)
    assert reader.open(saved.scenario.id).plan == saved.plan


def test_two_planners_conflict_then_one_puts_theirs_after(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    mine, theirs = desk.open(saved.scenario.id), desk.open(saved.scenario.id)
    desk.record(theirs, "move", {"moves": {"E": "N1"}})
    late = desk.record(mine, "move", {"moves": {"D": "S1"}})
    assert late.conflict is not None
    assert late.is_dirty
    assert [told(desk._workspace, late, event) for event in desk.news(late)] == [
        "Eiffel (Ernée) → Les Sources"
    ]
    assert desk.open(saved.scenario.id).plan.zone_of("D").id == "N2"
    after, refused = desk.rebase(late)
    assert refused == ()
    assert not after.is_dirty
    zones = {key: desk.open(saved.scenario.id).plan.zone_of(key).id for key in "DEF"}
    assert zones == {"D": "S1", "E": "N1", "F": "S1"}


def test_what_no_longer_holds_after_another_s_change_is_told(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    mine, theirs = desk.open(saved.scenario.id), desk.open(saved.scenario.id)
    desk.record(theirs, "lock", {"kind": "zone", "id": "N1", "reason": "fait"})
    late = desk.record(mine, "move", {"moves": {"E": "N1"}})
    after, ((event, why),) = desk.rebase(late)
    assert event.kind == "move"
    assert "verrouillée : fait" in why
    assert after.plan == saved.plan
    assert not after.is_dirty


def test_ones_own_version_can_be_kept_in_a_copy(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    mine, theirs = desk.open(saved.scenario.id), desk.open(saved.scenario.id)
    desk.record(theirs, "move", {"moves": {"E": "N1"}})
    late = desk.record(mine, "move", {"moves": {"D": "S1"}})
    copy = desk.branch_off(late)
    assert copy.scenario is not None
    assert copy.scenario.id != saved.scenario.id
    assert copy.name.endswith("(ma version)")
    assert desk.open(copy.scenario.id).plan == late.plan
    assert desk.open(saved.scenario.id).plan.zone_of("E").id == "N1"


def test_a_store_that_fails_keeps_the_work_in_memory_and_the_next_try_saves_it(
    toy: Workspace, store: Store
) -> None:
    down = True

    def opener() -> Store:
        if down:
            msg = "La base ne répond pas : vérifiez-la."
            raise StoreError(msg)
        return store

    desk = Scenarios(toy, opener, clock=lambda: WHEN)
    first = desk.record(desk.new(), "move", MOVE)
    assert (first.problem, first.is_dirty) == ("La base ne répond pas : vérifiez-la.", True)
    second = desk.record(first, "move", {"moves": {"E": "S1"}})
    assert second.plan.members("S1") == ("E", "F", "G", "H", "I")
    assert len(second.pending) == 2
    down = False
    saved = desk.save(second)
    assert saved.problem is None
    assert saved.scenario is not None
    assert desk.open(saved.scenario.id).plan == second.plan


def test_a_file_that_is_no_database_is_told(toy: Workspace, tmp_path: Path) -> None:
    path = tmp_path / "bad.db"
    path.write_bytes(b"not a database, by far" * 100)
    desk = Scenarios(toy, lambda: open_store(f"sqlite:///{path}"), clock=lambda: WHEN)
    work = desk.record(desk.new(), "move", MOVE)
    assert work.problem
    assert work.is_dirty
    assert path.read_bytes() == b"not a database, by far" * 100


def test_decisions_are_dated_and_kept(desk: Scenarios, saved: Work) -> None:
    assert saved.scenario is not None
    decided = desk.decide(saved, ScenarioStatus.KEPT, " vu au comité ")
    named = desk.describe(decided, name=" Variante A ", description="pour le comité")
    again = desk.open(saved.scenario.id).scenario
    assert again is not None
    assert (again.status, again.name) == (ScenarioStatus.KEPT, "Variante A")
    ((when, text, author),) = [(d.at, d.text, d.author) for d in again.decisions]
    assert (when, text, author) == ("2026-01-05", "vu au comité", "Ada")
    for changes in ({"name": " "}, {"name": "x" * 121}):
        with pytest.raises(InputError, match="Le nom d'un scénario"):
            desk.describe(named, **changes)
    with pytest.raises(InputError, match="La note de décision"):
        desk.decide(named, ScenarioStatus.DISCARDED, "")


def test_archived_scenarios_leave_the_list_and_come_back(desk: Scenarios, saved: Work) -> None:
    away = desk.describe(saved, archived=True)
    assert desk.list() == ()
    assert len(desk.list(archived=True)) == 1
    desk.describe(away, archived=False)
    assert len(desk.list()) == 1


def test_a_frozen_version_never_changes_and_opens_nothing_for_writing(
    desk: Scenarios, saved: Work
) -> None:
    assert saved.scenario is not None
    token = desk.freeze(saved)
    desk.record(saved, "move", {"moves": {"E": "S1"}})
    assert desk.frozen(token).plan == saved.plan
    desk.delete(saved.scenario.id)
    assert desk.frozen(token).plan == saved.plan
    for wrong in (token, saved.scenario.id, "absent"):
        with pytest.raises(UnknownScenarioError):
            desk.open(wrong)
    with pytest.raises(UnknownScenarioError):
        desk.frozen(saved.scenario.id)


def test_a_scenario_file_opens_in_another_installation(
    desk: Scenarios, saved: Work, toy: Workspace, tmp_path: Path
) -> None:
    branched = desk.record(desk.step(saved, "undo"), "move", {"moves": {"E": "S1"}})
    content = json.dumps(desk.give(branched)).encode()
    other = open_store(f"sqlite:///{tmp_path}/other.db")
    try:
        there = Scenarios(toy, lambda: other, clock=lambda: WHEN)
        taken = there.take(content)
        assert taken.scenario is not None
        assert taken.scenario.id != branched.scenario.id  # type: ignore[union-attr]
        assert there.open(taken.scenario.id).plan == branched.plan
        assert len(taken.timeline.events) == 2
    finally:
        other.close()


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
    desk: Scenarios, saved: Work, fault: str
) -> None:
    before = desk.list()
    document = desk.give(saved)
    FAULTS[fault](document)
    with pytest.raises((InputError, PlanFileError)) as caught:
        desk.take(json.dumps(document).encode())
    assert str(caught.value).endswith(".")
    assert desk.list() == before


@pytest.mark.parametrize("content", [b"", b"{", b"[" * 100_000, b"\xff\xfe", b"[]"])
def test_a_file_that_is_no_scenario_is_refused(desk: Scenarios, content: bytes) -> None:
    with pytest.raises(InputError, match="ne peut pas être importé"):
        desk.take(content)


def test_a_file_of_100_megabytes_is_refused_before_it_is_read(desk: Scenarios) -> None:
    with pytest.raises(InputError, match="trop gros"):
        desk.take(b" " * 100_000_000)


def test_events_are_told_in_words(desk: Scenarios, toy: Workspace) -> None:
    work = desk.new()
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
        work = desk.record(work, kind, data)
    assert [told(toy, work, event) for event in work.timeline.path] == [
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


def test_the_effect_of_several_moves_is_told_before_they_are_made(toy: Workspace) -> None:
    said = effect_of_moves(toy, toy.plan, {"D": "N1", "E": "N1", "F": "N1"})
    assert any("Trajet le plus long" in sentence for sentence in said)
    assert any("Le Bocage" in sentence and "aucun lycée" in sentence for sentence in said)
