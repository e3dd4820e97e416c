"""Any sequence of writes by two planners, against a model: nothing lost, no conflict silent."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test

from geozones.domain import ConflictError, Event, Scenario
from geozones.store import Store
from helpers.fixture_types import Make
from helpers.slow_params import slow_but
from helpers.stored import StoredLinks, StoredScenarios

PLANNERS = st.sampled_from(["Ada", "Grace"])
ANY = st.integers(min_value=0, max_value=50)


def branch(events: dict[str, Event], head: str | None) -> list[str]:
    """Ids from the root to the head."""
    ids: list[str] = []
    while head is not None:
        ids.append(head)
        head = events[head].parent
    return ids[::-1]


class Planners(RuleBasedStateMachine):
    """Two planners, each with the version of the scenario that they read last."""

    store: Store
    reopened: Callable[[], Store]
    scenario: Scenario

    def __init__(self) -> None:
        super().__init__()
        StoredScenarios(self.store).create(self.scenario)
        self.key = self.scenario.id
        self.events: dict[str, Event] = {}
        self.head: str | None = None
        self.name = self.scenario.name
        self.version = 1
        self.read = {"Ada": 1, "Grace": 1}
        self.copies: dict[str, Scenario] = {}

    def teardown(self) -> None:
        StoredScenarios(self.store).delete(self.key)

    def write(self, planner: str, order: Callable[[int], int]) -> bool:
        """Write at the planner's version: done, or refused with the version stored."""
        if self.read[planner] != self.version:
            with pytest.raises(ConflictError) as caught:
                order(self.read[planner])
            assert caught.value.version == self.version
            return False
        self.read[planner] = order(self.read[planner])
        self.version += 1
        assert self.read[planner] == self.version
        return True

    def any_event(self, choice: int) -> str | None:
        return [None, *self.events][choice % (len(self.events) + 1)]

    def add(self, planner: str, parent: str | None, length: int) -> None:
        events: list[Event] = []
        for number in range(length):
            key = f"e{len(self.events) + number}"
            events.append(Event(key, parent, "move", {"n": number}, planner, "2025-06-11"))
            parent = key
        if self.write(
            planner,
            lambda v: StoredScenarios(self.store).append(self.key, events, parent, version=v),
        ):
            self.events |= {event.id: event for event in events}
            self.head = parent

    @rule(planner=PLANNERS, length=st.integers(min_value=1, max_value=3))
    def edit(self, planner: str, length: int) -> None:
        self.add(planner, self.head, length)

    @rule(planner=PLANNERS, choice=ANY)
    def branch_anywhere(self, planner: str, choice: int) -> None:
        self.add(planner, self.any_event(choice), 1)

    @rule(planner=PLANNERS)
    def undo_then_redo(self, planner: str) -> None:
        """The identity, when nobody wrote in between."""
        if self.head is None:
            return
        before = self.head
        parent = self.events[before].parent
        if self.write(
            planner, lambda v: StoredScenarios(self.store).move_head(self.key, parent, version=v)
        ):
            self.write(
                planner,
                lambda v: StoredScenarios(self.store).move_head(self.key, before, version=v),
            )
            assert StoredScenarios(self.store).get(self.key).head == before

    @rule(planner=PLANNERS, choice=ANY)
    def jump(self, planner: str, choice: int) -> None:
        head = self.any_event(choice)
        if self.write(
            planner, lambda v: StoredScenarios(self.store).move_head(self.key, head, version=v)
        ):
            self.head = head

    @rule(planner=PLANNERS, name=st.text(st.characters(exclude_categories=["Cs", "Cc"])))
    def rename(self, planner: str, name: str) -> None:
        if self.write(
            planner, lambda v: StoredScenarios(self.store).update(self.key, version=v, name=name)
        ):
            self.name = name

    @rule(planner=PLANNERS)
    def read_again(self, planner: str) -> None:
        self.read[planner] = StoredScenarios(self.store).get(self.key).version

    @rule()
    def freeze(self) -> None:
        token = StoredLinks(self.store).freeze(self.key, version=self.version)
        self.copies[token] = StoredLinks(self.store).get(token)

    @rule()
    def open_again(self) -> None:
        self.store = self.reopened()

    @invariant()
    def the_store_is_the_model(self) -> None:
        stored = StoredScenarios(self.store).get(self.key)
        assert stored.events == tuple(self.events.values())
        assert (stored.head, stored.version, stored.name) == (self.head, self.version, self.name)
        (line,) = StoredScenarios(self.store).list()
        assert line.moves == len(branch({e.id: e for e in stored.events}, stored.head))

    @invariant()
    def frozen_copies_are_what_they_were(self) -> None:
        assert all(
            StoredLinks(self.store).get(token) == copy for token, copy in self.copies.items()
        )


#: The same calls, of the same code: one kind of database tells nearly all.
DATABASES = slow_but(["sqlite", "postgresql"], "sqlite")


def test_any_sequence_of_writes_by_two_planners(
    opened: Make[Store], url: str, scenario_of: Make[Scenario]
) -> None:
    first = opened(url)
    current: list[Store] = [first]

    def reopened() -> Store:
        current[-1].close()
        current.append(opened(url))
        return current[-1]

    class OnThisStore(Planners):
        store: Any = property(lambda _: current[-1], lambda _, __: None)
        scenario = scenario_of()

    OnThisStore.reopened = staticmethod(reopened)
    run_state_machine_as_test(
        OnThisStore, settings=settings(max_examples=25, stateful_step_count=25)
    )
