"""A process that serves ends with the one that started it, killed or not."""

import os
import signal
import subprocess
import sys

import pytest

#: Says who it is, then waits for a signal.
CHILD = "import os, signal; print(os.getpid(), flush=True); signal.pause()"
ONE = """
import sys
from pathlib import Path
from geozones.ui.server.serve import _run
_run([sys.executable, "-c", sys.argv[1]], Path())
"""
SEVERAL = """
import signal, sys
from pathlib import Path
from geozones.ui.server.serve import _supervise, _Supervised
command = (sys.executable, "-c", sys.argv[1])
_supervise([
    _Supervised("app", command, Path()), _Supervised("nginx", command, Path(), signal.SIGTERM)
])
"""


@pytest.mark.parametrize(("program", "count"), [(ONE, 1), (SEVERAL, 2)], ids=["one", "several"])
@pytest.mark.parametrize("killed", [signal.SIGKILL, signal.SIGTERM], ids=["killed", "stopped"])
def test_what_serves_ends_with_who_started_it(
    program: str, count: int, killed: signal.Signals
) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", program, CHILD],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as serve:
        assert serve.stdout
        children = [int(serve.stdout.readline()) for _ in range(count)]
        assert serve.pid not in children
        os.kill(serve.pid, killed)
        assert _ended_in_silence(serve)


def test_a_server_asked_to_stop_while_it_starts_stops() -> None:
    asked = """
import os, signal
from geozones.ui.server import serve
def ask_to_stop(_):
    return lambda parent=os.getpid(): os.kill(parent, signal.SIGTERM)  # before the process begins
serve.ending_with_parent = ask_to_stop
"""
    with subprocess.Popen(
        [sys.executable, "-c", asked + ONE, "import signal; signal.pause()"],
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as serve:
        assert _ended_in_silence(serve)


def _ended_in_silence(serve: subprocess.Popen[str]) -> bool:
    # each child holds the pipe: its end is the end of all of them
    try:
        return serve.communicate(timeout=120) == ("", None)
    except subprocess.TimeoutExpired:
        os.killpg(serve.pid, signal.SIGKILL)  # leaving `with` waits for its end
        raise
