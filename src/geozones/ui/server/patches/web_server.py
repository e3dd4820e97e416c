"""Workarounds for faults in how Streamlit's web server listens, logs and answers downloads.

Each function that patches names the fault and the version where it was seen.
"""

import asyncio
import logging
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import override

import streamlit.logger
import uvicorn.config
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
