"""Workarounds for faults in how Streamlit stores sessions and answers requests.

Each function that patches, and each middleware, names the fault and the version where it was seen;
those of how a page is run are in `run_patches`.
"""

import asyncio
import gzip
import logging
import re
import socket
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from threading import Lock
from typing import override
from urllib.parse import urlsplit
from weakref import WeakKeyDictionary

import brotli
import streamlit.logger
import uvicorn.config
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import (
    app_session,
    get_instance,
    memory_session_storage,
    memory_uploaded_file_manager,
)
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.media_file_storage import MediaFileStorageError
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo
from streamlit.web.server.starlette import starlette_server

from geozones.common.errors import GeozonesError
from geozones.common.json_log import wants_json
from geozones.common.pacing import SlotQueue, Ticket
from geozones.ui.server.auth import current_caller, has_login
from geozones.ui.server.session_limit import RenderQueue
from geozones.ui.server.shared_files import StillBeingMadeError
from geozones.ui.server.web_guard import STREAM

#: Most unused identifiers that a session may hold.
_MAX_IDENTIFIERS = 20


class UploadStore(MemoryUploadedFileManager):
    """Store of the files that sessions sent and that are not yet read."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._uploaders: set[str] = set()
        self._awaited: dict[str, list[str]] = {}

    def expect_from(self, session: str) -> None:
        """Allow a session to send files, because it has drawn an uploader."""
        self._uploaders.add(session)

    @override
    def get_upload_urls(
        self, session_id: str, file_names: Sequence[str]
    ) -> list[UploadFileUrlInfo]:
        """Return the upload addresses of a session; none for a session that drew no uploader."""
        if session_id not in self._uploaders:
            return []
        given = super().get_upload_urls(session_id, file_names[:_MAX_IDENTIFIERS])
        awaited = [*self._awaited.get(session_id, ()), *(one.file_id for one in given)]
        self._awaited[session_id] = awaited[-_MAX_IDENTIFIERS:]
        return given

    def accept(self, session: str, file: str) -> bool:
        """Return whether a file may be sent under an identifier, and use the identifier up."""
        awaited = self._awaited.get(session, [])
        if file not in awaited:
            return False
        awaited.remove(file)
        return True

    def held_bytes(self, session: str | None = None) -> int:
        """Return the bytes held for a session, or for all sessions."""
        if session is None:
            return sum(map(self.held_bytes, list(self.file_storage)))
        return sum(len(file.data) for file in list(self.file_storage.get(session, {}).values()))

    def sessions(self) -> frozenset[str]:
        """Return the sessions that have files held or identifiers unused."""
        return frozenset((*list(self.file_storage), *list(self._awaited)))

    def free(self, session: str) -> None:
        """Delete the files and identifiers of a session, which may come back and send again."""
        super().remove_session_files(session)
        self._awaited.pop(session, None)

    @override
    def remove_session_files(self, session_id: str) -> None:
        self.free(session_id)
        self._uploaders.discard(session_id)


def current_upload_store() -> UploadStore:
    """Return the store of uploads of this server."""
    held = get_instance().uploaded_file_mgr
    assert isinstance(held, UploadStore)  # noqa: S101 - `patch_upload_store`
    return held


def patch_upload_store() -> None:
    """Patch Streamlit to store uploads in `UploadStore`.

    Streamlit 1.67 accepts a file for any open session, under any identifier. Here only a session
    that drew an uploader gets identifiers, over its own websocket, and each serves once: nobody can
    send a file in the name of another session.
    """
    memory_uploaded_file_manager.MemoryUploadedFileManager = UploadStore  # type: ignore[misc]


#: Seconds between two looks of a run that waits for the one before it.
_LOOK_S = 0.5
#: Seconds that a browser has to reconnect.
_RECONNECT_S = 10
#: Most visitors' sessions kept for that time.
_MAX_VISITORS = 32
_UPLOAD = "/_stcore/upload_file/"


class ClosedTabStorage(MemorySessionStorage):
    """Storage of the sessions whose tab was closed; visitors' sessions apart from users'."""

    def __init__(self, maxsize: int = 128, ttl_seconds: int = 120) -> None:
        super().__init__(maxsize, ttl_seconds)
        self._visitors = MemorySessionStorage(_MAX_VISITORS, _RECONNECT_S)

    @override
    def get(self, session_id: str) -> SessionInfo | None:
        return super().get(session_id) or self._visitors.get(session_id)

    @override
    def save(self, session_info: SessionInfo) -> None:
        if _is_visitor(session_info):
            self._visitors.save(session_info)
        else:
            super().save(session_info)

    @override
    def delete(self, session_id: str) -> None:
        if self._visitors.get(session_id) is None:
            super().delete(session_id)
        else:
            self._visitors.delete(session_id)

    @override
    def list(self) -> list[SessionInfo]:
        return [*super().list(), *self._visitors.list()]

    def end_expired(self) -> None:
        """End the expired sessions; Streamlit does so only when another session is stored."""
        for kept in (self, self._visitors):
            cache = kept._cache  # noqa: SLF001 - no public access
            assert isinstance(cache, TTLCache)  # noqa: S101 - Streamlit makes it one
            for _, left in cache.expire():
                left.session.shutdown()


def _is_visitor(left: SessionInfo) -> bool:
    user = left.session._user_info  # noqa: SLF001 - no public access
    return has_login() and not user.get("is_logged_in", False)


def patch_session_storage() -> None:
    """Patch Streamlit to store sessions in `ClosedTabStorage`.

    Streamlit 1.67 keeps up to 128 sessions, and the files that they sent, for two minutes after
    their tab was closed, and then until another tab is closed. Visitors of shared links would evict
    users' sessions: visitors' sessions are stored apart, few and for a few seconds.
    """
    memory_session_storage.MemorySessionStorage = ClosedTabStorage  # type: ignore[misc]


class ClosedTabCleanup:
    """Middleware that frees what a tab held, some seconds after its websocket was closed."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        try:
            await self._app(scope, receive, send)
        finally:
            # a file may have arrived whole after its tab was closed
            if any(name in scope.get("path", "") for name in (STREAM, _UPLOAD)):
                asyncio.get_running_loop().call_later(_RECONNECT_S + 1, _free, _closed())


def _closed() -> frozenset[str]:
    """Return the sessions that sent files and are not open."""
    is_open = get_instance().is_active_session
    return frozenset(one for one in current_upload_store().sessions() if not is_open(one))


def _free(closed: frozenset[str]) -> None:
    """Free the files and the stored state of sessions that are still closed."""
    for session in closed & _closed():
        current_upload_store().free(session)
    storage = get_instance()._session_mgr._session_storage  # type: ignore[attr-defined]  # noqa: SLF001
    assert isinstance(storage, ClosedTabStorage)  # noqa: S101 - `patch_session_storage`
    storage.end_expired()


def serialise_rendering() -> None:
    """Patch Streamlit so that a session draws one page at a time, and waits for a render slot.

    Streamlit 1.67 starts a thread for each session that draws, and gives none of them precedence:
    twenty drawings at once each take twenty times as long (`session_limit.RenderQueue`). Where a
    link leads to another page, it starts a second thread for the session while the first one still
    runs: both would read and write the same state.
    """
    queue, run = RenderQueue(), script_runner.ScriptRunner._run_script  # noqa: SLF001 - no public access
    turns: WeakKeyDictionary[FragmentStorage, SlotQueue[None]] = WeakKeyDictionary()
    looking = Lock()

    def turn(runner: script_runner.ScriptRunner) -> AbstractContextManager[None]:
        session = runner._fragment_storage  # noqa: SLF001 - the one object of a session that its runners share
        with looking:
            return turns.setdefault(session, SlotQueue(_one_by_one, _LOOK_S)).slot(None)

    def run_in_slot(runner: script_runner.ScriptRunner, asked: RerunData) -> None:
        with turn(runner), queue.slot(current_caller(asked.query_string)):
            run(runner, asked)

    script_runner.ScriptRunner._run_script = run_in_slot  # type: ignore  # noqa: PGH003, SLF001


def _one_by_one(
    waiting: Sequence[Ticket[None]], working: Sequence[Ticket[None]]
) -> Ticket[None] | None:
    """Return the run of a session that was asked for first, once none is at work."""
    return waiting[0] if waiting and not working else None


def ignore_clear_cache() -> None:
    """Patch Streamlit so that new sessions ignore the « Clear cache » message.

    Streamlit 1.67 clears the cache for any client that sends the message of its menu « Clear
    cache », even where the menu is hidden: everyone then waits until the data is opened again.
    """
    AppSession._handle_clear_cache_request = _nothing  # type: ignore[method-assign]  # noqa: SLF001


def _nothing(self: AppSession) -> None:
    """Ignore the request."""


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
    """Middleware that caches in memory the static files whose name changes with their content.

    A first page requests a hundred of them. Streamlit 1.67 reads each again, sends its own scripts
    uncompressed, and compresses the scripts of the map at each request (22 ms for one of 720 kB).
    Here each is cached as sent, texts compressed; other files pass through.
    """

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


_SET = b"set-cookie"
#: Attributes of a cookie that deletes one.
_DELETED = frozenset({b"max-age=0", b"expires=thu, 01 jan 1970 00:00:00 gmt"})


class SecureCookies:
    """Middleware that adds ``Secure`` to cookies, and gives those of the site the app's path.

    Streamlit 1.67 writes its login cookie without ``Secure`` where TLS ends at a proxy, because
    Streamlit does not know of the proxy. Under a base path it writes the cookies of uploads and of
    a login that has begun for the whole site, where another territory has cookies of the same
    names.

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
