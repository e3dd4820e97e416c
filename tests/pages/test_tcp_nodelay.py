"""What the server sends is not held back."""

import socket

import pytest
from streamlit.web.server.starlette import starlette_server

from geozones.ui.server.patches import web_server

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
    web_server.disable_nagle()
    listening, _ = starlette_server._bind_server_socket(HOST, HOST, 0, 5)
    with listening, accepted_by(listening) as connection:
        assert not held_back(connection)


def test_streamlit_itself_holds_messages_back() -> None:
    """Fails the day that Streamlit mends it: `disable_nagle` can go then."""
    with web_server._bind(HOST, 0, 5) as listening, accepted_by(listening) as connection:
        assert held_back(connection)
