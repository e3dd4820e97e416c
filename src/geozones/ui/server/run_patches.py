"""Workarounds for faults in how Streamlit runs a page and sends what it drew.

Each function that patches names the fault and the version where it was seen.
"""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, override

from streamlit.commands import execution_control
from streamlit.elements import layouts
from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue
from streamlit.runtime.pages_manager import PagesManager
from streamlit.runtime.scriptrunner.script_runner import ScriptRunner
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.safe_session_state import SafeSessionState
from streamlit.runtime.state.session_state import Serialized, Value, WStates


def ignore_pages_folder() -> None:
    """Patch Streamlit so that the folder ``pages`` never means its older kind of navigation.

    Streamlit 1.67 takes any folder of that name so until ``st.navigation`` has run once: the first
    visitor of ``/atelier`` would get a bare page.
    """
    PagesManager.uses_pages_directory = False


_WHOLE = ContextVar("whole", default=False)


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Postpone any request to stop the run until the end of the block."""
    with _held(whole=True):
        yield


@contextmanager
def interruptible() -> Iterator[None]:
    """Let another run stop what is done inside, even in a callback."""
    with _held(whole=False):
        yield


@contextmanager
def _held(*, whole: bool) -> Iterator[None]:
    before = _WHOLE.set(whole)
    try:
        yield
    finally:
        _WHOLE.reset(before)


def run_callbacks_whole() -> None:
    """Patch Streamlit so that a run is stopped before or after its callbacks, never inside.

    Streamlit 1.67 stops a run where the page reads or writes the session state, or draws, once
    another page is asked for, the tab is closed or the connection lost. It does so inside callbacks
    too: what a click had begun stays half done, and the click counts as handled. Commands that end
    a run by themselves (``st.stop``, ``st.switch_page``) still do.
    """
    stop_if_asked = ScriptRunner._maybe_handle_execution_control_request  # noqa: SLF001 - no public access
    run_callbacks = SafeSessionState.on_script_will_rerun
    end_run = execution_control._force_yield_point  # noqa: SLF001 - as above

    def stop_outside(runner: ScriptRunner) -> None:
        if not _WHOLE.get():
            stop_if_asked(runner)

    def run_whole(session: SafeSessionState, *args: Any, **named: Any) -> None:  # noqa: ANN401 - passed on
        with uninterrupted():
            run_callbacks(session, *args, **named)

    def end_now() -> None:
        with interruptible():
            end_run()

    ScriptRunner._maybe_handle_execution_control_request = stop_outside  # type: ignore  # noqa: PGH003, SLF001
    execution_control._force_yield_point = end_now  # noqa: SLF001
    SafeSessionState.on_script_will_rerun = run_whole  # type: ignore[method-assign, assignment]


class LosslessQueue(ForwardMsgQueue):
    """Queue of a session's messages that keeps all of them when a fragment runs again."""

    @override
    def clear(
        self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        """Empty the queue; before a fragment's run, only stop new messages replacing older ones."""
        if fragment_ids_this_run is None:
            super().clear(retain_lifecycle_msgs)
        else:
            self._delta_index_map = {}


def patch_message_queue() -> None:
    """Patch Streamlit so that new sessions use `LosslessQueue`.

    When a fragment runs again, Streamlit 1.67 removes the messages of its previous run that still
    wait in the queue, but leaves those that it cannot attribute to the fragment: the name of a
    large element that the browser caches, and the elements of a nested fragment. These then refer
    to blocks that never arrived: « Bad delta path index » in the browser, which empties the window
    (seen on a click while a page is drawn). Streamlit empties the queue so that no new message
    replaces an older one that stands before the message of the run's start; clearing the index of
    places is enough for that.
    """
    app_session.ForwardMsgQueue = LosslessQueue  # type: ignore[attr-defined]


_LOG = logging.getLogger(__name__)
#: Kinds of values that one widget may send in turn; any other kind fits only its own widgets.
_ALIKE = (
    frozenset({"int_value", "double_value"}),
    frozenset({"json_value", "bytes_value", "arrow_value"}),
)
_read_value = WStates.__getitem__


def replace_unfit_values() -> None:
    """Patch Streamlit to reset a widget that cannot read the value sent to it.

    Streamlit 1.67 reads a value that does not fit its widget (a text for a slider, bytes for a
    button) at each run of the page, and fails each time: only a reload ends it. A text box even
    passes a number on as if it were a text. Only a browser that was tampered with sends one.
    """
    WStates.__getitem__ = _read_own  # type: ignore[method-assign]


def _read_own(self: WStates, key: str) -> Any:  # noqa: ANN401 - any value
    """Return the value of a widget; its initial one if the value sent does not fit the widget."""
    state, metadata = self.states.get(key), self.widget_metadata.get(key)
    if not isinstance(state, Serialized) or metadata is None:
        return _read_value(self, key)
    sent = state.value.WhichOneof("value")
    if _fits(sent, metadata):
        try:
            return _read_value(self, key)
        # nobody can list what an unexpected value does to a deserializer
        except Exception as error:  # noqa: BLE001
            _LOG.warning("A widget cannot read what a browser sent: %s", type(error).__name__)
    else:
        _LOG.warning("A widget of %s was sent a %s", metadata.value_type, sent)
    self.states[key] = Value(metadata.deserializer(None))
    return _read_value(self, key)


def _fits(sent: str | None, metadata: WidgetMetadata[Any]) -> bool:
    """Tell whether a widget may send a value of this kind; ``None`` empties it."""
    own: str | None = metadata.value_type
    if sent is None or own is None or sent == own:
        return True
    return any({sent, own} <= kinds for kinds in _ALIKE)


def identify_popovers_by_key() -> None:
    """Patch Streamlit so that the label of a popover with a key is not part of its identity.

    Streamlit 1.67 takes a popover whose label changes for another one, which is closed: the list of
    dates under a button that names the chosen date would close at each step.
    """
    compute = layouts.compute_and_register_element_id  # type: ignore[attr-defined]

    def by_key(kind: str, *, user_key: str | None, **parts: Any) -> str:  # noqa: ANN401
        if kind == "popover" and user_key is not None:
            parts["key_as_main_identity"] = True
        return str(compute(kind, user_key=user_key, **parts))

    layouts.compute_and_register_element_id = by_key  # type: ignore[attr-defined, assignment]
