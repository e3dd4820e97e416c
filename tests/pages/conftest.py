"""What the tests of pages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from geozones.common.files import DATA_FOLDER
from geozones.store import Store
from geozones.ui import opened_data
from geozones.workspace.figures.study import Study
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.backups import open_store
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from helpers.one_navigation import one_navigation


@pytest.fixture(autouse=True)
def _as_launched(monkeypatch: pytest.MonkeyPatch) -> None:
    one_navigation(monkeypatch)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of its own, that the app opens too; the data folder stays open from test to test."""
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    opened_data.store.clear()
    opened = open_store(os.environ["GEOZONES_DATABASE_URL"])
    yield opened
    opened.close()
    opened_data.store.clear()


@pytest.fixture
def service(study: Study, store: Store) -> Scenarios:
    """The scenarios of that store."""
    return Scenarios(study.analysis, lambda: store, LOCAL)


@pytest.fixture
def moved(service: Scenarios) -> Work:
    """A scenario that puts Racan, of zone MAY-2, in a zone of Le Mans."""
    return service.record(service.new(), "move", {"moves": {"0720012X": "SAR-4"}})


@pytest.fixture
def opened_copy(data_copy: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A copy of the data folder, to be altered, that the app opens; the usual one afterwards."""
    monkeypatch.setenv(DATA_FOLDER, str(data_copy))
    st.cache_resource.clear()
    yield data_copy
    st.cache_resource.clear()
