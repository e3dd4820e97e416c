"""Workarounds for faults in how Streamlit's web server listens, caches and sets cookies.

Each function that patches names the fault and the version where it was seen.
"""

import asyncio
import gzip
import logging
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import override
from urllib.parse import urlsplit

import streamlit.logger
import uvicorn.config
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import app_session, get_instance
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.web.server.starlette import starlette_server

from geozones.common.errors import GeozonesError
from geozones.common.json_log import wants_json
from geozones.ui.shared_pages.shared_files import StillBeingMadeError

_bind = starlette_server._bind_socket  # noqa: SLF001 - Streamlit has no other place for a socket option


def disable_nagle() -> None:
    """Patch Streamlit so that small messages are sent without waiting (TCP_NODELAY).

    Streamlit 1.67 binds its socket without naming TCP, so asyncio leaves Nagle's algorithm on: each
    message after the first waits, up to 40 ms, until the browser has acknowledged the one before
    (seen on Linux, where an accepted socket inherits the options of the listening one).
    """
    starlette_server._bind_socket = _bind_without_delay  # noqa: SLF001


def _bind_without_delay(address: str, port: int, backlog: int) -> socket.socket:
    """Return a listening socket whose connections send small messages without waiting."""
    listening = _bind(address, port, backlog)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return listening


def propagate_loggers() -> None:
    """Send all records to the root logger, if ``GEOZONES_LOG`` asks for lines of JSON.

    Streamlit 1.67 and uvicorn 0.3x give each of their loggers a handler of its own, which writes
    lines of text.
    """
    if not wants_json():
        return
    streamlit.logger.setup_formatter = _without_handler
    streamlit.logger.update_formatter()
    uvicorn.config.LOGGING_CONFIG["loggers"] = {}


def _without_handler(logger: logging.Logger) -> None:
    for handler in list(logger.handlers):
        logger.removeHandler(handler)
    logger.propagate = True


_LOG = logging.getLogger(__name__)
#: Seconds between two checks whether a file is ready.
_POLL_S = 0.2
#: These threads never wait: they only fetch files that are ready.
_THREADS = ThreadPoolExecutor(4, "geozones-downloads")
_FAILED = "Le fichier n'a pas pu être préparé. Rechargez la page, puis réessayez."


class PollingDownloads(DeferredFileHandler):
    """Download handler that waits for the file without holding a thread."""

    @override
    async def handle(
        self, request: BackendOperationRequest, session_id: str
    ) -> BackendOperationResponse:
        """Return the URL of the file, or a sentence that says why there is none."""
        file = request.deferred_file.file_id
        loop = asyncio.get_running_loop()
        reason = ""
        while get_instance().is_active_session(session_id):
            files = self._get_media_file_mgr()
            try:
                url = await loop.run_in_executor(_THREADS, files.execute_deferred, file)
            except MediaFileStorageError as error:
                if isinstance(error.__cause__, StillBeingMadeError):
                    await asyncio.sleep(_POLL_S)
                    continue
                if isinstance(error.__cause__, GeozonesError):
                    reason = str(error.__cause__)
                else:
                    _LOG.exception("a download failed")
                break
            return BackendOperationResponse(
                request_id=request.request_id, deferred_file=DeferredFileResponsePayload(url=url)
            )
        return BackendOperationResponse(request_id=request.request_id, error_msg=reason or _FAILED)


def patch_downloads() -> None:
    """Patch Streamlit so that new sessions use `PollingDownloads`.

    Streamlit 1.67 prepares downloads in the default executor of the event loop, whose few threads
    also resolve host names: while downloads wait there, nobody can log in.
    """
    app_session.DeferredFileHandler = PollingDownloads  # type: ignore[attr-defined]


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
        self._kept: dict[str, Response] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if not _may_be_kept(scope, self._base_path):
            await self._app(scope, receive, send)
            return
        path = scope["path"]
        if file := self._instead(path):
            await FileResponse(file, headers=_AN_HOUR)(scope, receive, send)
            return
        if path not in self._kept:
            answer = await self._asked(scope)
            if not _is_file(answer):
                await answer(scope, receive, send)
                return
            self._kept[path] = await run_in_threadpool(_as_sent, answer)
        await self._kept[path](scope, receive, send)

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
    headers = Headers(scope=scope)
    takes = "gzip" in headers.get("accept-encoding", "") and "range" not in headers
    return takes and _NAMED_BY_CONTENT.fullmatch(scope["path"].removeprefix(base_path)) is not None


def _is_file(answer: Response) -> bool:
    """Tell a file from an error, and from the page that Streamlit answers for a missing file."""
    kind = answer.headers.get("content-type", "")
    return answer.status_code == 200 and not kind.startswith("text/html")


def _as_sent(answer: Response) -> Response:
    body, kind = bytes(answer.body), answer.headers["content-type"]
    headers = {"Content-Type": kind, "Cache-Control": A_YEAR, "Vary": "Accept-Encoding"}
    if kind.startswith(_TEXTS):
        body, headers["Content-Encoding"] = gzip.compress(body, mtime=0), "gzip"
    return Response(body, headers=headers)


_SET = b"set-cookie"
#: Attributes of a cookie that deletes one.
_DELETED = frozenset({b"max-age=0", b"expires=thu, 01 jan 1970 00:00:00 gmt"})


class SecureCookies:
    """Middleware that adds ``Secure`` to cookies, and gives those of the site the app's path.

    Parameters
    ----------
    app
        The application behind this middleware.
    addresses
        Addresses of the app: requests for the host of an https address are taken for https, even
        if the proxy does not send the scheme.
    base_path
        Beginning of the path of the app's addresses; "" for the root.
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
