"""Use cases of scenarios for one user: permission, check and SQL of each in one method."""

import contextlib
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from functools import partial
from threading import Lock
from typing import TYPE_CHECKING, Any

from geozones.common.bounds import write_json
from geozones.common.clock import now
from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import new_code
from geozones.common.french import listing, number, shortlist
from geozones.domain import (
    ConflictError,
    DamagedScenarioError,
    Decision,
    Event,
    Plan,
    Scenario,
    ScenarioStatus,
    ScenarioSummary,
    StoreError,
    UnknownLyceeError,
    UnknownScenarioError,
)
from geozones.domain.access import (
    Access,
    AccessError,
    Action,
    ActionKind,
    checked_members,
    first_members,
)
from geozones.domain.errors import LeftOut
from geozones.domain.events import State
from geozones.domain.events.base_events import TakeOver
from geozones.domain.places import LocationOverrides, Spot
from geozones.domain.scenario import FrozenCopy
from geozones.domain.timeline import EditConflict, Timeline, undo_event
from geozones.records.kinds import DECISION, EVENT, SCENARIO, tree_faults
from geozones.store import feature_rows, permissions, rows, versions
from geozones.store.database import refuse, refusing
from geozones.store.store import LogState, log_state
from geozones.workspace.figures.analysis import Analysis, AnalysisUseCases
from geozones.workspace.figures.plan_comparison import figures_to_keep
from geozones.workspace.folder.places import PlaceDoubtError, place_doubt
from geozones.workspace.roles import LOCAL, Actor, Role, needs, needs_nothing
from geozones.workspace.scenarios.history_text import MAX_NAME, automatic_name, is_automatic
from geozones.workspace.scenarios.links import Links
from geozones.workspace.scenarios.merging import (
    called,
    copied,
    elsewhere,
    forbidden_breaches,
    joined,
    refusal_to_undo,
)
from geozones.workspace.scenarios.open_scenario import (
    Work,
    baseline_of,
    decided_elsewhere,
    read_scenario,
    scenario_document,
    work_of,
)

if TYPE_CHECKING:
    from geozones.store import Store

MAX_TEXT = 4000
_MAX_WHY = 300
#: Most tries of a save after merging others' changes, before the user is asked to try again.
_TRIES = 8
_TURNS = tuple(Lock() for _ in range(64))
_SCENARIO = "Ce scénario ne peut pas être enregistré"
_CHANGES = "Ces changements ne peuvent pas être enregistrés"
_DECISION = "Cette décision ne peut pas être enregistrée"


class Scenarios(AnalysisUseCases):
    """Use cases of scenarios; `links` has those of the read-only links to their versions."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(analysis, opener, actor, clock)
        self.links = Links(self._analysis, opener, actor, clock)

    # -- reading -----------------------------------------------------------------------------------

    @needs(Role.READER)
    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """Return the scenarios that the caller may read, the last changed first."""
        context = self.store().context
        with context.reading() as connection:
            may_read = context.readable(connection)
            lines = rows.summaries(connection, archived=archived)[0]
        return tuple(line for line in lines if may_read(line.id))

    @needs(Role.READER)
    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the error of each scenario that `list` leaves out, archived or not."""
        with self.store().context.reading() as connection:
            return rows.summaries(connection, archived=True)[1]

    @needs(Role.READER, Access.READER)
    def left_out(self, scenario: str) -> tuple[LeftOut, ...]:
        """Return notices of the unreadable parts of a scenario (id)."""
        context = self.store().context
        with context.reading() as connection:
            context.require(connection, scenario, Access.READER)
            return (
                *permissions.read_all_members(connection, scenario).left_out,
                *versions.read_all(connection, scenario).left_out,
                *feature_rows.read_comments(connection, scenario).left_out,
                *feature_rows.read_questions(connection, scenario).left_out,
                *feature_rows.read_opinions_of(connection, scenario).left_out,
            )

    @needs_nothing
    def new(
        self,
        plan: Plan | None = None,
        origin: str = "",
        places: LocationOverrides | None = None,
    ) -> Work:
        """Start a work on a plan, by default the baseline; its first change saves it.

        ``origin`` says in French where the plan comes from; ``places`` are the locations that it
        needs besides the data folder's.
        """
        held = self._analysis.baseline
        if plan is None:
            start = State(held.plan, places=held.places)
            return Work(Timeline(start), origin=origin or held.origin, follows=True)
        start = State(plan, places=places or LocationOverrides())
        return Work(Timeline(start), origin=origin or held.origin)

    @needs(Role.READER, Access.READER)
    def open(self, scenario: str) -> Work:
        """Return a scenario as stored."""
        return work_of(self._atlas, *self._stored(scenario))

    def _stored(self, scenario: str) -> tuple[Scenario, Access]:
        """Return a scenario (id) with every event, and the caller's access to it."""
        context = self.store().context
        with context.reading() as connection:
            access = context.access(connection, scenario)
            return rows.read(connection, scenario), access

    @needs(Role.READER, Access.READER)
    def members(self, scenario: str) -> dict[str, Access]:
        """Return the permissions of each member of a scenario; raises as `open`."""
        context = self.store().context
        with context.reading() as connection:
            context.require(connection, scenario, Access.READER)
            return permissions.read_members(connection, scenario)

    @needs(Role.READER, Access.READER)
    def access(self, scenario: str) -> Access:
        """Return the caller's permission on a scenario; raises as `open`."""
        context = self.store().context
        with context.reading() as connection:
            return context.access(connection, scenario)

    @needs(Role.ADMINISTRATOR)
    def actions(self, scenario: str | None = None, limit: int | None = None) -> tuple[Action, ...]:
        """Return the log, oldest first: of one scenario, or its last entries, or all of it."""
        with self.store().context.reading() as connection:
            return tuple(permissions.read_actions(connection, scenario, limit).values)

    @needs(Role.ADMINISTRATOR)
    def log_state(self) -> LogState:
        """Count the entries of the log and check its protections; raises as `actions`."""
        with self.store().context.reading() as connection:
            return log_state(connection)

    # -- changes of the plan -----------------------------------------------------------------------

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
        return self.save(self._grown(replace(work, undone=()), event))

    def _grown(self, work: Work, event: Event) -> Work:
        """Return a work with one more event; raise ``InputError`` if the event is refused."""
        # a refusal names zones as the screen does
        territory = self._analysis.territory.relocated(work.state.places)
        timeline = work.timeline.showing(territory.named(work.plan)).added(event)
        refusal = forbidden_breaches(self._analysis, work.state, timeline.state)
        if refusal:
            raise InputError("Changement refusé. " + refusal)
        return replace(work, timeline=timeline, pending=(*work.pending, event))

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
        if doubt is None and not insist:
            after = territory.relocated(work.state.places.with_spot(lycee_id, spot))
            # which communes a new position gives to another sector; None if there are none
            plan = work.plan
            changed = territory.sectors_changed(after, work.plan)
            parts = [
                f"{shortlist(communes)} au secteur {plan.sector(sector).name}"
                for sector, communes in changed.items()
            ]
            doubt = f"elle donnerait {listing(parts)}" if parts else None
        if doubt is not None:
            raise PlaceDoubtError(doubt)
        return self.record(
            work, "place", {"lycee": lycee_id, "lat": spot.lat, "lon": spot.lon}, why
        )

    @needs(Role.PLANNER)
    def save(self, work: Work) -> Work:
        """Save the pending events; as `record`. A retained scenario is copied first.

        Others' changes made meanwhile are merged, unless they affect the same things.
        """
        work = replace(work, notice="", problem=None, conflict=None)
        # the lock that serialises saves of a scenario by the sessions of this process. Without it,
        # sessions would merge one another's latest writes again and again
        with _TURNS[hash(work.scenario and work.scenario.id) % len(_TURNS)]:
            for _ in range(_TRIES):
                work = elsewhere(work)
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
        """Write a new scenario, or the pending events, head and automatic name of a stored one."""
        scenario, head, name = work.scenario, work.timeline.head, self._name(work)
        if scenario is None:
            return replace(work, scenario=self._created(self._first(work)), gone="")
        if not work.pending and head == scenario.head:
            return work
        context, ids = self.store().context, [event.id for event in work.pending]
        with context.writing() as connection:
            context.lock(connection, scenario.id, scenario.version)
            named = (*ids, *(event.parent for event in work.pending), head)
            known = rows.known_depths(connection, scenario.id, named)
            with refusing(_CHANGES):
                for event in work.pending:
                    EVENT.checked(event)
            refuse(tree_faults(work.pending, head, known), _CHANGES)
            depth = rows.depths(work.pending, known)
            rows.insert_events(connection, scenario.id, work.pending, depth)
            rows.change(
                connection,
                scenario.id,
                version=scenario.version + 1,
                updated=context.now(),
                head=head,
                moves=0 if head is None else depth[head],
                **({} if name == scenario.name else {"name": name}),
            )
            kind = ActionKind.CHANGED if work.pending else ActionKind.WENT
            kinds = [event.kind for event in work.pending]
            context.log(connection, kind, scenario.id, kinds=kinds, ids=ids, head=head)
        stored = replace(
            scenario,
            name=name,
            events=work.timeline.events,
            head=head,
            version=scenario.version + 1,
            updated=self.now,
        )
        return replace(work, scenario=stored)

    def _name(self, work: Work) -> str:
        """Return the name to store: one that the tool gave follows the changes."""
        territory = self._analysis.territory
        if is_automatic(territory, work):
            return automatic_name(territory, work, work.timeline)
        return work.name

    def _first(self, work: Work) -> Scenario:
        """Return the scenario that a work begins."""
        now, timeline, start = self.now, work.timeline, work.timeline.start
        return Scenario(
            id=new_code(),
            name=self._name(work),
            base=self._atlas.plan_json(start.plan, start.places),
            origin=work.origin,
            author=self.actor.name,
            created=now,
            updated=now,
            events=timeline.events,
            head=timeline.head,
        )

    def _created(self, scenario: Scenario) -> Scenario:
        """Write a new scenario with its events, and return it as stored, at version 1."""
        context = self.store().context
        created = replace(scenario, version=1, updated=context.now())
        with refusing(_SCENARIO):
            SCENARIO.checked(created)
        with context.writing() as connection:
            if rows.exists(connection, created.id):
                refuse(["un autre a déjà ce code"], _SCENARIO)
            rows.insert(connection, created)
            permissions.write_members(connection, created.id, first_members(context.caller))
            context.log(connection, ActionKind.CREATED, created.id, events=len(created.events))
        return created

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
            # undo an event although others made events after it
            back = undo_event(work.timeline, event.id)
            if isinstance(back, EditConflict):
                raise InputError(refusal_to_undo(self._analysis.territory, work, back))
            refusal = forbidden_breaches(self._analysis, work.state, back.state)
            if refusal:
                raise InputError("Annulation refusée. " + refusal)
            new = tuple(entry for entry in back.events if entry.id not in work.timeline.by_id)
            ahead = [event for event in work.timeline.undone if self._own(work, event)]
            return self.save(
                replace(
                    work,
                    timeline=back,
                    pending=(*work.pending, *new),
                    undone=(*work.undone, *reversed(ahead), event),
                    others=work.others | {entry.id for entry in new},
                )
            )
        if work.timeline.undone[:1] == (event,):
            return self._headed(work, work.timeline.redo())
        again = replace(event, id=new_code(9), parent=work.timeline.head)
        return self.save(self._grown(replace(work, undone=work.undone[:-1]), again))

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
        return moved if nothing_kept else self.save(moved)

    # -- two at once -------------------------------------------------------------------------------

    def _joined(self, work: Work) -> Work:
        """Return a work merged with others' changes, or with the conflict."""
        scenario = work.scenario
        assert scenario is not None  # noqa: S101 - a work without a stored scenario has no conflict
        try:
            theirs = work_of(self._atlas, *self._stored(scenario.id), work.timeline)
        except UnknownScenarioError:
            return self.deleted(work)
        except GeozonesError as error:
            return replace(work, problem=str(error))
        forbidden = partial(forbidden_breaches, self._analysis)
        return joined(self._analysis.territory, work, theirs, forbidden, self.actor.name)

    @needs(Role.READER, Access.READER)
    def caught_up(self, work: Work) -> Work:
        """Return a work without pending events, updated with others' changes."""
        return self._joined(work)

    @needs(Role.READER)
    def deleted(self, work: Work) -> Work:
        """Return a work marked as deleted, with the user who deleted it if known."""
        by = ""
        if work.scenario is not None and self.actor != LOCAL:
            with contextlib.suppress(StoreError), self.store().context.reading() as connection:
                log = permissions.read_actions(connection, work.scenario.id, limit=1).values
                by = "".join(
                    f" par {entry.who}" for entry in log if entry.what == ActionKind.DELETED
                )
        return replace(work, gone=f"« {work.name} » a été supprimé entre-temps{by}.", problem=None)

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

        What was there before stays in the history, on its own branch. Raises as `record`;
        ``InputError`` if the scenario is on that plan already, or was begun on a plan of its own.
        """
        base, now = baseline_of(self._analysis, work), self._analysis.baseline.current
        if base.now is None:
            raise InputError(f"Ce scénario part déjà du {now.dated}.")
        if base.plan.zone_by_lycee != work.base.zone_by_lycee:
            raise InputError(
                f"Ce scénario part d'un plan à lui ({work.origin}), que son historique ne peut pas "
                f"refaire : repartez du {now.dated} et lisez de nouveau ce plan."
            )
        data = {"plan": self._atlas.plan_json(now.plan, now.places), "origin": now.origin}
        start = Event(new_code(9), None, TakeOver.kind, data, self.actor.name, self.now)
        forbidden = partial(forbidden_breaches, self._analysis)
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

    @needs(Role.PLANNER)
    def adopt(self, work: Work, name: str, description: str = "") -> Work:
        """Save a work as a new scenario at once, before any change; as `record`."""
        name = _required(name, "Le nom d'un scénario", MAX_NAME, "name")
        first = replace(self._first(work), name=name, description=description[:MAX_TEXT])
        return replace(work, scenario=self._created(first))

    # -- description, decisions, members -----------------------------------------------------------

    @needs(Role.PLANNER, Access.EDITOR)
    def describe(
        self, work: Work, *, name: str | None = None, description: str | None = None
    ) -> Work:
        """Change the name or the description."""
        scenario, changes = work.saved, dict[str, Any]()
        if name is not None:
            changes["name"] = _required(name, "Le nom d'un scénario", MAX_NAME, "name")
        if description is not None:
            changes["description"] = description[:MAX_TEXT]
        with refusing(_SCENARIO):
            SCENARIO.check_fields(changes)
        context, version = self.store().context, scenario.version + 1
        with context.writing() as connection:
            context.lock(connection, scenario.id, scenario.version)
            at = context.now()
            rows.change(connection, scenario.id, version=version, updated=at, **changes)
            context.log(connection, ActionKind.DESCRIBED, scenario.id, fields=sorted(changes))
        described = replace(scenario, **changes)
        return replace(work, scenario=replace(described, version=version, updated=self.now))

    @needs(Role.PLANNER, Access.OWNER)
    def archive(self, work: Work, *, archived: bool) -> Work:
        """Archive a scenario, or restore it; raises as `describe`."""
        scenario, context = work.saved, self.store().context
        version = scenario.version + 1
        with context.writing() as connection:
            context.lock(connection, scenario.id, scenario.version, Access.OWNER)
            at = context.now()
            rows.change(connection, scenario.id, version=version, updated=at, archived=archived)
            kind = ActionKind.ARCHIVED if archived else ActionKind.UNARCHIVED
            context.log(connection, kind, scenario.id)
        stored = replace(scenario, version=version, updated=self.now, archived=archived)
        return replace(work, scenario=stored)

    @needs(Role.PLANNER, Access.EDITOR)
    def decide(self, work: Work, status: ScenarioStatus, text: str) -> Work:
        """Change the decision status of the present version, with a dated note; as `describe`.

        The version that this makes is frozen, with the figures of today. A retained scenario can
        no longer change: see `save`.
        """
        scenario, version = work.saved, work.saved.version + 1
        note = _required(text, "La note de décision", MAX_TEXT, "note")
        figures = figures_to_keep(self._analysis, work.state, work.timeline.base, self.today)
        decision = Decision(self.today, note, self.actor.name, version, new_code(24))
        with refusing(_DECISION):
            DECISION.checked(decision)
        context = self.store().context
        at = context.now()
        with context.writing() as connection:
            context.lock(connection, scenario.id, scenario.version)
            decisions = (*rows.read(connection, scenario.id).decisions, decision)
            rows.change(
                connection,
                scenario.id,
                version=version,
                updated=at,
                status=status.value,
                decisions=write_json(list(map(DECISION.to_json, decisions))),
            )
            decided = rows.read(connection, scenario.id)
            frozen = replace(decided, id=decision.frozen)
            versions.write_frozen(connection, FrozenCopy(frozen.id, at, frozen, figures))
            context.log(
                connection, ActionKind.DECIDED, scenario.id, status=status.value, version=version
            )
        return replace(work, scenario=decided)

    @needs(Role.PLANNER, Access.OWNER)
    def open_to(self, scenario: str, members: Mapping[str, Access]) -> None:
        """Set the permissions of a scenario's (id) members."""
        written, context = checked_members(members), self.store().context
        with context.writing() as connection:
            context.require(connection, scenario, Access.OWNER)
            permissions.write_members(connection, scenario, written)
            accesses = {person: access.value for person, access in written.items()}
            context.log(connection, ActionKind.OPENED_TO, scenario, members=accesses)

    @needs(Role.ADMINISTRATOR)
    def delete(self, scenario: str) -> None:
        """Delete a scenario (id) and its events for good; its frozen copies stay."""
        context = self.store().context
        with context.writing() as connection:
            context.require(connection, scenario, Access.OWNER)
            name = rows.name_of(connection, scenario)
            rows.delete(connection, scenario)
            context.log(connection, ActionKind.DELETED, scenario, name=name)

    # -- files -------------------------------------------------------------------------------------

    @needs_nothing
    def export(self, work: Work) -> dict[str, Any]:
        """Return a scenario as the JSON object of a scenario file."""
        return scenario_document(work.saved)

    @needs(Role.PLANNER)
    def import_(self, content: bytes) -> Work:
        """Save the scenario of a file under a new id, as a hypothesis, and return it.

        The decisions of the file are only quoted: see `decided_elsewhere`.
        """
        quoted = decided_elsewhere(read_scenario(content), self.actor.name, self.today)
        fresh = replace(quoted, id=new_code(), version=0, created=self.now, updated=self.now)
        work_of(self._atlas, fresh)
        return work_of(self._atlas, self._created(fresh))


def _required(text: object, what: str, limit: int, field: str) -> str:
    """Return a stripped text; raise ``InputError`` if it is empty or too long."""
    if not isinstance(text, str) or not text.strip() or len(text) > limit:
        raise InputError(f"{what} doit avoir de 1 à {number(limit)} caractères.", field=field)
    return text.strip()
