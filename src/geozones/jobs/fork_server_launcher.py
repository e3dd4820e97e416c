"""Launcher of the fork server, the process that jobs are forked from; relaunches it if it dies."""

import atexit
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any

#: Opens the data that jobs read, then modules that they use, once before the first job: by name,
#: because this room is below those of these modules.
_OPENER = "geozones.workspace.folder.atlas:open_atlas"
_MODULES = (
    "geozones.workspace.sharing.bundle",
    "geozones.intake.document_reader",
    "geozones.intake.resolve",
    "geozones.workspace.proposals.search",
    "geozones.workspace.teams",
    "geozones.export.pictures",
    "geozones.export.pdf",
    "geozones.export.deck",
    "geozones.export.xlsx",
    "geozones.export.geo",
    "geozones.optimize",
)
#: Environment of job processes: numerical libraries start no threads, because a fork would lose
#: them, and Arrow allocates from the system, so that its memory counts towards the limit.
_SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "ARROW_DEFAULT_MEMORY_POOL": "system",
}


class ForkServer:
    """Handle on the fork server: starts it, stops it, connects to new processes."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        atexit.register(self.stop)

    @property
    def pid(self) -> int | None:
        """Process id of the fork server; ``None`` before its first start."""
        return None if self._process is None else self._process.pid

    def start(self) -> str:
        """Start the fork server unless it runs; return the address of its socket."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._launch()
            assert self._folder is not None  # noqa: S101 - launched
            return str(Path(self._folder.name) / "jobs")

    def stop(self) -> None:
        """Stop the fork server; a running job ends with the process that waits for its answer."""
        with self._lock:
            if self._process is not None:
                self._process.terminate()
                self._process.wait()
            if self._folder is not None:
                self._folder.cleanup()
            self._process = self._folder = None

    def _launch(self) -> None:
        if self._folder is not None:
            self._folder.cleanup()
        # only the owner may enter this folder: the process executes what its socket receives
        self._folder = tempfile.TemporaryDirectory(prefix="geozones-", ignore_cleanup_errors=True)
        with socket.socket(socket.AF_UNIX) as listening:
            listening.bind(str(Path(self._folder.name) / "jobs"))
            listening.listen(128)
            listening.set_inheritable(True)
            command = [sys.executable, "-m", "geozones.jobs.fork_server"]
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                [*command, str(os.getpid()), str(listening.fileno()), _OPENER, *_MODULES],
                stdin=subprocess.DEVNULL,
                pass_fds=[listening.fileno()],
                env={
                    **os.environ,
                    **_SINGLE_THREADED,
                    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
                },
            )

    @contextmanager
    def connected(self) -> Iterator[tuple["Connection[Any, Any]", int, str]]:
        """Connect to a newly forked process; yield connection, its id, its data's stamp."""
        with socket.socket(socket.AF_UNIX) as client:
            try:
                client.connect(self.start())
            except ConnectionRefusedError:  # the process died after `start` checked it
                with suppress(subprocess.TimeoutExpired):
                    assert self._process is not None  # noqa: S101 - started
                    self._process.wait(1)
                client.connect(self.start())
            connection = Connection(client.detach())
        with connection:
            process, stamp = connection.recv()
            yield connection, process, stamp


FORK_SERVER = ForkServer()
