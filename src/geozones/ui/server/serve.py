"""Start of the app, as one process or several."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from threading import Timer

from geozones.common.errors import InputError
from geozones.common.files import home_folder, why
from geozones.common.json_log import wants_json
from geozones.common.public_address import embed_sites, public_address
from geozones.render.app_files import app_folder
from geozones.ui.server.processes import ServedAddress, serve_workers
from geozones.workspace.jobs.limits import read_bounds

_HOW_TO_STOP = "Pour l'arrêter : Ctrl + C."

#: Seconds that a server has to stop by itself before it is killed.
_STOPPING_S = 8.0
_STOPPED = {-signal.SIGINT, -signal.SIGTERM, -signal.SIGKILL}


def vendor_folder() -> Path:
    """Return the folder of the home that holds the files of the map; create it if needed.

    The installation folder is only read: the account of a service cannot write there.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    target = home_folder() / "served"
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Le dossier {target} ne peut pas être écrit : {why(error)}."
        raise InputError(msg) from error
    return target


def serve(place: ServedAddress, *, open_browser: bool, workers: int = 1) -> int:
    """Run the app in ``workers`` processes until it is stopped; return the exit status.

    Raises
    ------
    InputError
        If a port is taken, an address in the settings is not valid, or several processes are asked
        for and nginx is not installed.
    """
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

    A server that has not stopped after `_STOPPING_S` seconds is killed: what was saved is kept.
    """
    with subprocess.Popen(command, cwd=folder) as server:  # noqa: S603

        def stop(*_: object) -> None:
            server.terminate()
            late = Timer(_STOPPING_S, server.kill)
            late.daemon = True
            late.start()

        signal.signal(signal.SIGTERM, stop)
        while True:
            try:
                status = server.wait()
            except KeyboardInterrupt:  # the terminal has sent the interrupt to both
                continue
            return 0 if status in _STOPPED else status


def _has_browser() -> bool:
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
