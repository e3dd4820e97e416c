"""Timeline of a scenario: a tree of events, its state at the head, and the merge of two edits."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain.events import Footprint, State
from geozones.domain.events.base_events import TakeOver, decided_between
from geozones.domain.plan import Plan
from geozones.domain.scenario import Event

#: States cached for a history besides the state on screen: each holds a plan.
_KNOWN = 4
_DECIDED_SINCE = "le plan en vigueur en a décidé depuis."


@dataclass(frozen=True, eq=False)
class Timeline:
    """Immutable history: ``start``, every event in the order written, and the last applied.

    Undo moves the head to its parent, redo forward to ``tip``, the end of the current branch; an
    event added after an undo starts a branch, and the undone events stay.
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
        """Events by parent event (``None``: the start), oldest first."""
        by_parent: dict[str | None, list[Event]] = {}
        for event in self.events:
            by_parent.setdefault(event.parent, []).append(event)
        return {parent: tuple(events) for parent, events in by_parent.items()}

    @cached_property
    def path(self) -> tuple[Event, ...]:
        """The events applied, oldest first."""
        return self.path_to(self.head)

    def path_to(self, head: str | None) -> tuple[Event, ...]:
        """Return the events from the start to an event."""
        path: list[Event] = []
        while head is not None:
            event = self.by_id.get(head)
            if event is None or len(path) > len(self.events):
                raise InputError("L'historique de ce scénario n'a pas cette étape.")
            path.append(event)
            head = event.parent
        return tuple(reversed(path))

    @cached_property
    def base(self) -> State:
        """The plan that the scenario was begun on or last taken over: see `TakeOver`."""
        rank = len(self.path) - len(self.changes)
        return self.path[rank - 1].change.apply(self.start) if rank else self.start

    @cached_property
    def changes(self) -> tuple[Event, ...]:
        """The events applied since the base."""
        taken = [rank for rank, e in enumerate(self.path, 1) if isinstance(e.change, TakeOver)]
        return self.path[taken[-1] :] if taken else self.path

    @cached_property
    def state(self) -> State:
        """State after the applied events."""
        return self.state_after(self.path)

    @cached_property
    def known(self) -> dict[str, State]:
        """Cached states, by the event (id) that led to each."""
        return {}

    def state_after(self, path: Sequence[Event]) -> State:
        """Return the state after events from the start on."""
        done = len(path)
        while done and path[done - 1].id not in self.known:
            done -= 1
        state = self.known[path[done - 1].id] if done else self.start
        for event in path[done:]:
            state = event.change.apply(state)
        return state

    def with_states_of(self, other: "Timeline") -> "Timeline":
        """Return the same history with the cached states of another history of its scenario."""
        same = Timeline(self.start, self.events, self.head, self.tip)
        known = other.known | self.known
        if other.head is not None and "state" in vars(other):
            known[other.head] = other.state
        vars(same)["known"] = dict(list(known.items())[-_KNOWN:])
        return same

    @property
    def plan(self) -> Plan:
        """Plan on screen."""
        return self.state.plan

    @cached_property
    def zone_names(self) -> dict[str, str]:
        """Names by zone id: the last given on any branch, including zones since removed."""
        names = {zone.id: zone.name for zone in self.start.plan.zones}
        for event in self.events:
            names |= event.change.zone_names
        return names

    @cached_property
    def lycee_names(self) -> dict[str, str]:
        """Names in a sentence of the scenario's own lycées, by id, including closed lycées."""
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

    @cached_property
    def undone(self) -> tuple[Event, ...]:
        """The undone events, in the order in which redo would re-apply them.

        They lead from the head to the tip; if the tip is elsewhere, to the end of the newest
        branch.
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

    def showing(self, plan: Plan) -> "Timeline":
        """Return the same history with an equal plan, whose zones show other names."""
        same = Timeline(self.start, self.events, self.head, self.tip)
        vars(same).update(vars(self), state=replace(self.state, plan=plan))
        return same

    def added(self, event: Event) -> "Timeline":
        """Return the history with a new event after the head."""
        if event.parent != self.head or event.id in self.by_id:
            raise InputError("Cet événement ne suit pas la dernière étape du scénario.")
        state = event.change.apply(self.state)
        grown = Timeline(self.start, (*self.events, event), event.id, event.id)
        vars(grown)["state"] = state
        vars(grown)["known"] = {event.id: state}
        if self.head is not None:
            vars(grown)["known"][self.head] = self.state
        vars(grown)["path"] = (*self.path, event)
        return grown

    def undo(self) -> "Timeline":
        """Move the head to its parent; do nothing at the start."""
        return self if self.head is None else self.at(self.by_id[self.head].parent)

    def redo(self) -> "Timeline":
        """Move the head towards the tip; do nothing at the tip."""
        return self.at(self.undone[0].id) if self.undone else self

    def steps_from(self, head: str | None, way: str) -> int:
        """Return how many undos (``way`` is ``undo``) or redos lead from an event to the head.

        0 if none do, or if there is no such event.
        """
        if head is not None and head not in self.by_id:
            return 0
        there = [None, *(event.id for event in self.path_to(head))]
        here = [None, *(event.id for event in self.path)]
        longer, end = (there, here[-1]) if way == "undo" else (here, there[-1])
        return len(longer) - 1 - longer.index(end) if end in longer else 0

    def at(self, head: str | None) -> "Timeline":
        """Return the history with another head; raise ``InputError`` if there is no such event."""
        path = self.path_to(head)
        same_branch = self.path_to(self.tip)[: len(path)] == path
        return Timeline(self.start, self.events, head, self.tip if same_branch else head)

    def rebased(
        self, mine: Sequence[Event], refusal: Callable[[State, Event], str] | None = None
    ) -> tuple["Timeline", tuple[tuple[Event, str], ...]]:
        """Append the user's own events after the head; return the history and the refused events.

        Refused are the events that became invalid, and those that ``refusal`` refuses in a state,
        each with a French sentence; the history is without them.
        """
        timeline, refused = self, []
        for event in mine:
            try:
                why = "" if refusal is None else refusal(timeline.state, event)
                if not why:
                    timeline = timeline.added(replace(event, parent=timeline.head))
            except InputError as error:
                why = str(error)
            if why:
                refused.append((event, why))
        return timeline, tuple(refused)

    def taken_over(
        self, start: Event, refusal: Callable[[State, State], str]
    ) -> tuple["Timeline", tuple[tuple[Event, str], ...]]:
        """Begin a branch on another base plan (``start``, a `TakeOver`), and replay the changes.

        As in a merge, a change of what was decided between the two base plans is not replayed,
        unless the new one has it already; ``refusal`` refuses what a change leads to, in words.
        """
        fresh = self.at(None).added(start)
        decided = Footprint(writes=decided_between(self.base, fresh.state))

        def refused(state: State, event: Event) -> str:
            after = event.change.apply(state)
            if after == state:
                return ""
            if event.change.footprint(state).clashes(decided):
                return _DECIDED_SINCE
            return refusal(state, after)

        return fresh.rebased([replace(event, id=new_code(9)) for event in self.changes], refused)


@dataclass(frozen=True)
class EditConflict:
    """Reason why the changes of two people cannot be merged automatically."""

    mine: tuple[Event, ...]  # Events made or undone on either side that touch the same items.
    theirs: tuple[Event, ...]
    #: Why the merged changes are invalid, in a French sentence; empty if they touch the same items.
    why: str = ""


def merge_histories(mine: Timeline, since: str | None, theirs: Timeline) -> Timeline | EditConflict:
    """Merge the user's changes into the history that others changed meanwhile.

    ``mine`` is the user's own history, with unsaved events; ``theirs`` the history as stored now.
    ``since`` is the head that both started from: an event of both, or ``None``. The result has the
    events of ``theirs``, then the user's new events.
    """
    before = mine.path_to(since)
    theirs = theirs.with_states_of(mine)
    done, undone = _missing_from(mine.path, before), _missing_from(before, mine.path)
    added, removed = _missing_from(theirs.path, before), _missing_from(before, theirs.path)
    # Changes that both made are applied once: a browser sends an undo again when the server died
    # after it saved and before it answered.
    done, added = _missing_from(done, added), _missing_from(added, done)
    undone, removed = _missing_from(undone, removed), _missing_from(removed, undone)
    ours = _footprints(mine, mine.path, done) + _footprints(mine, before, undone)
    others = _footprints(theirs, theirs.path, added) + _footprints(mine, before, removed)
    pairs = [(a, b) for a, mark in ours for b, other in others if mark.clashes(other)]
    if pairs:
        return EditConflict(_unique(a for a, _ in pairs), _unique(b for _, b in pairs))
    try:
        return _replayed(theirs, (*_missing_from(theirs.path, undone), *done))
    except InputError as error:
        return EditConflict((*done, *undone), (*added, *removed), str(error))


def undo_event(timeline: Timeline, event: str) -> Timeline | EditConflict:
    """Undo one event (id) of the path and keep the later events, in a new branch."""
    path = timeline.path
    rank = [entry.id for entry in path].index(event)
    (_, mark), *later = _footprints(timeline, path, path[rank:])
    after = [entry for entry, other in later if mark.clashes(other)]
    if after:
        return EditConflict((path[rank],), tuple(after))
    try:
        return _replayed(timeline, path[:rank] + path[rank + 1 :])
    except InputError as error:
        return EditConflict((path[rank],), path[rank + 1 :], str(error))


def _replayed(timeline: Timeline, path: Sequence[Event]) -> Timeline:
    """Return a history whose head is at the end of a path, which may leave the current branch.

    Events after the fork are copied under new ids, with their authors and dates.
    """
    same = 0
    while same < len(timeline.path) and timeline.path[same : same + 1] == path[same : same + 1]:
        same += 1
    head = timeline.path[same - 1].id if same else None
    grown = timeline.at(head).with_states_of(timeline)
    for event in path[same:]:
        grown = grown.added(replace(event, id=new_code(9), parent=grown.head))
    return Timeline(grown.start, grown.events, grown.head, grown.head).with_states_of(grown)


def _missing_from(events: Sequence[Event], others: Sequence[Event]) -> tuple[Event, ...]:
    """Return the events that ``others`` lacks; copies of an event count as the same event."""
    here, there = {event.id for event in events}, {event.id for event in others}
    copies = Counter(event.content for event in others if event.id not in here)
    left = []
    for event in events:
        if event.id in there:
            continue
        if copies and copies[event.content] > 0:
            copies[event.content] -= 1
        else:
            left.append(event)
    return tuple(left)


def _footprints(
    timeline: Timeline, path: Sequence[Event], wanted: Sequence[Event]
) -> list[tuple[Event, Footprint]]:
    """Return some events of a path, each with its footprint at its place."""
    if not wanted:
        return []
    keys = {event.id for event in wanted}
    first = next(rank for rank, event in enumerate(path) if event.id in keys)
    state, marks = timeline.state_after(path[:first]), []
    for event in path[first:]:
        if event.id in keys:
            marks.append((event, event.change.footprint(state)))
        state = event.change.apply(state)
    return marks


def _unique(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple({event.id: event for event in events}.values())
