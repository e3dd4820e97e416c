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
class Clash:
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


def merged(mine: Timeline, since: str | None, theirs: Timeline) -> Timeline | Clash:
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
    theirs = theirs.knowing(mine)
    done, undone = _beside(mine.path, before), _beside(before, mine.path)
    added, removed = _beside(theirs.path, before), _beside(before, theirs.path)
    # changes that both made are applied once: a save whose answer was lost, an undo made twice
    done, added = _beside(done, added), _beside(added, done)
    undone, removed = _beside(undone, removed), _beside(removed, undone)
    ours = _marks(mine, mine.path, done) + _marks(mine, before, undone)
    others = _marks(theirs, theirs.path, added) + _marks(mine, before, removed)
    pairs = [(a, b) for a, mark in ours for b, other in others if mark.clashes(other)]
    if pairs:
        return Clash(_once(a for a, _ in pairs), _once(b for _, b in pairs))
    try:
        return _followed(theirs, (*_beside(theirs.path, undone), *done))
    except InputError as error:
        return Clash((*done, *undone), (*added, *removed), str(error))


def taken_back(timeline: Timeline, event: str) -> Timeline | Clash:
    """Undo one event (id) of the path and keep the later events, in a new branch."""
    path = timeline.path
    rank = [entry.id for entry in path].index(event)
    (_, mark), *later = _marks(timeline, path, path[rank:])
    after = [entry for entry, other in later if mark.clashes(other)]
    if after:
        return Clash((path[rank],), tuple(after))
    try:
        return _followed(timeline, path[:rank] + path[rank + 1 :])
    except InputError as error:
        return Clash((path[rank],), path[rank + 1 :], str(error))


def _followed(timeline: Timeline, path: Sequence[Event]) -> Timeline:
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
    grown = timeline.at(head).knowing(timeline)
    for event in path[same:]:
        grown = grown.added(replace(event, id=new_code(9), parent=grown.head))
    return Timeline(grown.start, grown.events, grown.head, grown.head).knowing(grown)


def _beside(events: Sequence[Event], others: Sequence[Event]) -> tuple[Event, ...]:
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


def _marks(
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


def _once(events: Iterable[Event]) -> tuple[Event, ...]:
    return tuple({event.id: event for event in events}.values())
