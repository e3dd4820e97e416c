"""Frozen versions of scenarios, and the read-only links to them, which may expire."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.errors import InputError
from geozones.common.files import new_code
from geozones.domain import DamagedScenarioError, Scenario, UnknownScenarioError
from geozones.domain.access import SharedLink
from geozones.domain.scenario import FrozenCopy
from geozones.records.kinds import FROZEN as COPY
from geozones.records.kinds import LINK, Reading
from geozones.store.database import check_key
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
