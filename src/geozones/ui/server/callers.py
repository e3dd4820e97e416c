"""Caller of a page: a logged-in user, a visitor of a shared link, or neither.

Visitors are counted by the link that they follow, because a whole lycée or the Région may share one
IP address. Where no login is set up, everybody is a user.
"""

from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import parse_qs

from geozones.common.errors import GeozonesError
from geozones.common.public_address import FROZEN, OPINION
from geozones.ui.server.auth import actor
from geozones.workspace.roles import Actor, Role


class CallerKind(IntEnum):
    """Kind of caller; pages are drawn in this order of priority.

    ``UNKNOWN`` has neither a login nor a link, and sees the login page only.
    """

    USER = 0
    UNKNOWN = 1
    VISITOR = 2


@dataclass(frozen=True, slots=True)
class Caller:
    """A caller of a page; ``link`` names the shared link of a visitor."""

    kind: CallerKind
    link: str = ""


def current_caller(query: str) -> Caller:
    """Return the caller of this session's page; ``query`` is the query string of its address."""
    try:
        return caller_of(actor(), query)
    except GeozonesError:  # the login settings cannot be read: the page shows the error
        return Caller(CallerKind.USER)


def is_user() -> bool:
    """Tell whether this session belongs to a user."""
    return current_caller("").kind is CallerKind.USER


def caller_of(known: Actor, query: str) -> Caller:
    """Return the caller; the link in a query may be one that was never issued."""
    if known.role is not Role.VISITOR:
        return Caller(CallerKind.USER)
    asked = parse_qs(query.removeprefix("?"))
    for name in (OPINION, FROZEN):
        if asked.get(name):
            return Caller(CallerKind.VISITOR, f"{name}:{asked[name][-1]}")
    return Caller(CallerKind.UNKNOWN)
