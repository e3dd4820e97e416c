"""What a click begins is done whole, even where another page has already been asked for."""

from threading import Event, Thread
from types import SimpleNamespace
from typing import Any

import pytest
from streamlit.commands import execution_control
from streamlit.runtime.fragment import MemoryFragmentStorage
from streamlit.runtime.scriptrunner import script_runner
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.testing.v1 import AppTest

from geozones.ui.server.patches import serialise_rendering
from geozones.ui.server.run_patches import run_callbacks_whole

#: A page with a button; what it does writes before and after something that may end the run.
PAGE = """
import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData
from geozones.ui import state

def ask_for_a_run():
    get_script_run_ctx().script_requests.request_rerun(RerunData())

def act():
    st.session_state.begun = True
    {between}
    st.session_state.done = True

state.run_postponed()
st.button("Act", on_click={callback})
"""
ASK = "ask_for_a_run()"
IN_THE_CALLBACK = "act"
POSTPONED = "lambda: state.after_callbacks(act)"


@pytest.fixture
def patched(monkeypatch: pytest.MonkeyPatch) -> None:
    for owner, name in (
        (ScriptRunner, "_maybe_handle_execution_control_request"),
        (SafeSessionState, "on_script_will_rerun"),
        (execution_control, "_force_yield_point"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))  # put back after the test
    run_callbacks_whole()


def clicked(callback: str, between: str = ASK) -> AppTest:
    test = AppTest.from_string(PAGE.format(callback=callback, between=between)).run()
    test.button[0].click().run()
    assert not test.exception
    assert "begun" in test.session_state
    return test


def test_streamlit_stops_a_callback_half_way() -> None:
    """Once Streamlit mends it, this fails: `run_callbacks_whole` can go then."""
    assert "done" not in clicked(IN_THE_CALLBACK).session_state


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("callback", [IN_THE_CALLBACK, POSTPONED])
def test_the_next_run_waits_for_what_a_click_began(callback: str) -> None:
    assert "done" in clicked(callback).session_state


@pytest.mark.usefixtures("patched")
@pytest.mark.parametrize("callback", [IN_THE_CALLBACK, POSTPONED])
def test_long_work_of_a_click_still_ends_once_another_page_is_asked_for(callback: str) -> None:
    test = clicked(callback, f"{ASK}; state.yield_to_streamlit()")
    assert "done" not in test.session_state


@pytest.mark.usefixtures("patched")
def test_a_command_that_ends_the_run_ends_the_callback_too() -> None:
    assert "done" not in clicked(IN_THE_CALLBACK, "st.stop()").session_state


@pytest.mark.usefixtures("patched")
def test_one_action_that_fails_does_not_take_the_next_ones_with_it() -> None:
    failing = "lambda: (state.after_callbacks(lambda: 1 / 0), state.after_callbacks(act))"
    test = AppTest.from_string(PAGE.format(callback=failing, between="pass")).run()
    test.button[0].click().run()
    assert len(test.exception) == 1
    assert "done" not in test.session_state
    assert "done" in test.run().session_state


def test_a_session_draws_one_page_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two runners of one session, as a link makes them; the page of another session goes on."""
    order: list[str] = []
    begun, may_end = Event(), Event()

    def run(_runner: Any, asked: RerunData) -> None:
        order.append(f"{asked.query_string} begins")
        if asked.query_string == "first":
            begun.set()
            assert may_end.wait(20)
        order.append(f"{asked.query_string} ends")

    monkeypatch.setattr(script_runner.ScriptRunner, "_run_script", run)
    serialise_rendering()
    mine, others = MemoryFragmentStorage(), MemoryFragmentStorage()

    def begin(name: str, storage: MemoryFragmentStorage) -> Thread:
        runner = SimpleNamespace(_fragment_storage=storage)
        thread = Thread(
            target=ScriptRunner._run_script, args=(runner, RerunData(query_string=name))
        )
        thread.start()
        return thread

    first = begin("first", mine)
    assert begun.wait(20)
    second = begin("second", mine)
    begin("of another session", others).join(20)
    may_end.set()
    for thread in (first, second):
        thread.join(20)
    assert order.index("first ends") < order.index("second begins")
    assert order.index("of another session ends") < order.index("first ends")
