"""Start of the app, as one process or several, and its change of territory.

Change of territory: ``geozones serve`` gives its server the name of a file; the server writes a
folder there and stops; ``geozones serve`` then starts it again on that folder. A server that
several people or processes share stays on its territory.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Timer

from geozones.common.errors import InputError
from geozones.common.files import DATA_FOLDER, home_folder, why
from geozones.common.json_log import wants_json
from geozones.common.settings_file import embed_sites, public_address
from geozones.jobs.runner import read_bounds
from geozones.render.standalone_map import app_folder
from geozones.ui.server.processes import ServedAddress, ending_with_parent, serve_workers
from geozones.workspace.territories import STARTED_ON

#: Variable that names the file where the server writes the folder to open.
VARIABLE = "GEOZONES_REOPEN"


def can_reopen() -> bool:
    """Tell whether this server may change territory: one process, its own database, no address.

    What people find at a public address does not change under their eyes.
    """
    shared = os.environ.get("GEOZONES_DATABASE_URL") or public_address()
    return bool(os.environ.get(VARIABLE)) and not shared


def reopen_on(folder: Path) -> None:
    """Stop this server, which starts again on a data folder."""
    Path(os.environ[VARIABLE]).write_text(str(folder.absolute()), encoding="utf-8")
    os.kill(os.getpid(), signal.SIGTERM)


_HOW_TO_STOP = "Pour l'arrêter : Ctrl + C."

#: Seconds that a server has to stop by itself before it is killed.
_STOPPING_S = 8.0
_STOPPED = {-signal.SIGINT, -signal.SIGTERM, -signal.SIGKILL}


def vendor_folder() -> Path:
    """Return the folder of the home that holds the files of the map; create it if needed.

    The installation folder is only read: the account of a service cannot write there.
    """
    target = home_folder() / "served"
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise InputError(f"Le dossier {target} ne peut pas être écrit : {why(error)}.") from error
    return target


def serve(place: ServedAddress, *, open_browser: bool, workers: int = 1) -> int:
    """Run the app in ``workers`` processes until it is stopped; return the exit status."""
    public_address()
    embed_sites()
    wants_json()
    read_bounds()
    folder = app_folder()
    vendor_folder()
    opens = place.url if open_browser and _has_browser() else ""
    if workers == 1:
        place.require_free()
        print(f"geozones : {place.url}\n{_HOW_TO_STOP}", flush=True)  # noqa: T201
        return _run(_command(folder, place, opens), folder)
    print(f"geozones : {place.url} ({workers} processus)\n{_HOW_TO_STOP}", flush=True)  # noqa: T201

    def command_of(inner: ServedAddress, rank: int) -> list[str]:
        return [*_command(folder, inner, "" if rank else opens), "--rank", str(rank)]

    return serve_workers(place, workers, folder, command_of)


def _command(folder: Path, place: ServedAddress, opens: str) -> list[str]:
    """Return the command that starts a process of the app, which opens ``opens`` if not empty."""
    arguments = [place.address, str(place.port), place.base_path, opens]
    return [sys.executable, "-m", "geozones.ui.server.launcher", str(folder / "app.py"), *arguments]


def _run(command: list[str], folder: Path) -> int:
    """Run the server in a child process, which is asked to stop when this process is.

    A server that has not stopped after `_STOPPING_S` seconds is killed: what was saved is kept. A
    server that asks for another territory (see `reopen_on`) is started again on it.
    """
    with TemporaryDirectory(prefix="geozones-") as private:
        server = _ServedApp(command, folder, Path(private) / "territoire")
        signal.signal(signal.SIGTERM, server.stop)
        return server.run()


class _ServedApp:
    """Server of the app in a child process.

    Parameters
    ----------
    command, folder
        The command that starts it, and the folder it is started in.
    asked
        The file where it writes the territory to open instead.
    """

    def __init__(self, command: list[str], folder: Path, asked: Path) -> None:
        self._command, self._folder, self._asked = command, folder, asked
        self._process: subprocess.Popen[bytes] | None = None
        self._is_stopping = False

    def stop(self, *_: object) -> None:
        """Ask the server to stop, and kill it if it does not."""
        self._is_stopping = True
        if self._process is not None:
            self._process.terminate()
            late = Timer(_STOPPING_S, self._process.kill)
            late.daemon = True
            late.start()

    def run(self) -> int:
        """Run the server until it is stopped; return its exit status."""
        environment = os.environ | {VARIABLE: str(self._asked)}
        environment[STARTED_ON] = os.environ.get(DATA_FOLDER, "")
        status = self._run_once(self._command, environment)
        while self._asked.exists() and not self._is_stopping:
            environment[DATA_FOLDER] = self._asked.read_text(encoding="utf-8")
            self._asked.unlink()
            quiet = [*self._command[:-1], ""]  # the browser is open already
            status = self._run_once(quiet, environment)
        return status

    def _run_once(self, command: list[str], environment: dict[str, str]) -> int:
        with subprocess.Popen(  # noqa: S603
            command,
            cwd=self._folder,
            env=environment,
            preexec_fn=ending_with_parent(signal.SIGKILL),  # noqa: PLW1509 - no other thread
        ) as self._process:
            while True:
                try:
                    status = self._process.wait()
                except KeyboardInterrupt:  # the terminal has sent the interrupt to both
                    continue
                return 0 if status in _STOPPED else status


def _has_browser() -> bool:
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
