"""Files made for this session: buttons to make them, progress, download."""

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from geozones.common.errors import GeozonesError
from geozones.common.french import number
from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.ui import state, user_jobs
from geozones.ui.state.views import FileInMaking, MadeFile, MadeFiles
from geozones.ui.widgets import html
from geozones.workspace.sharing.making import FileMaking
from geozones.workspace.webinar.bundle import ZipMaking

#: Seconds between two checks of a file being made; seconds to wait for a short one.
_EVERY_S, _SHORT_S = 0.4, 0.4


def prepared(
    button: str,
    label: str,
    key: tuple[str, ...],
    media: str,
    make: Callable[[], FileMaking | ZipMaking],
) -> None:
    """Draw the button that makes a file, then its progress, then its download.

    ``key`` identifies the file; its first part is the kind. Another file of the same kind that is
    being made is cancelled.
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
        work = user_jobs.begin(make)
    except GeozonesError as error:
        state.notify("error", f"{error}")
        return
    _in_making(key[0], FileInMaking(key, media, work))
    work.wait(_SHORT_S)


@st.fragment(run_every=_EVERY_S)
def _progress(button: str, making: FileInMaking) -> None:
    """Show the progress of a file; once it ends, redraw the page."""
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
    """Keep the finished file for this session, or show why it could not be made."""
    kind, made = making.key[0], making.work.outcome
    _in_making(kind, None)
    if made is None:
        html.show(html.error(making.work.problem))
        return
    record_event(TelemetryEvent.EXPORT, format=Path(made.name).suffix.lstrip("."))
    files = state.of(MadeFiles).by_kind
    file = MadeFile(making.key, made.name, making.media, made.content)
    state.update(MadeFiles, by_kind={**files, kind: file})


def _in_making(kind: str, making: FileInMaking | None) -> None:
    others = {key: held for key, held in state.of(MadeFiles).in_making.items() if key != kind}
    more = {} if making is None else {kind: making}
    state.update(MadeFiles, in_making={**others, **more})


def _made(key: tuple[str, ...]) -> MadeFile | None:
    """Return the file with this key, if it is the last of its kind (first part of ``key``)."""
    file = state.of(MadeFiles).by_kind.get(key[0])
    return file if file is not None and file.key == key else None


def _download(key: tuple[str, ...], button: str) -> None:
    """Draw the download button, once the file is made."""
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
