"""Session state: the only package that touches ``st.session_state``.

``of(View)`` and ``update(View, …)`` read and change the record of a view (``state.carte_views``…);
``bound(View, "field")`` ties a widget to a field of it.
"""

from geozones.ui.state.attention import announce, ask_focus
from geozones.ui.state.bound import BoundValue, bound, widget_value
from geozones.ui.state.gestures import after_callbacks, last_gesture, new_gestures, run_postponed
from geozones.ui.state.notices import (
    clear_notice,
    follow_map,
    leave_page,
    look_at,
    notify,
    reporting_errors,
    within,
)
from geozones.ui.state.store import drop_item, forget, forget_all, of, update, yield_to_streamlit

__all__ = [
    "BoundValue",
    "after_callbacks",
    "announce",
    "ask_focus",
    "bound",
    "clear_notice",
    "drop_item",
    "follow_map",
    "forget",
    "forget_all",
    "last_gesture",
    "leave_page",
    "look_at",
    "new_gestures",
    "notify",
    "of",
    "reporting_errors",
    "run_postponed",
    "update",
    "widget_value",
    "within",
    "yield_to_streamlit",
]
