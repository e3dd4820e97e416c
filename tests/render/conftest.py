"""Sheets drawn once for all the tests that look at them."""

from collections.abc import Callable
from functools import cache

import pytest

from geozones.workspace.figures.study import Study

from .sheets import Drawn, draw_view

type Draw = Callable[[str], Drawn]


@pytest.fixture(scope="session")
def drawn(study: Study) -> Draw:
    """Return a view of the shipped plan on its sheet; drawn once."""
    return cache(lambda view: draw_view(study, view))
