"""Use cases of scenarios for one user: read, describe, decide, share, delete, export, import."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from geozones.common.clock import now
from geozones.common.errors import GeozonesError, InputError
from geozones.common.files import new_code
from geozones.domain import (
    DamagedScenarioError,
    Decision,
    Plan,
    ScenarioStatus,
    ScenarioSummary,
)
from geozones.domain.access import Access, Action, SharedLink
from geozones.domain.errors import LeftOut
from geozones.domain.events import State
from geozones.domain.places import LocationOverrides
from geozones.domain.publications import read_kept
from geozones.domain.scenario import StatusSince
from geozones.domain.timeline import Timeline
from geozones.workspace.analysis import Analysis
from geozones.workspace.plan_comparison import figures_to_keep
from geozones.workspace.roles import Actor, Link, Role, UseCases, needs, needs_link, needs_nothing
from geozones.workspace.scenarios.history_text import MAX_NAME
from geozones.workspace.scenarios.open_scenario import (
    Work,
    decided_elsewhere,
    linked,
    read_scenario,
    scenario_document,
    work_of,
)
from geozones.workspace.scenarios.saving import (
    MAX_TEXT,
    ScenarioEditor,
    ScenarioSaver,
    required,
)

if TYPE_CHECKING:
    from geozones.store import LogState, Store


class ScenarioSharing(UseCases):
    """Use cases that say who may read or change a scenario; ``analysis`` makes figures to keep."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(opener, actor, clock)
        self._analysis = analysis

    @needs(Role.READER, Access.READER)
    def members(self, scenario: str) -> dict[str, Access]:
        """Return the permissions of each member of a scenario; raises as `Scenarios.open`."""
        return self.store().scenarios.members(scenario)

    @needs(Role.READER, Access.READER)
    def access(self, scenario: str) -> Access:
        """Return the caller's permission on a scenario; raises as `Scenarios.open`."""
        return self.store().scenarios.access(scenario)

    @needs(Role.PLANNER, Access.OWNER)
    def open_to(self, scenario: str, members: Mapping[str, Access]) -> None:
        """Set the permissions of a scenario's (id) members."""
        self.store().scenarios.open_to(scenario, members)

    @needs(Role.READER, Access.READER)
    def links(self, scenario: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, newest first; raises as `Scenarios.list`."""
        return self.store().versions.links(scenario)

    @needs(Role.READER, Access.READER)
    def frozen_version(self, work: Work) -> str:
        """Return the token of a frozen copy of a saved scenario as it is; empty if there is none.

        Raises as `Scenarios.list`.
        """
        if work.scenario is None or work.is_dirty:
            return ""
        scenario, versions = work.scenario, self.store().versions
        links = (link for link in versions.links(scenario.id) if link.is_open(self.today))
        for link in links:
            if versions.get(link.token).version == scenario.version:
                return link.token
        decided = (entry for entry in scenario.decisions if entry.version == scenario.version)
        return next((entry.frozen for entry in decided), "")

    @needs(Role.PLANNER, Access.EDITOR)
    def freeze(self, work: Work, expires: str = "", *, comments: bool = False) -> str:
        """Return the token of a read-only link to the scenario's present version.

        ``expires`` is the last day (ISO) of the link; empty for no end. With ``comments``, visitors
        of the link may leave comments. The figures of today are kept with the version.
        """
        scenario = work.saved
        if expires and expires < self.today:
            raise InputError(
                "Le dernier jour du lien est passé : choisissez aujourd'hui ou plus tard."
            )
        return self.store().versions.freeze(
            scenario.id,
            version=scenario.version,
            expires=expires,
            comments=comments,
            figures=figures_to_keep(self._analysis, work.state, work.timeline.base, self.today),
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def withdraw_link(self, token: str) -> None:
        """Close a read-only link for good."""
        self.store().versions.withdraw_link(token)


class Scenarios(UseCases):
    """Use cases of stored scenarios; `editor`, `saver` and `sharing` have the others."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = now,
    ) -> None:
        super().__init__(opener, actor, clock)
        self._analysis = analysis.home
        self._atlas = analysis.territory.atlas
        self.saver = ScenarioSaver(self._analysis, opener, actor, clock)
        self.editor = ScenarioEditor(self.saver, opener, actor, clock)
        self.sharing = ScenarioSharing(self._analysis, opener, actor, clock)

    # -- reading -----------------------------------------------------------------------------------

    @needs(Role.READER)
    def list(self, *, archived: bool = False) -> tuple[ScenarioSummary, ...]:
        """Return the scenarios, the last changed first."""
        return self.store().scenarios.list(archived=archived)

    @needs(Role.READER)
    def damaged(self) -> tuple[DamagedScenarioError, ...]:
        """Return the error of each scenario that `list` leaves out; raises as `list`."""
        return self.store().scenarios.damaged()

    @needs(Role.READER, Access.READER)
    def left_out(self, scenario: str) -> tuple[LeftOut, ...]:
        """Return notices of the unreadable parts of a scenario (id)."""
        return self.store().left_out(scenario)

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
        store = self.store()
        return work_of(self._atlas, store.scenarios.get(scenario), store.scenarios.access(scenario))

    @needs_link(Link.VERSION)
    def frozen(self, token: str) -> Work:
        """Return the version behind a read-only link, for anyone who has the link.

        Raises as `open`, but requires no login; ``DeadLinkError`` if the link shows nothing.
        """
        version = linked(self.store, token, self.today)
        versions = self.store().versions
        figures, link = read_kept(versions.figures(token), self.today), versions.link(token)
        source = "" if link is None else link.scenario
        work = replace(work_of(self._atlas, version), kept=figures, source=source)
        return replace(work, since=self._since(token, work))

    def _since(self, token: str, work: Work) -> StatusSince | None:
        """Return the status today of the scenario of a frozen version."""
        since = self.store().versions.status_since(token)
        if since is None or since.decided in {"", token}:
            return since
        try:
            decided = work_of(self._atlas, self.store().versions.get(since.decided))
        except GeozonesError:  # it no longer fits the data, so nobody knows whether it is the same
            return replace(since, is_of_other=True)
        pair = ((each.plan, each.state.places) for each in (decided, work))
        return replace(since, is_of_other=next(pair) != next(pair))

    @needs(Role.ADMINISTRATOR)
    def actions(self, scenario: str | None = None, limit: int | None = None) -> tuple[Action, ...]:
        """Return the log, oldest first: of one scenario, or its last entries, or all of it."""
        return self.store().log.actions(scenario, limit=limit)

    @needs(Role.ADMINISTRATOR)
    def log_state(self) -> "LogState":
        """Count the entries of the log and check its protections; raises as `actions`."""
        return self.store().log.state()

    # -- description, decisions --------------------------------------------------------------------

    @needs(Role.PLANNER, Access.EDITOR)
    def describe(self, work: Work, **changes: Any) -> Work:  # noqa: ANN401 - fields of Scenario
        """Change the name, the description, the status or the decisions."""
        if "name" in changes:
            changes["name"] = required(changes["name"], "Le nom d'un scénario", MAX_NAME)
        if "description" in changes:
            changes["description"] = str(changes["description"])[:MAX_TEXT]
        return self._written_down(work, **changes)

    @needs(Role.PLANNER, Access.OWNER)
    def archive(self, work: Work, *, archived: bool) -> Work:
        """Archive a scenario, or restore it; raises as `describe`."""
        return self._written_down(work, archived=archived)

    def _written_down(self, work: Work, **changes: Any) -> Work:  # noqa: ANN401 - fields of Scenario
        scenario = work.saved
        version = self.store().scenarios.update(scenario.id, version=scenario.version, **changes)
        return replace(
            work, scenario=replace(scenario, version=version, updated=self.now, **changes)
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def decide(self, work: Work, status: ScenarioStatus, text: str) -> Work:
        """Change the decision status of the present version, with a dated note; as `describe`.

        The store freezes this version too. A retained scenario can no longer change: see
        `ScenarioSaver.save`.
        """
        scenario = work.saved
        note = required(text, "La note de décision", MAX_TEXT)
        decision = Decision(self.today, note, self.actor.name)
        decided = self.store().scenarios.decide(
            scenario.id,
            status,
            decision,
            version=scenario.version,
            figures=figures_to_keep(self._analysis, work.state, work.timeline.base, self.today),
        )
        return replace(work, scenario=decided)

    @needs(Role.ADMINISTRATOR)
    def delete(self, scenario: str) -> None:
        """Delete a scenario for good; raise ``NotAllowedError`` unless an administrator calls."""
        self.store().scenarios.delete(scenario)

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
        scenario = read_scenario(content)
        now = self.now
        fresh = replace(
            decided_elsewhere(scenario, self.actor.name, self.today),
            id=new_code(),
            version=0,
            created=now,
            updated=now,
        )
        work_of(self._atlas, fresh)
        return work_of(self._atlas, self.store().scenarios.create(fresh))
