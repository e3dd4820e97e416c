"""Scenarios at work: every change is an event, saved at once, and checked against the role."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from secrets import token_urlsafe
from typing import TYPE_CHECKING, Any

from geozones.domain import (
    ConflictError,
    Decision,
    Event,
    InputError,
    Plan,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    StoreError,
    UnknownLyceeError,
)
from geozones.domain.events import State
from geozones.domain.french import moment
from geozones.domain.places import PlaceChanges, Spot
from geozones.domain.timeline import Timeline
from geozones.workspace.geocoding import PlaceDoubtError, place_doubt
from geozones.workspace.roles import LOCAL, Actor, Role
from geozones.workspace.scenario_files import read_scenario, scenario_document

if TYPE_CHECKING:
    from geozones.store import Store
    from geozones.workspace.core import Workspace

PUBLISHED = "le plan livré"
_MAX_WHY, _MAX_NAME, _MAX_TEXT = 300, 120, 4000


@dataclass(frozen=True)
class Work:
    """A scenario on screen.

    Parameters
    ----------
    timeline
        Its history, as this session sees it.
    scenario
        What the store holds of it; ``None`` until the first change is saved.
    origin
        Where its base comes from, in words.
    pending
        Events that could not be saved yet; tried again with the next one.
    problem
        Why they could not be.
    conflict
        What someone else made of it meanwhile, to choose from; ``None`` for none.
    """

    timeline: Timeline
    scenario: Scenario | None = None
    origin: str = PUBLISHED
    pending: tuple[Event, ...] = ()
    problem: str | None = None
    conflict: "Work | None" = field(default=None, repr=False)

    @property
    def plan(self) -> Plan:
        """The plan on screen."""
        return self.timeline.plan

    @property
    def state(self) -> State:
        """The plan, the locks, and what people chose for their zones."""
        return self.timeline.state

    @property
    def base(self) -> Plan:
        """The plan it starts from."""
        return self.timeline.start.plan

    @property
    def name(self) -> str:
        """How it is called."""
        return "Nouvel essai" if self.scenario is None else self.scenario.name

    @property
    def is_dirty(self) -> bool:
        """Whether something on screen is not in the store."""
        return bool(self.pending)


def _now() -> datetime:
    return datetime.now(UTC)


class Scenarios:
    """The use cases of scenarios, for one user.

    Parameters
    ----------
    workspace
        The territory.
    opener
        Gives the store where scenarios are kept; called at each use, raises ``StoreError``.
    actor
        Who asks; every write checks the role.
    clock
        The time, in the time zone of whoever asks: a new scenario is called by it.
    """

    def __init__(
        self,
        workspace: "Workspace",
        opener: Callable[[], "Store"],
        actor: Actor = LOCAL,
        clock: Callable[[], datetime] = _now,
    ) -> None:
        self._workspace, self._opener = workspace.home, opener
        self.actor, self._clock = actor, clock

    # -- reading -----------------------------------------------------------------------------------

    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """Return the scenarios, the last changed first; raises ``StoreError``."""
        return self._opener().list(archived=archived)

    def new(
        self,
        plan: Plan | None = None,
        origin: str = PUBLISHED,
        places: PlaceChanges | None = None,
    ) -> Work:
        """Begin on a plan, by default the shipped one; nothing is saved before the first change.

        ``places`` are those that the plan needs beside the data folder's.
        """
        start = State(plan or self._workspace.plan, places=places or PlaceChanges())
        return Work(Timeline(start), origin=origin)

    def open(self, scenario: str) -> Work:
        """Return a scenario as the store holds it.

        Raises
        ------
        UnknownScenarioError
            If there is none.
        PlanFileError, InputError
            If it no longer fits the data: a lycée it has not, an event that makes no sense.
        StoreError
            If the store cannot be read.
        """
        return self._work(self._opener().get(scenario))

    def frozen(self, token: str) -> Work:
        """Return the version that a read-only link shows; raises as `open`."""
        return self._work(self._opener().frozen(token))

    def _work(self, scenario: Scenario) -> Work:
        base = self._workspace.plan_of_json(scenario.base)
        start = State(base.plan, places=base.places)
        timeline = Timeline(start, scenario.events, scenario.head, scenario.head)
        # an event that makes no sense is told now, not in the middle of a page
        _ = timeline.state
        return Work(timeline, scenario, scenario.origin)

    # -- changing ----------------------------------------------------------------------------------

    def record(self, work: Work, kind: str, data: Mapping[str, Any], why: str = "") -> Work:
        """Make a change and save it.

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
            token_urlsafe(9),
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
        workspace = self._workspace.with_places(work.state.places)
        known = workspace.lycees.get(lycee)
        if known is None:
            raise UnknownLyceeError(lycee)
        if spot is None:
            return self.record(work, "place", {"lycee": lycee, "lat": None, "lon": None}, why)
        doubt = None if insist else place_doubt(workspace, spot.lat, spot.lon, known.insee)
        if doubt is not None:
            raise PlaceDoubtError(doubt)
        return self.record(work, "place", {"lycee": lycee, "lat": spot.lat, "lon": spot.lon}, why)

    def _refuse_forbidden(self, before: State, after: State) -> None:
        if after.plan is before.plan:
            return
        known = set(self._workspace.with_places(before.places).forbidden(before.plan))
        told_now = self._workspace.with_places(after.places).forbidden(after.plan)
        new = [told for told in told_now if told not in known]
        if new:
            raise InputError("Changement refusé. " + " ".join(new))

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
        """Save what is pending; as `record`."""
        self.actor.require(Role.PLANNER)
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
            id=token_urlsafe(16),
            name=f"Essai du {moment(self._clock())}",
            base=self._workspace.plan_json(work.base, work.timeline.start.places),
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
        mine = [replace(event, id=token_urlsafe(9)) for event in work.pending]
        timeline, refused = theirs.timeline.rebased(mine)
        kept = timeline.events[len(theirs.timeline.events) :]
        if not kept:
            return theirs, refused
        return self.save(replace(theirs, timeline=timeline, pending=kept)), refused

    def branch_off(self, work: Work) -> Work:
        """Keep one's own version of a scenario that others changed in a copy."""
        origin = f"« {work.name} »"
        copy = Work(work.timeline, None, origin, pending=work.timeline.events)
        return self._renamed_copy(self.save(copy), f"{work.name} (ma version)")

    def _renamed_copy(self, work: Work, name: str) -> Work:
        if work.scenario is None:
            return work
        return self.describe(work, name=name[:_MAX_NAME])

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
        scenario = _saved(work)
        if "name" in changes:
            changes["name"] = _required(changes["name"], "Le nom d'un scénario", _MAX_NAME)
        if "description" in changes:
            changes["description"] = str(changes["description"])[:_MAX_TEXT]
        version = self._opener().update(scenario.id, version=scenario.version, **changes)
        return replace(
            work, scenario=replace(scenario, version=version, updated=self._stamp(), **changes)
        )

    def decide(self, work: Work, status: ScenarioStatus, text: str) -> Work:
        """Change the decision status, with a dated note; as `describe`."""
        scenario = _saved(work)
        note = _required(text, "La note de décision", _MAX_TEXT)
        decision = Decision(self._stamp()[:10], note, self.actor.name)
        return self.describe(work, status=status, decisions=(*scenario.decisions, decision))

    def duplicate(self, work: Work, name: str | None = None) -> Work:
        """Return a copy with the whole history, saved under another name."""
        copy = Work(work.timeline, None, f"« {work.name} »", pending=work.timeline.events)
        return self._renamed_copy(self.save(copy), name or f"{work.name} (copie)")

    def delete(self, scenario: str) -> None:
        """Delete for good; raises ``NotAllowedError`` for anyone but an administrator."""
        self.actor.require(Role.ADMINISTRATOR)
        self._opener().delete(scenario)

    def freeze(self, work: Work) -> str:
        """Return the token of a read-only link to the scenario as it is now."""
        self.actor.require(Role.PLANNER)
        scenario = _saved(work)
        return self._opener().freeze(scenario.id, version=scenario.version)

    # -- files -------------------------------------------------------------------------------------

    def give(self, work: Work) -> dict[str, Any]:
        """Return a scenario as the JSON object of a scenario file."""
        return scenario_document(_saved(work))

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
        fresh = replace(scenario, id=token_urlsafe(16), version=0, created=now, updated=now)
        self._work(fresh)
        return self._work(self._opener().create(fresh))

    def _stamp(self) -> str:
        return self._clock().astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _saved(work: Work) -> Scenario:
    if work.scenario is None or work.pending:
        msg = "Ce scénario n'est pas encore enregistré : faites un premier déplacement."
        raise InputError(msg)
    return work.scenario


def _line(text: str, limit: int) -> str:
    return " ".join(text.split())[:limit]


def _required(text: object, what: str, limit: int) -> str:
    if not isinstance(text, str) or not text.strip() or len(text) > limit:
        msg = f"{what} est un texte de 1 à {limit} caractères."
        raise InputError(msg)
    return text.strip()
