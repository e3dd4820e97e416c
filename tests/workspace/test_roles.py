"""What each role may read and write, asked of the use cases themselves."""

from collections.abc import Callable

import pytest

from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.roles import (
    LOCAL,
    VISITOR,
    Actor,
    Link,
    LoginRequiredError,
    NotAllowedError,
    Role,
    UseCases,
    needs_link,
)
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios

type Act = Callable[[Actor], object]

READER, PLANNER = Actor("Lou", Role.READER), Actor("Max", Role.PLANNER)
MOVES = {"moves": {"D": "S1"}}


@pytest.fixture
def kept(toy: Study, store: Store) -> Work:
    """A scenario of someone else."""
    return service(toy, store, PLANNER).record(service(toy, store, PLANNER).new(), "move", MOVES)


def service(toy: Study, store: Store, actor: Actor) -> Scenarios:
    return Scenarios(toy.analysis, lambda: store, actor)


def reads(toy: Study, store: Store, kept: Work) -> list[Act]:
    return [
        lambda actor: service(toy, store, actor).list(),
        lambda actor: service(toy, store, actor).open(kept.scenario.id),
    ]


def writes(toy: Study, store: Store, kept: Work) -> list[Act]:
    return [
        lambda actor: service(toy, store, actor).record(kept, "move", {"moves": {"E": "S1"}}),
        lambda actor: service(toy, store, actor).describe(kept, name="à moi"),
        lambda actor: service(toy, store, actor).duplicate(kept),
        lambda actor: service(toy, store, actor).links.freeze(kept),
        lambda actor: service(toy, store, actor).step(kept, "undo"),
        lambda actor: build_matrix(toy.territory.drives, actor, ["shipped"]),
        lambda actor: build_matrix(toy.territory.drives, actor=actor, engines=["shipped"]),
    ]


def test_a_visitor_reads_and_writes_nothing(toy: Study, store: Store, kept: Work) -> None:
    for act in reads(toy, store, kept) + writes(toy, store, kept):
        with pytest.raises(LoginRequiredError, match="Connexion obligatoire"):
            act(VISITOR)
    assert service(toy, store, LOCAL).open(kept.scenario.id).scenario == kept.scenario


def test_a_visitor_opens_the_frozen_version_they_have_a_link_to(
    toy: Study, store: Store, kept: Work
) -> None:
    token = service(toy, store, PLANNER).links.freeze(kept)
    frozen = service(toy, store, VISITOR).links.open(token)
    assert frozen.plan == kept.plan
    assert frozen.scenario.id == token


def test_a_link_opens_the_store_as_to_a_guest_whoever_follows_it(store: Store, kept: Work) -> None:
    def may_read(opened: Store) -> bool:
        with opened.context.reading() as connection:
            return opened.context.readable(connection)(kept.saved.id)

    class Shown(UseCases):
        @needs_link(Link.VERSION)
        def read(self) -> bool:
            return may_read(self.store())

    @needs_link(Link.VERSION)
    def read(opener: Callable[[], Store]) -> bool:
        return may_read(opener())

    assert may_read(store)
    assert not Shown(lambda: store, LOCAL).read()
    assert not read(lambda: store)


def test_what_was_made_where_nobody_logged_in_is_changed_by_all_who_do(
    toy: Study, store: Store
) -> None:
    mine = service(toy, store, LOCAL)
    work = mine.record(mine.new(), "move", MOVES)
    theirs = service(toy, store, PLANNER)
    assert theirs.describe(theirs.open(work.saved.id), name="à nous").name == "à nous"


def test_a_reader_writes_nothing_and_only_an_administrator_deletes(
    toy: Study, store: Store, kept: Work
) -> None:
    for act in reads(toy, store, kept):
        act(READER)
    for act in writes(toy, store, kept):
        with pytest.raises(NotAllowedError, match="il faut être planificateur"):
            act(READER)
    for actor in (VISITOR, READER, PLANNER):
        with pytest.raises(NotAllowedError):
            service(toy, store, actor).delete(kept.scenario.id)
    service(toy, store, LOCAL).delete(kept.scenario.id)
