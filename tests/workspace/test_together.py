"""Several people on one scenario, over a real store: merged, asked, undone, deleted under hands."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from geozones.common import clock
from geozones.common.errors import InputError
from geozones.common.french import plural
from geozones.domain import UnknownScenarioError
from geozones.domain.access import EVERYONE, Access, AccessError
from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL, Actor, NotAllowedError, Role
from geozones.workspace.scenarios.history_text import action_text
from geozones.workspace.scenarios.merging import joined
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.presence import Company, meet
from geozones.workspace.scenarios.service import Scenarios
from helpers.still_clock import put_at, put_forward

WHEN = datetime(2026, 1, 5, 9, 30, tzinfo=UTC)
BOTH = {"C": "N2", "D": "S1", "E": "N2", "F": "S1"}


@pytest.fixture
def who(toy: Study, store: Store) -> Callable[[str], Scenarios]:
    """The use cases for someone, by name."""
    return lambda name: Scenarios(
        toy.analysis, lambda: store, Actor(name, Role.ADMINISTRATOR), lambda: WHEN
    )


@pytest.fixture
def ada(who: Callable[[str], Scenarios]) -> Scenarios:
    return who("Ada")


@pytest.fixture
def bob(who: Callable[[str], Scenarios]) -> Scenarios:
    return who("Bob")


@pytest.fixture
def shared(ada: Scenarios) -> Work:
    """Ada's scenario, with a change of hers."""
    return ada.record(ada.new(), "move", {"moves": {"F": "S1"}})


def key_of(work: Work) -> str:
    return work.scenario.id


def moved(service: Scenarios, work: Work, lycee: str, zone: str) -> Work:
    return service.record(work, "move", {"moves": {lycee: zone}})


def zones(work: Work) -> dict[str, str]:
    return {key: work.plan.zone_of(key).id for key in "CDEF"}


def test_changes_of_different_lycees_merge_and_both_are_told(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    bobs = bob.open(key_of(shared))
    moved(ada, shared, "C", "N2")
    bobs = moved(bob, bobs, "D", "S1")
    assert bobs.conflict is None
    assert not bobs.is_dirty
    assert zones(bobs) == zones(ada.open(key_of(shared))) == BOTH
    assert bobs.notice == (
        "Ada a aussi changé ce scénario : Curie (Clisson) → Le Bocage. Vos changements sont réunis."
    )
    assert bob.record(bobs, "story", {"steps": None}).notice == ""


def test_undo_and_redo_are_of_ones_own_changes(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    bobs = moved(bob, bob.open(key_of(shared)), "D", "S1")
    moved(ada, shared, "C", "N2")
    undone = bob.step(bobs, "undo")  # Ada's came after it, not yet seen here
    assert zones(undone) == {**BOTH, "D": "N2"}
    assert bob.undoable(undone) is None
    again = bob.step(undone, "redo")
    assert zones(again) == zones(ada.open(key_of(shared))) == BOTH
    back = bob.step(again, "undo")
    assert zones(ada.open(key_of(shared))) == {**BOTH, "D": "N2"}
    assert not back.is_dirty


def test_undo_takes_ones_own_change_from_under_another_s(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    moved(bob, bob.open(key_of(shared)), "D", "S1")
    adas = moved(ada, shared, "C", "N2")  # Bob's is before it in her history
    adas = ada.step(ada.step(adas, "undo"), "undo")
    assert zones(adas) == {"C": "N1", "D": "S1", "E": "N2", "F": "N2"}
    assert ada.undoable(adas) is None
    adas = ada.step(ada.step(adas, "redo"), "redo")
    assert zones(adas) == zones(bob.open(key_of(shared))) == BOTH


def test_a_change_that_others_built_on_is_not_undone_alone(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    bobs = moved(bob, bob.open(key_of(shared)), "D", "S1")
    adas = moved(ada, ada.open(key_of(shared)), "D", "N1")
    bobs = moved(bob, bobs, "E", "S1")
    bobs = bob.step(bobs, "undo")
    with pytest.raises(InputError, match=r"annulé seul : Ada a fait ensuite : Descartes \(Doué\)"):
        bob.step(bobs, "undo")
    assert zones(ada.open(key_of(shared))) == zones(bobs) == {**zones(adas), "E": "N2"}


def test_a_merge_that_brings_a_forbidden_breach_is_asked_about(
    toy: Study, ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    bobs = bob.open(key_of(shared))
    theirs = moved(ada, shared, "C", "N2")
    asked = joined(toy.territory, bobs, theirs, lambda *_: "C'est interdit.", "Bob")
    assert asked.conflict.question.startswith("Votre changement est incompatible avec un autre")
    assert "C'est interdit. Que garder ?" in asked.conflict.question


def test_many_saves_at_once_lose_nothing_and_ask_nothing(
    who: Callable[[str], Scenarios], shared: Work
) -> None:
    def at_work(lycee: str) -> None:
        service = who(lycee)
        work = service.open(key_of(shared))
        for number in range(1, 6):
            work = service.record(work, "set_needs", {"needs": {lycee: number}})
            assert (work.conflict, work.problem) == (None, None)

    with ThreadPoolExecutor(4) as people:
        list(people.map(at_work, "ABCD"))
    whole = who("Ada").open(key_of(shared))
    assert dict(whole.state.teams.needs) == dict.fromkeys("ABCD", 5)
    assert len(whole.timeline.path) == 21


def test_a_scenario_deleted_under_ones_hands_is_told_and_kept_in_a_copy(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    bobs = bob.open(key_of(shared))
    ada.delete(key_of(shared))
    bobs = moved(bob, bobs, "D", "S1")
    assert "supprimé entre-temps" in bobs.gone
    assert bobs.is_dirty
    copy = bob.branch_off(bobs)
    assert (copy.gone, copy.is_dirty) == ("", False)
    assert copy.name.endswith("(copie)")
    assert zones(bob.open(key_of(copy))) == {**BOTH, "C": "N1"}
    with pytest.raises(UnknownScenarioError):
        bob.open(key_of(shared))


# -- whose it is ---------------------------------------------------------------------------------


@pytest.fixture
def planner(toy: Study, store: Store) -> Callable[[str], Scenarios]:
    """The use cases for a planner who logs in, by name."""
    return lambda name: Scenarios(
        toy.analysis, lambda: store, Actor(name, Role.PLANNER), lambda: WHEN
    )


def test_others_changes_of_what_is_not_theirs_are_in_a_copy_of_theirs(
    planner: Callable[[str], Scenarios],
) -> None:
    ada, bob = planner("ada@r.example"), planner("bob@r.example")
    owned = moved(ada, ada.new(), "F", "S1")
    seen = bob.open(key_of(owned))
    assert seen.read_only
    copy = moved(bob, seen, "D", "S1")
    assert "n'est pas ouvert à vos changements" in copy.notice
    assert copy.name.endswith("(copie)")
    assert key_of(copy) != key_of(owned)
    assert ada.open(key_of(owned)).plan == owned.plan
    # in one's own copy, what others did before can be undone too
    assert bob.undoable(bob.step(copy, "undo")) is not None
    for forbidden in (
        lambda: bob.describe(seen, name="à moi"),
        lambda: bob.links.freeze(seen),
        lambda: bob.open_to(key_of(owned), {"bob@r.example": Access.OWNER}),
    ):
        with pytest.raises(AccessError, match=r"ada@r\.example"):
            forbidden()


def test_access_taken_away_while_at_work_holds_at_the_next_change(
    planner: Callable[[str], Scenarios],
) -> None:
    ada, bob = planner("ada@r.example"), planner("bob@r.example")
    owned = moved(ada, ada.new(), "F", "S1")
    both = {"ada@r.example": Access.OWNER, "Bob@r.example": Access.EDITOR}
    ada.open_to(key_of(owned), both)
    bobs = moved(bob, bob.open(key_of(owned)), "D", "S1")
    assert key_of(bobs) == key_of(owned)
    ada.open_to(key_of(owned), {"ada@r.example": Access.OWNER, EVERYONE: Access.READER})
    assert key_of(moved(bob, bobs, "E", "S1")) != key_of(owned)
    ada.open_to(key_of(owned), {"ada@r.example": Access.OWNER})
    refused = moved(bob, bobs, "E", "S1")
    assert refused.is_dirty
    assert "n'est pas ouvert à votre compte" in str(refused.problem)
    with pytest.raises(AccessError):
        bob.open(key_of(owned))
    assert bob.list() != ()
    assert key_of(owned) not in {line.id for line in bob.list()}


def test_only_administrators_read_the_log_and_a_deletion_says_by_whom(
    ada: Scenarios, planner: Callable[[str], Scenarios], shared: Work
) -> None:
    bob = planner("bob@r.example")
    with pytest.raises(NotAllowedError, match="il faut être administrateur"):
        bob.actions()
    bobs = bob.open(key_of(shared))
    ada.delete(key_of(shared))
    assert [action_text(entry) for entry in ada.actions()] == ["créé", "supprimé pour toujours"]
    assert (
        "supprimé entre-temps par Ada."
        in moved(bob, replace(bobs, read_only=False), "D", "S1").gone
    )


# -- who is here ---------------------------------------------------------------------------------


def test_who_else_is_here_and_what_they_did_is_met_at_the_next_run(
    ada: Scenarios, bob: Scenarios, shared: Work
) -> None:
    now = clock.now()
    bobs, alone = meet(bob, bob.open(key_of(shared)), "b", Company(), now)
    assert alone.sentence == ""
    _, seen = meet(ada, shared, "a", Company(), now)
    assert seen.sentence == "aussi ici : Bob"
    adas = moved(ada, shared, "C", "N2")
    bobs, seen = meet(bob, bobs, "b", alone, now)
    assert seen.sentence == "aussi ici : Ada"
    assert bobs.plan == adas.plan
    assert bobs.notice == "Ada a aussi changé ce scénario : Curie (Clisson) → Le Bocage."
    later = now.astimezone(UTC) + timedelta(minutes=10)  # not by the clock on the wall
    assert meet(bob, bobs, "b", seen, later)[1].sentence == ""
    ada.delete(key_of(shared))
    gone, _ = meet(bob, bobs, "b", seen, now)
    assert "supprimé entre-temps par Ada" in gone.gone


def test_who_was_here_by_a_clock_that_was_set_back_since_is_not_here(
    ada: Scenarios, bob: Scenarios, shared: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as ahead:
        put_forward(ahead, timedelta(days=1))
        _, company = meet(bob, bob.open(key_of(shared)), "b", Company(), clock.now())
    assert meet(ada, shared, "a", Company(), clock.now())[1].sentence == ""
    # Bob's page is still open: it says again who is here, whenever it last did
    meet(bob, bob.open(key_of(shared)), "b", company, clock.now())
    assert meet(ada, shared, "a", Company(), clock.now())[1].sentence == "aussi ici : Bob"


def test_who_is_here_is_so_in_the_night_the_hour_changes_too(
    ada: Scenarios, bob: Scenarios, shared: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    put_at(monkeypatch, "2027-03-28T01:02:00+00:00")  # 3:02, two minutes after 1:59 in Paris
    meet(bob, bob.open(key_of(shared)), "b", Company(), clock.now())
    assert meet(ada, shared, "a", Company(), clock.now())[1].sentence == "aussi ici : Bob"


def test_where_nobody_logs_in_others_are_counted(toy: Study, store: Store, shared: Work) -> None:
    desk, now = Scenarios(toy.analysis, lambda: store, LOCAL, lambda: WHEN), clock.now()
    for session in ("a.1", "b.1", "c.1", "b.2", "c.2"):  # tabs of a browser are one person
        _, company = meet(desk, desk.open(key_of(shared)), session, Company(), now)
    assert company.sentence == f"aussi ici : {plural(2, 'autre personne', 'autres personnes')}"
