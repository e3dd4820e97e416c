"""Workarounds for faults in Streamlit's session storage and order of serving.

Each function that patches names the fault and the version where it was seen.
"""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from threading import Lock
from typing import override
from weakref import WeakKeyDictionary

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance, memory_session_storage, memory_uploaded_file_manager
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.fragment import FragmentStorage
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo

from geozones.common.pacing import SlotQueue, Ticket
from geozones.ui.server.auth import current_caller, has_login
from geozones.ui.server.session_limit import RenderQueue
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
