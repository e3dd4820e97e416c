"""Cache of the files of frozen versions for visitors of shared links: each is made once.

A file is made in a process of its own, queued behind other visitors' files only. Sessions that ask
for a file being made wait for the same process; it is cancelled once all their tabs are closed.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from time import monotonic

from geozones.common.errors import GeozonesError
from geozones.export import Dossier
from geozones.ui import user_jobs
from geozones.workspace.jobs import JobQueue
from geozones.workspace.jobs.limits import read_bounds
from geozones.workspace.sharing.making import FileJob, FileRequest, file_job

type Key = tuple[str, ...]

_SIZE = "a4"
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
        """Return a file; start making it if nobody has.

        Raises
        ------
        StillBeingMadeError
            If the file is being made: the caller asks again.
        FileNotMadeError
            If the file could not be made.
        """
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
    queue of the job that makes it.
    """

    key: Key
    dossier: Dossier
    format: str
    queue: JobQueue
    session: str

    def __call__(self) -> bytes:
        """Return the file; raise as `SharedFiles.get`."""
        return _FILES.get(self)


def _job(file: SharedFile) -> FileJob:
    return file_job(FileRequest(file.dossier, file.format, _SIZE), file.queue)


_FILES = SharedFiles(_job)
