"""Have the server send what it says at once, and not after what it has yet to work out.

Streamlit binds its socket without naming TCP, for which asyncio leaves Nagle's algorithm on: each
message after the first waits, up to 40 ms, until the browser has acknowledged the one before (seen
with Streamlit 1.67 on Linux, where an accepted socket has the options of the one that listens).

Pages are drawn in threads beside the one that sends. Each time that one has sent a message, Python
lets it go on after the switch interval: 5 ms by default, for each of some fifty messages.
"""

import socket
import sys

from streamlit.web.server.starlette import starlette_server

_bind = starlette_server._bind_socket  # noqa: SLF001 - the one place where it can be said

#: Seconds that a thread works before another that waits has its turn.
_TURN = 0.0005


def bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
    """Return a listening socket whose connections send small messages without waiting."""
    listening = _bind(address, port, backlog)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def send_at_once() -> None:
    """Have the server to come bind its socket so, and its threads take turns often."""
    starlette_server._bind_socket = bind_without_delay  # noqa: SLF001
    sys.setswitchinterval(_TURN)
