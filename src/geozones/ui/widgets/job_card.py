"""Card of a background job, from progress to result, and files made for this session."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import streamlit as st

from geozones.common.french import inside, number
from geozones.common.json_log import TelemetryEvent, record_event
from geozones.jobs import Job, Steps
from geozones.ui import state, user_jobs
from geozones.ui.state.page_views import FileInMaking, MadeFile, MadeFiles
from geozones.ui.state.session_views import JobsTold
from geozones.ui.state.store import ViewRecord
from geozones.ui.widgets import html
from geozones.workspace.sharing.bundle import ExportedFile

#: Seconds between two drawings of the progress.
_EVERY_S = 0.4


class JobView(ViewRecord, Protocol):
    """View record that holds the last job of a card."""

    @property
    def job(self) -> Job[Any, Any, Any] | None:
        """The job; ``None`` if there is none."""


@dataclass(frozen=True, slots=True)
class StopButton:
    """Button that stops a job; ``asked`` is its label once the job was asked to stop."""

    label: str
    key: str
    on_click: Callable[[], None]
    asked: str = "Arrêt demandé…"
    is_wide: bool = False


def job_card[Outcome](
    job: Job[Any, Any, Outcome],
    title: str,
    found: Callable[[Outcome], str | None],
    stop: StopButton | None = None,
    progress: Callable[[], object] | None = None,
) -> bool:
    """Draw a job: its progress and its stop button, then its result, or why it has none.

    The title is drawn with the elapsed seconds, unless ``progress`` draws something else. Screen
    readers are told the title when the job begins; when it ends, the sentence that ``found``
    returns, "" if what it draws is read by itself. Return whether the job still runs.
    """
    if job_progress(job, title, stop, progress):
        return True
    if job.outcome is None:
        html.show(html.error(job.problem))
    else:
        said = found(job.outcome)
        tell_end(job, f"Terminé : {inside(title)}." if said is None else said)
    return False


def job_progress(
    job: Job[Any, Any, Any],
    title: str,
    stop: StopButton | None = None,
    progress: Callable[[], object] | None = None,
) -> bool:
    """Draw a job that still runs, as `job_card`; return whether it does."""
    if not job.is_running:
        return False
    told = state.of(JobsTold)
    if id(job) not in told.running:
        state.announce(f"En cours : {inside(title)}.")
        state.update(JobsTold, running=told.running | {id(job)})
    with st.container(key=f"gz-job-{title}"):
        _running(job, title, stop, progress)
    return True


def tell_end(job: Job[Any, Any, Any], said: str) -> None:
    """Announce what a job of this session gave, once."""
    told, gone = state.of(JobsTold), {id(job)}
    if not gone & (told.running | told.begun):
        return
    state.update(JobsTold, running=told.running - gone, begun=told.begun - gone)
    if said:
        state.announce(said)


@st.fragment(run_every=_EVERY_S)
def _running(
    job: Job[Any, Any, Any],
    title: str,
    stop: StopButton | None,
    progress: Callable[[], object] | None,
) -> None:
    """Draw the progress; once the job ends, redraw the page with its result."""
    if not job.is_running:
        st.rerun()
    if progress is not None:
        progress()
    else:
        st.progress(0.0, f"{title}… {number(job.seconds)} s")
    if stop is not None:
        st.button(
            stop.asked if job.is_cancelled else stop.label,
            icon=":material/stop_circle:",
            key=stop.key,
            disabled=job.is_cancelled,
            on_click=stop.on_click,
            width="stretch" if stop.is_wide else "content",
        )


def start_job[J: Job[Any, Any, Any]](
    make: Callable[[], J], before: Job[Any, Any, Any] | None = None
) -> J | None:
    """Start a job, then abandon the one before; notify the user if it cannot be made or started."""
    state.clear_notice()
    with state.reporting_errors():
        job = make()
        user_jobs.begin(job)
        state.update(JobsTold, begun=state.of(JobsTold).begun | {id(job)})
        if before is not None:
            before.abandon()
        return job
    return None


def begin_job[J: Job[Any, Any, Any]](view: type[JobView], make: Callable[[], J]) -> J | None:
    """Start a job and store it in its view, replacing the previous one; as `start_job`."""
    job = start_job(make, state.of(view).job)
    if job is not None:
        state.update(view, job=job)
    return job


def drop_job(view: type[JobView]) -> None:
    """Abandon the job of a view, and forget its result."""
    job = state.of(view).job
    if job is not None:
        job.abandon()
    state.update(view, job=None)


def download_button(
    label: str,
    data: str | bytes | Callable[[], Any],
    *,
    icon: str | None = ":material/download:",
    **options: Any,  # noqa: ANN401 - options of st.download_button
) -> None:
    """Draw the button; the page is not drawn again at a click, as a download changes nothing."""
    st.download_button(label, data, icon=icon, on_click="ignore", **options)


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
    if making is not None and making.key == key and _goes_on(making, button):
        return
    made = state.of(MadeFiles).by_kind.get(key[0])
    if made is None or made.key != key:  # only the last file of a kind is kept
        st.button(
            label,
            icon=":material/draft:",
            type="primary",
            key=button,
            on_click=_begin,
            args=(key, media, make),
            width="stretch",
        )
        return
    download_button(
        f"Télécharger ({made.weight})",
        made.content,
        file_name=made.name,
        mime=made.media,
        type="primary",
        key=f"{button}.telecharger",
        width="stretch",
    )
    html.show(html.note(made.name))


def _goes_on(making: FileInMaking, button: str) -> bool:
    """Draw the making of a file; return whether it goes on."""
    job, kind = making.job, making.key[0]

    def progress() -> None:
        steps = job.progress
        at = min(steps.done + 1, steps.total)
        st.progress(steps.share, f"{at} sur {steps.total} : {steps.what}")

    def cancel() -> None:
        job.abandon()
        _in_making(kind, None)

    goes_on = job_card(
        job,
        "Préparation du fichier",
        lambda made: _keep(making, made),
        StopButton("Annuler", f"{button}.annuler", cancel, is_wide=True),
        progress if isinstance(job.progress, Steps) else None,
    )
    if not goes_on:
        _in_making(kind, None)
    return goes_on


def _begin(key: tuple[str, ...], media: str, make: Callable[[], _Job]) -> None:
    before = state.of(MadeFiles).in_making.get(key[0])
    job = start_job(make, None if before is None else before.job)
    if job is not None:
        _in_making(key[0], FileInMaking(key, media, job))
        job.wait(_SHORT_S)


def _keep(making: FileInMaking, made: ExportedFile) -> str:
    record_event(TelemetryEvent.EXPORT, format=Path(made.name).suffix.lstrip("."))
    files = state.of(MadeFiles).by_kind
    file = MadeFile(making.key, made.name, making.media, made.content)
    state.update(MadeFiles, by_kind={**files, making.key[0]: file})
    return f"« {made.name} » est prêt : {file.weight}."


def _in_making(kind: str, making: FileInMaking | None) -> None:
    others = {key: held for key, held in state.of(MadeFiles).in_making.items() if key != kind}
    more = {} if making is None else {kind: making}
    state.update(MadeFiles, in_making={**others, **more})
