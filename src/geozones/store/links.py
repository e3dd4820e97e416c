"""Rows of links to frozen versions; a version without a row (of a decision) never expires."""

from sqlalchemy import Connection, select

from geozones.common.bounds import is_id
from geozones.domain.comments import ClosedCommentsError
from geozones.domain.links import DeadLinkError, SharedLink
from geozones.records.kinds import LINK
from geozones.records.record import Reading
from geozones.store.tables import LINKS


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


def lock_for_comments(connection: Connection, token: str, today: str) -> SharedLink:
    """Return the link of a version, locked, so that its comments are counted one by one.

    Raises
    ------
    DeadLinkError
        If the link does not work on a day (ISO).
    ClosedCommentsError
        If it takes no comments.
    """
    if not is_id(token):
        raise DeadLinkError
    connection.execute(select(LINKS.c.token).where(LINKS.c.token == token).with_for_update())
    link = read(connection, token)
    if link is None:
        raise DeadLinkError
    if not link.is_open(today):
        raise DeadLinkError(link)
    if not link.comments:
        raise ClosedCommentsError
    return link


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


def allow_comments(connection: Connection, token: str, *, allowed: bool) -> None:
    """Allow or forbid comments by the readers of a link."""
    connection.execute(LINKS.update().where(LINKS.c.token == token).values(comments=allowed))


def restore(connection: Connection, link: SharedLink) -> None:
    """Insert a link of a backup, or withdraw the existing link if the backup has it withdrawn."""
    there = connection.execute(select(LINKS.c.token).where(LINKS.c.token == link.token)).first()
    if there is None:
        insert(connection, link)
    elif link.withdrawn:
        withdraw(connection, link.token, link.withdrawn)


#: Date of withdrawal of a link that cannot be read.
_UNKNOWN = "1970-01-01"
