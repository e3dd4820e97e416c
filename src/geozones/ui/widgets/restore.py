"""Button beside a changed setting that shows its default value and restores it."""

from collections.abc import Callable

import streamlit as st


def restore(key: str, default: str, act: Callable[[], object], *, changed: bool) -> None:
    """Offer to restore a changed setting to its default, which the button names.

    Its container is always there, so that the elements below do not move.
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
