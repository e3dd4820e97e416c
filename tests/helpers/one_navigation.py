"""Run the app in ``AppTest`` as its own launcher runs it: ``app.py`` draws every page.

Streamlit takes any folder named ``pages`` for its older kind of navigation until told otherwise:
the launcher does, and ``AppTest`` forgets it before each run (seen with Streamlit 1.67).
"""

from typing import Any

import pytest
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash


def one_navigation(patch: pytest.MonkeyPatch) -> None:
    """Have each run of ``AppTest`` begin as a run of the launcher."""
    begin = PagesManager.__init__

    def begin_as_launched(self: PagesManager, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False

    patch.setattr(PagesManager, "__init__", begin_as_launched)


def at_address(app: AppTest, path: str) -> AppTest:
    """Have the next run open an address: the first one too, and those that are no file of pages."""
    app._page_hash = calc_hash(path)
    return app
