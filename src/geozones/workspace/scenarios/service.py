"""Scenarios: what is said of them, decided, shared, deleted; each checked against the role."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.domain import Decision, ScenarioStatus
from geozones.domain.access import Access
from geozones.workspace.roles import Role
from geozones.workspace.scenarios.editing import ScenarioEditor
from geozones.workspace.scenarios.files import read_scenario, scenario_document
from geozones.workspace.scenarios.saving import (
    MAX_NAME,
    MAX_TEXT,
    called,
    copied,
    required,
)
from geozones.workspace.scenarios.work import Work


class Scenarios(ScenarioEditor):
    """The use cases of scenarios, for one user: reading them, and every change."""

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
            changes["name"] = required(changes["name"], "Le nom d'un scénario", MAX_NAME)
        if "description" in changes:
            changes["description"] = str(changes["description"])[:MAX_TEXT]
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
        note = required(text, "La note de décision", MAX_TEXT)
        decision = Decision(self._stamp()[:10], note, self.actor.name)
        decided = self._opener().decide(scenario.id, status, decision, version=scenario.version)
        return replace(work, scenario=decided)

    def duplicate(self, work: Work, name: str | None = None) -> Work:
        """Return a copy with the whole history, saved under another name."""
        title = called(work, "copie") if name is None else name
        return self.save(copied(work, required(title, "Le nom d'un scénario", MAX_NAME)))

    def delete(self, scenario: str) -> None:
        """Delete for good; raises ``NotAllowedError`` for anyone but an administrator."""
        self.actor.require(Role.ADMINISTRATOR)
        self._opener().delete(scenario)

    def open_to(self, scenario: str, members: Mapping[str, Access]) -> None:
        """Choose who may do what with a scenario (id).

        Raises
        ------
        NotAllowedError, AccessError
            If the user is no planner, or the scenario is not theirs.
        InputError
            If nobody would own it.
        """
        self.actor.require(Role.PLANNER)
        self._opener().open_to(scenario, members)

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
