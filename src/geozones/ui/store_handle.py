"""Shared handle on the store of scenarios and publications, opened once per running app."""

from typing import TYPE_CHECKING

import streamlit as st

from geozones.workspace.scenarios.stores import open_store

if TYPE_CHECKING:
    from geozones.workspace.scenarios.stores import Store


@st.cache_resource(show_spinner=False, on_release=lambda store: store.close())
def store() -> "Store":
    """Return the store; raise ``StoreError`` if it cannot be opened."""
    return open_store()
