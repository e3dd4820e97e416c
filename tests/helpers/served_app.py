"""The app, started by its own command."""

import contextlib
import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from geozones.common.clock import SHIFT
from geozones.common.files import DATA_FOLDER
from geozones.territory.france import FRANCE_FOLDER
from helpers.waiting import PATIENCE


@contextmanager
def served_app(
    home: Path, port: int, *options: str, base_path: str = "", **settings: str
) -> Iterator[tuple[str, int]]:
    """Start the app on a port, with a home and settings; yield its address and process.

    Of the caller's environment it keeps the data folders and the clock, no other setting.
    What it prints goes to a file of its home: a pipe that nobody reads stops it once it is full.
    """
    environment = {
        name: value
        for name, value in os.environ.items()
        if name in {DATA_FOLDER, FRANCE_FOLDER, SHIFT} or not name.startswith("GEOZONES_")
    }
    environment |= {"GEOZONES_HOME": str(home), **settings}
    command = [sys.executable, "-m", "geozones.cli", "serve", "--port", str(port)]
    printed = home / "server.log"
    with printed.open("ab") as output:
        server = subprocess.Popen(
            [*command, "--base-path", base_path, *options],
            cwd=Path(__file__).parents[2],
            env=environment,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    url = f"http://127.0.0.1:{port}{base_path}"
    try:
        wait_until_served(server, url, printed)
        yield url, server.pid
    finally:
        server.terminate()  # and the server that it started
        server.wait(timeout=PATIENCE)


def wait_until_served(server: subprocess.Popen[bytes], url: str, printed: Path) -> None:
    """Wait until the server answers; between two tries, wait for its end, which is a fault."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        with contextlib.suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.05)
            msg = f"the app stopped: {printed.read_text(encoding='utf-8')}"
            raise AssertionError(msg)
        try:
            with urllib.request.urlopen(f"{url}/_stcore/health", timeout=5):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            continue
    msg = "the app did not answer"
    raise AssertionError(msg)
