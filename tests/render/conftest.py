"""Sheets drawn once for all the tests that look at them."""

from collections.abc import Callable
from functools import cache

import pytest

from geozones.workspace import Workspace

from .sheets import Drawn, draw_view

type Draw = Callable[[str], Drawn]


@pytest.fixture(scope="session")
def drawn(workspace: Workspace) -> Draw:
    """Return a view of the shipped plan on its sheet; drawn once."""
    return cache(lambda view: draw_view(workspace, view))
