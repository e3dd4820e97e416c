"""Scenarios at work: every change is an event, saved at once, and checked against the role."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC
from typing import Any

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.common.french import moment
from geozones.domain import (
    ConflictError,
    Decision,
    Event,
    Scenario,
    ScenarioStatus,
    StoreError,
    UnknownLyceeError,
)
from geozones.domain.events import State
from geozones.domain.places import Spot
from geozones.domain.timeline import Timeline
from geozones.rules import Severity, difference
from geozones.workspace.imports.geocoding import PlaceDoubtError, place_doubt
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.files import read_scenario, scenario_document
from geozones.workspace.scenarios.reading import ScenarioReader
from geozones.workspace.scenarios.work import Work

_MAX_WHY, _MAX_NAME, _MAX_TEXT = 300, 120, 4000


class Scenarios(ScenarioReader):
    """The use cases of scenarios, for one user: reading them, and every change."""

    # -- changing ----------------------------------------------------------------------------------

    def record(self, work: Work, kind: str, data: Mapping[str, Any], why: str = "") -> Work:
        """Make a change and save it; of a retained scenario, in a copy, which ``said`` tells.

        ``kind`` and ``data`` are what the event keeps and files hold; `Event.change` reads them.

        Where the store cannot take it, the change is kept in the work returned, with the problem in
        words; where someone else changed the scenario meanwhile, with the conflict.

        Raises
        ------
        NotAllowedError
            If the user is no planner.
        InputError
            If the change makes no sense, or something is locked; nothing is changed.
        """
        event = Event(
            new_code(9),
            work.timeline.head,
            kind,
            dict(data),
            self.actor.name,
            self._stamp(),
            _line(why, _MAX_WHY),
        )
        timeline = work.timeline.added(event)
        self._refuse_forbidden(work.state, timeline.state)
        return self.save(replace(work, timeline=timeline, pending=(*work.pending, event)))

    def place(
        self, work: Work, lycee: str, spot: Spot | None, why: str = "", *, insist: bool = False
    ) -> Work:
        """Correct where a lycée is, or leave that to the data again (``None``); as `record`.

        Raises
        ------
        InputError
            If the point is outside its commune or far from its centre, unless one insists.
        """
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

    def _refuse_forbidden(self, before: State, after: State) -> None:
        if after.plan is before.plan:
            return
        change = difference(
            self._analysis.relocated(before.places).check(before.plan),
            self._analysis.relocated(after.places).check(after.plan),
        )
        forbidden = [
            breach.message for breach in change.introduced if breach.severity is Severity.FORBIDDEN
        ]
        if forbidden:
            raise InputError("Changement refusé. " + " ".join(forbidden))

    def adopt(self, work: Work, name: str, description: str = "") -> Work:
        """Save a work as a new scenario at once, before any change; as `record`.

        Raises
        ------
        StoreError
            If it cannot be saved: nothing was written.
        """
        self.actor.require(Role.PLANNER)
        name = _required(name, "Le nom d'un scénario", _MAX_NAME)
        first = replace(self._first(work), name=name, description=description[:_MAX_TEXT])
        return replace(work, scenario=self._opener().create(first))

    def save(self, work: Work) -> Work:
        """Save what is pending; as `record`. A retained scenario is left: a copy takes it."""
        self.actor.require(Role.PLANNER)
        work = _variant(work) if work.is_retained else replace(work, said="")
        try:
            if work.scenario is None:
                stored = self._opener().create(self._first(work))
            else:
                stored = self._append(work, work.scenario)
        except ConflictError:
            return replace(work, conflict=self._theirs(work), problem=None)
        except StoreError as error:
            return replace(work, problem=str(error))
        return replace(work, scenario=stored, pending=(), problem=None, conflict=None)

    def _first(self, work: Work) -> Scenario:
        now, timeline = self._stamp(), work.timeline
        return Scenario(
            id=new_code(),
            name=work.title or f"Essai du {moment(self._clock())}",
            base=self._atlas.plan_json(work.base, work.timeline.start.places),
            origin=work.origin,
            author=self.actor.name,
            created=now,
            updated=now,
            events=timeline.events,
            head=timeline.head,
        )

    def _append(self, work: Work, scenario: Scenario) -> Scenario:
        head = work.timeline.head
        version = self._opener().append(scenario.id, work.pending, head, version=scenario.version)
        return replace(
            scenario,
            events=work.timeline.events,
            head=head,
            version=version,
            updated=self._stamp(),
        )

    def step(self, work: Work, way: str) -> Work:
        """Undo or redo (``way``), and save where that leads; as `record`."""
        timeline = work.timeline.undo() if way == "undo" else work.timeline.redo()
        return self._headed(work, timeline)

    def jump(self, work: Work, event: str | None) -> Work:
        """Go to any point of the history, ``None`` for its start; as `record`."""
        return self._headed(work, work.timeline.at(event))

    def _headed(self, work: Work, timeline: Timeline) -> Work:
        self.actor.require(Role.PLANNER)
        if timeline.head == work.timeline.head:
            return work
        # an event that cannot be applied is refused here: saved, it would close the scenario
        _ = timeline.state
        moved = replace(work, timeline=timeline)
        nothing_kept = work.scenario is None and not work.pending
        return moved if nothing_kept else self.save(moved)

    # -- two at once -------------------------------------------------------------------------------

    def _theirs(self, work: Work) -> Work | None:
        """Return what the store holds now of a scenario that someone else changed."""
        try:
            return None if work.scenario is None else self.open(work.scenario.id)
        except StoreError:
            return None

    def news(self, work: Work) -> tuple[Event, ...]:
        """Return what others added since this session read the scenario."""
        if work.conflict is None:
            return ()
        known = set(work.timeline.by_id)
        return tuple(e for e in work.conflict.timeline.events if e.id not in known)

    def rebase(self, work: Work) -> tuple[Work, tuple[tuple[Event, str], ...]]:
        """Put one's unsaved changes after the others'; return also those that no longer hold."""
        if work.conflict is None:
            return work, ()
        theirs = work.conflict
        mine = [replace(event, id=new_code(9)) for event in work.pending]
        timeline, refused = theirs.timeline.rebased(mine)
        kept = timeline.events[len(theirs.timeline.events) :]
        if not kept:
            return theirs, refused
        return self.save(replace(theirs, timeline=timeline, pending=kept)), refused

    def branch_off(self, work: Work) -> Work:
        """Keep one's own version of a scenario that others changed in a copy."""
        return self.save(_copy(work, _called(work, "ma version")))

    # -- what is said of a scenario ----------------------------------------------------------------

    def describe(self, work: Work, **changes: Any) -> Work:  # noqa: ANN401 - fields of Scenario
        """Change name, description, status, decisions or archived.

        Raises
        ------
        InputError
            If a text is empty or too long, or the work is not saved yet.
        ConflictError
            If someone else changed the scenario meanwhile.
        NotAllowedError, StoreError
            As ever.
        """
        self.actor.require(Role.PLANNER)
        scenario = work.saved
        if "name" in changes:
            changes["name"] = _required(changes["name"], "Le nom d'un scénario", _MAX_NAME)
        if "description" in changes:
            changes["description"] = str(changes["description"])[:_MAX_TEXT]
        version = self._opener().update(scenario.id, version=scenario.version, **changes)
        return replace(
            work, scenario=replace(scenario, version=version, updated=self._stamp(), **changes)
        )

    def decide(self, work: Work, status: ScenarioStatus, text: str) -> Work:
        """Change the decision status, with a dated note, of the version there is; as `describe`.

        That version is frozen with it. A retained one changes no more: see `save`.
        """
        self.actor.require(Role.PLANNER)
        scenario = work.saved
        note = _required(text, "La note de décision", _MAX_TEXT)
        decision = Decision(self._stamp()[:10], note, self.actor.name)
        decided = self._opener().decide(scenario.id, status, decision, version=scenario.version)
        return replace(work, scenario=decided)

    def duplicate(self, work: Work, name: str | None = None) -> Work:
        """Return a copy with the whole history, saved under another name."""
        title = _called(work, "copie") if name is None else name
        return self.save(_copy(work, _required(title, "Le nom d'un scénario", _MAX_NAME)))

    def delete(self, scenario: str) -> None:
        """Delete for good; raises ``NotAllowedError`` for anyone but an administrator."""
        self.actor.require(Role.ADMINISTRATOR)
        self._opener().delete(scenario)

    def freeze(self, work: Work, expires: str = "", *, comments: bool = False) -> str:
        """Return the token of a read-only link to the scenario as it is now.

        ``expires`` is the last day (ISO) on which it shows it; empty for no end. With ``comments``,
        who opens it may leave some.

        Raises
        ------
        InputError
            If that day is past.
        """
        self.actor.require(Role.PLANNER)
        scenario = work.saved
        if expires and expires < self.today:
            msg = "Le dernier jour du lien est passé : choisissez aujourd'hui ou plus tard."
            raise InputError(msg)
        return self._opener().freeze(
            scenario.id, version=scenario.version, expires=expires, comments=comments
        )

    def withdraw_link(self, token: str) -> None:
        """Have a read-only link show nothing any more, for good."""
        self.actor.require(Role.PLANNER)
        self._opener().withdraw_link(token)

    # -- files -------------------------------------------------------------------------------------

    def give(self, work: Work) -> dict[str, Any]:
        """Return a scenario as the JSON object of a scenario file."""
        return scenario_document(work.saved)

    def take(self, content: bytes) -> Work:
        """Save the scenario of a file under a new id, and return it.

        Raises
        ------
        InputError
            If the file is no scenario, or one of another version, or does not fit the data.
        """
        self.actor.require(Role.PLANNER)
        scenario = read_scenario(content)
        now = self._stamp()
        fresh = replace(scenario, id=new_code(), version=0, created=now, updated=now)
        self._work(fresh)
        return self._work(self._opener().create(fresh))

    def _stamp(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _copy(work: Work, title: str) -> Work:
    """Return a work that is saved nowhere yet, with the whole history of another."""
    return Work(work.timeline, None, f"« {work.name} »", pending=work.timeline.events, title=title)


def _called(work: Work, what: str) -> str:
    end = f" ({what})"
    return work.name[: _MAX_NAME - len(end)] + end


def _variant(work: Work) -> Work:
    """Return the copy that takes the changes of a retained scenario."""
    copy = _copy(work, _called(work, "variante"))
    said = (
        f"« {work.name} » est retenu et ne change plus : votre changement est dans une copie, "
        f"« {copy.title} »."
    )
    return replace(copy, said=said)


def _line(text: str, limit: int) -> str:
    return " ".join(text.split())[:limit]


def _required(text: object, what: str, limit: int) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > limit:
        msg = f"{what} est un texte de 1 à {limit} caractères."
        raise InputError(msg)
    return text.strip()
