"""Files that users upload: read once, then freed; quotas of pending uploads.

Pending means sent and not yet read by the app. Only a page with an uploader may send anything
(`patches.UploadStore`): visitors of shared links have none.
"""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.jobs import FILES, call, run_in_process
from geozones.jobs.runner import read_bounds
from geozones.ui import state
from geozones.ui.server.patches import UploadStore, current_upload_store
from geozones.ui.state.session_views import Uploads


@dataclass(frozen=True, slots=True)
class Upload:
    """An uploaded file; its name is cut to 80 characters."""

    name: str
    content: bytes


def uploader(name: str, label: str, max_mb: int, **options: Any) -> None:  # noqa: ANN401 - widget options
    """Draw a named uploader for files up to ``max_mb``, and allow this session to send files.

    ``options`` are the options of ``st.file_uploader``.
    """
    context = get_script_run_ctx()
    held = None if context is None else context.uploaded_file_mgr
    if context is not None and isinstance(held, UploadStore):
        held.expect_from(context.session_id)
    st.file_uploader(label, key=key_of(name), max_upload_size=max_mb, **options)


def key_of(name: str) -> str:
    """Return the widget key of an uploader; a new key empties the widget once its file is taken."""
    return f"{name}.{state.of(Uploads).taken.get(name, 0)}"


def is_there(name: str) -> bool:
    """Tell whether the named uploader holds a file."""
    return state.widget_value(key_of(name)) is not None


def take(name: str) -> Upload | None:
    """Take the file of the named uploader, if any, and free it from the server's memory."""
    sent = state.widget_value(key_of(name))
    if sent is None:
        return None
    upload = Upload(sent.name[:80], sent.getvalue())
    context = get_script_run_ctx()
    held = None if context is None else context.uploaded_file_mgr
    if context is not None and isinstance(held, MemoryUploadedFileManager):
        held.remove_file(context.session_id, sent.file_id)
    taken = state.of(Uploads).taken
    state.update(Uploads, taken={**taken, name: taken.get(name, 0) + 1})
    return upload


def read_in_process[Outcome](read: Callable[..., Outcome], *arguments: object) -> Outcome:
    """Read a file with a function in a separate process; raise what the function raises."""
    found: Outcome = run_in_process(FILES, call, read, *arguments, check=state.yield_to_streamlit)
    return found


_UPLOAD = re.compile(r"/_stcore/upload_file/([^/]+)/([^/]+)$")
_NOT_EXPECTED = 403
#: Endings of a list of sites.
LIST_TYPES = ("csv", "tsv", "txt", "xlsx", "xlsm", "ods", "geojson", "json", "gpkg")
#: Statuses for a full page and a full server: `ui/static/french.js` says what to do.
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
