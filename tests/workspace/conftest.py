"""A store of scenarios for each test, and the use cases over it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from geozones.store import Store
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.service import Scenarios


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store of its own."""
    opened = open_store(f"sqlite:///{tmp_path}/scenarios.db")
    yield opened
    opened.close()


@pytest.fixture
def service(study: Study, store: Store) -> Scenarios:
    """Scenarios of the real region, for whoever is at the machine."""
    return Scenarios(study.analysis, lambda: store, LOCAL)
