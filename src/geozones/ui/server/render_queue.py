"""Render queue: a few pages drawn at a time, users before visitors of shared links.

Drawing is Python work, of which a process does one at a time: twenty drawings at once each take
twenty times as long, and the first caller waits as long as the last. A drawing that lasts is
waiting for something else (another process, an engine): it lets the next one begin.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

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


@dataclass(eq=False, slots=True)
class _Drawing:
    """A drawing that is waiting or at work, and since when."""

    caller: Caller
    since: float
    may_begin: Event = field(default_factory=Event)

    @property
    def is_visitor(self) -> bool:
        return self.caller.kind is CallerKind.VISITOR


class RenderQueue:
    """Queue of the drawings at work and waiting, in order of arrival."""

    def __init__(self, together: int = _TOGETHER, lasting_s: float = _LASTING_S) -> None:
        self._together, self._lasting_s = together, lasting_s
        self._lock = Lock()
        self._working: list[_Drawing] = []
        self._waiting: list[_Drawing] = []

    @contextmanager
    def slot(self, caller: Caller = _USER) -> Iterator[None]:
        """Acquire a render slot for the duration of the block."""
        me = _Drawing(caller, time.monotonic())
        with self._lock:
            self._waiting.append(me)
            self._begin_next()
        while not me.may_begin.wait(self._lasting_s):
            with self._lock:  # a drawing at work may have become a lasting one meanwhile
                self._begin_next()
        try:
            yield
        finally:
            with self._lock:
                self._working.remove(me)
                self._begin_next()

    def _begin_next(self) -> None:
        """Start every waiting drawing that may begin."""
        while (one := self._next()) is not None:
            self._waiting.remove(one)
            one.since = time.monotonic()
            self._working.append(one)
            one.may_begin.set()

    def _next(self) -> _Drawing | None:
        """Return a drawing that may begin, if any: users first, beside one for a visitor."""
        now = time.monotonic()
        young = [one.is_visitor for one in self._working if self._keeps_waiting(one, now)]
        is_free = young.count(False) < self._together
        if is_free and (first := self._first_user()) is not None:
            return first
        visitors = (one for one in self._waiting if one.is_visitor and self._has_room(one))
        visitor = None if any(young) else next(visitors, None)
        if visitor is None or is_free or visitor.since < now - _PATIENCE_S:
            return visitor
        return None

    def _first_user(self) -> _Drawing | None:
        """Return the user who has waited longest, else the latest caller without a login.

        Hundreds of login pages requested at once then keep no later caller from logging in.
        """
        users = (one for one in self._waiting if one.caller.kind is CallerKind.USER)
        logins = (one for one in reversed(self._waiting) if one.caller.kind is CallerKind.UNKNOWN)
        return next(users, None) or next(logins, None)

    def _keeps_waiting(self, one: _Drawing, now: float) -> bool:
        return one.since > now - (_VISITOR_LASTING_S if one.is_visitor else self._lasting_s)

    def _has_room(self, visitor: _Drawing) -> bool:
        """Tell whether the visitors at work leave room for another drawing of this link."""
        links = [one.caller.link for one in self._working if one.is_visitor]
        return len(links) < _VISITORS and links.count(visitor.caller.link) < _OF_LINK
