"""Lycées opened, closed, and made of a site of another: what a scenario holds then."""

from dataclasses import replace
from typing import Any

import pytest

from geozones.common.errors import InputError
from geozones.domain import Event, Lycee
from geozones.domain.decisions import Locks
from geozones.domain.events import State
from geozones.domain.places import Spot
from geozones.domain.plan_documents import lycee_to_json
from geozones.domain.teams import Basis, ExceptionCause, Post, PostException, Teams
from geozones.domain.timeline import Timeline
from geozones.workspace.figures.study import Study
from helpers.events import apply

NEW = Lycee(
    "X44-germain-doue", "Germain", "", "LGT", "3 rue Noire", "44000", "Doué", "44001", "44",
    -1.2, 0.8, precision="manuel", source="Ouvert dans le scénario", pupils=400,
    pupils_source="donné à l'ouverture",
)  # fmt: skip


def opened(lycee: Lycee = NEW, zone: str = "N2") -> dict[str, Any]:
    return {"zone": zone, "opened": lycee_to_json(lycee, pupils=True)}


def test_closing_frees_what_posts_had_there_and_forgets_what_was_said_of_it(toy: Study) -> None:
    post = Post("p", "N1", cells=("B", "B", "A", *[None] * 7), residence="B")
    teams = Teams(
        needs={"B": 4, "A": 3},
        posts=(post,),
        exceptions={"p": PostException(ExceptionCause.SIZE)},
        sizes={Basis.PUPILS: {"B": 800}},
    )
    state = replace(toy.state, teams=teams, pivots={"N1": "B", "N2": "E"})
    closed = apply(state, "close_lycee", {"lycee": "B"})
    assert closed.plan.members("N1") == ("A", "C")
    assert closed.places.excluded == {"B"}
    (freed,) = closed.teams.posts
    assert freed.cells[:3] == ("libre", "libre", "A")
    assert freed.residence is None
    assert dict(closed.teams.needs) == {"A": 3}
    assert not closed.teams.exceptions
    assert not closed.teams.sizes
    assert closed.pivots == {"N2": "E"}


@pytest.mark.parametrize(
    ("lycee", "said"),
    [
        ("A", "A est le centre support du secteur Nord : choisissez-lui d'abord un autre centre"),
        ("Z", "Z"),
    ],
)
def test_what_may_not_close_is_refused_with_the_reason(toy: Study, lycee: str, said: str) -> None:
    with pytest.raises(InputError, match=said):
        apply(toy.state, "close_lycee", {"lycee": lycee})


def test_the_last_lycee_of_a_zone_does_not_close(toy: Study) -> None:
    plan = toy.plan.move("D", "N1").move("E", "N1")
    with pytest.raises(InputError, match="F est le dernier lycée de la zone Le Bocage"):
        apply(State(plan), "close_lycee", {"lycee": "F"})


@pytest.mark.parametrize(("kind", "item"), [("lycee", "D"), ("zone", "N2"), ("sector", "nord")])
def test_what_is_locked_neither_closes_nor_takes_a_lycee(toy: Study, kind: str, item: str) -> None:
    state = replace(toy.state, locks=Locks().with_lock(kind, item, "promis le 3 mars"))
    with pytest.raises(InputError, match="promis le 3 mars"):
        apply(state, "close_lycee", {"lycee": "D"})
    if kind == "lycee":
        assert NEW.id in apply(state, "open_lycee", opened()).plan.lycees
    else:
        with pytest.raises(InputError, match="promis le 3 mars"):
            apply(state, "open_lycee", opened())


def test_two_lycees_of_one_name_or_code_are_refused(toy: Study) -> None:
    state = apply(toy.state, "open_lycee", opened())
    with pytest.raises(InputError, match=f"Le code {NEW.id} est déjà"):
        apply(state, "open_lycee", opened())
    with pytest.raises(InputError, match=r"s'appelle déjà Germain \(Doué\)"):
        apply(state, "open_lycee", opened(replace(NEW, id="X44-autre")))


def test_a_site_that_becomes_a_lycee_takes_its_pupils_with_it(toy: Study) -> None:
    site = lycee_to_json(NEW, pupils=True)
    split = {"lycee": "E", "opened": site, "pupils_left": 600}
    state = apply(toy.state, "split_lycee", split)
    assert state.plan.zone_of(NEW.id) == state.plan.zone_of("E")
    assert state.teams.size(toy.territory.lycees["E"], Basis.PUPILS) == 600
    kept = apply(toy.state, "split_lycee", {**split, "pupils_left": None})
    assert not kept.teams.sizes


def test_a_lycee_opened_closes_and_one_closed_opens_elsewhere(toy: Study) -> None:
    state = apply(toy.state, "open_lycee", opened())
    state = replace(state, places=state.places.with_spot(NEW.id, Spot(-1.0, 1.0)))
    state = apply(state, "close_lycee", {"lycee": NEW.id})
    assert state.plan == toy.plan
    assert state.places.apply_to(toy.territory.lycees) == dict(toy.territory.lycees)
    state = apply(state, "open_lycee", opened(zone="S1"))
    assert state.plan.zone_of(NEW.id).id == "S1"
    assert state.places.excluded == frozenset()


def test_undo_and_redo_go_through_openings_and_closings(toy: Study) -> None:
    timeline = Timeline(toy.state)
    for key, kind, data in (
        ("1", "open_lycee", opened()),
        ("2", "close_lycee", {"lycee": "B"}),
        ("3", "move", {"moves": {NEW.id: "N1"}}),
    ):
        timeline = timeline.added(Event(key, timeline.head, kind, data, "Ada", "2026-01-05"))
    assert timeline.plan.members("N1") == ("A", "C", NEW.id)
    undone = timeline.undo().undo()
    assert undone.plan.members("N1") == ("A", "B", "C")
    assert undone.undo().state == toy.state
    assert undone.redo().redo().state == timeline.state
    assert timeline.lycee_names == {NEW.id: "Germain (Doué)"}
    # what others closed meanwhile is refused, the rest kept
    theirs = Timeline(toy.state).added(
        Event("9", None, "close_lycee", {"lycee": "B"}, "Bo", "2026-01-05")
    )
    _, refused = theirs.rebased(timeline.events)
    assert [event.id for event, _ in refused] == ["2"]


@pytest.mark.parametrize(
    "changes",
    [{"id": "44"}, {"name": ""}, {"lat": 95}, {"pupils": 0}, {"pupils": True}, {"surprise": 1}],
)
def test_a_lycee_that_makes_no_sense_is_refused(toy: Study, changes: dict[str, Any]) -> None:
    data = opened()
    with pytest.raises(InputError):
        apply(toy.state, "open_lycee", {**data, "opened": {**data["opened"], **changes}})
    assert "opened" in data
