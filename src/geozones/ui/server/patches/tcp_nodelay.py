"""TCP_NODELAY on the connections of the server: small messages are sent without waiting.

Streamlit binds its socket without naming TCP, so asyncio leaves Nagle's algorithm on: each message
after the first waits, up to 40 ms, until the browser has acknowledged the one before (seen with
Streamlit 1.67 on Linux, where an accepted socket inherits the options of the listening one).
"""

import socket

from streamlit.web.server.starlette import starlette_server

_bind = starlette_server._bind_socket  # noqa: SLF001 - Streamlit has no other place for a socket option


def disable_nagle() -> None:
    """Patch Streamlit to bind with TCP_NODELAY; call before the server starts."""
    starlette_server._bind_socket = _bind_without_delay  # noqa: SLF001


def _bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
    """Return a listening socket whose connections send small messages without waiting."""
    listening = _bind(address, port, backlog)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening
