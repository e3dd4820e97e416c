"""Sharing of scenarios: members with their permissions, read-only links to versions."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from geozones.common.errors import InputError
from geozones.domain.access import Access
from geozones.domain.links import SharedLink
from geozones.workspace.analysis import Analysis
from geozones.workspace.figures_to_keep import figures_to_keep
from geozones.workspace.roles import Actor, Role, needs
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.use_case_base import UseCases, utc_now

if TYPE_CHECKING:
    from geozones.store import Store


class ScenarioSharing(UseCases):
    """Use cases that say who may read or change a scenario; ``analysis`` makes figures to keep."""

    def __init__(
        self,
        analysis: Analysis,
        opener: "Callable[[], Store]",
        actor: Actor,
        clock: Callable[[], datetime] = utc_now,
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
        """Set the permissions of a scenario's (id) members.

        Raises
        ------
        NotAllowedError, AccessError
            If the caller is not a planner, or does not own the scenario.
        InputError
            If nobody would own it.
        """
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

        Raises
        ------
        InputError
            If that day is past.
        """
        scenario = work.saved
        if expires and expires < self.today:
            msg = "Le dernier jour du lien est passé : choisissez aujourd'hui ou plus tard."
            raise InputError(msg)
        return self.store().versions.freeze(
            scenario.id,
            version=scenario.version,
            expires=expires,
            comments=comments,
            figures=figures_to_keep(self._analysis, work.state, work.timeline.start, self.today),
        )

    @needs(Role.PLANNER, Access.EDITOR)
    def withdraw_link(self, token: str) -> None:
        """Close a read-only link for good."""
        self.store().versions.withdraw_link(token)
