"""Session state: the only package that touches ``st.session_state``.

``of(View)`` and ``update(View, …)`` read and change the record of a view (``state.carte_views``…);
``bound(View, "field")`` ties a widget to a field of it.
"""

from geozones.ui.state.attention import ask_focus, say
from geozones.ui.state.bound import BoundValue, bound, widget_value
from geozones.ui.state.gestures import after_callbacks, answer, last_gesture, new_gestures
from geozones.ui.state.notices import clear_notice, leave_page, look_at, notify, within
from geozones.ui.state.store import drop_item, forget, forget_all, of, stand_by, update

__all__ = [
    "BoundValue",
    "after_callbacks",
    "answer",
    "ask_focus",
    "bound",
    "clear_notice",
    "drop_item",
    "forget",
    "forget_all",
    "last_gesture",
    "leave_page",
    "look_at",
    "new_gestures",
    "notify",
    "of",
    "say",
    "stand_by",
    "update",
    "widget_value",
    "within",
]
