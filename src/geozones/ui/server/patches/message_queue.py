"""Workaround for Streamlit 1.67 dropping messages of fragments from the queue of a session.

When a fragment runs again, Streamlit removes the messages of its previous run that still wait in
the queue, but leaves those that it cannot attribute to the fragment: the name of a large element
that the browser caches, and the elements of a nested fragment. These then refer to blocks that
never arrived: « Bad delta path index » in the browser, which empties the window (seen with
Streamlit 1.67: a click while a page is drawn). Streamlit empties the queue so that no new message
replaces an older one that stands before the message of the run's start; clearing the index of
places is enough for that.
"""

from typing import override

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


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
    """Patch Streamlit so that new sessions use `LosslessQueue`."""
    app_session.ForwardMsgQueue = LosslessQueue  # type: ignore[attr-defined]
