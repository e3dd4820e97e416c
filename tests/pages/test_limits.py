"""What one visitor cannot do to the others."""

from typing import Any

import streamlit as st
from streamlit.runtime.app_session import AppSession

from geozones.ui.kept_caches import keep_caches


def test_no_browser_empties_what_the_server_remembers_for_everyone() -> None:
    calls = []

    @st.cache_data
    def opened() -> int:
        calls.append(1)
        return 1

    keep_caches()
    handled: Any = AppSession._handle_clear_cache_request
    opened()
    handled(None)
    opened()
    assert calls == [1]
