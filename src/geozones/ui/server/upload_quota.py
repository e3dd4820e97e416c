"""Quotas of pending uploads, per page and in total; files over quota are rejected unread.

Pending means sent and not yet read by the app. Only a page with an uploader may send anything
(`patches.upload_store`): visitors of shared links have none.
"""

import re
from collections import Counter
from collections.abc import Callable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from geozones.ui.server.patches.upload_store import UploadStore, current_upload_store
from geozones.workspace.jobs.limits import read_bounds

_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
_NOT_EXPECTED = 403
#: Statuses for a full page and a full server: `static/french.js` says what to do.
_TOO_MANY, _SERVER_FULL = 429, 507


class UploadQuota:
    """Middleware that rejects a file that is not expected, over quota, or without a size.

    ``files`` returns the store of uploads of the server.
    """

    def __init__(
        self, app: ASGIApp, files: Callable[[], UploadStore] = current_upload_store
    ) -> None:
        self._app, self._files = app, files
        #: Bytes being received, by session.
        self._receiving: Counter[str] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        found = _UPLOAD.search(scope["path"]) if scope["type"] == "http" else None
        if found is None or scope["method"] != "PUT":
            await self._app(scope, receive, send)
            return
        session, size = found[1], Headers(scope=scope).get("content-length", "")
        status = _TOO_MANY
        if not self._files().accept(session, found[2]):
            status = _NOT_EXPECTED
        elif size.isascii() and size.isdigit():
            status = self._refusal(session, int(size))
        if status:
            refused = PlainTextResponse("Ce fichier est refusé.", status)
            await refused(scope, receive, send)
            return
        self._receiving[session] += int(size)
        try:
            await self._app(scope, receive, send)
        finally:
            self._receiving[session] -= int(size)
            if self._receiving[session] <= 0:
                del self._receiving[session]

    def _refusal(self, session: str, size: int) -> int:
        """Return the error status of a file over quota; 0 if there is room."""
        bounds, held = read_bounds(), self._files()
        if (
            held.held_bytes(session) + self._receiving[session] + size
            > bounds.uploads_mb * 1_000_000
        ):
            return _TOO_MANY
        everything = held.held_bytes() + self._receiving.total() + size
        return _SERVER_FULL if everything > bounds.uploads_total_mb * 1_000_000 else 0
