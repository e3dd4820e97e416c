"""Rows of links to frozen versions; a link that has no row (of a decision) has no end."""

from sqlalchemy import Connection, select

from geozones.domain.links import SharedLink
from geozones.records.kinds import LINK
from geozones.records.record import Reading
from geozones.store.tables import LINKS


def insert(connection: Connection, link: SharedLink) -> None:
    """Write a link that is not there."""
    connection.execute(LINKS.insert(), LINK.to_row(link))


def read(connection: Connection, token: str) -> SharedLink | None:
    """Return the link of a token, if it has a row.

    One that cannot be read any more is withdrawn: nobody knows until when it was to be shown.
    """
    row = connection.execute(select(LINKS).where(LINKS.c.token == token)).mappings().first()
    if row is None:
        return None
    reading = LINK.read_rows([row])
    return reading.values[0] if reading.values else SharedLink(token, "", "", withdrawn=_UNKNOWN)


def read_all(connection: Connection, scenario: str | None = None) -> Reading[SharedLink]:
    """Read the links of a scenario, or all, the last first."""
    query = select(LINKS).order_by(LINKS.c.at.desc(), LINKS.c.token)
    if scenario is not None:
        query = query.where(LINKS.c.scenario == scenario)
    return LINK.read_rows(connection.execute(query).mappings())


def withdraw(connection: Connection, token: str, at: str) -> None:
    """Withdraw a link; one withdrawn before stays as it was."""
    asked = (LINKS.c.token == token) & (LINKS.c.withdrawn == "")
    connection.execute(LINKS.update().where(asked).values(withdrawn=at))


def allow_comments(connection: Connection, token: str, *, allowed: bool) -> None:
    """Let who opens a link leave comments, or no more."""
    connection.execute(LINKS.update().where(LINKS.c.token == token).values(comments=allowed))


def restore(connection: Connection, link: SharedLink) -> None:
    """Write a link of a backup: what either knows of its end holds."""
    there = connection.execute(select(LINKS.c.token).where(LINKS.c.token == link.token)).first()
    if there is None:
        insert(connection, link)
    elif link.withdrawn:
        withdraw(connection, link.token, link.withdrawn)


#: When a link that cannot be read was withdrawn.
_UNKNOWN = "1970-01-01"
