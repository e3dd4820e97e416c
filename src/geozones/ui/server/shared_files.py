"""Files and link previews of frozen versions for visitors, each made once.

No request waits for the picture of a preview. Beside each picture is the message of its change,
which costs as much to make: a preview has both, or neither.

A file is made in a process of its own, queued behind other visitors' files only. Sessions that ask
for a file being made wait for the same process; it is cancelled once all their tabs are closed.
"""

import hashlib
import logging
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from threading import Lock, Thread
from time import monotonic

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from geozones.common.clock import today
from geozones.common.errors import GeozonesError
from geozones.common.files import home_folder, write_atomically
from geozones.common.french import long_date
from geozones.domain.access import DeadLinkError
from geozones.export import Dossier
from geozones.jobs import VISITOR_FILES, JobQueue, run_in_process
from geozones.jobs.runner import read_bounds
from geozones.ui import opened_data, user_jobs
from geozones.ui.server.page_head import Preview
from geozones.workspace.figures.study import Study
from geozones.workspace.folder.drives import matrix_fingerprint
from geozones.workspace.ledger import Ledger, read_ledger
from geozones.workspace.roles import VISITOR
from geozones.workspace.scenarios.links import linked
from geozones.workspace.scenarios.open_scenario import Work
from geozones.workspace.scenarios.service import Scenarios
from geozones.workspace.sharing.bundle import FileJob, FileRequest, file_job, link_picture
from geozones.workspace.sharing.dossier import dossier_of_change
from geozones.workspace.sharing.exported_plan import (
    briefing_of,
    of_work,
    outcome_of,
    status_in_words,
)

type Key = tuple[str, ...]

#: Seconds that a failure is reported to waiting sessions before the file is made again.
_FAILED_S = 2.0


class StillBeingMadeError(Exception):
    """The file is not ready yet: ask again in a moment."""


class FileNotMadeError(GeozonesError):
    """The file could not be made; the message gives the reason."""


class SharedFiles:
    """Files already made, most recently used last, and files being made."""

    def __init__(self, make: Callable[["SharedFile"], FileJob]) -> None:
        self._make = make
        self._lock = Lock()
        self._kept: OrderedDict[Key, bytes] = OrderedDict()
        #: By file and queue: a user does not wait in the visitors' queue.
        self._in_making: dict[tuple[Key, JobQueue], FileJob] = {}
        #: Reason and time of each failure.
        self._failed: dict[tuple[Key, JobQueue], tuple[str, float]] = {}

    def get(self, file: "SharedFile") -> bytes:
        """Return a file; start making it if nobody has."""
        asked = (file.key, file.queue)
        with self._lock:
            self._take_made()
            if file.key in self._kept:
                self._kept.move_to_end(file.key)
                return self._kept[file.key]
            if asked in self._failed:
                raise FileNotMadeError(self._failed[asked][0])
            if asked not in self._in_making:
                self._in_making[asked] = self._make(file).start()
            user_jobs.wait_for(self._in_making[asked], file.session)
            raise StillBeingMadeError

    def _take_made(self) -> None:
        """Store finished files; forget cancelled jobs, and failures reported for long enough."""
        now = monotonic()
        self._failed = {
            asked: failure
            for asked, failure in self._failed.items()
            if failure[1] > now - _FAILED_S
        }
        for asked, job in list(self._in_making.items()):
            if job.outcome is not None:
                self._keep(asked[0], job.outcome.content)
            elif job.is_abandoned:
                pass
            elif job.is_running:
                continue
            else:
                self._failed[asked] = (job.problem, now)
            del self._in_making[asked]

    def _keep(self, key: Key, content: bytes) -> None:
        self._kept[key] = content
        most = read_bounds().shared_files_mb * 1_000_000
        while len(self._kept) > 1 and sum(map(len, self._kept.values())) > most:
            self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True)
class SharedFile:
    """A file of a version, as the download button of a session requests it.

    ``key`` tells the file from the files of all other versions; ``queue`` is the
    queue of the job that makes it. The file is given while the link of the ``token`` is open.
    """

    token: str
    key: Key
    dossier: Dossier
    format: str
    queue: JobQueue
    session: str

    def __call__(self) -> bytes:
        """Return the file; raise as `SharedFiles.get` and, once the link is closed, `linked`."""
        content = _FILES.get(self)
        linked(opened_data.store, self.token, today().isoformat())
        return content


def _job(file: SharedFile) -> FileJob:
    return file_job(FileRequest(file.dossier, file.format), file.queue)


_FILES = SharedFiles(_job)


_LOG = logging.getLogger(__name__)
#: Path of the pictures, beside Streamlit's own addresses.
PATH = "app/apercu"
#: Most pictures kept, the latest ones; another is drawn anew when it is asked for.
_MOST_PICTURES = 300


class LinkPictures:
    """Pictures of versions in the home folder, and those being drawn."""

    def __init__(self) -> None:
        self._lock, self._drawing = Lock(), Lock()
        self._threads: dict[str, Thread] = {}

    def message(self, token: str) -> str | None:
        """Return the message of a version whose picture is kept; else start drawing the picture."""
        if self.file(token).is_file():
            return self.file(token).with_suffix(".txt").read_text(encoding="utf-8")
        self.start(token)
        return None

    def file(self, token: str) -> Path:
        """Return the file of a version's picture; its name does not give the link away."""
        name = hashlib.sha256(f"{token} {matrix_fingerprint()}".encode()).hexdigest()[:32]
        return home_folder() / "previews" / f"{name}.png"

    def forget(self, token: str) -> None:
        """Delete the picture and the message of a version whose link is closed."""
        self.file(token).unlink(missing_ok=True)
        self.file(token).with_suffix(".txt").unlink(missing_ok=True)

    def start(self, token: str) -> Thread:
        """Draw the picture of a version in a thread, unless one is at it; return that thread."""
        with self._lock:
            self._threads = {key: held for key, held in self._threads.items() if held.is_alive()}
            if token not in self._threads:
                self._threads[token] = Thread(
                    target=self._make, args=(token,), name="link picture", daemon=True
                )
                self._threads[token].start()
            return self._threads[token]

    def _make(self, token: str) -> None:
        with self._drawing:  # one at a time, whatever asks
            try:
                self._keep(token, *_drawn(token))
            except GeozonesError as error:
                _LOG.info("no link picture: %s", error)

    def _keep(self, token: str, message: str, picture: bytes) -> None:
        file = self.file(token)
        file.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(file.with_suffix(".txt"), message)
        write_atomically(file, picture)
        kept = sorted(file.parent.glob("*.png"), key=lambda path: path.stat().st_mtime)
        for old in kept[:-_MOST_PICTURES]:
            old.unlink(missing_ok=True)
            old.with_suffix(".txt").unlink(missing_ok=True)


PICTURES = LinkPictures()


def read_version(token: str) -> tuple[Study, Ledger, Work]:
    """Return the plan in force, the publications and the version of a link, outside any session."""
    study = opened_data.study_in_force(opened_data.plan_fingerprint())
    ledger = read_ledger(study.atlas, opened_data.store, today().isoformat())
    return study, ledger, Scenarios(study.analysis, opened_data.store, VISITOR).links.open(token)


def _drawn(token: str) -> tuple[str, bytes]:
    study, ledger, work = read_version(token)
    exported = of_work(study.analysis, work, ledger=ledger)
    shown = dossier_of_change(exported)
    picture = run_in_process(VISITOR_FILES, link_picture, shown)
    return " ".join(briefing_of(shown).message), picture


def _kept(token: str) -> Path | None:
    try:
        linked(opened_data.store, token, today().isoformat())
    except GeozonesError:
        return None
    file = PICTURES.file(token)
    return file if file.is_file() else None


async def _answer(request: Request) -> Response:
    file = await run_in_threadpool(_kept, request.path_params["token"])
    if file is None:
        return Response(status_code=404)
    return FileResponse(file, media_type="image/png", headers={"Cache-Control": "max-age=3600"})


def route(base_path: str) -> Route:
    """Return the route of the pictures, under the base path of the app."""
    return Route(f"{base_path}/{PATH}/{{token}}.png", _answer)


_MOST, _MAX_TOKEN = 300, 64
_ALT = "Carte de ce qui change, avant et après"


def shared_preview(token: str) -> Preview | None:
    """Return the preview of a version; of a dead link, its title alone.

    ``None`` if the data or the store cannot be read. Until the version's picture is drawn: the
    default one, and the scenario's description.
    """
    token = token[:_MAX_TOKEN]
    try:
        study, ledger, work = read_version(token)
        message = PICTURES.message(token)
    except DeadLinkError as error:
        PICTURES.forget(token)
        return Preview(error.title)
    except GeozonesError as error:
        _LOG.info("no preview: %s", error)
        return None
    status = status_in_words(work, outcome_of(study.analysis, ledger, work))
    title = f"{work.name} – scénario"
    if message is not None:
        return Preview(title, f"{status}. {message}", f"{PATH}/{token}.png", _ALT)
    more = " ".join(work.saved.description.split())[:_MOST]
    text = f"{status}, version du {long_date(work.saved.updated)}. {more}"
    return Preview(title, text.strip())
