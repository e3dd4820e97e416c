"""Rows of links to frozen versions; a link that has no row (of a decision) has no end."""

from sqlalchemy import Connection, select

from geozones.domain.links import SharedLink
from geozones.store.checks import is_date
from geozones.store.tables import LINKS

_COLUMNS = (
    LINKS.c.token,
    LINKS.c.scenario,
    LINKS.c.at,
    LINKS.c.expires,
    LINKS.c.withdrawn,
    LINKS.c.comments,
)


def insert(connection: Connection, link: SharedLink) -> None:
    """Write a link that is not there."""
    connection.execute(
        LINKS.insert(),
        {
            "token": link.token,
            "scenario": link.scenario,
            "at": link.at,
            "expires": link.expires,
            "withdrawn": link.withdrawn,
            "comments": link.comments,
        },
    )


def read(connection: Connection, token: str) -> SharedLink | None:
    """Return the link of a token, if it has a row."""
    row = connection.execute(select(*_COLUMNS).where(LINKS.c.token == token)).first()
    return None if row is None else SharedLink(*row)


def read_all(connection: Connection, scenario: str | None = None) -> tuple[SharedLink, ...]:
    """Return the links of a scenario, or all, the last first."""
    query = select(*_COLUMNS).order_by(LINKS.c.at.desc(), LINKS.c.token)
    if scenario is not None:
        query = query.where(LINKS.c.scenario == scenario)
    return tuple(SharedLink(*row) for row in connection.execute(query))


def withdraw(connection: Connection, token: str, at: str) -> None:
    """Withdraw a link; one withdrawn before stays as it was."""
    asked = (LINKS.c.token == token) & (LINKS.c.withdrawn == "")
    connection.execute(LINKS.update().where(asked).values(withdrawn=at))


def allow_comments(connection: Connection, token: str, *, allowed: bool) -> None:
    """Let who opens a link leave comments, or no more."""
    connection.execute(LINKS.update().where(LINKS.c.token == token).values(comments=allowed))


def restore(connection: Connection, link: SharedLink) -> None:
    """Write a link of a backup: what either knows of its end holds."""
    held = read(connection, link.token)
    if held is None:
        insert(connection, link)
    elif link.withdrawn:
        withdraw(connection, link.token, link.withdrawn)


def link_as(link: SharedLink) -> dict[str, str | bool]:
    """Return a link as a JSON object."""
    return {
        "token": link.token,
        "scenario": link.scenario,
        "at": link.at,
        "expires": link.expires,
        "withdrawn": link.withdrawn,
        "comments": link.comments,
    }


def link_of(item: object) -> SharedLink | None:
    """Return the link of a JSON object; ``None`` where it is none.

    Those written before there were comments allow none.
    """
    if not isinstance(item, dict):
        return None
    texts = [item.get(name) for name in ("token", "scenario", "at", "expires", "withdrawn")]
    words = [text for text in texts if isinstance(text, str) and len(text) <= _MAX]
    allowed = item.get("comments", False)
    if len(words) < len(texts) or not isinstance(allowed, bool):
        return None
    token, scenario, at, expires, withdrawn = words
    link = SharedLink(token, scenario, at, expires, withdrawn, allowed)
    dates = (link.at, *(date for date in (link.expires, link.withdrawn) if date))
    return link if link.token and all(is_date(date) for date in dates) else None


_MAX = 100
