"""Guard of the shared cache: « Clear cache » requests of browsers are ignored.

Streamlit 1.67 clears the cache for any client that sends the message of its menu « Clear cache »,
even where the menu is hidden: everyone then waits until the data is opened again.
"""

from streamlit.runtime.app_session import AppSession


def ignore_clear_cache() -> None:
    """Patch Streamlit so that new sessions ignore the « Clear cache » message."""
    AppSession._handle_clear_cache_request = _nothing  # type: ignore[method-assign]  # noqa: SLF001


def _nothing(self: AppSession) -> None:
    """Ignore the request."""
