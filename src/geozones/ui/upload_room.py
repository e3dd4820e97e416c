"""How much one tab may have sent that was not read yet: more is refused before it is received."""

import re
from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime import get_instance
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileManager

from geozones.workspace.apart.bounds import read_bounds

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/[^/]+$")
#: Status of a file that there is no room for: `french.js` says what to do.
_TOO_MANY = 429


def _of_the_server() -> UploadedFileManager:
    return get_instance().uploaded_file_mgr


class UploadRoom:
    """Refuse a file that its tab has no room for, or that does not say its size.

    ``files`` gives those that the server holds.
    """

    def __init__(
        self, app: ASGIApp, files: Callable[[], UploadedFileManager] = _of_the_server
    ) -> None:
        self._app, self._files = app, files
        #: Bytes that are on their way, by session.
        self._coming: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session, size = found[1], Headers(scope=scope).get("content-length", "")
        known = size.isascii() and size.isdigit()
        if not known or not self._has_room(session, int(size)):
            refused = PlainTextResponse("Trop de fichiers attendent d'être lus.", _TOO_MANY)
            await refused(scope, receive, send)
            return
        self._coming[session] += int(size)
        try:
            await self._app(scope, receive, send)
        finally:
            self._coming[session] -= int(size)
            if self._coming[session] <= 0:
                del self._coming[session]

    def _has_room(self, session: str, size: int) -> bool:
        held, waiting = self._files(), self._coming[session]
        if isinstance(held, MemoryUploadedFileManager):
            waiting += sum(len(f.data) for f in list(held.file_storage.get(session, {}).values()))
        return waiting + size <= read_bounds().uploads_mb * 1_000_000
