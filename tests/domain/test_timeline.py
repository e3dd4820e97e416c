"""Histories that branch and merge: undo and redo lose nothing, replay is what is on screen."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geozones.common.errors import InputError
from geozones.domain.decisions import Locks
from geozones.domain.events import State
from geozones.domain.scenario import Event
from geozones.domain.timeline import EditConflict, Timeline, merge_histories, undo_event
from geozones.workspace.figures.study import Study
from helpers.events import apply


def event(timeline: Timeline, name: str, lycee: str, zone: str) -> Event:
    data = {"moves": {lycee: zone}}
    return Event(name, timeline.head, "move", data, "moi", "2026-01-05T10:00:00Z")


def grown(timeline: Timeline, *moves: str) -> Timeline:
    """Add moves written ``F>S1``, named by their rank among all events."""
    for move in moves:
        lycee, zone = move.split(">")
        timeline = timeline.added(event(timeline, f"e{len(timeline.events)}", lycee, zone))
    return timeline


@pytest.fixture
def start(toy: Study) -> Timeline:
    return Timeline(State(toy.plan))


def test_undo_and_redo_walk_the_history(start: Timeline) -> None:
    done = grown(start, "F>S1", "E>S1")
    assert done.plan.zone_of("E").id == "S1"
    once = done.undo()
    assert (once.plan.zone_of("E").id, once.plan.zone_of("F").id) == ("N2", "S1")
    assert [e.id for e in once.undone] == ["e1"]
    assert once.undo().undo().plan == start.plan
    assert once.redo().head == done.head
    assert not done.undone
    assert start.head is None


def test_an_edit_after_an_undo_branches_and_nothing_is_lost(start: Timeline) -> None:
    first = grown(start, "F>S1", "E>S1")
    second = grown(first.undo(), "D>N1")
    assert [e.id for e in second.events] == ["e0", "e1", "e2"]
    assert [e.id for e in second.path] == ["e0", "e2"]
    assert [e.id for e in second.children["e0"]] == ["e1", "e2"]
    back = second.at("e1")
    assert back.plan == first.plan
    # undo then redo on the older branch stays on it
    assert back.undo().redo().head == "e1"
    assert second.undo().redo().head == "e2"


def test_an_event_must_follow_the_head_and_a_jump_to_none_is_refused(start: Timeline) -> None:
    done = grown(start, "F>S1")
    with pytest.raises(InputError, match="ne suit pas"):
        done.added(event(start, "e7", "E", "S1"))
    with pytest.raises(InputError, match="ne suit pas"):
        done.added(event(done, "e0", "E", "S1"))
    with pytest.raises(InputError, match="n'a pas cette étape"):
        grown(start, "F>S1").at("e9")
    loop = Event("x", "x", "move", {"moves": {}}, "", "")
    with pytest.raises(InputError, match="n'a pas cette étape"):
        Timeline(start.start, (loop,), "x").path  # noqa: B018


@given(steps=st.lists(st.one_of(
    st.tuples(st.just("move"), st.sampled_from("ABCDEFGHI"), st.sampled_from(["N1", "N2", "S1"])),
    st.tuples(st.sampled_from(["undo", "redo"])),
    st.tuples(st.just("jump"), st.integers(0, 30)),
), max_size=30))  # fmt: skip
def test_replay_is_what_is_on_screen_and_undo_then_redo_the_identity(
    toy: Study, steps: list[tuple[object, ...]]
) -> None:
    timeline = Timeline(State(toy.plan))
    for step in steps:
        if step[0] == "move":
            name = f"e{len(timeline.events)}"
            timeline = timeline.added(event(timeline, name, str(step[1]), str(step[2])))
        elif step[0] == "jump":
            heads = [None, *(e.id for e in timeline.events)]
            timeline = timeline.at(heads[int(str(step[1])) % len(heads)])
        else:
            timeline = timeline.undo() if step[0] == "undo" else timeline.redo()
        replayed = Timeline(timeline.start, timeline.events, timeline.head)
        assert replayed.state == timeline.state
        if timeline.head is not None:
            assert timeline.undo().redo().head == timeline.head
        if timeline.undone:
            assert timeline.redo().undo().head == timeline.head


# -- kinds of events -----------------------------------------------------------------------------


def do(state: State, kind: str, /, **data: object) -> State:
    return apply(state, kind, data)


def test_zones_are_created_filled_renamed_and_deleted(toy: Study) -> None:
    state = do(State(toy.plan), "create_zone", zone="N3", name="  Le   Marais ", sector="nord")
    assert state.plan.zone("N3").name == "Le Marais"
    assert state.plan.members("N3") == ()
    state = do(state, "move", moves={"F": "N3", "C": "N3"})
    assert state.plan.members("N3") == ("C", "F")
    with pytest.raises(InputError, match="a encore 2\u00a0lycées"):
        do(state, "delete_zone", zone="N3")
    state = do(state, "rename_zone", zone="N3", name="Le Val")
    state = do(state, "move", moves={"F": "N2", "C": "N1"})
    assert do(state, "delete_zone", zone="N3").plan == toy.plan


def test_zones_are_merged_and_split(toy: Study) -> None:
    merged = do(State(toy.plan), "merge_zones", zone="N2", into="N1")
    assert merged.plan.members("N1") == tuple("ABCDEF")
    assert [zone.id for zone in merged.plan.zones] == ["N1", "S1"]
    split = do(merged, "split_zone", zone="N1", new="N2", name="Le Bocage", lycees=["D", "E", "F"])
    assert split.plan.members("N2") == ("D", "E", "F")
    assert split.plan.zone("N2").sector == "nord"
    for lycees in ([], ["A", "B", "C"], ["Z"]):
        with pytest.raises(InputError, match="une partie de ses lycées"):
            do(State(toy.plan), "split_zone", zone="N1", new="X", name="X", lycees=lycees)


def test_a_colour_and_a_pivot_are_kept_until_their_zone_or_lycee_goes(toy: Study) -> None:
    state = do(State(toy.plan), "set_colour", zone="N2", colour="#102030")
    state = do(state, "set_pivot", zone="N2", lycee="D")
    assert (state.colours, state.pivots) == ({"N2": "#102030"}, {"N2": "D"})
    assert do(state, "move", moves={"D": "N1"}).pivots == {}
    assert do(state, "merge_zones", zone="N2", into="N1").colours == {}
    assert do(state, "set_colour", zone="N2", colour=None).colours == {}


def test_locks_refuse_moves_and_changes_of_zones_with_their_reason(toy: Study) -> None:
    free = State(toy.plan)
    for kind, item in (("lycee", "F"), ("zone", "N2"), ("zone", "S1"), ("sector", "sud")):
        locked = do(free, "lock", kind=kind, id=item, reason="arbitrage du 12/03")
        with pytest.raises(InputError, match=r"verrouillée? : arbitrage du 12/03\."):
            do(locked, "move", moves={"F": "S1"})
        assert do(do(locked, "unlock", kind=kind, id=item), "move", moves={"F": "S1"}).plan
    empty = do(free, "create_zone", zone="vide", name="Vide", sector="nord")
    held = do(empty, "lock", kind="zone", id="N1", reason="fait")
    for kind, data in (
        ("merge_zones", {"zone": "N1", "into": "N2"}),
        ("merge_zones", {"zone": "N2", "into": "N1"}),
        ("split_zone", {"zone": "N1", "new": "X", "name": "X", "lycees": ["A"]}),
        ("merge_zones", {"zone": "vide", "into": "N1"}),
    ):
        with pytest.raises(InputError, match="Les Sources est verrouillée : fait"):
            apply(held, kind, data)
    assert do(held, "move", moves={"F": "S1"}).plan.zone_of("F").id == "S1"


@pytest.mark.parametrize(
    ("kind", "data"),
    [
        ("fly", {}),
        ("move", {}),
        ("move", {"moves": 3}),
        ("move", {"moves": {"Z": "N1"}}),
        ("move", {"moves": {"A": "X9"}}),
        ("create_zone", {"zone": "N1", "name": "x", "sector": "nord"}),
        ("create_zone", {"zone": "<b>", "name": "x", "sector": "nord"}),
        ("create_zone", {"zone": "N9", "name": " ", "sector": "nord"}),
        ("create_zone", {"zone": "N9", "name": "x" * 201, "sector": "nord"}),
        ("create_zone", {"zone": "N9", "name": "x", "sector": "est"}),
        ("set_colour", {"zone": "N1", "colour": "red;}"}),
        ("set_pivot", {"zone": "N1", "lycee": "F"}),
        ("lock", {"kind": "ville", "id": "A", "reason": "x"}),
        ("lock", {"kind": "lycee", "id": "Z", "reason": "x"}),
        ("lock", {"kind": "lycee", "id": "A", "reason": ""}),
        ("merge_zones", {"zone": "N1", "into": "N1"}),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(
    toy: Study, kind: str, data: dict[str, object]
) -> None:
    with pytest.raises(InputError):
        apply(State(toy.plan), kind, data)


def test_locks_are_values(toy: Study) -> None:
    locks = Locks().with_lock("lycee", "A", " fait ")
    assert locks == Locks({("lycee", "A"): "fait"})
    assert hash(locks) == hash(Locks({("lycee", "A"): "fait"}))
    assert not locks.without("lycee", "A")
    assert locks.refusal(toy.plan, "A", "N1") is None
    assert (
        locks.refusal(toy.plan, "A", "N2", toy.name)
        == "Le lycée Ampère (Aubigny) est verrouillé : fait."
    )


class Ids:
    """Names that are the ids themselves."""

    def lycee(self, lycee: str) -> str:
        return lycee

    zone = sector = lycee


@pytest.mark.parametrize(
    ("kind", "data", "why"),
    [
        ("fly", {"to": "S1"}, r"\(fly\) ne peut pas être lu"),
        ("move", {"lycee": "F"}, r"\(move\) ne peut pas être lu"),
        ("set_needs", {"needs": {"A": 99}}, "de 0 à 40"),
    ],
)
def test_an_event_that_cannot_be_read_keeps_its_place_and_is_refused_only_when_applied(
    start: Timeline, kind: str, data: dict[str, Any], why: str
) -> None:
    bad = Event("bad", None, kind, data, "moi", "2026-01-05T10:00:00Z")
    good = event(start, "good", "F", "S1")
    history = Timeline(start.start, (bad, good), "good", "good")
    assert history.plan.zone_of("F").id == "S1"
    assert [e.change.describe(Ids()) for e in history.events] == [kind, "F → S1"]
    assert history.events[0].data is data
    with pytest.raises(InputError, match=why):
        _ = history.at("bad").state


def test_a_history_keeps_the_last_name_of_each_zone_those_of_other_branches_too(
    start: Timeline,
) -> None:
    def change(parent: str | None, key: str, kind: str, **data: object) -> Event:
        return Event(key, parent, kind, data, "moi", "2026-01-05T10:00:00Z")

    history = Timeline(
        start.start,
        (
            change(None, "a", "create_zone", zone="N3", name="Le Val", sector="nord"),
            change("a", "b", "delete_zone", zone="N3"),
            change(None, "c", "split_zone", zone="N1", new="N4", name="Le Pré", lycees=["A"]),
            change("c", "d", "rename_zone", zone="N1", name="Les Sources du Nord"),
        ),
        "b",
    )
    assert history.zone_names == {
        "N1": "Les Sources du Nord",
        "N2": "Le Bocage",
        "S1": "La Côte",
        "N3": "Le Val",
        "N4": "Le Pré",
    }


def test_the_steps_from_an_event_to_the_head_are_counted(start: Timeline) -> None:
    done = grown(start, "F>S1", "E>S1")
    once, twice = done.undo(), done.undo().undo()
    assert [seen.steps_from("e1", "undo") for seen in (done, once, twice)] == [0, 1, 2]
    assert [seen.steps_from(None, "redo") for seen in (twice, once, done)] == [0, 1, 2]
    assert done.steps_from("e0", "undo") == 0  # it is after it
    assert done.steps_from("gone", "undo") == done.steps_from("gone", "redo") == 0
    branched = grown(done.undo(), "D>S1")
    assert branched.steps_from("e1", "undo") == 0  # another branch, not a step back


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
