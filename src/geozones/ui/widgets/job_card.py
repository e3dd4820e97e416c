"""Card of a background job: progress, elapsed time and stop button, then its result or problem."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import streamlit as st

from geozones.common.french import number
from geozones.ui import state, user_jobs
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
    progress: str | Callable[[], object],
    found: Callable[[Outcome], None],
    stop: StopButton | None = None,
) -> bool:
    """Draw a job: its progress and its stop button, then its result, or why it has none.

    ``progress`` is a title, drawn with the elapsed seconds, or a function that draws the progress.
    Return whether the job still runs.
    """
    if job_progress(job, progress, stop):
        return True
    if job.outcome is None:
        html.show(html.error(job.problem))
    else:
        found(job.outcome)
    return False


def job_progress(
    job: Job[Any, Any, Any],
    progress: str | Callable[[], object],
    stop: StopButton | None = None,
) -> bool:
    """Draw a job that still runs, as `job_card`; return whether it does."""
    if not job.is_running:
        return False
    _running(job, progress, stop)
    return True


@st.fragment(run_every=_EVERY_S)
def _running(
    job: Job[Any, Any, Any], progress: str | Callable[[], object], stop: StopButton | None
) -> None:
    """Draw the progress; once the job ends, redraw the page with its result."""
    if not job.is_running:
        st.rerun()
    if callable(progress):
        progress()
    else:
        st.progress(0.0, f"{progress}… {number(job.seconds)} s")
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
