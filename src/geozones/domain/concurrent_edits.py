"""Merge of two histories of one scenario that two people changed at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.domain.events import Footprint
from geozones.domain.scenario import Event
from geozones.domain.timeline import Timeline


@dataclass(frozen=True)
class EditConflict:
    """Reason why the changes of two people cannot be merged automatically.

    Parameters
    ----------
    mine, theirs
        Events made or undone on either side that touch the same items.
    why
        Why the merged changes are invalid, in a French sentence; empty if they touch the
        same items.
    """

    mine: tuple[Event, ...]
    theirs: tuple[Event, ...]
    why: str = ""


def merge_histories(mine: Timeline, since: str | None, theirs: Timeline) -> Timeline | EditConflict:
    """Merge the user's changes into the history that others changed meanwhile.

    Parameters
    ----------
    mine
        The user's own history, with unsaved events.
    since
        The head that both histories started from: an event of both, or ``None``.
    theirs
        The history as stored now. The result has its events, then the user's new events.
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

    Raises
    ------
    InputError
        If an event is invalid there.
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
