"""What the tests of pages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from geozones.store import Store
from geozones.workspace.roles import LOCAL
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.scenarios.stores import open_store
from geozones.workspace.study import Study
from helpers.one_navigation import one_navigation


@pytest.fixture(autouse=True)
def _as_launched(monkeypatch: pytest.MonkeyPatch) -> None:
    one_navigation(monkeypatch)


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A store of its own, that the app opens too."""
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    st.cache_resource.clear()
    opened = open_store(os.environ["GEOZONES_DATABASE_URL"])
    yield opened
    opened.close()
    st.cache_resource.clear()


@pytest.fixture
def service(study: Study, store: Store) -> Scenarios:
    """The scenarios of that store."""
    return Scenarios(study.analysis, lambda: store, LOCAL)
