"""Render queue: a few pages drawn at a time, users before visitors of shared links.

Drawing is Python work, of which a process does one at a time: twenty drawings at once each take
twenty times as long, and the first caller waits as long as the last. A drawing that lasts is
waiting for something else (another process, an engine): it lets the next one begin.
"""

import time
from collections.abc import Sequence
from contextlib import AbstractContextManager

from geozones.common.slots import SlotQueue, Ticket
from geozones.ui.server.callers import Caller, CallerKind

#: Drawings at work together: one may wait for the database while another computes.
_TOGETHER = 2
#: Most drawings for visitors at work together, lasting ones included; and most per link.
_VISITORS, _OF_LINK = 4, 2
#: Seconds after which a drawing no longer blocks others.
_LASTING_S = 0.5
#: The same for a visitor, whose first drawing of a version takes seconds of computing.
_VISITOR_LASTING_S = 3.0
#: Seconds after which users no longer overtake a waiting visitor.
_PATIENCE_S = 5.0
_USER = Caller(CallerKind.USER)


type _Drawings = Sequence[Ticket[Caller]]


class RenderQueue:
    """Queue of the drawings at work and waiting, in order of arrival."""

    def __init__(self, together: int = _TOGETHER, lasting_s: float = _LASTING_S) -> None:
        self._together, self._lasting_s = together, lasting_s
        # each waiting drawing looks as often as one at work may have become a lasting one
        self.slots = SlotQueue(self._next, lasting_s)

    def slot(self, caller: Caller = _USER) -> AbstractContextManager[None]:
        """Acquire a render slot for the duration of the block."""
        return self.slots.slot(caller)

    def _next(self, waiting: _Drawings, working: _Drawings) -> Ticket[Caller] | None:
        """Return a drawing whose turn has come, if any: users first, beside one for a visitor."""
        now = time.monotonic()
        young = [_is_visitor(one) for one in working if self._keeps_waiting(one, now)]
        is_free = young.count(False) < self._together
        if is_free and (first := _first_user(waiting)) is not None:
            return first
        visitors = (one for one in waiting if _is_visitor(one) and _has_room(one, working))
        visitor = None if any(young) else next(visitors, None)
        if visitor is None or is_free or visitor.since < now - _PATIENCE_S:
            return visitor
        return None

    def _keeps_waiting(self, one: Ticket[Caller], now: float) -> bool:
        """Tell whether a drawing at work still blocks others."""
        return one.since > now - (_VISITOR_LASTING_S if _is_visitor(one) else self._lasting_s)


def _is_visitor(one: Ticket[Caller]) -> bool:
    return one.claim.kind is CallerKind.VISITOR


def _first_user(waiting: _Drawings) -> Ticket[Caller] | None:
    """Return the user who has waited longest, else the latest caller without a login.

    Hundreds of login pages requested at once then keep no later caller from logging in.
    """
    users = (one for one in waiting if one.claim.kind is CallerKind.USER)
    logins = (one for one in reversed(waiting) if one.claim.kind is CallerKind.UNKNOWN)
    return next(users, None) or next(logins, None)


def _has_room(visitor: Ticket[Caller], working: _Drawings) -> bool:
    """Tell whether the visitors at work leave room for another drawing of this link."""
    links = [one.claim.link for one in working if _is_visitor(one)]
    return len(links) < _VISITORS and links.count(visitor.claim.link) < _OF_LINK
