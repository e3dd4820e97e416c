"""Session state: the only package that touches ``st.session_state``.

``of(View)`` and ``update(View, …)`` read and change the record of a view (``state.carte_views``…);
``bound(View, "field")`` ties a widget to a field of it.
"""

from geozones.ui.server.run_patches import uninterrupted
from geozones.ui.state.session_views import (
    announce,
    ask_focus,
    clear_notice,
    follow_map,
    leave_page,
    look_at,
    notify,
    reporting_errors,
    within,
)
from geozones.ui.state.store import (
    BoundValue,
    after_callbacks,
    bound,
    changing,
    drop_item,
    forget,
    forget_all,
    last_gesture,
    new_gestures,
    of,
    run_postponed,
    update,
    widget_value,
    yield_to_streamlit,
)

__all__ = [
    "BoundValue",
    "after_callbacks",
    "announce",
    "ask_focus",
    "bound",
    "changing",
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
    "uninterrupted",
    "update",
    "widget_value",
    "within",
    "yield_to_streamlit",
]
