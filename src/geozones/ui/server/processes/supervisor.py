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

_POLL_S = 0.2
#: A process that ends within that many seconds did not start; after so many failures in a row, all
#: processes are stopped.
_STARTING_S, _MOST_FAILED = 20.0, 5

type Command = Sequence[str]


@dataclass
class _Supervised:
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

    def restart_if_ended(self) -> None:
        """Restart the process if it has ended."""
        status = None if self.process is None else self.process.poll()
        if status is None:
            return
        self._sweep()
        started = time.monotonic() - self.began > _STARTING_S
        self.failed = 0 if started else self.failed + 1
        if self.failed < _MOST_FAILED:
            message = f"geozones : {self.name} s'est arrêté ({status}), il est relancé."
            print(message, flush=True)  # noqa: T201
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


def serve_workers(
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
        settings = own / "nginx.conf"
        ports = [entry.port for entry in inner]
        settings.write_text(configuration(place, ports, own), encoding="utf-8")
        processes = [
            *(
                _Supervised(f"le processus {rank}", command_of(entry, rank), folder)
                for rank, entry in enumerate(inner)
            ),
            _Supervised(
                "nginx", (program, "-e", "stderr", "-p", made, "-c", str(settings)), folder
            ),
        ]
        return _supervise(processes)


def _supervise(processes: Sequence[_Supervised]) -> int:
    """Keep processes running until a signal asks this one to stop."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        for entry in processes:
            entry.start()
        while all(entry.failed < _MOST_FAILED for entry in processes):
            time.sleep(_POLL_S)
            for entry in processes:
                entry.restart_if_ended()
    except KeyboardInterrupt:
        return 0
    else:
        broken = ", ".join(entry.name for entry in processes if entry.failed >= _MOST_FAILED)
        msg = f"{broken} ne démarre pas : tout est arrêté ; le journal ci-dessus dit pourquoi."
        raise InputError(msg[0].upper() + msg[1:])
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        for entry in reversed(processes):
            entry.stop()
        for entry in processes:
            with contextlib.suppress(KeyboardInterrupt):
                entry.end()
