"""Read-only copies under unguessable tokens; nothing here changes one once it is written."""

import json
import secrets
from dataclasses import replace

from sqlalchemy import Connection, select

from geozones.domain import Scenario, UnknownScenarioError
from geozones.store.checks import check_key, write_json
from geozones.store.documents import from_document, to_document
from geozones.store.tables import FROZEN


def keep(connection: Connection, scenario: Scenario, at: str) -> str:
    """Keep a copy and return its token.

    The copy's id is the token: who reads it does not learn the id that an edit link holds.
    """
    token = secrets.token_urlsafe(24)
    write(connection, replace(scenario, id=token), at)
    return token


def write(connection: Connection, copy: Scenario, at: str) -> None:
    """Write a copy under its own id."""
    content = write_json(to_document(copy))
    connection.execute(FROZEN.insert(), {"token": copy.id, "at": at, "content": content})


def read(connection: Connection, token: str) -> Scenario:
    """Read a copy.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    """
    check_key(token)
    query = select(FROZEN.c.content).where(FROZEN.c.token == token)
    content = connection.execute(query).scalar()
    if content is None:
        raise UnknownScenarioError(token)
    return from_document(json.loads(content))


def read_all(connection: Connection) -> dict[str, tuple[str, Scenario]]:
    """Read every copy: by token, when it was made and what it holds."""
    query = select(FROZEN.c.token, FROZEN.c.at, FROZEN.c.content)
    found = {
        token: (at, from_document(json.loads(content)))
        for token, at, content in connection.execute(query)
    }
    return dict(sorted(found.items()))
