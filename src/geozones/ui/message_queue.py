"""Have every message of a page reach the browser, in the order it was written.

Where a fragment runs anew, Streamlit takes the messages of its last run that still wait out of the
queue, but leaves those that it cannot tell for the fragment's: the name of a large element that the
browser keeps, and the elements of a fragment drawn inside it. They then lie in blocks that never
came: « Bad delta path index » in the browser, which empties the window (seen with Streamlit 1.67: a
click while a page is drawn). Streamlit empties the queue lest a new message take the place of an
older one, before the message that says that a run began; to forget the places is enough.
"""

from typing import override

from streamlit.runtime import app_session
from streamlit.runtime.forward_msg_queue import ForwardMsgQueue


class WholeQueue(ForwardMsgQueue):
    """A session's queue of messages, where a fragment that runs anew takes none out."""

    @override
    def clear(
        self, retain_lifecycle_msgs: bool = False, fragment_ids_this_run: list[str] | None = None
    ) -> None:
        """Empty the queue; before a fragment's run, have no message replace an older one."""
        if fragment_ids_this_run is None:
            super().clear(retain_lifecycle_msgs)
        else:
            self._delta_index_map = {}


def deliver_all() -> None:
    """Give every session to come such a queue."""
    app_session.ForwardMsgQueue = WholeQueue  # type: ignore[attr-defined]
