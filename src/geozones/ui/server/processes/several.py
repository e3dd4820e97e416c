"""Supervisor of several processes of the app behind nginx; restarts each that ends."""

import contextlib
import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from geozones.common.errors import InputError
from geozones.ui.server.processes.address import HOST, ServedAddress
from geozones.ui.server.processes.nginx import configuration, nginx_program

_EVERY_S = 0.2
#: A process that ends within that many seconds did not start; after so many failures in a row, all
#: processes are stopped.
_STARTING_S, _MOST_FAILED = 20.0, 5

type Command = Sequence[str]


@dataclass
class _Kept:
    """A process that is restarted each time it ends."""

    name: str
    command: Command
    folder: Path
    failed: int = 0
    began: float = 0.0
    process: subprocess.Popen[bytes] | None = field(default=None)

    def start(self) -> None:
        self.began = time.monotonic()
        self.process = subprocess.Popen(  # noqa: S603
            self.command, cwd=self.folder, start_new_session=True
        )

    def look(self) -> None:
        """Restart the process if it has ended."""
        status = None if self.process is None else self.process.poll()
        if status is None:
            return
        self._sweep()
        started = time.monotonic() - self.began > _STARTING_S
        self.failed = 0 if started else self.failed + 1
        if self.failed < _MOST_FAILED:
            said = f"geozones : {self.name} s'est arrêté ({status}), il est relancé."
            print(said, flush=True)  # noqa: T201
            self.start()

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()

    def end(self) -> None:
        """Wait until the process has ended; kill it after 10 seconds."""
        if self.process is None:
            return
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self._sweep()

    def _sweep(self) -> None:
        """Kill the child processes that an ended process left."""
        if self.process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)


def serve_several(
    place: ServedAddress,
    count: int,
    folder: Path,
    command_of: Callable[[ServedAddress, int], Command],
) -> int:
    """Run ``count`` processes of the app behind nginx until asked to stop; return the exit status.

    Process number ``rank`` listens on 127.0.0.1, on the port after the port of ``rank`` - 1; nginx
    listens on the port of ``place``. ``command_of`` returns the command of a process from its
    address and its rank.

    Raises
    ------
    InputError
        If nginx is not installed, a port is taken, or a process cannot be started.
    """
    program = nginx_program()
    place.require_free()
    inner = [ServedAddress(HOST, place.port + 1 + rank, place.base_path) for rank in range(count)]
    for entry in inner:
        entry.require_free()
    with tempfile.TemporaryDirectory(prefix="geozones-nginx-") as made:
        own = Path(made)
        own.chmod(0o711)  # started by root, nginx runs as another user
        told = own / "nginx.conf"
        told.write_text(configuration(place, [entry.port for entry in inner], own))
        kept = [
            *(
                _Kept(f"le processus {rank}", command_of(entry, rank), folder)
                for rank, entry in enumerate(inner)
            ),
            _Kept("nginx", (program, "-e", "stderr", "-p", made, "-c", str(told)), folder),
        ]
        return _keep(kept)


def _keep(kept: Sequence[_Kept]) -> int:
    """Keep processes running until a signal asks this one to stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for entry in kept:
            entry.start()
        while all(entry.failed < _MOST_FAILED for entry in kept):
            time.sleep(_EVERY_S)
            for entry in kept:
                entry.look()
    except KeyboardInterrupt:
        return 0
    else:
        broken = ", ".join(entry.name for entry in kept if entry.failed >= _MOST_FAILED)
        msg = f"{broken} ne démarre pas : tout est arrêté ; le journal ci-dessus dit pourquoi."
        raise InputError(msg[0].upper() + msg[1:])
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for entry in reversed(kept):
            entry.stop()
        for entry in kept:
            with contextlib.suppress(KeyboardInterrupt):
                entry.end()
