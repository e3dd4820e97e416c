"""Use cases of the read-only links to versions: permission, check and SQL of each in one method."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from geozones.common.errors import GeozonesError, InputError
from geozones.domain import DamagedScenarioError, Decision, Scenario, UnknownScenarioError
from geozones.domain.access import Access, ActionKind, DeadLinkError, SharedLink
from geozones.domain.publications import read_kept
from geozones.domain.scenario import FrozenCopy, StatusSince
from geozones.records.kinds import LINK
from geozones.store import rows, versions
from geozones.store.database import check_key, refusing
from geozones.workspace.figures.analysis import AnalysisUseCases
from geozones.workspace.figures.plan_comparison import figures_to_keep
from geozones.workspace.roles import Link, Role, needs, needs_link
from geozones.workspace.scenarios.open_scenario import Work, work_of

if TYPE_CHECKING:
    from geozones.store import Store

_REFUSED = "Ce lien ne peut pas être enregistré"


class Links(AnalysisUseCases):
    """Use cases of links; ``analysis`` makes the figures that are kept with a version."""

    @needs(Role.READER, Access.READER)
    def of_scenario(self, scenario: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario (id), newest first."""
        return self.store().context.read_visible(versions.read_all, scenario)

    @needs(Role.READER, Access.READER)
    def frozen_version(self, work: Work) -> str:
        """Return the token of a frozen copy of a saved scenario as it is; empty if there is none.

        Raises as `of_scenario`.
        """
        if work.scenario is None or work.is_dirty:
            return ""
        scenario, context = work.scenario, self.store().context
        with context.reading() as connection:
            context.require_unless_deleted(connection, scenario.id, Access.READER)
            for link in versions.read_all(connection, scenario.id).values:
                if link.is_open(self.today):
                    frozen = versions.read_frozen(connection, link.token).scenario
                    if frozen.version == scenario.version:
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
        figures = figures_to_keep(self._analysis, work.state, work.timeline.base, self.today)
        context = self.store().context
        at = context.now()
        with context.writing() as connection:
            context.lock(connection, scenario.id, scenario.version)
            frozen = rows.read(connection, scenario.id)
            token = versions.keep_frozen(connection, frozen, at, figures)
            with refusing(_REFUSED):
                link = LINK.checked(SharedLink(token, scenario.id, at, expires, comments=comments))
            versions.insert(connection, link)
            context.log(
                connection, ActionKind.SHARED, scenario.id, expires=expires, comments=comments
            )
        return token

    @needs(Role.PLANNER, Access.EDITOR)
    def withdraw(self, token: str) -> None:
        """Close a read-only link for good."""
        context = self.store().context
        with context.writing() as connection:
            link = versions.read(connection, token)
            if link is not None:
                context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            versions.withdraw(connection, token, context.now())
            if link is not None:
                context.log(connection, ActionKind.WITHDREW_LINK, link.scenario, made=link.at)

    @needs_link(Link.VERSION)
    def open(self, token: str) -> Work:
        """Return the version behind a link, for anyone who has the link, logged in or not.

        Raises as `Scenarios.open`; ``DeadLinkError`` if the link shows nothing.
        """
        with self.store().context.reading() as connection:
            copy = _open_copy(connection, token, self.today)
            link, since = versions.read(connection, token), _status_since(connection, token)
        work = replace(
            work_of(self._atlas, copy.scenario),
            kept=read_kept(copy.figures, self.today),
            source="" if link is None else link.scenario,
        )
        if since is None or since.decided in {"", token}:
            return replace(work, since=since)
        try:
            with self.store().context.reading() as connection:
                decided = versions.read_frozen(connection, since.decided).scenario
            other = work_of(self._atlas, decided)
        except GeozonesError:  # it no longer fits the data, so nobody knows whether it is the same
            return replace(work, since=replace(since, is_of_other=True))
        pair = ((each.plan, each.state.places) for each in (other, work))
        return replace(work, since=replace(since, is_of_other=next(pair) != next(pair)))


def _open_copy(connection: Connection, token: str, today: str) -> FrozenCopy:
    """Return the frozen copy of a link that is open on a day (ISO)."""
    try:
        check_key(token)
        link = versions.read(connection, token)
        if link is not None and not link.is_open(today):
            raise DeadLinkError(link)
        return versions.read_frozen(connection, token)
    except UnknownScenarioError as error:
        raise DeadLinkError from error


def _status_since(connection: Connection, token: str) -> StatusSince | None:
    """Return the status today of the scenario that a frozen copy was made of, for any reader.

    ``None`` if that scenario is unknown or cannot be read.
    """
    link = versions.read(connection, token)
    key = rows.decided_with(connection, token) if link is None else link.scenario
    if not key:
        return None
    try:
        scenario = rows.read(connection, key)
    except UnknownScenarioError:
        return StatusSince(None)
    except DamagedScenarioError:
        return None
    last = scenario.decisions[-1] if scenario.decisions else Decision("", "")
    return StatusSince(scenario.status, last.at, last.frozen)


@needs_link(Link.VERSION)
def linked(opener: "Callable[[], Store]", token: str, today: str) -> Scenario:
    """Return the version behind a link on a day (ISO)."""
    with opener().context.reading() as connection:
        return _open_copy(connection, token, today).scenario
