"""Who asks for a page: someone with a login, visitors of a shared link, or neither.

Visitors are counted by the link that they follow: a whole lycée or the Région may stand behind one
address. Where no login is set up, everybody is a user.
"""

from dataclasses import dataclass
from enum import IntEnum
from urllib.parse import parse_qs

from geozones.common.errors import GeozonesError
from geozones.common.public_address import FROZEN, OPINION
from geozones.ui.auth import actor
from geozones.workspace.roles import Actor, Role


class Kind(IntEnum):
    """Kinds of callers; the server draws the pages of the first ones first.

    ``UNKNOWN`` has neither a login nor a link, and sees the login page only.
    """

    USER = 0
    UNKNOWN = 1
    VISITOR = 2


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks for a page; ``link`` names the shared link of a visitor."""

    kind: Kind
    link: str = ""


def current_caller(query: str) -> Caller:
    """Return who asks for the page of this session; ``query`` is that of its address."""
    try:
        return caller_of(actor(), query)
    except GeozonesError:  # the settings of the login cannot be read: the page says so
        return Caller(Kind.USER)


def is_user() -> bool:
    """Tell whether this session is that of a user."""
    return current_caller("").kind is Kind.USER


def caller_of(known: Actor, query: str) -> Caller:
    """Return who asks; the link in a query may be none that anybody was given."""
    if known.role is not Role.VISITOR:
        return Caller(Kind.USER)
    asked = parse_qs(query.removeprefix("?"))
    for name in (OPINION, FROZEN):
        if asked.get(name):
            return Caller(Kind.VISITOR, f"{name}:{asked[name][-1]}")
    return Caller(Kind.UNKNOWN)
