"""Fork server of jobs: imports the modules and opens the data folder once, then forks per job.

``python -m geozones.jobs.fork_server PARENT FD MODULE:OPENER MODULE…`` listens on the socket FD and
forks a child for each connection: the child receives the job, reports progress, sends the result,
and exits. The fork server exits when its parent process is gone.
"""

import contextlib
import gc
import os
import pickle
import resource
import signal
import socket
import socketserver
import sys
import traceback
from importlib import import_module
from multiprocessing.connection import Connection
from threading import Event, Thread
from time import monotonic
from typing import Any, override

from geozones.common.errors import GeozonesError
from geozones.domain import SearchCancelledError
from geozones.jobs.pickling import ANSWER, PROGRESS, STOP, OpenedData, received, sent

#: Seconds between two progress messages of a job.
_EVERY_S = 0.05
#: Seconds after its time limit when a job that no process watches any more ends itself.
_GRACE_S = 30


class _Server(socketserver.ForkingMixIn, socketserver.UnixStreamServer):
    max_children = 200

    def __init__(self, parent: int, listening: int, opened: OpenedData | None) -> None:
        super().__init__("", _JobHandler, bind_and_activate=False)
        self.socket.close()
        self.socket = socket.socket(fileno=listening)
        self.opened = opened
        self._parent = parent

    @override
    def service_actions(self) -> None:
        super().service_actions()
        if os.getppid() != self._parent:
            sys.exit()


class _JobHandler(socketserver.BaseRequestHandler):
    """Handler of one job, in the forked child."""

    @override
    def handle(self) -> None:
        assert isinstance(self.server, _Server)  # noqa: S101 - the only one that it handles for
        connection = Connection(self.request.detach())
        opened = self.server.opened
        os.setsid()  # a process group of its own: processes that the job starts are killed with it
        stamp = "" if opened is None else opened.stamp
        connection.send((os.getpid(), stamp))
        try:
            memory_mb, seconds, niceness = connection.recv()
            content = connection.recv_bytes()
        except EOFError:
            return
        os.nice(niceness)
        signal.alarm(seconds + _GRACE_S)
        with open("/proc/self/status", encoding="ascii") as status:  # noqa: PTH123
            held = next(int(line.split()[1]) * 1024 for line in status if line.startswith("VmData"))
        bound = held + memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_DATA, (bound, bound))
        reporter = _ProgressReporter(connection)
        try:
            function, arguments = received(content, opened)
            found = function(reporter, *arguments)
            reporter.send_latest()
            outcome, _ = sent(("done", found), stamp)
        except GeozonesError as error:
            outcome, _ = sent(("refused", error), stamp)
        except MemoryError:
            outcome, _ = sent(("memory", None), stamp)
        except Exception:  # noqa: BLE001 - any failure is sent to the server, which logs it
            outcome, _ = sent(("failed", traceback.format_exc()), stamp)
        connection.send_bytes(ANSWER + outcome)


class _ProgressReporter:
    """Progress callback of a job; raises ``SearchCancelledError`` when the job should stop."""

    def __init__(self, connection: "Connection[Any, Any]") -> None:
        self._connection, self._stop, self._next = connection, Event(), 0.0
        self._unsent: tuple[object, ...] = ()
        Thread(target=self._watch, daemon=True).start()

    def _watch(self) -> None:
        """Wait for a stop request; if the connection closes, kill this process and its children."""
        with contextlib.suppress(EOFError, OSError):
            while self._connection.recv_bytes() == STOP:
                self._stop.set()
        os.killpg(0, signal.SIGKILL)

    def __call__(self, *report: object) -> None:
        if self._stop.is_set():
            raise SearchCancelledError
        self._unsent = report or self._unsent
        if monotonic() >= self._next:
            self.send_latest()

    def send_latest(self) -> None:
        """Send the latest progress if it was not sent yet."""
        if self._unsent:
            self._connection.send_bytes(PROGRESS + pickle.dumps(self._unsent))
            self._unsent, self._next = (), monotonic() + _EVERY_S


def main(parent: int, listening: int, opener: str, modules: list[str]) -> None:
    """Import modules, open the data folder, then fork a job for each connection.

    ``opener`` names the function that opens the data, as ``module:function``.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for module in modules:
        import_module(module)
    module, _, function = opener.partition(":")
    opened = None
    with contextlib.suppress(GeozonesError):  # each page reports what is wrong with the data
        opened = getattr(import_module(module), function)()
    gc.collect()
    gc.freeze()
    _Server(parent, listening, opened).serve_forever(poll_interval=1.0)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], sys.argv[4:])
