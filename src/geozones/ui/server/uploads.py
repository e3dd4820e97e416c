"""Files that users upload: read once, then freed from the server's memory."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import streamlit as st
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.ui import state
from geozones.ui.server.patches.upload_store import UploadStore
from geozones.ui.state.session_views import Uploads
from geozones.workspace.jobs import FILES, call, run_in_process


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
    """Read a file with a function in a separate process; raise what the function raises.

    Raises
    ------
    JobError
        As `run_in_process`.
    """
    found: Outcome = run_in_process(FILES, call, read, *arguments, check=state.yield_to_streamlit)
    return found
