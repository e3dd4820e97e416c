"""The part of a page that corrects the columns of a table that the user brings."""

import pytest
from streamlit.testing.v1 import AppTest


def corrected(kind: str) -> None:
    """Offer the columns of a table with titles that nobody knows, and tell what is read."""
    import streamlit as st  # noqa: PLC0415 - AppTest runs the text of this function alone

    from geozones.features.experiment.use_cases import journal_columns  # noqa: PLC0415
    from geozones.ui.server.uploads import Upload  # noqa: PLC0415
    from geozones.ui.widgets.table_columns import (  # noqa: PLC0415
        corrected_columns,
        offer_columns,
    )
    from geozones.workspace.folder.tables import (  # noqa: PLC0415
        drive_columns,
        needs_table_columns,
    )

    readers = {"needs": needs_table_columns, "minutes": drive_columns, "journal": journal_columns}
    read_columns = readers[kind]
    if "began" not in st.session_state:
        st.session_state.began = True
        offer_columns("essai", Upload("t.csv", b"Truc;Machin\n0530010Y;7\n"), read_columns)

    def read(upload: Upload, corrections: dict[str, str]) -> None:
        ranks = read_columns(upload.content, corrections).ranks
        st.session_state.told = f"{upload.name} {sorted(ranks.items())}"

    corrected_columns("essai", read_columns, read)
    st.write(st.session_state.get("told", ""))


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("needs", ["code", "besoin"]),
        ("minutes", ["de", "minutes"]),
        ("journal", ["lycee", "duree"]),
    ],
)
def test_a_table_is_read_with_the_columns_that_the_user_chose(kind: str, fields: list[str]) -> None:
    app = AppTest.from_function(corrected, args=(kind,), default_timeout=60).run()
    assert not app.exception
    again = app.button[0]
    assert again.disabled
    for rank, field in enumerate(fields, start=1):
        box = next(box for box in app.selectbox if box.key.startswith(f"essai.colonne.{field}"))
        assert box.options == ["— (absente)", "1. Truc", "2. Machin"]
        box.set_value(str(rank)).run()
    app.button[0].click().run()
    assert app.markdown[-1].value == f"t.csv {sorted((f, r) for r, f in enumerate(fields))}"
