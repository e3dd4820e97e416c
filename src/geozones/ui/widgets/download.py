"""Button that downloads a file."""

from collections.abc import Callable
from typing import Any

import streamlit as st


def download_button(
    label: str,
    data: str | bytes | Callable[[], Any],
    *,
    icon: str | None = ":material/download:",
    **options: Any,  # noqa: ANN401 - options of st.download_button
) -> None:
    """Draw the button; the page is not drawn again at a click, as a download changes nothing."""
    st.download_button(label, data, icon=icon, on_click="ignore", **options)
