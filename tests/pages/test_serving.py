"""Where and how the app is served: refusals, nginx, processes that end, memory that stays."""

import gc
import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config
from streamlit.web.server.starlette import starlette_server

from geozones.common.errors import InputError
from geozones.ui.server import patches
from geozones.ui.server.serve import ServedAddress, configuration, served_address
from helpers.page_texts import opened

ROOT = Path(__file__).parents[2]


def test_what_is_no_address_or_no_path_is_refused_in_a_sentence() -> None:
    assert served_address("localhost", 8501, "geozones/") == ServedAddress(
        "127.0.0.1", 8501, "/geozones"
    )
    assert served_address("::1", 8501, "").url == "http://[::1]:8501"
    with pytest.raises(InputError, match="n'est pas une adresse IP"):
        served_address("0.0.0.0; include /etc/passwd", 8501, "")
    with pytest.raises(InputError, match="écrivez /geozones"):
        served_address("127.0.0.1", 8501, "/a b")


def test_a_port_that_is_taken_and_an_address_of_another_machine_are_refused() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        place = ServedAddress(port=taken.getsockname()[1])
        with pytest.raises(InputError, match="est déjà pris"):
            place.require_free()
    with pytest.raises(InputError, match="n'est pas de cette machine"):
        ServedAddress("192.0.2.1", 8501).require_free()


def test_nginx_sends_whoever_has_the_cookie_of_a_process_to_it(tmp_path: Path) -> None:
    told = configuration(ServedAddress("0.0.0.0", 8501, "/geozones"), [8502, 8503], tmp_path)  # noqa: S104
    assert 'default any; "0" worker0; "1" worker1;' in told
    assert "upstream worker1 { server 127.0.0.1:8503; }" in told
    assert "listen 0.0.0.0:8501;" in told


def test_nginx_passes_requests_on_as_the_proxy_of_deploy_does(tmp_path: Path) -> None:
    deployed = (ROOT / "deploy" / "nginx" / "geozones.conf").read_text(encoding="utf-8")
    told = configuration(ServedAddress(), [8502], tmp_path)
    passed_on = re.compile(r"^ *(?:proxy_\w+|client_max_body_size) .*;$", re.MULTILINE)
    assert len(passed_on.findall(deployed)) == 11
    assert set(passed_on.findall(deployed)) <= set(told.splitlines())
    assert len(re.findall(r"^ *listen ", told, re.MULTILINE)) == 1
    assert "ssl" not in told


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


HOST = "127.0.0.1"


def accepted_by(listening: socket.socket) -> socket.socket:
    """Return the server's end of a connection to a listening socket."""
    listening.settimeout(10)
    with socket.create_connection(listening.getsockname()[:2]):
        return listening.accept()[0]


def held_back(connection: socket.socket) -> bool:
    """Tell whether small messages wait for the answer to the one before."""
    return not connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)


def test_a_connection_sends_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(starlette_server, "_bind_socket", starlette_server._bind_socket)
    patches.disable_nagle()
    listening, _ = starlette_server._bind_server_socket(HOST, HOST, 0, 5)
    with listening, accepted_by(listening) as connection:
        assert not held_back(connection)


def test_streamlit_itself_holds_messages_back() -> None:
    """Fails the day that Streamlit mends it: `disable_nagle` can go then."""
    with patches._bind(HOST, 0, 5) as listening, accepted_by(listening) as connection:
        assert held_back(connection)


@pytest.mark.slow
@pytest.mark.usefixtures("service")
def test_what_stays_as_long_as_the_server_is_not_collected() -> None:
    st.cache_resource.clear()
    gc.unfreeze()
    before = len(gc.get_objects())
    assert opened()
    assert len(gc.get_objects()) < before / 2


def test_nothing_is_collected_after_each_gesture() -> None:
    assert not config.get_option("runner.postScriptGC")
