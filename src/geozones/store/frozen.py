"""Read-only copies under unguessable tokens; nothing here changes one once it is written."""

from dataclasses import replace

from sqlalchemy import Connection, select

from geozones.common.codes import new_code
from geozones.common.errors import InputError
from geozones.domain import DamagedScenarioError, Scenario, UnknownScenarioError
from geozones.store.checks import check_key, is_date, parse_json, stored_faults, write_json
from geozones.store.documents import from_document, to_document
from geozones.store.tables import FROZEN


def keep(connection: Connection, scenario: Scenario, at: str) -> str:
    """Keep a copy and return its token.

    The copy's id is the token: who reads it does not learn the id that an edit link holds.
    """
    token = new_code(24)
    write(connection, replace(scenario, id=token), at)
    return token


def write(connection: Connection, copy: Scenario, at: str) -> None:
    """Write a copy under its own id, in place of what is there under it, if anything."""
    connection.execute(FROZEN.delete().where(FROZEN.c.token == copy.id))
    content = write_json(to_document(copy))
    connection.execute(FROZEN.insert(), {"token": copy.id, "at": at, "content": content})


def read(connection: Connection, token: str) -> Scenario:
    """Read a copy.

    Raises
    ------
    UnknownScenarioError
        If there is none.
    DamagedScenarioError
        If it is not what was written.
    """
    check_key(token)
    query = select(FROZEN.c.content).where(FROZEN.c.token == token)
    content = connection.execute(query).scalar()
    if content is None:
        raise UnknownScenarioError(token)
    return _copy(token, content)


def read_all(
    connection: Connection,
) -> tuple[dict[str, tuple[str, Scenario]], tuple[DamagedScenarioError, ...]]:
    """Read every copy: by token, when it was made and what it holds; and those damaged."""
    query = select(FROZEN.c.token, FROZEN.c.at, FROZEN.c.content)
    copies, damaged = {}, []
    for token, at, content in connection.execute(query):
        if not is_date(at):
            damaged.append(DamagedScenarioError(str(token), "", "copie figée, date illisible"))
            continue
        try:
            copies[token] = at, _copy(token, content)
        except DamagedScenarioError as error:
            damaged.append(error)
    damaged.sort(key=lambda error: error.scenario)
    return dict(sorted(copies.items())), tuple(damaged)


def _copy(token: str, content: object) -> Scenario:
    try:
        copy = from_document(parse_json(content, "content"))
    except InputError as error:
        raise DamagedScenarioError(str(token), "", f"copie figée, {error}") from error
    fault = next(stored_faults(copy), None)
    if fault is not None:
        raise DamagedScenarioError(str(token), "", f"copie figée, {fault}")
    return copy
