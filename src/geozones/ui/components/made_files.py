"""Files made for this session, each offered once it is made."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import number
from geozones.common.journal import Happening, tell
from geozones.ui import state, visitor
from geozones.ui.components import html
from geozones.ui.state.views import FileInMaking, MadeFile, MadeFiles
from geozones.workspace.sharing.making import FileMaking
from geozones.workspace.webinar.bundle import ZipMaking

#: Seconds between two looks at a file that is being made; seconds waited for one that is short.
_EVERY_S, _SHORT_S = 0.4, 0.4


def prepared(
    button: str,
    label: str,
    key: tuple[str, ...],
    media: str,
    make: Callable[[], FileMaking | ZipMaking],
) -> None:
    """Offer to make a file, then how far it is, then the file.

    ``key`` says what the file is of: its first part, which kind. One of the same kind that was
    being made is ended.
    """
    making = state.of(MadeFiles).in_making.get(key[0])
    if making is not None and making.key == key:
        if making.work.is_running:
            _progress(button, making)
            return
        _keep(making)
    if _made(key) is None:
        st.button(
            label,
            icon=":material/draft:",
            type="primary",
            key=button,
            on_click=_begin,
            args=(key, media, make),
            width="stretch",
        )
    _download(key, f"{button}.telecharger")


def _begin(key: tuple[str, ...], media: str, make: Callable[[], FileMaking | ZipMaking]) -> None:
    before = state.of(MadeFiles).in_making.get(key[0])
    if before is not None:
        before.work.abandon()
    try:
        work = visitor.begin(make)
    except GeozonesError as error:
        state.notify("error", f"{error}")
        return
    _in_making(key[0], FileInMaking(key, media, work))
    work.wait(_SHORT_S)


@st.fragment(run_every=_EVERY_S)
def _progress(button: str, making: FileInMaking) -> None:
    """Show how far a file is, until it ends; then have the page drawn with it."""
    work = making.work
    if not work.is_running:
        st.rerun()
    if isinstance(work, ZipMaking):
        done, total, what = work.progress
        st.progress(done / total, f"{min(done + 1, total)} sur {total} : {what}")
    else:
        st.progress(0.0, f"Préparation… {number(work.seconds)} s")
    st.button(
        "Annuler",
        icon=":material/stop_circle:",
        key=f"{button}.annuler",
        on_click=_cancel,
        args=(making,),
        width="stretch",
    )


def _cancel(making: FileInMaking) -> None:
    making.work.abandon()
    _in_making(making.key[0], None)


def _keep(making: FileInMaking) -> None:
    """Keep what was made for this session, or say why it could not be."""
    kind, made = making.key[0], making.work.outcome
    _in_making(kind, None)
    if made is None:
        html.show(html.error(making.work.problem))
        return
    tell(Happening.EXPORT, format=Path(made.name).suffix.lstrip("."))
    files = state.of(MadeFiles).by_kind
    file = MadeFile(making.key, made.name, making.media, made.content)
    state.update(MadeFiles, by_kind={**files, kind: file})


def _in_making(kind: str, making: FileInMaking | None) -> None:
    others = {key: held for key, held in state.of(MadeFiles).in_making.items() if key != kind}
    more = {} if making is None else {kind: making}
    state.update(MadeFiles, in_making={**others, **more})


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
