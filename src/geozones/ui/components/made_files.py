"""Files made for this session, each offered once it is made."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import number
from geozones.common.journal import Happening, tell
from geozones.ui import state
from geozones.ui.components import html
from geozones.ui.state.views import MadeFile, MadeFiles


def prepared(button: str, label: str, key: tuple[str, ...], make: Callable[[], None]) -> None:
    """Offer to make a file, and the file once it is made."""
    place = st.empty()
    if _made(key) is None and place.button(
        label, icon=":material/draft:", type="primary", key=button, width="stretch"
    ):
        place.empty()
        with st.spinner("Préparation…"):
            make()
    _download(key, f"{button}.telecharger")


def keep(key: tuple[str, ...], media: str, make: Callable[[], tuple[str, bytes]]) -> None:
    """Make a file and keep it for this session, or say why it cannot be."""
    try:
        name, content = make()
    except GeozonesError as error:
        st.error(f"{error}", icon=":material/error:")
        return
    tell(Happening.EXPORT, format=Path(name).suffix.lstrip("."))
    files = state.of(MadeFiles).by_kind
    state.update(MadeFiles, by_kind={**files, key[0]: MadeFile(key, name, media, content)})


def _made(key: tuple[str, ...]) -> MadeFile | None:
    """Return the file made for this, if it was the last of its kind (the first part of ``key``)."""
    file = state.of(MadeFiles).by_kind.get(key[0])
    return file if file is not None and file.key == key else None


def _download(key: tuple[str, ...], button: str) -> None:
    """Offer the file, once it is made."""
    made = _made(key)
    if made is None:
        return
    st.download_button(
        f"Télécharger ({_weight(len(made.content))})",
        made.content,
        file_name=made.name,
        mime=made.media,
        icon=":material/download:",
        type="primary",
        on_click="ignore",
        key=button,
        width="stretch",
    )
    html.show(html.note(made.name))


def _weight(size: int) -> str:
    if size < 1_000_000:
        return f"{number(max(size / 1000, 1))} ko"
    return f"{number(size / 1_000_000, 1)} Mo"
