"""Files that pages sent: each under an identifier that a page with an uploader was given.

Streamlit 1.67 takes a file for any session that is open, under any identifier. Here only a session
that drew an uploader is given identifiers, over its own websocket, and each serves once: nobody
sends a file in the name of another session.
"""

from collections.abc import Sequence
from typing import override

from streamlit.runtime import memory_uploaded_file_manager
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadFileUrlInfo

#: Identifiers that a session may have asked for and not used.
_MOST = 20


class SentFiles(MemoryUploadedFileManager):
    """Files sent and not yet read, by session."""

    def __init__(self, upload_endpoint: str) -> None:
        super().__init__(upload_endpoint)
        self._uploaders: set[str] = set()
        self._awaited: dict[str, list[str]] = {}

    def expect_from(self, session: str) -> None:
        """Note that a session has drawn an uploader."""
        self._uploaders.add(session)

    @override
    def get_upload_urls(
        self, session_id: str, file_names: Sequence[str]
    ) -> list[UploadFileUrlInfo]:
        """Return where a session sends files; nothing for one that drew no uploader."""
        if session_id not in self._uploaders:
            return []
        given = super().get_upload_urls(session_id, file_names[:_MOST])
        awaited = [*self._awaited.get(session_id, ()), *(one.file_id for one in given)]
        self._awaited[session_id] = awaited[-_MOST:]
        return given

    def accept(self, session: str, file: str) -> bool:
        """Tell whether a file may be sent under an identifier, which serves no more."""
        awaited = self._awaited.get(session, [])
        if file not in awaited:
            return False
        awaited.remove(file)
        return True

    def held_bytes(self, session: str | None = None) -> int:
        """Return the bytes held for a session, or for all."""
        if session is None:
            return sum(map(self.held_bytes, list(self.file_storage)))
        return sum(len(file.data) for file in list(self.file_storage.get(session, {}).values()))

    def sessions(self) -> frozenset[str]:
        """Return the sessions that something is held or awaited for."""
        return frozenset((*list(self.file_storage), *list(self._awaited)))

    def free(self, session: str) -> None:
        """Free what a session sent, and await nothing of it; it may come back and send again."""
        super().remove_session_files(session)
        self._awaited.pop(session, None)

    @override
    def remove_session_files(self, session_id: str) -> None:
        self.free(session_id)
        self._uploaders.discard(session_id)


def take_expected_files_only() -> None:
    """Have the server to come hold what pages send so."""
    memory_uploaded_file_manager.MemoryUploadedFileManager = SentFiles  # type: ignore[misc]
