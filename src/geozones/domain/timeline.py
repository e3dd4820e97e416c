"""The history of a scenario at work: a tree of events, a head, and the state they lead to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from geozones.common.errors import InputError
from geozones.domain.events import State
from geozones.domain.plan import Plan
from geozones.domain.scenario import Event

#: States kept of a history beside that on screen: each holds a plan.
_KNOWN = 4


@dataclass(frozen=True, eq=False)
class Timeline:
    """An immutable history: ``start``, every event in the order written, and the last applied.

    Undo moves the head to its parent, redo back towards ``tip``, the end of the branch in sight; an
    event added after an undo begins a branch, and what was undone stays.
    """

    start: State
    events: tuple[Event, ...] = ()
    head: str | None = None
    tip: str | None = None

    @cached_property
    def by_id(self) -> dict[str, Event]:
        """The events by id."""
        return {event.id: event for event in self.events}

    @cached_property
    def children(self) -> dict[str | None, tuple[Event, ...]]:
        """The events made after each event (``None``: after the start), oldest first."""
        by_parent: dict[str | None, list[Event]] = {}
        for event in self.events:
            by_parent.setdefault(event.parent, []).append(event)
        return {parent: tuple(events) for parent, events in by_parent.items()}

    @cached_property
    def path(self) -> tuple[Event, ...]:
        """The events applied, oldest first."""
        return self.path_to(self.head)

    def path_to(self, head: str | None) -> tuple[Event, ...]:
        """Return the events from the start to one of them.

        Raises
        ------
        InputError
            If there is no such event.
        """
        path: list[Event] = []
        while head is not None:
            event = self.by_id.get(head)
            if event is None or len(path) > len(self.events):
                msg = "L'historique de ce scénario n'a pas cette étape."
                raise InputError(msg)
            path.append(event)
            head = event.parent
        return tuple(reversed(path))

    @cached_property
    def state(self) -> State:
        """What the events applied lead to."""
        return self.state_after(self.path)

    @cached_property
    def known(self) -> dict[str, State]:
        """Some states worked out before, by the event (id) that led to each."""
        return {}

    def state_after(self, path: Sequence[Event]) -> State:
        """Return what events from the start on lead to."""
        done = len(path)
        while done and path[done - 1].id not in self.known:
            done -= 1
        state = self.known[path[done - 1].id] if done else self.start
        for event in path[done:]:
            state = event.change.apply(state)
        return state

    def knowing(self, other: "Timeline") -> "Timeline":
        """Return the same history, which need not work out what another of its scenario has."""
        same = Timeline(self.start, self.events, self.head, self.tip)
        known = other.known | self.known
        if other.head is not None and "state" in vars(other):
            known[other.head] = other.state
        vars(same)["known"] = dict(list(known.items())[-_KNOWN:])
        return same

    @property
    def plan(self) -> Plan:
        """The plan on screen."""
        return self.state.plan

    @cached_property
    def zone_names(self) -> dict[str, str]:
        """Names by zone id: the last given on any branch, those of zones since removed too."""
        names = {zone.id: zone.name for zone in self.start.plan.zones}
        for event in self.events:
            names |= event.change.zone_names
        return names

    @cached_property
    def lycee_names(self) -> dict[str, str]:
        """What lycées of the scenario's own are called, by id: those since closed too."""
        names = {lycee.id: lycee.label for lycee in self.start.places.lycees}
        for event in self.events:
            names |= event.change.lycee_names
        return names

    @cached_property
    def sector_names(self) -> dict[str, str]:
        """Names by sector id, as `zone_names`."""
        names = {sector.id: sector.name for sector in self.start.plan.sectors}
        for event in self.events:
            names |= event.change.sector_names
        return names

    @property
    def can_undo(self) -> bool:
        """Whether an event can be taken back."""
        return self.head is not None

    @property
    def can_redo(self) -> bool:
        """Whether an event taken back can be made again."""
        return bool(self.undone)

    @cached_property
    def undone(self) -> tuple[Event, ...]:
        """The events that redo would make again, the next first.

        Those from the head to the tip; where the tip is elsewhere, those of the newest branch.
        """
        ahead = self.path_to(self.tip)
        done = len(self.path)
        if ahead[:done] == self.path and len(ahead) > done:
            return ahead[done:]
        newest, head = [], self.head
        while self.children.get(head):
            event = self.children[head][-1]
            newest.append(event)
            head = event.id
        return tuple(newest)

    def added(self, event: Event) -> "Timeline":
        """Return the history with one more event after the head.

        Raises
        ------
        InputError
            If it does not follow the head, or makes no sense here.
        """
        if event.parent != self.head or event.id in self.by_id:
            msg = "Cet événement ne suit pas la dernière étape du scénario."
            raise InputError(msg)
        state = event.change.apply(self.state)
        grown = Timeline(self.start, (*self.events, event), event.id, event.id)
        vars(grown)["state"] = state
        vars(grown)["known"] = {event.id: state}
        if self.head is not None:
            vars(grown)["known"][self.head] = self.state
        vars(grown)["path"] = (*self.path, event)
        return grown

    def undo(self) -> "Timeline":
        """Step back; at the start, stay."""
        return self if self.head is None else self.at(self.by_id[self.head].parent)

    def redo(self) -> "Timeline":
        """Step forward towards the tip; at its end, stay."""
        return self.at(self.undone[0].id) if self.undone else self

    def steps_from(self, head: str | None, way: str) -> int:
        """Return how many undos (``way`` is ``undo``) or redos lead from an event to the head.

        0 where none do, or there is no such event.
        """
        if head is not None and head not in self.by_id:
            return 0
        there = [None, *(event.id for event in self.path_to(head))]
        here = [None, *(event.id for event in self.path)]
        longer, end = (there, here[-1]) if way == "undo" else (here, there[-1])
        return len(longer) - 1 - longer.index(end) if end in longer else 0

    def at(self, head: str | None) -> "Timeline":
        """Return the history seen from another event; raises ``InputError`` if there is none."""
        path = self.path_to(head)
        same_branch = self.path_to(self.tip)[: len(path)] == path
        return Timeline(self.start, self.events, head, self.tip if same_branch else head)

    def rebased(self, mine: Sequence[Event]) -> tuple["Timeline", tuple[tuple[Event, str], ...]]:
        """Put one's own events after the head, those that still make sense.

        Returns
        -------
        Timeline, refused
            The history with them, and the events that could not be, each with the reason.
        """
        timeline, refused = self, []
        for event in mine:
            try:
                timeline = timeline.added(replace(event, parent=timeline.head))
            except InputError as error:
                refused.append((event, str(error)))
        return timeline, tuple(refused)
