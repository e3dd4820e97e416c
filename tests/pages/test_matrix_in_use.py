"""A matrix that another process builds is in use in this one from the next drawing on."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from geozones.workspace.figures.study import open_study
from geozones.workspace.reachability.matrix import build_matrix
from geozones.workspace.roles import LOCAL


def page() -> None:
    import streamlit as st  # noqa: PLC0415

    from geozones.ui.opened_data import current_analysis, read_publications  # noqa: PLC0415

    read_publications()
    st.text(str(current_analysis().territory.drives.times.estimated_pairs > 1000))


@pytest.mark.usefixtures("service")
def test_a_matrix_written_by_another_process_is_seen_at_the_next_drawing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GEOZONES_HOME", str(tmp_path))
    app = AppTest.from_function(page, default_timeout=60).run()
    assert app.text[0].value == "False"
    # what another process does: its file is all that this one can see of it
    drives = open_study().territory.drives
    build_matrix(drives, LOCAL, ["estimate"], communes=False)
    assert app.run().text[0].value == "True"
    drives.settings.matrix.unlink()
    assert app.run().text[0].value == "False"
    assert not app.exception
