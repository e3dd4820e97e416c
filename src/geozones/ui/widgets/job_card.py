"""Card of a background job: progress, elapsed time and stop button, then its result or problem."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from geozones.common.french import inside, number
from geozones.ui import state, user_jobs
from geozones.ui.state.attention import JobsTold
from geozones.ui.state.store import ViewRecord
from geozones.ui.widgets import html
from geozones.workspace.jobs import Job

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
    found: Callable[[Outcome], None],
    stop: StopButton | None = None,
    progress: Callable[[], object] | None = None,
) -> bool:
    """Draw a job: its progress and its stop button, then its result, or why it has none.

    The title is drawn with the elapsed seconds, unless ``progress`` draws something else; screen
    readers are told it when the job begins and when it ends. Return whether the job still runs.
    """
    if job_progress(job, title, stop, progress):
        return True
    if job.outcome is None:
        html.show(html.error(job.problem))
    else:
        found(job.outcome)
    return False


def job_progress(
    job: Job[Any, Any, Any],
    title: str,
    stop: StopButton | None = None,
    progress: Callable[[], object] | None = None,
) -> bool:
    """Draw a job that still runs, as `job_card`; return whether it does."""
    is_running = job.is_running
    _announce(job, title, is_running=is_running)
    if is_running:
        with st.container(key=f"gz-job-{title}"):
            _running(job, title, stop, progress)
    return is_running


def _announce(job: Job[Any, Any, Any], title: str, *, is_running: bool) -> None:
    """Announce the beginning and the end of a job once; a problem is read where it is shown."""
    told = state.of(JobsTold)
    if is_running and id(job) not in told.running:
        state.announce(f"En cours : {inside(title)}.")
        state.update(JobsTold, running=told.running | {id(job)})
    elif not is_running and id(job) in told.running | told.begun:
        if job.outcome is not None:
            state.announce(f"Terminé : {inside(title)}.")
        gone = {id(job)}
        state.update(JobsTold, running=told.running - gone, begun=told.begun - gone)


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
    """Start a job as the one of a view, instead of the one before; as `start_job`."""
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
