"""What one visitor cannot do to the others."""

from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from geozones.ui.kept_caches import keep_caches
from geozones.ui.upload_room import UploadRoom


def test_no_browser_empties_what_the_server_remembers_for_everyone() -> None:
    calls = []

    @st.cache_data
    def opened() -> int:
        calls.append(1)
        return 1

    keep_caches()
    handled: Any = AppSession._handle_clear_cache_request
    opened()
    handled(None)
    opened()
    assert calls == [1]


def test_a_tab_that_has_sent_too_much_is_refused_and_no_other_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("GEOZONES_UPLOADS_MB", "31")
    held = MemoryUploadedFileManager("/_stcore/upload_file")
    content = b"x" * 16_000_000

    async def keep(request: Request) -> PlainTextResponse:
        session, file = request.path_params["session"], request.path_params["file"]
        held.add_file(session, UploadedFileRec(file, "x.csv", "text/csv", await request.body()))
        return PlainTextResponse("")

    route = Route("/_stcore/upload_file/{session}/{file}", keep, methods=["PUT"])
    client = TestClient(UploadRoom(Starlette(routes=[route]), lambda: held))

    def sent(session: str, file: str) -> int:
        return client.put(f"/_stcore/upload_file/{session}/{file}", content=content).status_code

    assert sent("one", "a") == 200
    assert sent("one", "b") == 429
    assert sent("two", "a") == 200
    held.remove_file("one", "a")  # as when it was read
    assert sent("one", "b") == 200
