"""What one visitor cannot do to the others."""

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.session_manager import SessionInfo
from streamlit.runtime.uploaded_file_manager import UploadedFileRec

from geozones.jobs import Job
from geozones.jobs.runner import ServerLimits, read_bounds
from geozones.ui import user_jobs
from geozones.ui.server.auth import Caller, CallerKind, caller_of
from geozones.ui.server.patches import ClosedTabStorage, UploadStore, ignore_clear_cache
from geozones.ui.server.session_limit import SessionSlots
from geozones.ui.server.uploads import UploadQuota
from geozones.workspace.roles import LOCAL, VISITOR, LoginRequiredError


def test_no_browser_empties_what_the_server_remembers_for_everyone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    handle = "_handle_clear_cache_request"
    monkeypatch.setattr(AppSession, handle, getattr(AppSession, handle))  # put back at the end
    calls = []

    @st.cache_data
    def opened() -> int:
        calls.append(1)
        return 1

    ignore_clear_cache()
    handled: Any = AppSession._handle_clear_cache_request
    opened()
    handled(None)
    opened()
    assert calls == [1]


CONTENT = b"x" * 16_000_000


class Server:
    """A server that takes files, and nothing else."""

    def __init__(self) -> None:
        self.held = UploadStore("/_stcore/upload_file")
        path = "/_stcore/upload_file/{session}/{file}"
        route = Route(path, self._keep, methods=["PUT"])
        self._client = TestClient(UploadQuota(Starlette(routes=[route]), lambda: self.held))

    async def _keep(self, request: Request) -> PlainTextResponse:
        session, file = request.path_params["session"], request.path_params["file"]
        sent = UploadedFileRec(file, "x.csv", "text/csv", await request.body())
        self.held.add_file(session, sent)
        return PlainTextResponse("")

    def asked(self, session: str) -> str:
        """The identifier that a session is given for a file."""
        (given,) = self.held.get_upload_urls(session, ["x.csv"])
        return given.file_id

    def sent(self, session: str, file: str) -> int:
        path = f"/_stcore/upload_file/{session}/{file}"
        return self._client.put(path, content=CONTENT).status_code


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Server:
    """One where two sessions have drawn an uploader, with room for one file each."""
    monkeypatch.setenv("GEOZONES_UPLOADS_MB", "31")
    server = Server()
    server.held.expect_from("one")
    server.held.expect_from("two")
    return server


def test_a_tab_that_has_sent_too_much_is_refused_and_no_other_one(server: Server) -> None:
    first = server.asked("one")
    assert server.sent("one", first) == 200
    assert server.sent("one", server.asked("one")) == 429
    assert server.sent("two", server.asked("two")) == 200
    server.held.remove_file("one", first)  # as when it was read
    assert server.sent("one", server.asked("one")) == 200


def test_all_tabs_together_are_refused_what_the_server_has_no_room_for(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_UPLOADS_TOTAL_MB", "31")
    assert server.sent("one", server.asked("one")) == 200
    assert server.sent("two", server.asked("two")) == 507
    server.held.free("one")  # as when its tab was closed
    assert server.sent("two", server.asked("two")) == 200


def test_a_file_is_taken_once_under_an_identifier_that_its_session_was_given(
    server: Server,
) -> None:
    given = server.asked("one")
    assert server.sent("two", given) == 403
    assert server.sent("one", "made-up") == 403
    assert server.sent("one", given) == 200
    assert server.sent("one", given) == 403


def test_a_session_that_drew_no_uploader_is_given_no_identifier(server: Server) -> None:
    assert server.held.get_upload_urls("visitor", ["x.csv"]) == []
    assert server.sent("visitor", "made-up") == 403


def room(**bounds: int) -> ServerLimits:
    return replace(read_bounds({}), **bounds)


def test_visitors_have_places_by_link_and_take_none_of_the_users() -> None:
    slots, bounds = SessionSlots(), room(sessions=1, visitor_sessions=3, link_sessions=2)
    opened: set[str] = set()

    def takes(session: str, caller: Caller) -> bool:
        opened.add(session)
        return slots.claim(session, caller, bounds, opened.__contains__)

    one, other = Caller(CallerKind.VISITOR, "version:a"), Caller(CallerKind.VISITOR, "version:b")
    assert [takes(f"a{rank}", one) for rank in range(3)] == [True, True, False]
    assert [takes(f"b{rank}", other) for rank in range(2)] == [True, False]
    user = Caller(CallerKind.USER)
    assert [takes(f"u{rank}", user) for rank in range(2)] == [True, False]
    assert takes("a0", one), "a page that has its place keeps it"
    opened.remove("a0")
    assert takes("a2", one), "the place of a closed tab is free"


def test_a_visitor_is_known_by_the_link_and_by_a_login_where_one_is_set_up() -> None:
    assert caller_of(VISITOR, "version=abc&embed=true") == Caller(CallerKind.VISITOR, "version:abc")
    assert caller_of(VISITOR, "avis=xyz") == Caller(CallerKind.VISITOR, "avis:xyz")
    assert caller_of(VISITOR, "scenario=abc") == Caller(CallerKind.VISITOR)
    assert caller_of(LOCAL, "version=abc") == Caller(CallerKind.USER)


def test_a_visitor_starts_no_search(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(user_jobs, "actor", lambda: VISITOR)
    begun = []
    job = Job(None, lambda _, asked: asked.append(1), begun, None)
    with pytest.raises(LoginRequiredError):
        user_jobs.begin(job)
    assert not job.is_running
    assert begun == []


class Session:
    """What is kept of a session whose tab was closed."""

    def __init__(self, name: str, **user: object) -> None:
        self.id, self._user_info, self.ended = name, user, False

    def shutdown(self) -> None:
        self.ended = True


def test_closed_tabs_of_visitors_push_out_no_session_of_a_user(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("geozones.ui.server.patches.has_login", lambda: True)
    left = ClosedTabStorage(maxsize=2)
    sessions: list[Any] = [Session("user", is_logged_in=True), *map(Session, "abcdef")]
    for session in sessions:
        left.save(SessionInfo(client=None, session=session))
    assert left.get("user") is not None
    left.delete("a")
    assert [info.session.id for info in left.list()] == ["user", *"bcdef"]
