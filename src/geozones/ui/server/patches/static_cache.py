"""In-memory cache of static files whose name changes with their content.

A first page requests a hundred of them. Streamlit reads each again, sends its own scripts
uncompressed, and compresses the scripts of the map at each request (seen with Streamlit 1.67: 22 ms
for one of 720 kB).
"""

import asyncio
import gzip
import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

import brotli
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

#: Streamlit's own files, its components' files, and what `ui.widgets.territory_map` writes.
_NAMED_BY_CONTENT = re.compile(
    r"/static/(js|css|media)/[\w.-]+"
    r"|/component/[\w.]+/static/(js|css)/[\w.-]+\.[0-9a-f]{8}\.(js|css)"
    r"|/app/static/vendor/[a-z]+-[0-9a-f]{16}\.(js|css|svg)"
)
_TEXTS = ("text/", "application/javascript", "application/json", "image/svg+xml")
#: Of a file that is not the one whose content its name tells.
_AN_HOUR = {"Cache-Control": "public, max-age=3600"}
A_YEAR = "public, max-age=31536000, immutable"


type Instead = Callable[[str], Path | None]
"""Return the file that takes the place of the one at a path; ``None`` for none."""


class StaticCache:
    """Middleware that caches such files as sent, texts compressed; other files pass through."""

    def __init__(
        self, app: ASGIApp, base_path: str = "", instead: Instead = lambda _: None
    ) -> None:
        self._app, self._base_path, self._instead = app, base_path, instead
        self._kept: dict[tuple[str, str], Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not _may_be_kept(scope, self._base_path):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if file := self._instead(path):
            await FileResponse(file, headers=_AN_HOUR)(scope, receive, send)
            return
        coding = _coding(scope)
        if (path, coding) not in self._kept:
            answer = await self._asked(scope)
            if not _is_file(answer):
                await answer(scope, receive, send)
                return
            self._kept[path, coding] = await run_in_threadpool(_as_sent, answer, coding)
        await self._kept[path, coding](scope, receive, send)

    async def _asked(self, scope: Scope) -> Response:
        """Return Streamlit's whole answer, not compressed.

        Streamlit stops sending when the browser leaves: hide that from it, or a part of the file
        would be cached as the whole.
        """
        began: Message = {}
        body = bytearray()

        async def keep(message: Message) -> None:
            began.update(message)
            body.extend(message.get("body", b""))

        headers = [(name, value) for name, value in scope["headers"] if name != b"accept-encoding"]
        await self._app({**scope, "headers": headers}, _never_leaves, keep)
        answer = Response(bytes(body), began["status"])
        answer.raw_headers = list(began["headers"])
        return answer


async def _never_leaves() -> Message:
    return await asyncio.Future()


def _may_be_kept(scope: Scope, base_path: str) -> bool:
    if scope["type"] != "http" or scope["method"] != "GET":
        return False
    if not _coding(scope) or "range" in Headers(scope=scope):
        return False
    return _NAMED_BY_CONTENT.fullmatch(scope["path"].removeprefix(base_path)) is not None


#: Codings of texts, the best first. Brotli at this quality takes as long as gzip, and its texts are
#: a tenth to a fifth shorter; browsers take it over HTTPS and from this machine.
_CODINGS: dict[str, Callable[[bytes], bytes]] = {
    "br": partial(brotli.compress, mode=brotli.MODE_TEXT, quality=9),
    "gzip": partial(gzip.compress, mtime=0),
}


def _coding(scope: Scope) -> str:
    """Return the best coding that a browser takes; "" if it takes none of them."""
    taken = Headers(scope=scope).get("accept-encoding", "")
    names = {each.partition(";")[0].strip() for each in taken.split(",")}
    return next((coding for coding in _CODINGS if coding in names), "")


def _is_file(answer: Response) -> bool:
    """Tell a file from an error, and from the page that Streamlit answers for a missing file."""
    kind = answer.headers.get("content-type", "")
    return answer.status_code == 200 and not kind.startswith("text/html")


def _as_sent(answer: Response, coding: str) -> Response:
    body, kind = bytes(answer.body), answer.headers["content-type"]
    headers = {"Content-Type": kind, "Cache-Control": A_YEAR, "Vary": "Accept-Encoding"}
    if kind.startswith(_TEXTS):
        body, headers["Content-Encoding"] = _CODINGS[coding](body), coding
    return Response(body, headers=headers)
