"""Workaround for Streamlit 1.67 stopping a callback half-way, for the next run of the page.

Streamlit stops a run where the page reads or writes the session state, or draws, once another run
is asked for. It does so inside callbacks too: what a click had begun stays half done, and the click
counts as handled. Forty clicks on the map in a second lost one on a slow machine.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.safe_session_state import SafeSessionState

_WHOLE = ContextVar("whole", default=False)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Let no other run stop what is done inside; it starts right after."""
    before = _WHOLE.set(True)
    try:
        yield
    finally:
        _WHOLE.reset(before)


def run_callbacks_whole() -> None:
    """Patch Streamlit so that a run is stopped before or after its callbacks, never inside."""
    stop_if_asked = ScriptRunner._maybe_handle_execution_control_request  # noqa: SLF001 - no public access
    run_callbacks = SafeSessionState.on_script_will_rerun

    def stop_outside(runner: ScriptRunner) -> None:
        if not _WHOLE.get():
            stop_if_asked(runner)

    def run_whole(session: SafeSessionState, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        with uninterrupted():
            run_callbacks(session, *args, **named)

    ScriptRunner._maybe_handle_execution_control_request = stop_outside  # type: ignore  # noqa: PGH003, SLF001
    SafeSessionState.on_script_will_rerun = run_whole  # type: ignore[method-assign, assignment]
