"""Rows of frozen copies under unguessable tokens; a row never changes once it is written."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, select

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.domain import DamagedScenarioError, Scenario, UnknownScenarioError
from geozones.domain.scenario import FrozenCopy
from geozones.records.kinds import FROZEN as COPY
from geozones.records.record import Reading
from geozones.store.checks import check_key
from geozones.store.tables import FROZEN


def keep(connection: Connection, scenario: Scenario, at: str, figures: Mapping[str, Any]) -> str:
    """Write a frozen copy of a scenario and return its token.

    The token is also the copy's id, so that its readers do not learn the id that an edit link
    holds.
    """
    token = new_code(24)
    write(connection, FrozenCopy(token, at, replace(scenario, id=token), figures))
    return token


def write(connection: Connection, copy: FrozenCopy) -> None:
    """Write a copy, replacing any copy under the same token."""
    connection.execute(FROZEN.delete().where(FROZEN.c.token == copy.token))
    connection.execute(FROZEN.insert(), COPY.to_row(copy))


def read(connection: Connection, token: str) -> FrozenCopy:
    """Read a copy.

    Raises
    ------
    UnknownScenarioError
        If no copy has this token.
    DamagedScenarioError
        If the row was altered.
    """
    check_key(token)
    row = connection.execute(select(FROZEN).where(FROZEN.c.token == token)).mappings().first()
    if row is None:
        raise UnknownScenarioError(token)
    try:
        return COPY.from_row(row)
    except InputError as error:
        raise DamagedScenarioError(token, "", f"copie figée, {error}") from error


def read_all(connection: Connection) -> Reading[FrozenCopy]:
    """Read every copy, by token."""
    query = select(FROZEN).order_by(FROZEN.c.token)
    return COPY.read_rows(connection.execute(query).mappings())
