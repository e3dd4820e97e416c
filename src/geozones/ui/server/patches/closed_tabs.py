"""Sessions of closed tabs: freed after some seconds instead of minutes.

Streamlit 1.67 keeps up to 128 sessions, and the files that they sent, for two minutes after their
tab was closed, and then until another tab is closed. Visitors of shared links would evict users'
sessions: visitors' sessions are stored apart, few and for a few seconds.
"""

import asyncio
from typing import override

from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance, memory_session_storage
from streamlit.runtime.caching.ttl_cache import TTLCache
from streamlit.runtime.memory_session_storage import MemorySessionStorage
from streamlit.runtime.session_manager import SessionInfo

from geozones.ui.server.auth import has_login
from geozones.ui.server.patches.upload_store import current_upload_store

#: Seconds that a browser has to reconnect.
_RECONNECT_S = 10
#: Most visitors' sessions kept for that time.
_MAX_VISITORS = 32
_STREAM, _UPLOAD = "/_stcore/stream", "/_stcore/upload_file/"


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
    """Patch Streamlit to store sessions in `ClosedTabStorage`; call before the server starts."""
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
            if any(name in scope.get("path", "") for name in (_STREAM, _UPLOAD)):
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
