"""What the tests of pages share."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from geozones.workspace import Scenarios, Workspace, open_store


@pytest.fixture
def desk(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Scenarios]:
    """The scenarios of a store of its own, that the app opens too."""
    monkeypatch.setenv("GEOZONES_DATABASE_URL", f"sqlite:///{tmp_path}/scenarios.db")
    st.cache_resource.clear()
    store = open_store(os.environ["GEOZONES_DATABASE_URL"])
    yield Scenarios(workspace, lambda: store)
    store.close()
    st.cache_resource.clear()
