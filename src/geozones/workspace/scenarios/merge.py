"""Concurrent edits of a scenario: merge, or question which version to keep."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from geozones.common.french import listing
from geozones.domain import Event
from geozones.domain.concurrent_edits import EditConflict, merge_histories
from geozones.domain.events import State
from geozones.workspace.scenarios.history_text import describe_event
from geozones.workspace.scenarios.open_scenario import Conflict, Work
from geozones.workspace.territory import Territory

_SOMEONE = "Quelqu'un d'autre"
_MOST_EVENTS = 3


def joined(
    territory: Territory,
    work: Work,
    theirs: Work,
    forbidden: Callable[[State, State], str],
    me: str,
) -> Work:
    """Rebase a work on others' changes, if the two do not conflict.

    Parameters
    ----------
    theirs
        The scenario as stored now.
    forbidden
        Returns the forbidden breaches of the second state that the first lacks, in sentences.
    me
        Name of the work's user: others with the same name are « quelqu'un d'autre ».

    Returns
    -------
    Work
        The merged work to save, with others' changes in ``notice``; or the work with the conflict.
    """
    since = None if work.scenario is None else work.scenario.head
    result = merge_histories(work.timeline, since, theirs.timeline)
    held = work.timeline.by_id
    new = [event for event in theirs.timeline.events if event.id not in held]
    mine = {event.content for event in work.timeline.events} if new else set()
    news = tuple(event for event in new if event.content not in mine)
    theirs = replace(theirs, others=work.others | {event.id for event in news})
    if not isinstance(result, EditConflict):
        why = forbidden(theirs.state, result.state)
        if not why:
            return _together(territory, work, replace(theirs, timeline=result), news, me)
        own = tuple(event for event in work.pending if event.id not in work.others)
        result = EditConflict(own, news, why)
    return replace(work, conflict=Conflict(theirs, _question(territory, work, theirs, result, me)))


def _together(
    territory: Territory, work: Work, whole: Work, news: tuple[Event, ...], me: str
) -> Work:
    stored = set() if whole.scenario is None else {event.id for event in whole.scenario.events}
    pending = tuple(event for event in whole.timeline.events if event.id not in stored)
    by_id = whole.timeline.by_id
    foreign = {by_id[key].content for key in whole.others if key in by_id}
    others = {event.id for event in whole.timeline.events if event.content in foreign}
    undone = tuple(event for event in work.timeline.undone if event.id not in work.others)
    return replace(
        whole,
        pending=pending,
        others=whole.others | others,
        undone=(*work.undone, *reversed(undone)),
        notice=_news_text(territory, whole, news, me, merged=bool(pending)),
    )


def _news_text(
    territory: Territory, work: Work, news: tuple[Event, ...], me: str, *, merged: bool
) -> str:
    """Describe others' merged changes; empty if they changed nothing."""
    if not news:
        return ""
    sentence = (
        f"{_who(news, me)} a aussi changé ce scénario : {_events_text(territory, work, news)}."
    )
    return f"{sentence} Vos changements sont réunis." if merged else sentence


def _question(territory: Territory, work: Work, theirs: Work, clash: EditConflict, me: str) -> str:
    who = _who(clash.theirs, me)
    their_part = f"{who} : {_events_text(territory, theirs, clash.theirs)}."
    my_part = f"Vous : {_events_text(territory, work, clash.mine)}."
    reason = f" {clash.why}" if clash.why else ""
    start = (
        "Votre changement est incompatible avec un autre, fait entre-temps."
        if clash.why
        else "Votre changement porte sur la même chose qu'un autre, fait entre-temps."
    )
    return f"{start} {their_part} {my_part}{reason} Que garder ?"


def refusal_to_undo(territory: Territory, work: Work, clash: EditConflict) -> str:
    """Explain why the user's change cannot be undone alone."""
    who, after = _who(clash.theirs, ""), _events_text(territory, work, clash.theirs)
    mine = _events_text(territory, work, clash.mine)
    return (
        f"Votre changement ({mine}) ne peut pas être annulé seul : "
        f"{who} a fait ensuite : {after}. L'historique permet de revenir avant les deux."
    )


def _who(events: Iterable[Event], me: str) -> str:
    names = sorted({event.author for event in events if event.author != me})
    return listing(names) if names else _SOMEONE


def _events_text(territory: Territory, work: Work, events: tuple[Event, ...]) -> str:
    """Describe some events, including those that were undone."""
    applied = {event.content for event in work.timeline.path}
    texts = [
        describe_event(territory, work, event)
        if event.content in applied
        else f"annulation de « {describe_event(territory, work, event)} »"
        for event in events[:_MOST_EVENTS]
    ]
    more = len(events) - _MOST_EVENTS
    return " ; ".join(texts) + (f" ; et {more} de plus" if more > 0 else "")
