"""Run Streamlit on ``app.py``, whose navigation is the only one.

Streamlit takes any folder named ``pages`` for its older kind of navigation until ``st.navigation``
has run once: the first visitor of ``/atelier`` would get a bare page. Saying so beforehand avoids
it (seen with Streamlit 1.67).
"""

import sys

from streamlit.runtime.pages_manager import PagesManager
from streamlit.web import cli


def main(arguments: list[str]) -> None:
    """Start the server with the arguments of ``streamlit``; returns when it stops."""
    PagesManager.uses_pages_directory = False
    cli.main(arguments, prog_name="streamlit")


if __name__ == "__main__":
    main(sys.argv[1:])
