"""Files made for this session: buttons to make them, progress, download."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from geozones.common.french import number
from geozones.common.telemetry import TelemetryEvent, record_event
from geozones.ui import state
from geozones.ui.state.partager_views import FileInMaking, MadeFile, MadeFiles
from geozones.ui.widgets import html
from geozones.ui.widgets.download import download_button
from geozones.ui.widgets.job_card import StopButton, job_card, start_job
from geozones.workspace.jobs import Job, Steps
from geozones.workspace.sharing.making import ExportedFile

#: Seconds to wait for a short job.
_SHORT_S = 0.4
type _Job = Job[Any, Any, ExportedFile]


def prepared(
    button: str,
    label: str,
    key: tuple[str, ...],
    media: str,
    make: Callable[[], _Job],
) -> None:
    """Draw the button that makes a file, then its progress, then its download.

    ``key`` identifies the file; its first part is the kind. Another file of the same kind that is
    being made is cancelled.
    """
    making = state.of(MadeFiles).in_making.get(key[0])
    if making is not None and making.key == key:
        job = making.job
        in_steps = isinstance(job.progress, Steps)
        if job_card(
            job,
            "Préparation du fichier",
            lambda made: _keep(making, made),
            StopButton("Annuler", f"{button}.annuler", lambda: _cancel(making), is_wide=True),
            (lambda: _progress(job.progress)) if in_steps else None,
        ):
            return
        _in_making(key[0], None)
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


def _begin(key: tuple[str, ...], media: str, make: Callable[[], _Job]) -> None:
    before = state.of(MadeFiles).in_making.get(key[0])
    job = start_job(make, None if before is None else before.job)
    if job is not None:
        _in_making(key[0], FileInMaking(key, media, job))
        job.wait(_SHORT_S)


def _progress(steps: Steps) -> None:
    at = min(steps.done + 1, steps.total)
    st.progress(steps.share, f"{at} sur {steps.total} : {steps.what}")


def _cancel(making: FileInMaking) -> None:
    making.job.abandon()
    _in_making(making.key[0], None)


def _keep(making: FileInMaking, made: ExportedFile) -> None:
    """Keep the finished file for this session."""
    record_event(TelemetryEvent.EXPORT, format=Path(made.name).suffix.lstrip("."))
    files = state.of(MadeFiles).by_kind
    file = MadeFile(making.key, made.name, making.media, made.content)
    state.update(MadeFiles, by_kind={**files, making.key[0]: file})


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
    download_button(
        f"Télécharger ({_weight(len(made.content))})",
        made.content,
        file_name=made.name,
        mime=made.media,
        type="primary",
        key=button,
        width="stretch",
    )
    html.show(html.note(made.name))


def _weight(size: int) -> str:
    if size < 1_000_000:
        return f"{number(max(size / 1000, 1))} ko"
    return f"{number(size / 1_000_000, 1)} Mo"
