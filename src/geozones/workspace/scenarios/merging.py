"""Changes of two people to one scenario: merged, refused or asked about; copies of a scenario."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from geozones.common.french import listing
from geozones.domain import Event
from geozones.domain.events import State
from geozones.domain.timeline import EditConflict, merge_histories
from geozones.rules import Severity, difference
from geozones.workspace.figures.analysis import Analysis
from geozones.workspace.folder.territory import Territory
from geozones.workspace.scenarios.history_text import MAX_NAME, describe_event
from geozones.workspace.scenarios.open_scenario import Conflict, Work

_SOMEONE = "Quelqu'un d'autre"
_MOST_EVENTS = 3


def joined(
    territory: Territory,
    work: Work,
    theirs: Work,
    forbidden: Callable[[State, State], str],
    me: str,
) -> Work:
    """Return a work rebased on the stored one (``theirs``), others' changes in its ``notice``.

    If the two conflict, return the work with the conflict. ``forbidden`` returns the forbidden
    breaches of the second state that the first lacks, in sentences; others named as the work's
    user (``me``) are « quelqu'un d'autre ».
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
    who = _who(result.theirs, me)
    their_part = f"{who} : {_events_text(territory, theirs, result.theirs)}."
    my_part = f"Vous : {_events_text(territory, work, result.mine)}."
    reason = f" {result.why}" if result.why else ""
    start = (
        "Votre changement est incompatible avec un autre, fait entre-temps."
        if result.why
        else "Votre changement porte sur la même chose qu'un autre, fait entre-temps."
    )
    return replace(
        work, conflict=Conflict(theirs, f"{start} {their_part} {my_part}{reason} Que garder ?")
    )


def _together(
    territory: Territory, work: Work, whole: Work, news: tuple[Event, ...], me: str
) -> Work:
    stored = set() if whole.scenario is None else {event.id for event in whole.scenario.events}
    pending = tuple(event for event in whole.timeline.events if event.id not in stored)
    by_id = whole.timeline.by_id
    foreign = {by_id[key].content for key in whole.others if key in by_id}
    others = {event.id for event in whole.timeline.events if event.content in foreign}
    undone = tuple(event for event in work.timeline.undone if event.id not in work.others)
    # describe others' merged changes; empty if they changed nothing
    merged = bool(pending)
    if not news:
        news_text = ""
    else:
        sentence = (
            f"{_who(news, me)} a aussi changé ce scénario : {_events_text(territory, whole, news)}."
        )
        news_text = f"{sentence} Vos changements sont réunis." if merged else sentence
    return replace(
        whole,
        pending=pending,
        others=whole.others | others,
        undone=(*work.undone, *reversed(undone)),
        notice=news_text,
    )


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


def forbidden_breaches(analysis: Analysis, before: State, after: State) -> str:
    """Return the messages of forbidden breaches that a change brings; empty for none."""
    if after.plan is before.plan:
        return ""
    change = difference(
        analysis.relocated(before.places).check(before.plan),
        analysis.relocated(after.places).check(after.plan),
    )
    return " ".join(
        breach.message for breach in change.introduced if breach.severity is Severity.FORBIDDEN
    )


def copied(work: Work, title: str) -> Work:
    """Return an unsaved work with the whole history of another."""
    return Work(work.timeline, None, f"« {work.name} »", pending=work.timeline.events, title=title)


def called(work: Work, what: str) -> str:
    """Return the name of a copy of a work: ``Essai (copie)``."""
    end = f" ({what})"
    return work.name[: MAX_NAME - len(end)] + end


def elsewhere(work: Work) -> Work:
    """Return a copy of the work if the scenario is retained or read-only, else the work."""
    if work.is_retained:
        copy, why = copied(work, called(work, "variante")), "est retenu et ne change plus"
    elif work.read_only:
        copy, why = copied(work, called(work, "copie")), "n'est pas ouvert à vos changements"
    else:
        return work
    notice = f"« {work.name} » {why} : votre changement est dans une copie, « {copy.title} »."
    return replace(copy, notice=notice)
