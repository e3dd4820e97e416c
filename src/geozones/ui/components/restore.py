"""The button beside a setting that was changed: it says the value by default, and sets it back."""

from collections.abc import Callable

import streamlit as st


def restore(key: str, default: str, act: Callable[[], object], *, changed: bool) -> None:
    """Offer to set a changed setting back to its default, which the button says in words.

    Its place is always there, so that what is below does not move.
    """

    def back() -> None:
        act()

    with st.container():
        if changed:
            st.button(
                f"Rétablir : {default}",
                key=f"retablir.{key}",
                type="tertiary",
                icon=":material/restart_alt:",
                on_click=back,
            )
