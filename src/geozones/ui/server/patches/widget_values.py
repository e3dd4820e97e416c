"""Guard of widget values: a value that does not fit its widget is replaced by the initial one.

Streamlit reads such a value (a text for a slider, bytes for a button) at each run of the page, and
fails each time: only a reload ends it. A text box even passes a number on as if it were a text
(seen with Streamlit 1.67; only a browser that was tampered with sends one).
"""

import logging
from typing import Any

from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import Serialized, Value, WStates

_LOG = logging.getLogger(__name__)
#: Kinds of values that one widget may send in turn; any other kind fits only its own widgets.
_ALIKE = (
    frozenset({"int_value", "double_value"}),
    frozenset({"json_value", "bytes_value", "arrow_value"}),
)
_read = WStates.__getitem__


def patch_widget_values() -> None:
    """Patch Streamlit so that new sessions replace values that do not fit their widget."""
    WStates.__getitem__ = _read_own  # type: ignore[method-assign]


def _read_own(self: WStates, key: str) -> Any:  # noqa: ANN401 - any value
    """Return the value of a widget; its initial one if the value sent does not fit the widget."""
    state, metadata = self.states.get(key), self.widget_metadata.get(key)
    if not isinstance(state, Serialized) or metadata is None:
        return _read(self, key)
    sent = state.value.WhichOneof("value")
    if _fits(sent, metadata):
        try:
            return _read(self, key)
        # nobody can list what an unexpected value does to a deserializer
        except Exception as error:  # noqa: BLE001
            _LOG.warning("A widget cannot read what a browser sent: %s", type(error).__name__)
    else:
        _LOG.warning("A widget of %s was sent a %s", metadata.value_type, sent)
    self.states[key] = Value(metadata.deserializer(None))
    return _read(self, key)


def _fits(sent: str | None, metadata: WidgetMetadata[Any]) -> bool:
    """Tell whether a widget may send a value of this kind; ``None`` empties it."""
    own: str | None = metadata.value_type
    if sent is None or own is None or sent == own:
        return True
    return any({sent, own} <= kinds for kinds in _ALIKE)
