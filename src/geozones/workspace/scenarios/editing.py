"""Editing of scenarios: every change is an event, saved at once; undo affects the user's own."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import Event, UnknownLyceeError
from geozones.domain.places import Spot
from geozones.domain.timeline import EditConflict, Timeline, undo_event
from geozones.workspace.imports.geocoding import PlaceDoubtError, place_doubt
from geozones.workspace.roles import LOCAL, Actor, Role, UseCases, needs, needs_nothing
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.saving import ScenarioSaver, forbidden_breaches, refusal_to_undo

if TYPE_CHECKING:
    from geozones.store import Store

_MAX_WHY = 300


class ScenarioEditor(UseCases):
    """Use cases that change the history of a scenario."""

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
        self, work: Work, lycee: str, spot: Spot | None, why: str = "", *, insist: bool = False
    ) -> Work:
        """Correct the position of a lycée, or restore the data's (``None``); as `record`."""
        territory = self._analysis.territory.relocated(work.state.places)
        known = territory.lycees.get(lycee)
        if known is None:
            raise UnknownLyceeError(lycee)
        if spot is None:
            return self.record(work, "place", {"lycee": lycee, "lat": None, "lon": None}, why)
        doubt = None if insist else place_doubt(territory, spot.lat, spot.lon, known.insee)
        if doubt is not None:
            raise PlaceDoubtError(doubt)
        return self.record(work, "place", {"lycee": lycee, "lat": spot.lat, "lon": spot.lon}, why)

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
