"""Use cases of scenarios: describe, decide, share, delete, export, import."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.domain import Decision, ScenarioStatus
from geozones.domain.access import Access
from geozones.workspace.roles import Role, needs, needs_nothing
from geozones.workspace.scenarios.editing import ScenarioEditor
from geozones.workspace.scenarios.files import (
    decided_elsewhere,
    read_scenario,
    scenario_document,
)
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.saving import (
    MAX_NAME,
    MAX_TEXT,
    called,
    copied,
    required,
)


class Scenarios(ScenarioEditor):
    """All use cases of scenarios, for one user."""

    # -- description, decisions, sharing -----------------------------------------------------------

    @needs(Role.PLANNER, Access.EDITOR)
    def describe(self, work: Work, **changes: Any) -> Work:  # noqa: ANN401 - fields of Scenario
        """Change the name, the description, the status or the decisions.

        Raises
        ------
        InputError
            If a text is empty or too long, or the work is not saved yet.
        ConflictError
            If someone else changed the scenario meanwhile.
        NotAllowedError, StoreError
            As `record`.
        """
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
        version = self.store().update(scenario.id, version=scenario.version, **changes)
        return replace(
            work, scenario=replace(scenario, version=version, updated=self._stamp(), **changes)
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def decide(self, work: Work, status: ScenarioStatus, text: str) -> Work:
        """Change the decision status of the present version, with a dated note; as `describe`.

        The store freezes this version too. A retained scenario can no longer change: see `save`.
        """
        scenario = work.saved
        note = required(text, "La note de décision", MAX_TEXT)
        decision = Decision(self._stamp()[:10], note, self.actor.name)
        decided = self.store().decide(scenario.id, status, decision, version=scenario.version)
        return replace(work, scenario=decided)

    @needs(Role.PLANNER)
    def duplicate(self, work: Work, name: str | None = None) -> Work:
        """Return a copy with the whole history, saved under another name."""
        title = called(work, "copie") if name is None else name
        return self.save(copied(work, required(title, "Le nom d'un scénario", MAX_NAME)))

    @needs(Role.ADMINISTRATOR)
    def delete(self, scenario: str) -> None:
        """Delete a scenario for good; raise ``NotAllowedError`` unless an administrator calls."""
        self.store().delete(scenario)

    @needs(Role.PLANNER, Access.OWNER)
    def open_to(self, scenario: str, members: Mapping[str, Access]) -> None:
        """Set the permissions of a scenario's (id) members.

        Raises
        ------
        NotAllowedError, AccessError
            If the caller is not a planner, or does not own the scenario.
        InputError
            If nobody would own it.
        """
        self.store().open_to(scenario, members)

    @needs(Role.PLANNER, Access.EDITOR)
    def freeze(self, work: Work, expires: str = "", *, comments: bool = False) -> str:
        """Return the token of a read-only link to the scenario's present version.

        ``expires`` is the last day (ISO) of the link; empty for no end. With ``comments``, visitors
        of the link may leave comments.

        Raises
        ------
        InputError
            If that day is past.
        """
        scenario = work.saved
        if expires and expires < self.today:
            msg = "Le dernier jour du lien est passé : choisissez aujourd'hui ou plus tard."
            raise InputError(msg)
        return self.store().freeze(
            scenario.id, version=scenario.version, expires=expires, comments=comments
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def withdraw_link(self, token: str) -> None:
        """Close a read-only link for good."""
        self.store().withdraw_link(token)

    # -- files -------------------------------------------------------------------------------------

    @needs_nothing
    def give(self, work: Work) -> dict[str, Any]:
        """Return a scenario as the JSON object of a scenario file."""
        return scenario_document(work.saved)

    @needs(Role.PLANNER)
    def take(self, content: bytes) -> Work:
        """Save the scenario of a file under a new id, as a hypothesis, and return it.

        The decisions of the file are only quoted: see `decided_elsewhere`.

        Raises
        ------
        InputError
            If the file is not a scenario, is of another version, or does not fit the data.
        """
        scenario = read_scenario(content)
        now = self._stamp()
        fresh = replace(
            decided_elsewhere(scenario, self.actor.name, now[:10]),
            id=new_code(),
            version=0,
            created=now,
            updated=now,
        )
        self._work(fresh)
        return self._work(self.store().create(fresh))
