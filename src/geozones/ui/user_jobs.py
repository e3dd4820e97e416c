"""Background jobs per user: concurrency limit, cancelled when the page or tab is left."""

from dataclasses import dataclass
from threading import Event, Lock, Thread
from time import monotonic
from typing import Any

from streamlit.runtime import exists, get_instance
from streamlit.runtime.scriptrunner import get_script_run_ctx

from geozones.common.errors import GeozonesError
from geozones.common.french import plural
from geozones.jobs import SEARCHES, Job
from geozones.jobs.runner import read_bounds
from geozones.ui.server.auth import actor
from geozones.workspace.roles import LOCAL, Role

#: Seconds that a browser has to reconnect before the jobs of its tab are cancelled.
_AWAY_S = 10.0
_LOOK_S = 1.0


class TooManySearchesError(GeozonesError):
    """The user already runs as many searches as allowed."""

    def __init__(self, most: int) -> None:
        what = plural(most, "recherche en cours", "recherches en cours")
        super().__init__(
            f"Vous avez déjà {what}, le maximum accordé par le serveur : arrêtez-en une, ou "
            "attendez "
            "sa fin, puis recommencez."
        )


@dataclass(slots=True)
class _Running:
    """A job of one user, or of no single user where several sessions wait for it."""

    user: str
    sessions: set[str]
    job: Job[Any, Any, Any]
    seen: float

    @property
    def is_search(self) -> bool:
        return self.job.queue is SEARCHES


class _RunningJobs:
    """Registry of the running jobs, and a thread that checks their tabs while any job runs."""

    def __init__(self) -> None:
        self.running: list[_Running] = []
        self.lock = Lock()
        self._thread: Thread | None = None

    def of(self, user: str) -> list[_Running]:
        """Return the running jobs of a user."""
        self.running = [entry for entry in self.running if entry.job.is_running]
        return [entry for entry in self.running if entry.user == user]

    def watch(self) -> None:
        """Start the thread that checks the tabs, if it is not running."""
        if self._thread is None or not self._thread.is_alive():
            self._thread = Thread(target=self._look, name="geozones-tabs", daemon=True)
            self._thread.start()

    def _look(self) -> None:
        pause = Event()
        while not pause.wait(_LOOK_S):
            with self.lock:
                self.running = [entry for entry in self.running if entry.job.is_running]
                if not self.running:
                    self._thread = None
                    return
                for entry in self.running:
                    if any(map(_is_open, entry.sessions)):
                        entry.seen = monotonic()
                    elif monotonic() - entry.seen > _AWAY_S:
                        entry.job.abandon()


_JOBS = _RunningJobs()


def begin(job: Job[Any, Any, Any]) -> None:
    """Start a job for the user of this session; it is cancelled when the tab is closed."""
    actor().require(Role.READER)
    session, most = _session(), read_bounds().searches_each
    known = actor()
    entry = _Running(session if known == LOCAL else known.name, {session}, job, monotonic())
    with _JOBS.lock:
        if entry.is_search and sum(other.is_search for other in _JOBS.of(entry.user)) >= most:
            raise TooManySearchesError(most)
        job.start()
        _JOBS.running.append(entry)
        _JOBS.watch()


def wait_for(job: Job[Any, Any, Any], session: str) -> None:
    """Register a session as waiting for a job, which is cancelled once all such tabs are closed."""
    with _JOBS.lock:
        known = next((entry for entry in _JOBS.running if entry.job is job), None)
        if known is not None:
            known.sessions.add(session)
            return
        _JOBS.running.append(_Running("", {session}, job, monotonic()))
        _JOBS.watch()


def leave_page() -> None:
    """Cancel the files being made or read for this session alone, because its page was left."""
    session = _session()
    with _JOBS.lock:
        for entry in _JOBS.running:
            if entry.sessions == {session} and not entry.is_search:
                entry.job.abandon()


def _session() -> str:
    context = get_script_run_ctx()
    return "" if context is None else context.session_id


def _is_open(session: str) -> bool:
    return not exists() or get_instance().is_active_session(session)
