"""Start the app on 127.0.0.1."""

import hashlib
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

from geozones.common.errors import InputError
from geozones.common.files import why, write_atomically
from geozones.render.app_files import app_folder
from geozones.render.folium_map import MapFiles
from geozones.render.standalone import map_script, map_style

HOST = "127.0.0.1"


def prepare_static(folder: Path) -> MapFiles:
    """Write Leaflet and the map's own files into ``static/vendor``, where the app serves them.

    All scripts are one file, and so are the styles: the map reads one file after the other. Their
    names change with what they hold, so that no browser keeps old ones.

    Raises
    ------
    InputError
        If the folder cannot be written.
    DataFileError
        If one of them cannot be read: the installation is not whole.
    """
    target = folder / "static" / "vendor"
    try:
        target.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        msg = f"Le dossier {target} ne peut pas être écrit : {why(error)}."
        raise InputError(msg) from error
    return MapFiles(_joined(target, "js", map_script()), _joined(target, "css", map_style()))


def _joined(target: Path, kind: str, content: str) -> str:
    """Write a file of the map unless it is there already; return its name."""
    name = f"map-{hashlib.sha256(content.encode()).hexdigest()[:16]}.{kind}"
    if not (target / name).is_file():
        write_atomically(target / name, content)
    return name


def serve(port: int, *, open_browser: bool) -> int:
    """Run the app until it is stopped; return its exit status.

    Raises
    ------
    InputError
        If the port is taken.
    """
    folder = app_folder()
    with socket.socket() as probe:
        if probe.connect_ex((HOST, port)) == 0:
            msg = f"Le port {port} est déjà pris : choisissez-en un autre (--port)."
            raise InputError(msg)
    prepare_static(folder)
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
