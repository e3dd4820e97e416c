"""Folder ``pages`` without Streamlit's older navigation, from the first visitor on.

Streamlit 1.67 takes any folder named ``pages`` for its older kind of navigation until
``st.navigation`` has run once: the first visitor of ``/atelier`` would get a bare page.
"""

from streamlit.runtime.pages_manager import PagesManager


def ignore_pages_folder() -> None:
    """Turn Streamlit's older navigation off; call before the server starts."""
    PagesManager.uses_pages_directory = False
