"""Store of uploaded files, each under a single-use identifier issued to a page with an uploader.

Streamlit 1.67 accepts a file for any open session, under any identifier. Here only a session that
drew an uploader gets identifiers, over its own websocket, and each serves once: nobody can send a
file in the name of another session.
"""

from collections.abc import Sequence
from typing import override

from streamlit.runtime import get_instance, memory_uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo

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
    """Patch Streamlit to store uploads in `UploadStore`; call before the server starts."""
    memory_uploaded_file_manager.MemoryUploadedFileManager = UploadStore  # type: ignore[misc]
