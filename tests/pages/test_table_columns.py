"""The part of a page that corrects the columns of a table that the user brings."""

import pytest
from streamlit.testing.v1 import AppTest


def corrected(kind: str) -> None:
    """Offer the columns of a table with titles that nobody knows, and tell what is read."""
    from unittest import mock  # noqa: PLC0415 - AppTest runs the text of this function alone

    import streamlit as st  # noqa: PLC0415

    from geozones.features.experiment.use_cases import journal_columns  # noqa: PLC0415
    from geozones.ui.server.uploads import Upload  # noqa: PLC0415
    from geozones.ui.widgets import table_columns  # noqa: PLC0415
    from geozones.workspace.folder.tables import (  # noqa: PLC0415
        assignment_columns,
        drive_columns,
        needs_table_columns,
    )

    readers = {
        "needs": needs_table_columns,
        "minutes": drive_columns,
        "journal": journal_columns,
        "plan": assignment_columns,
    }
    read_columns = readers[kind]

    def read(upload: Upload, corrections: dict[str, str]) -> None:
        ranks = read_columns(upload.content, corrections).ranks
        st.session_state.told = f"{upload.name} {sorted(ranks.items())}"

    table = "essai", read_columns, read
    if "began" not in st.session_state:
        st.session_state.began = True
        sent = Upload("t.csv", b"Truc;Machin\n0530010Y;7\n")
        with mock.patch.object(table_columns.uploads, "take", return_value=sent):
            table_columns.take_table(*table)
    table_columns.corrected_columns(*table)
    st.write(st.session_state.get("told", ""))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("needs", ["code", "besoin"]),
        ("minutes", ["de", "minutes"]),
        ("journal", ["lycee", "duree"]),
        ("plan", ["site", "zone"]),
    ],
)
def test_a_table_is_read_with_the_columns_that_the_user_chose(kind: str, fields: list[str]) -> None:
    app = AppTest.from_function(corrected, args=(kind,), default_timeout=60).run()
    assert not app.exception
    again = app.button[0]
    assert again.disabled
    assert app.markdown[-1].value.startswith("t.csv")
    for rank, field in enumerate(fields, start=1):
        box = next(box for box in app.selectbox if box.key.startswith(f"essai.colonne.{field}"))
        assert box.options == ["— (absente)", "1. Truc", "2. Machin"]
        box.set_value(str(rank)).run()
    app.button[0].click().run()
    assert app.markdown[-1].value == f"t.csv {sorted((f, r) for r, f in enumerate(fields))}"
