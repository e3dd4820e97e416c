"""Deferred downloads, prepared on request in threads apart from the event loop's executor.

Streamlit 1.67 prepares downloads in the default executor of the event loop, whose few threads also
resolve host names: while downloads wait there, nobody can log in.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor
from typing import override

from streamlit.proto.BackMsg_pb2 import BackendOperationRequest
from streamlit.proto.ForwardMsg_pb2 import BackendOperationResponse, DeferredFileResponsePayload
from streamlit.runtime import app_session, get_instance
from streamlit.runtime.backend_operation_handler import DeferredFileHandler
from streamlit.runtime.media_file_storage import MediaFileStorageError

from geozones.common.errors import GeozonesError
from geozones.ui.shared_pages.shared_files import StillBeingMadeError

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
    """Patch Streamlit so that new sessions use `PollingDownloads`."""
    app_session.DeferredFileHandler = PollingDownloads  # type: ignore[attr-defined]
