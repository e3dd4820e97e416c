"""``Secure`` attribute on every cookie of a browser that uses https: never sent in clear later.

Streamlit 1.67 writes its login cookie without ``Secure`` where TLS ends at a proxy, because
Streamlit does not know of the proxy.
"""

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class SecureCookies:
    """Middleware that adds ``Secure`` to cookies.

    Parameters
    ----------
    app
        The application behind this middleware.
    addresses
        Addresses of the app: requests for the host of an https address are taken for https, even
        if the proxy does not send the scheme.
    """

    def __init__(self, app: ASGIApp, addresses: Iterable[str] = ()) -> None:
        parts = [urlsplit(address) for address in addresses]
        self._app = app
        self._hosts = frozenset(part.netloc.lower() for part in parts if part.scheme == "https")

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or not self._is_https(scope):
            await self._app(scope, receive, send)
            return

        async def send_secure(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [
                    (name, _secure(value) if name.lower() == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self._app(scope, receive, send_secure)

    def _is_https(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        scheme = headers.get("x-forwarded-proto", scope["scheme"]).split(",")[0].strip().lower()
        return scheme == "https" or headers.get("host", "").lower() in self._hosts


def _secure(cookie: bytes) -> bytes:
    attributes = {part.strip().lower() for part in cookie.split(b";")[1:]}
    return cookie if b"secure" in attributes else cookie + b"; Secure"
