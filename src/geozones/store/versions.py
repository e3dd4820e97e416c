"""Frozen versions of scenarios, and the read-only links to them, which may expire."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import DamagedScenarioError, Decision, Scenario, UnknownScenarioError
from geozones.domain.access import Access, ActionKind, SharedLink
from geozones.domain.scenario import FrozenCopy, StatusSince
from geozones.records.kinds import FROZEN as COPY
from geozones.records.kinds import LINK, Reading
from geozones.store import rows
from geozones.store.database import check_key, refusing
from geozones.store.permissions import StoreContext
from geozones.store.tables import FROZEN, LINKS


def keep_frozen(
    connection: Connection, scenario: Scenario, at: str, figures: Mapping[str, Any]
) -> str:
    """Write a frozen copy of a scenario and return its token.

    The token is also the copy's id, so that its readers do not learn the id that an edit link
    holds.
    """
    token = new_code(24)
    write_frozen(connection, FrozenCopy(token, at, replace(scenario, id=token), figures))
    return token


def write_frozen(connection: Connection, copy: FrozenCopy) -> None:
    """Write a copy, replacing any copy under the same token."""
    connection.execute(FROZEN.delete().where(FROZEN.c.token == copy.token))
    connection.execute(FROZEN.insert(), COPY.to_row(copy))


def read_frozen(connection: Connection, token: str) -> FrozenCopy:
    """Read a copy."""
    check_key(token)
    row = connection.execute(select(FROZEN).where(FROZEN.c.token == token)).mappings().first()
    if row is None:
        raise UnknownScenarioError(token)
    try:
        return COPY.from_row(row)
    except InputError as error:
        raise DamagedScenarioError(token, "", f"copie figée, {error}") from error


def read_all_frozen(connection: Connection) -> Reading[FrozenCopy]:
    """Read every copy, by token."""
    query = select(FROZEN).order_by(FROZEN.c.token)
    return COPY.read_rows(connection.execute(query).mappings())


def insert(connection: Connection, link: SharedLink) -> None:
    """Insert a link that the table does not hold."""
    connection.execute(LINKS.insert(), LINK.to_row(link))


def read(connection: Connection, token: str) -> SharedLink | None:
    """Return the link of a token, if it has a row.

    A damaged link counts as withdrawn, since its last day is lost.
    """
    row = connection.execute(select(LINKS).where(LINKS.c.token == token)).mappings().first()
    if row is None:
        return None
    reading = LINK.read_rows([row])
    return reading.values[0] if reading.values else SharedLink(token, "", "", withdrawn=_UNKNOWN)


def read_all(connection: Connection, scenario: str | None = None) -> Reading[SharedLink]:
    """Read the links of a scenario, or all links, newest first."""
    query = select(LINKS).order_by(LINKS.c.at.desc(), LINKS.c.token)
    if scenario is not None:
        query = query.where(LINKS.c.scenario == scenario)
    return LINK.read_rows(connection.execute(query).mappings())


def withdraw(connection: Connection, token: str, at: str) -> None:
    """Withdraw a link; a link already withdrawn keeps its date."""
    asked = (LINKS.c.token == token) & (LINKS.c.withdrawn == "")
    connection.execute(LINKS.update().where(asked).values(withdrawn=at))


def restore(connection: Connection, link: SharedLink) -> None:
    """Insert a link of a backup, or withdraw the existing link if the backup has it withdrawn."""
    there = connection.execute(select(LINKS.c.token).where(LINKS.c.token == link.token)).first()
    if there is None:
        insert(connection, link)
    elif link.withdrawn:
        withdraw(connection, link.token, link.withdrawn)


#: Date of withdrawal of a link that cannot be read.
_UNKNOWN = "1970-01-01"


_REFUSED = "Ce lien ne peut pas être enregistré"


@dataclass(frozen=True, slots=True)
class VersionStore:
    """Frozen copies in the store, and the links to them."""

    context: StoreContext

    def freeze(
        self,
        key: str,
        *,
        version: int,
        expires: str = "",
        comments: bool = False,
        figures: Mapping[str, Any] = MappingProxyType({}),
    ) -> str:
        """Freeze a copy of a scenario, and return the token of its read-only link.

        ``expires`` is the last day (ISO) on which the link works; empty for no end. With
        ``comments``, readers of the link may comment. ``figures`` are kept with the copy.
        """
        at = self.context.now()
        with self.context.writing() as connection:
            self.context.lock(connection, key, version)
            token = keep_frozen(connection, rows.read(connection, key), at, figures)
            with refusing(_REFUSED):
                link = LINK.checked(SharedLink(token, key, at, expires, comments=comments))
            insert(connection, link)
            self.context.log(connection, ActionKind.SHARED, key, expires=expires, comments=comments)
        return token

    def links(self, key: str) -> tuple[SharedLink, ...]:
        """Return the links to versions of a scenario, newest first."""
        return self.context.read_visible(read_all, key)

    def link(self, token: str) -> SharedLink | None:
        """Return the link of a token; ``None`` for an unknown version or one that never expires."""
        check_key(token)
        with self.context.reading() as connection:
            return read(connection, token)

    def withdraw_link(self, token: str) -> None:
        """Withdraw the link to a version, for good."""
        with self.context.writing() as connection:
            link = read(connection, token)
            if link is not None:
                self.context.require_unless_deleted(connection, link.scenario, Access.EDITOR)
            withdraw(connection, token, self.context.now())
            if link is not None:
                self.context.log(connection, ActionKind.WITHDREW_LINK, link.scenario, made=link.at)

    def get(self, token: str) -> Scenario:
        """Read a frozen copy; its id is the token, which gives no access to the scenario."""
        with self.context.reading() as connection:
            return read_frozen(connection, token).scenario

    def figures(self, token: str) -> Mapping[str, Any]:
        """Return the figures kept with a frozen copy; empty for one of an earlier version."""
        with self.context.reading() as connection:
            return read_frozen(connection, token).figures

    def status_since(self, token: str) -> StatusSince | None:
        """Return the status today of the scenario that a frozen copy was made of, for any reader.

        ``None`` if that scenario is unknown or cannot be read.
        """
        with self.context.reading() as connection:
            link = read(connection, token)
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
