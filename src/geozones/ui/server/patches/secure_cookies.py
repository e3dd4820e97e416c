"""``Secure`` attribute and path of the app on every cookie: never in clear, nor to another app.

Streamlit 1.67 writes its login cookie without ``Secure`` where TLS ends at a proxy, because
Streamlit does not know of the proxy. Under a base path it writes the cookies of uploads and of a
login that has begun for the whole site, where another territory has cookies of the same names.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_SET = b"set-cookie"
#: Attributes of a cookie that deletes one.
_DELETED = frozenset({b"max-age=0", b"expires=thu, 01 jan 1970 00:00:00 gmt"})


class SecureCookies:
    """Middleware that adds ``Secure`` to cookies, and gives those of the site the app's path.

    Requests for the host of an https address of the app (``addresses``) are taken for https, even
    if the proxy does not send the scheme. ``base_path`` begins the path of the app's addresses; ""
    for the root.
    """

    def __init__(self, app: ASGIApp, addresses: Iterable[str] = (), base_path: str = "") -> None:
        parts = [urlsplit(address) for address in addresses]
        self._app = app
        self._hosts = frozenset(part.netloc.lower() for part in parts if part.scheme == "https")
        self._path = base_path.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_https = self._is_https(scope)

        async def send_changed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = [
                    (name, changed)
                    for name, value in message["headers"]
                    for changed in (self._scoped(value) if name.lower() == _SET else (value,))
                ]
                message["headers"] = [
                    (name, _secure(value) if is_https and name.lower() == _SET else value)
                    for name, value in (*headers, *self._deletions(scope))
                ]
            await send(message)

        await self._app(scope, receive, send_changed)

    def _scoped(self, cookie: bytes) -> tuple[bytes, ...]:
        """Return a site-wide cookie with the app's path; delete it under both paths."""
        parts = cookie.split(b";")
        attributes = {part.strip().lower() for part in parts[1:]}
        if not self._path or b"path=/" not in attributes:
            return (cookie,)
        own = b";".join(
            b" Path=" + self._path if part.strip().lower() == b"path=/" else part for part in parts
        )
        return (cookie, own) if _DELETED & attributes else (own,)

    def _deletions(self, scope: Scope) -> Iterator[tuple[bytes, bytes]]:
        """Delete the cookies of the whole site that an earlier version set, beside the app's own.

        A browser sends both, and the server would read the older.
        """
        if not self._path:
            return
        sent = b";".join(value for name, value in scope["headers"] if name == b"cookie")
        names = Counter(part.partition(b"=")[0].strip() for part in sent.split(b";"))
        for name in (name for name, count in names.items() if name and count > 1):
            yield _SET, name + b"=; Path=/; Max-Age=0"

    def _is_https(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        scheme = headers.get("x-forwarded-proto", scope["scheme"]).split(",")[0].strip().lower()
        return scheme == "https" or headers.get("host", "").lower() in self._hosts


def _secure(cookie: bytes) -> bytes:
    attributes = {part.strip().lower() for part in cookie.split(b";")[1:]}
    return cookie if b"secure" in attributes else cookie + b"; Secure"
