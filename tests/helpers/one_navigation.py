"""Run the app in ``AppTest`` as its own launcher runs it: ``app.py`` draws every page.

Streamlit takes any folder named ``pages`` for its older kind of navigation until told otherwise:
the launcher does, and ``AppTest`` forgets it before each run (seen with Streamlit 1.67).

A server looks for components in the installed packages once, as it starts; ``AppTest`` does for
each session: a tenth of a second, most of the time of a short test.
"""

from functools import cache
from typing import Any

import pytest
from streamlit.components.v2 import manifest_scanner
from streamlit.runtime.pages_manager import PagesManager
from streamlit.testing.v1 import AppTest
from streamlit.util import calc_hash

_FOUND = cache(manifest_scanner.scan_component_manifests)


def one_navigation(patch: pytest.MonkeyPatch) -> None:
    """Have each run of ``AppTest`` begin as a run of the launcher."""
    begin = PagesManager.__init__

    def begin_as_launched(self: PagesManager, *given: Any, **named: Any) -> None:
        begin(self, *given, **named)
        PagesManager.uses_pages_directory = False

    patch.setattr(PagesManager, "__init__", begin_as_launched)
    patch.setattr(manifest_scanner, "scan_component_manifests", _FOUND)


def at_address(app: AppTest, path: str) -> AppTest:
    """Have the next run open an address: the first one too, and those that are no file of pages."""
    app._page_hash = calc_hash(path)
    return app
