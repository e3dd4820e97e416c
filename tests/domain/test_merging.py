"""Histories that two people made at once: merged where they are apart, else both are told."""

from typing import Any

import pytest

from geozones.domain.events import State
from geozones.domain.scenario import Event
from geozones.domain.timeline import EditConflict, Timeline, merge_histories, undo_event
from geozones.workspace.figures.study import Study


def done(timeline: Timeline, who: str, kind: str, /, **data: Any) -> Timeline:
    """Add an event, named by who made it and its rank."""
    key = f"{who}{len(timeline.events)}"
    return timeline.added(Event(key, timeline.head, kind, data, who, f"2026-01-05T10:00:{key}"))


def moved(timeline: Timeline, who: str, lycee: str, zone: str) -> Timeline:
    return done(timeline, who, "move", moves={lycee: zone})


def zones(timeline: Timeline) -> dict[str, str]:
    return {key: timeline.plan.zone_of(key).id for key in "CDEF"}


@pytest.fixture
def shared(toy: Study) -> Timeline:
    """A history that both have open."""
    return moved(Timeline(State(toy.plan)), "ada", "F", "S1")


def test_changes_of_different_lycees_are_put_together(shared: Timeline) -> None:
    mine, theirs = moved(shared, "moi", "D", "S1"), moved(shared, "ada", "C", "N2")
    both = merge_histories(mine, shared.head, theirs)
    assert isinstance(both, Timeline)
    assert zones(both) == {"C": "N2", "D": "S1", "E": "N2", "F": "S1"}
    assert [event.author for event in both.path] == ["ada", "ada", "moi"]
    assert both.events[:2] == theirs.events


def test_the_same_lycee_changed_by_both_is_asked_about(shared: Timeline) -> None:
    mine = moved(moved(shared, "moi", "D", "S1"), "moi", "C", "S1")
    theirs = moved(shared, "ada", "C", "N2")
    clash = merge_histories(mine, shared.head, theirs)
    assert isinstance(clash, EditConflict)
    assert [event.change.moves for event in clash.mine] == [{"C": "S1"}]  # type: ignore[attr-defined]
    assert clash.theirs == theirs.events[1:]
    changed, (first,) = moved(shared, "moi", "F", "N1"), shared.events
    for mine, theirs in ((shared.undo(), changed), (changed, shared.undo())):
        clash = merge_histories(mine, shared.head, theirs)
        assert isinstance(clash, EditConflict)
        sides = (clash.mine, clash.theirs) if theirs is changed else (clash.theirs, clash.mine)
        assert sides == ((first,), changed.events[1:])


def test_an_undo_is_made_once_and_what_was_saved_unanswered_is_not_done_twice(
    shared: Timeline,
) -> None:
    both = merge_histories(shared.undo(), shared.head, shared.undo())
    assert isinstance(both, Timeline)
    assert (both.path, both.events) == ((), shared.events)
    mine = moved(shared, "moi", "D", "S1")
    theirs = moved(mine, "ada", "C", "N2")
    both = merge_histories(mine, shared.head, theirs)
    assert isinstance(both, Timeline)
    assert both.events == theirs.events


def test_ones_changes_that_rest_on_one_another_are_put_after_anothers(shared: Timeline) -> None:
    mine = done(shared, "moi", "create_zone", zone="X", name="Ici", sector="nord")
    mine = moved(mine, "moi", "D", "X")
    both = merge_histories(mine, shared.head, moved(shared, "ada", "C", "N2"))
    assert isinstance(both, Timeline)
    assert zones(both) == {"C": "N2", "D": "X", "E": "N2", "F": "S1"}


def test_the_same_thing_done_twice_in_a_second_is_done_twice(shared: Timeline) -> None:
    """Another takes a change back meanwhile, which copies what came after it."""
    lock = {"kind": "lycee", "id": "D", "reason": "fait"}
    at = "2026-01-05T10:00:00"
    once = shared.added(Event("a", shared.head, "lock", lock, "moi", at))
    mine = done(once, "moi", "unlock", kind="lycee", id="D")
    mine = mine.added(Event("b", mine.head, "lock", lock, "moi", at))
    theirs = undo_event(once, shared.events[0].id)
    assert isinstance(theirs, Timeline)
    for since in (shared.head, once.head):
        both = merge_histories(mine, since, theirs)
        assert isinstance(both, Timeline)
        assert zones(both)["F"] == "N2"
        assert [event.kind for event in both.path] == ["lock", "unlock", "lock"]


def test_what_is_apart_is_kept_after_an_undo_of_either(shared: Timeline) -> None:
    theirs = moved(shared, "ada", "C", "N2")
    both = merge_histories(shared.undo(), shared.head, theirs)
    assert isinstance(both, Timeline)
    assert zones(both) == {"C": "N2", "D": "N2", "E": "N2", "F": "N2"}
    assert both.events[: len(theirs.events)] == theirs.events
    mine = moved(shared, "moi", "D", "S1")
    both = merge_histories(mine, shared.head, shared.undo())
    assert isinstance(both, Timeline)
    assert zones(both) == {"C": "N1", "D": "S1", "E": "N2", "F": "N2"}


def test_one_takes_ones_own_change_back_and_anothers_stays(shared: Timeline) -> None:
    both = moved(moved(shared, "moi", "D", "S1"), "ada", "C", "N2")
    back = undo_event(both, "moi1")
    assert isinstance(back, Timeline)
    assert zones(back) == {"C": "N2", "D": "N2", "E": "N2", "F": "S1"}
    assert [event.author for event in back.path] == ["ada", "ada"]
    assert back.events[:3] == both.events
    clash = undo_event(moved(both, "ada", "D", "N1"), "moi1")
    assert isinstance(clash, EditConflict)
    assert [event.id for event in clash.theirs] == ["ada3"]
