"""Have no browser empty what the server remembers for everyone.

Streamlit does so for whoever sends the message of its menu « Clear cache », shown or not (seen with
Streamlit 1.67): everyone then waits for the data to be opened again.
"""

from streamlit.runtime.app_session import AppSession


def keep_caches() -> None:
    """Have sessions to come ignore that message."""
    AppSession._handle_clear_cache_request = _nothing  # type: ignore[method-assign]  # noqa: SLF001


def _nothing(self: AppSession) -> None:
    """Do nothing."""
