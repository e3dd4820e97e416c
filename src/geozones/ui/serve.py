"""Start the app on 127.0.0.1."""

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import home_folder, why
from geozones.common.json_log import wants_json
from geozones.common.public_address import embed_sites, public_address
from geozones.render.app_files import app_folder

HOST = "127.0.0.1"


def vendor_folder() -> Path:
    """Return the folder of the home where what draws the map is kept, made if need be.

    The folder of the installation is only read: the account of a service cannot write there.

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


def serve(port: int, *, open_browser: bool) -> int:
    """Run the app until it is stopped; return its exit status.

    Raises
    ------
    InputError
        If the port is taken, or an address of the settings is none.
    """
    public_address()
    embed_sites()
    wants_json()
    folder = app_folder()
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            msg = f"Le port {port} est déjà pris : choisissez-en un autre (--port)."
            raise InputError(msg)
    vendor_folder()
    print(f"geozones : http://{HOST}:{port}", flush=True)  # noqa: T201
    command = [sys.executable, "-m", "geozones.ui.launcher", str(folder / "app.py"), str(port)]
    if open_browser and _has_browser():
        command.append("--open")
    return _run(command, folder)


def _run(command: list[str], folder: Path) -> int:
    """Run the server in a process of its own, that is asked to stop when this one is."""
    with subprocess.Popen(command, cwd=folder) as server:  # noqa: S603
        signal.signal(signal.SIGTERM, lambda *_: server.terminate())
        while True:
            try:
                status = server.wait()
            except KeyboardInterrupt:  # the terminal has told both
                continue
            return 0 if status in {-signal.SIGINT, -signal.SIGTERM} else status


def _has_browser() -> bool:
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )
