"""Low-latency messages from the server: TCP_NODELAY, and a shorter thread switch interval.

Streamlit binds its socket without naming TCP, so asyncio leaves Nagle's algorithm on: each message
after the first waits, up to 40 ms, until the browser has acknowledged the one before (seen with
Streamlit 1.67 on Linux, where an accepted socket inherits the options of the listening one).

Pages are drawn in threads beside the thread that sends. After each message, the sending thread
waits for Python's switch interval before it goes on: 5 ms by default, for each of some fifty
messages.
"""

import socket
import sys

from streamlit.web.server.starlette import starlette_server

_bind = starlette_server._bind_socket  # noqa: SLF001 - Streamlit has no other place for a socket option

#: Switch interval of Python's threads, in seconds.
_TURN = 0.0005


def bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
    """Return a listening socket whose connections send small messages without waiting."""
    listening = _bind(address, port, backlog)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def send_at_once() -> None:
    """Patch Streamlit to bind with TCP_NODELAY, and switch threads more often; call at start."""
    starlette_server._bind_socket = bind_without_delay  # noqa: SLF001
    sys.setswitchinterval(_TURN)
