"""Queue of the pages to draw: a few at a time, users before visitors of shared links.

Drawings are Python's work, of which a process does one at a time: twenty at once each take twenty
times as long, and whoever came first waits as long as whoever came last. A drawing that lasts waits
for something else (another process, an engine): it lets the next one begin.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Event, Lock

from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from geozones.ui.callers import Caller, Kind, current_caller

#: Drawings at work together: one may wait for the database while another is worked out.
_TOGETHER = 2
#: Drawings for visitors at work together, those that last included; and those of one link.
_VISITORS, _OF_LINK = 4, 2
#: Seconds after which a drawing no longer keeps others waiting.
_LASTING_S = 0.5
#: The same for a visitor, whose first drawing of a version is work for seconds.
_VISITOR_LASTING_S = 3.0
#: Seconds after which a visitor is no longer passed over by users.
_PATIENCE_S = 5.0
_USER = Caller(Kind.USER)


@dataclass(eq=False, slots=True)
class _Drawing:
    """A drawing that waits since a time, or is at work since then."""

    caller: Caller
    since: float
    may_begin: Event = field(default_factory=Event)

    @property
    def is_visitor(self) -> bool:
        return self.caller.kind is Kind.VISITOR


class Turns:
    """Who is at work, and who waits, in the order that they came."""

    def __init__(self, together: int = _TOGETHER, lasting_s: float = _LASTING_S) -> None:
        self._together, self._lasting_s = together, lasting_s
        self._lock = Lock()
        self._working: list[_Drawing] = []
        self._waiting: list[_Drawing] = []

    @contextmanager
    def turn(self, caller: Caller = _USER) -> Iterator[None]:
        """Wait for the turn of a drawing, and hold it for the block."""
        me = _Drawing(caller, time.monotonic())
        with self._lock:
            self._waiting.append(me)
            self._begin_next()
        while not me.may_begin.wait(self._lasting_s):
            with self._lock:  # one at work may have lasted meanwhile
                self._begin_next()
        try:
            yield
        finally:
            with self._lock:
                self._working.remove(me)
                self._begin_next()

    def _begin_next(self) -> None:
        """Have those begin whose turn it is."""
        while (one := self._next()) is not None:
            self._waiting.remove(one)
            one.since = time.monotonic()
            self._working.append(one)
            one.may_begin.set()

    def _next(self) -> _Drawing | None:
        """Return a drawing whose turn it is, if any: users first, beside one for a visitor."""
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
        """Return the user who waits longest, else whoever came last to log in.

        Hundreds of login pages asked for at once then keep nobody who comes later from logging in.
        """
        users = (one for one in self._waiting if one.caller.kind is Kind.USER)
        logins = (one for one in reversed(self._waiting) if one.caller.kind is Kind.UNKNOWN)
        return next(users, None) or next(logins, None)

    def _keeps_waiting(self, one: _Drawing, now: float) -> bool:
        return one.since > now - (_VISITOR_LASTING_S if one.is_visitor else self._lasting_s)

    def _has_room(self, visitor: _Drawing) -> bool:
        """Tell whether the visitors at work leave room for one more of a link."""
        links = [one.caller.link for one in self._working if one.is_visitor]
        return len(links) < _VISITORS and links.count(visitor.caller.link) < _OF_LINK


def take_turns() -> None:
    """Have every page of this process drawn so."""
    turns, run = Turns(), script_runner.ScriptRunner._run_script  # noqa: SLF001 - no other place

    def in_turn(runner: script_runner.ScriptRunner, asked: RerunData) -> None:
        with turns.turn(current_caller(asked.query_string)):
            run(runner, asked)

    script_runner.ScriptRunner._run_script = in_turn  # type: ignore  # noqa: PGH003, SLF001
