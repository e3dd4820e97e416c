"""Has a function called in a process of its own, watches it, and ends it where it must end."""

import contextlib
import logging
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from threading import Event
from time import monotonic
from typing import Any, Protocol

from geozones.common.errors import GeozonesError
from geozones.common.french import number, plural
from geozones.workspace.apart.bounds import Bounds, read_bounds
from geozones.workspace.apart.lanes import Lane
from geozones.workspace.apart.start import ZYGOTE
from geozones.workspace.apart.values import ANSWER, STOP, TOLD, received, sent

_LOG = logging.getLogger(__name__)

#: Files drawn and read, and searches: each kind waits for its own turn.
FILES = Lane(lambda bounds: bounds.files, niceness=5)
SEARCHES = Lane(lambda bounds: bounds.searches, niceness=10)
#: Files drawn for visitors of shared links. A link has few at once: more links may wait.
VISITOR_FILES = Lane(lambda bounds: bounds.visitor_files, niceness=10, waiting_each=40)

#: Seconds between two looks at whether a job may go on.
_LOOK_S = 0.1
#: Seconds that a job asked to stop has to give what it found.
_STOPPING_S = 20.0
_LESS = "Demandez moins à la fois : un secteur, une zone, un fichier plus petit."


class WorkApartError(GeozonesError):
    """A job could not be done within its bounds, or its process died; nothing changed."""


class Listener(Protocol):
    """Told how far a job is; raises ``SearchCancelledError`` once it is to stop."""

    def __call__(self, *said: object) -> None:
        """Tell something, or nothing."""


def _silent(*_: object) -> None:
    """Do nothing."""


def work_apart[Outcome](
    lane: Lane,
    function: Callable[..., Outcome],
    *arguments: object,
    told: Callable[..., None] = _silent,
    check: Callable[[], None] = _silent,
    stop: Event | None = None,
) -> Outcome:
    """Return what a function gives, called in a process of its own.

    Parameters
    ----------
    lane
        `FILES`, `SEARCHES` or `VISITOR_FILES`.
    function
        A function of a module, called with a `Listener` then the arguments.
    told
        Called with what the listener is told.
    check
        Called ten times a second; what it raises ends the process at once.
    stop
        Once it is set, the listener raises: the function ends with what it has.

    Raises
    ------
    WorkApartError
        If it takes more memory or time than the server allows, if its process dies, if too much
        waits already, or if the function fails otherwise than by a ``GeozonesError``.
    """
    bounds = read_bounds()
    job = (function, arguments)
    try:
        with lane.turn(bounds, check), ZYGOTE.connected() as (connection, process, stamp):
            content, atlas = sent(job, stamp)
            try:
                connection.send((bounds.memory_mb, bounds.seconds, lane.niceness))
                connection.send_bytes(content)
                answer = _Watch(connection, bounds, told, check, stop or Event()).answer()
            finally:
                _end(connection, process)
    except (EOFError, OSError) as error:
        raise WorkApartError(_LOST) from error
    kind, outcome = received(answer, atlas)
    if kind == "done":
        found: Outcome = outcome
        return found
    if kind == "refused":
        raise outcome
    if kind == "memory":
        raise WorkApartError(_too_much(bounds))
    _LOG.error("Work apart failed:\n%s", outcome)
    raise WorkApartError(_BROKEN)


def _end(connection: "Connection[Any, Any]", process: int) -> None:
    """End a job, with the processes that it started, if it has not ended; wait until it has."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process, signal.SIGKILL)
    with contextlib.suppress(EOFError, OSError):
        while connection.poll(_LOOK_S):
            connection.recv_bytes()


def called[Outcome](_: Listener, function: Callable[..., Outcome], *arguments: object) -> Outcome:
    """Call a function that tells nothing and is never asked to stop."""
    return function(*arguments)


class _Watch:
    """Hears a job until its answer."""

    def __init__(
        self,
        connection: "Connection[Any, Any]",
        bounds: Bounds,
        told: Callable[..., None],
        check: Callable[[], None],
        stop: Event,
    ) -> None:
        self._connection, self._bounds = connection, bounds
        self._told, self._check, self._stop = told, check, stop
        self._end = monotonic() + bounds.seconds
        self._asked = False

    def answer(self) -> bytes:
        """Return the answer as bytes, and tell what comes before it."""
        while True:
            self._look()
            if not self._connection.poll(_LOOK_S):
                continue
            message = self._connection.recv_bytes()
            if message.startswith(ANSWER):
                return message[len(ANSWER) :]
            self._told(*received(message[len(TOLD) :], None))

    def _look(self) -> None:
        self._check()
        if self._stop.is_set() and not self._asked:
            self._asked = True
            self._connection.send_bytes(STOP)
            self._end = min(self._end, monotonic() + _STOPPING_S)
        if monotonic() > self._end:
            raise WorkApartError(_STOPPED if self._asked else _too_long(self._bounds))


_LOST = (
    "Le processus qui faisait ce travail s'est arrêté avant la fin (mémoire insuffisante ou arrêt "
    "forcé) : rien n'a changé. Réessayez ; si cela recommence, demandez moins à la fois."
)
_STOPPED = "Le travail a été arrêté avant d'avoir trouvé quoi que ce soit : rien n'a changé."
_BROKEN = (
    "Ce travail s'est arrêté sur une erreur interne : rien n'a changé. Réessayez ; si cela "
    "recommence, dites-le à qui installe l'outil : le journal du serveur garde le détail."
)


def _too_much(bounds: Bounds) -> str:
    return (
        "Ce travail demande plus de mémoire que le serveur n'en accorde "
        f"({number(bounds.memory_mb)} Mo) : rien n'a changé. {_LESS}"
    )


def _too_long(bounds: Bounds) -> str:
    minutes = bounds.seconds / 60
    limit = plural(round(minutes), "minute") if minutes >= 2 else f"{number(bounds.seconds)} s"
    return (
        f"Ce travail a dépassé le temps que le serveur accorde ({limit}) : rien n'a changé. {_LESS}"
    )
