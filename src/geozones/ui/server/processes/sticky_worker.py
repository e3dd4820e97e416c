"""Sticky sessions: a cookie keeps a browser with the process that holds its session and uploads."""

from starlette.datastructures import MutableHeaders
from starlette.requests import cookie_parser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Cookie by which a proxy routes the requests of a browser.
COOKIE = "geozones_worker"


class StickyWorker:
    """Middleware that sets the cookie of this process where the browser does not have it."""

    def __init__(self, app: ASGIApp, rank: int, base_path: str) -> None:
        self._app, self._rank = app, str(rank)
        self._cookie = f"{COOKIE}={rank}; Path={base_path or '/'}; HttpOnly; SameSite=Lax"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http" or self._has_cookie(scope):
            await self._app(scope, receive, send)
            return

        async def send_told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).append("Set-Cookie", self._cookie)
            await send(message)

        await self._app(scope, receive, send_told)

    def _has_cookie(self, scope: Scope) -> bool:
        cookies = b"; ".join(value for name, value in scope["headers"] if name == b"cookie")
        return cookie_parser(cookies.decode("latin-1")).get(COOKIE) == self._rank
