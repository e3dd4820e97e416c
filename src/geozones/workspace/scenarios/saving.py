"""Editing of scenarios: each change is an event, saved at once; merge, conflicts, own undo."""

import contextlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import new_code
from geozones.common.french import listing, number
from geozones.domain import (
    ConflictError,
    Event,
    Scenario,
    StoreError,
    UnknownLyceeError,
    UnknownScenarioError,
)
from geozones.domain.access import Access, AccessError, ActionKind
from geozones.domain.events import State
from geozones.domain.events.base_events import TakeOver
from geozones.domain.places import Spot
from geozones.domain.timeline import EditConflict, Timeline, merge_histories, undo_event
from geozones.rules import Severity, difference
from geozones.workspace.analysis import Analysis
from geozones.workspace.imports.session import PlaceDoubtError, place_doubt
from geozones.workspace.roles import LOCAL, Actor, Role, UseCases, needs, needs_nothing
from geozones.workspace.scenarios.history_text import (
    MAX_NAME,
    automatic_name,
    describe_event,
    is_automatic,
)
from geozones.workspace.scenarios.open_scenario import Conflict, Work, baseline_of, work_of
from geozones.workspace.territory import Territory

if TYPE_CHECKING:
    from geozones.store import Store


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


MAX_TEXT = 4000
#: Most tries of a save after merging others' changes, before the user is asked to try again.
_TRIES = 8
_TURNS = tuple(Lock() for _ in range(64))


class ScenarioSaver(UseCases):
    """Use cases that save a work in the store."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(opener, actor, clock)
        self.analysis, self._atlas = analysis, analysis.territory.atlas

    @needs(Role.PLANNER)
    def adopt(self, work: Work, name: str, description: str = "") -> Work:
        """Save a work as a new scenario at once, before any change; as `ScenarioEditor.record`."""
        name = required(name, "Le nom d'un scénario", MAX_NAME)
        first = replace(self._first(work), name=name, description=description[:MAX_TEXT])
        return replace(work, scenario=self.store().scenarios.create(first))

    @needs(Role.PLANNER)
    def save(self, work: Work) -> Work:
        """Save the pending events; as `ScenarioEditor.record`. A retained scenario is copied first.

        Others' changes made meanwhile are merged, unless they affect the same things.
        """
        work = replace(work, notice="", problem=None, conflict=None)
        with _turn(work):
            return self._saved(work)

    def _saved(self, work: Work) -> Work:
        for _ in range(_TRIES):
            work = _elsewhere(work)
            try:
                return replace(self._written(work), pending=(), problem=None, conflict=None)
            except ConflictError:
                work = self._joined(work)
            except UnknownScenarioError:
                return self.deleted(work)
            except AccessError as error:
                if error.needed is not Access.EDITOR:
                    return replace(work, problem=str(error))
                work = replace(work, read_only=True)
            except StoreError as error:
                return replace(work, problem=str(error))
            if work.conflict is not None or work.problem is not None or work.gone:
                return work
        return replace(work, problem="Ce scénario change trop vite : réessayez dans un instant.")

    def _written(self, work: Work) -> Work:
        if work.scenario is None:
            return replace(work, scenario=self.store().scenarios.create(self._first(work)), gone="")
        if not work.pending and work.timeline.head == work.scenario.head:
            return work
        return replace(work, scenario=self._append(work, work.scenario))

    def _joined(self, work: Work) -> Work:
        """Return a work merged with others' changes, or with the conflict."""
        scenario = work.scenario
        assert scenario is not None  # noqa: S101 - a work without a stored scenario has no conflict
        try:
            store = self.store()
            stored, access = store.scenarios.get(scenario.id), store.scenarios.access(scenario.id)
            theirs = work_of(self._atlas, stored, access, work.timeline)
        except UnknownScenarioError:
            return self.deleted(work)
        except GeozonesError as error:
            return replace(work, problem=str(error))
        return joined(
            self.analysis.territory,
            work,
            theirs,
            partial(forbidden_breaches, self.analysis),
            self.actor.name,
        )

    @needs(Role.READER, Access.READER)
    def caught_up(self, work: Work) -> Work:
        """Return a work without pending events, updated with others' changes."""
        return self._joined(work)

    @needs(Role.READER)
    def deleted(self, work: Work) -> Work:
        """Return a work marked as deleted, with the user who deleted it if known."""
        by = ""
        if work.scenario is not None and self.actor != LOCAL:
            with contextlib.suppress(StoreError):
                log = self.store().log.actions(work.scenario.id, limit=1)
                by = "".join(
                    f" par {entry.who}" for entry in log if entry.what == ActionKind.DELETED
                )
        return replace(work, gone=f"« {work.name} » a été supprimé entre-temps{by}.", problem=None)

    def _first(self, work: Work) -> Scenario:
        now, timeline, start = self.now, work.timeline, work.timeline.start
        return Scenario(
            id=new_code(),
            name=work.title or automatic_name(self.analysis.territory, work, timeline),
            base=self._atlas.plan_json(start.plan, start.places),
            origin=work.origin,
            author=self.actor.name,
            created=now,
            updated=now,
            events=timeline.events,
            head=timeline.head,
        )

    def _append(self, work: Work, scenario: Scenario) -> Scenario:
        head, territory = work.timeline.head, self.analysis.territory
        name = None
        if is_automatic(territory, work):
            name = automatic_name(territory, work, work.timeline)
        version = self.store().scenarios.append(
            scenario.id, work.pending, head, version=scenario.version, name=name
        )
        return replace(
            scenario,
            name=name or scenario.name,
            events=work.timeline.events,
            head=head,
            version=version,
            updated=self.now,
        )

    # -- two at once -------------------------------------------------------------------------------

    @needs(Role.PLANNER)
    def rebase(self, work: Work) -> tuple[Work, tuple[tuple[Event, str], ...]]:
        """Re-apply the user's unsaved changes after others'; return also the refused ones."""
        if work.conflict is None:
            return work, ()
        theirs = work.conflict.theirs
        mine = [event for event in work.pending if event.id not in work.others]
        stored = {event.content for event in theirs.timeline.path}
        fresh = [replace(e, id=new_code(9)) for e in mine if e.content not in stored]
        timeline, refused = theirs.timeline.rebased(fresh)
        kept = timeline.events[len(theirs.timeline.events) :]
        if not kept:
            return theirs, refused
        return self.save(replace(theirs, timeline=timeline, pending=kept)), refused

    @needs(Role.PLANNER)
    def take_over(self, work: Work) -> tuple[Work, tuple[tuple[Event, str], ...]]:
        """Replay a scenario's changes on the plan in force; return also those that it refuses.

        What was there before stays in the history, on its own branch. Raises as
        `ScenarioEditor.record`; ``InputError`` if the scenario is on that plan already, or was
        begun on a plan of its own.
        """
        base, now = baseline_of(self.analysis, work), self.analysis.baseline.current
        if base.now is None:
            raise InputError(f"Ce scénario part déjà du {now.dated}.")
        if base.plan.zone_by_lycee != work.base.zone_by_lycee:
            raise InputError(
                f"Ce scénario part d'un plan à lui ({work.origin}), que son historique ne peut pas "
                f"refaire : repartez du {now.dated} et lisez de nouveau ce plan."
            )
        data = {"plan": self._atlas.plan_json(now.plan, now.places), "origin": now.origin}
        start = Event(new_code(9), None, TakeOver.kind, data, self.actor.name, self.now)
        forbidden = partial(forbidden_breaches, self.analysis)
        timeline, refused = work.timeline.taken_over(start, forbidden)
        fresh = timeline.events[len(work.timeline.events) :]
        taken = replace(work, timeline=timeline, pending=(*work.pending, *fresh), undone=())
        return self.save(taken), refused

    @needs(Role.PLANNER)
    def branch_off(self, work: Work) -> Work:
        """Save the user's version as a copy, after others changed or deleted the scenario."""
        return self.save(copied(work, called(work, "copie" if work.gone else "ma version")))

    @needs(Role.PLANNER)
    def duplicate(self, work: Work) -> Work:
        """Return a copy with the whole history, saved under another name."""
        return self.save(copied(work, called(work, "copie")))


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


def _turn(work: Work) -> Lock:
    """Return the lock that serialises saves of a scenario by the sessions of this process.

    Without it, sessions would merge one another's latest writes again and again.
    """
    return _TURNS[hash(work.scenario and work.scenario.id) % len(_TURNS)]


def copied(work: Work, title: str) -> Work:
    """Return an unsaved work with the whole history of another."""
    return Work(work.timeline, None, f"« {work.name} »", pending=work.timeline.events, title=title)


def called(work: Work, what: str) -> str:
    """Return the name of a copy of a work: ``Essai (copie)``."""
    end = f" ({what})"
    return work.name[: MAX_NAME - len(end)] + end


def _elsewhere(work: Work) -> Work:
    """Return a copy of the work if the scenario is retained or read-only, else the work."""
    if work.is_retained:
        copy, why = copied(work, called(work, "variante")), "est retenu et ne change plus"
    elif work.read_only:
        copy, why = copied(work, called(work, "copie")), "n'est pas ouvert à vos changements"
    else:
        return work
    notice = f"« {work.name} » {why} : votre changement est dans une copie, « {copy.title} »."
    return replace(copy, notice=notice)


def required(text: object, what: str, limit: int) -> str:
    """Return a stripped text; raise ``InputError`` if it is empty or too long."""
    if not isinstance(text, str) or not text.strip() or len(text) > limit:
        raise InputError(f"{what} doit avoir de 1 à {number(limit)} caractères.")
    return text.strip()


_MAX_WHY = 300


class ScenarioEditor(UseCases):
    """Use cases that change the history of a scenario.

    ``saver`` saves each change.
    """

    def __init__(
        self,
        saver: ScenarioSaver,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime],
    ) -> None:
        super().__init__(opener, actor, clock)
        self._saver, self._analysis = saver, saver.analysis

    @needs(Role.PLANNER)
    def record(self, work: Work, kind: str, data: Mapping[str, Any], why: str = "") -> Work:
        """Record a change and save it; a retained scenario is copied first, with a ``notice``.

        ``kind`` and ``data`` are the stored form of the event, as in files; `Event.change` reads
        them.

        If the store cannot save the change, the returned work has it pending, with the problem in
        words; if someone else changed the same things meanwhile, the work has the conflict.
        """
        event = Event(
            new_code(9),
            work.timeline.head,
            kind,
            dict(data),
            self.actor.name,
            self.now,
            " ".join(why.split())[:_MAX_WHY],
        )
        return self._grown(replace(work, undone=()), event)

    def _grown(self, work: Work, event: Event) -> Work:
        # a refusal names zones as the screen does
        territory = self._analysis.territory.relocated(work.state.places)
        timeline = work.timeline.showing(territory.named(work.plan)).added(event)
        refusal = forbidden_breaches(self._analysis, work.state, timeline.state)
        if refusal:
            raise InputError("Changement refusé. " + refusal)
        return self._saver.save(replace(work, timeline=timeline, pending=(*work.pending, event)))

    @needs(Role.PLANNER)
    def place(
        self, work: Work, lycee_id: str, spot: Spot | None, why: str = "", *, insist: bool = False
    ) -> Work:
        """Correct the position of a lycée, or restore the data's (``None``); as `record`."""
        territory = self._analysis.territory.relocated(work.state.places)
        known = territory.lycees.get(lycee_id)
        if known is None:
            raise UnknownLyceeError(lycee_id)
        if spot is None:
            return self.record(work, "place", {"lycee": lycee_id, "lat": None, "lon": None}, why)
        doubt = None if insist else place_doubt(territory, spot.lat, spot.lon, known.insee)
        if doubt is not None:
            raise PlaceDoubtError(doubt)
        return self.record(
            work, "place", {"lycee": lycee_id, "lat": spot.lat, "lon": spot.lon}, why
        )

    # -- going back --------------------------------------------------------------------------------

    @needs_nothing
    def undoable(self, work: Work) -> Event | None:
        """Return the event that an undo takes back: the last one of the user."""
        return next(
            (event for event in reversed(work.timeline.path) if self._own(work, event)), None
        )

    @needs_nothing
    def redoable(self, work: Work) -> Event | None:
        """Return the event that a redo re-applies."""
        ahead = work.timeline.undone[:1]
        if ahead and self._own(work, ahead[0]):
            return ahead[0]
        return work.undone[-1] if work.undone else None

    def _stack(self, work: Work) -> tuple[Event, ...]:
        """Return the user's events that redo would re-apply, the next one last."""
        ahead = [event for event in work.timeline.undone if self._own(work, event)]
        return (*work.undone, *reversed(ahead))

    def _own(self, work: Work, event: Event) -> bool:
        """Tell whether an event belongs to the user, who may undo it.

        Without logins: every event that did not come from elsewhere meanwhile. With logins: the
        events that the user made, or copied with a scenario.
        """
        if event.id in work.others:
            return False
        copied = (
            work.scenario is not None
            and work.scenario.author == self.actor.name
            and event.at <= work.scenario.created
        )
        return self.actor == LOCAL or event.author == self.actor.name or copied

    @needs(Role.PLANNER)
    def step(self, work: Work, way: str) -> Work:
        """Undo or redo (``way``) the user's own last change, and save the result; as `record`."""
        event = self.undoable(work) if way == "undo" else self.redoable(work)
        if event is None:
            return work
        if way == "undo":
            if event.id == work.timeline.head:
                return self._headed(work, work.timeline.undo())
            return self._taken_back(work, event)
        if work.timeline.undone[:1] == (event,):
            return self._headed(work, work.timeline.redo())
        again = replace(event, id=new_code(9), parent=work.timeline.head)
        return self._grown(replace(work, undone=work.undone[:-1]), again)

    def _taken_back(self, work: Work, event: Event) -> Work:
        """Undo an event although others made events after it."""
        back = undo_event(work.timeline, event.id)
        if isinstance(back, EditConflict):
            raise InputError(refusal_to_undo(self._analysis.territory, work, back))
        refusal = forbidden_breaches(self._analysis, work.state, back.state)
        if refusal:
            raise InputError("Annulation refusée. " + refusal)
        new = tuple(entry for entry in back.events if entry.id not in work.timeline.by_id)
        left = replace(
            work,
            timeline=back,
            pending=(*work.pending, *new),
            undone=(*self._stack(work), event),
            others=work.others | {entry.id for entry in new},
        )
        return self._saver.save(left)

    @needs(Role.PLANNER)
    def jump(self, work: Work, event: str | None) -> Work:
        """Go to any point of the history, ``None`` for its start; as `record`."""
        return self._headed(work, work.timeline.at(event))

    def _headed(self, work: Work, timeline: Timeline) -> Work:
        if timeline.head == work.timeline.head:
            return work
        # refuse an event that cannot be applied: once saved, the scenario could not be opened any
        # more
        _ = timeline.state
        moved = replace(work, timeline=timeline)
        nothing_kept = work.scenario is None and not work.pending
        return moved if nothing_kept else self._saver.save(moved)
